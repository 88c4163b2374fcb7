"""What a question about a schedule is about, and which entries speak of it."""

from __future__ import annotations

from dataclasses import dataclass

from turnpike.topology.window import Occasion


@dataclass(frozen=True, slots=True)
class ScheduleSubject:
    """A model on its way into an environment; an empty text is nobody's, and no entry names it."""

    environment: str = ""
    team: str = ""
    tier: str = ""
    model: str = ""

    def is_meant_by(self, entry: Occasion) -> bool:
        """Tell whether an entry applies: each of its lists is empty or names the subject."""
        lists = (
            (entry.environments, self.environment),
            (entry.teams, self.team),
            (entry.tiers, self.tier),
            (entry.models, self.model),
        )
        return all(not named or mine in named for named, mine in lists)
