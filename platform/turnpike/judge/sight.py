"""What a person may see of Turnpike's pages, by ``access`` in organisation.yaml."""

from __future__ import annotations

from dataclasses import dataclass

from turnpike.topology.organisation import Access, Organisation


@dataclass(frozen=True, slots=True)
class Sight:
    """The entries that a person has; ``whole`` sees everything, as whoever has the clone does."""

    entries: tuple[Access, ...] = ()
    whole: bool = False

    @property
    def is_none(self) -> bool:
        """Tell whether nothing at all may be seen."""
        return not self.whole and not self.entries

    @property
    def is_everything(self) -> bool:
        """Tell whether some entry is of every environment and every team."""
        return self.whole or any(not (one.environments or one.teams) for one in self.entries)

    def sees(self, environment: str, team: str) -> bool:
        """Tell whether the deployments of a team in an environment may be seen."""
        return self.whole or any(
            one.holds_in(environment) and one.holds_for(team) for one in self.entries
        )


def sight_of(organisation: Organisation, person: str) -> Sight:
    """Return what one person may see, by the groups that main says they are in."""
    groups = organisation.groups_of(person)
    entries = (entry for entry in organisation.access if entry.looks)
    return Sight(tuple(entry for entry in entries if entry.group in groups))
