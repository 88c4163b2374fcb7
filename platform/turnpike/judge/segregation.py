"""Segregation of duties: whether one person, or two, could take their own change to production.

Nobody approves what they wrote, so one person alone can only where nobody need approve; two can
where each change is written by one and needs only the other. Releases are derived, and whoever
wrote the model may approve them. Pure; quorums that nobody could fill are found on the way.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import combinations
from typing import Literal

from turnpike.approvals.dialects import parsed
from turnpike.approvals.owners import owner_in
from turnpike.approvals.required import SEGREGATION, Need
from turnpike.judge.arrangement import (
    Arrangement,
    arrangement_after,
    arrangement_before,
    is_rearranged,
)
from turnpike.judge.decision import ChangeClass
from turnpike.judge.facts import Facts
from turnpike.judge.roads import Leg, Way, people_of, ways_to_production

PATH_OPENED = f"{SEGREGATION}a path is opened: "
QUORUM_UNFILLABLE = f"{SEGREGATION}a quorum is left unfillable: "
_MOST_NAMED = 5


@dataclass(frozen=True, slots=True)
class Given:
    """The approvals that one need of a step gets from the people of a path."""

    group: str
    people: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Step:
    """One change of a path: who writes it (nobody: it is derived), and who approves it."""

    change_class: ChangeClass
    path: str
    author: str | None
    approvals: tuple[Given, ...]


@dataclass(frozen=True, slots=True)
class Path:
    """How one person, or two, take a change of their own into an environment."""

    people: tuple[str, ...]
    environment: str
    high_risk: bool
    steps: tuple[Step, ...]

    @property
    def who(self) -> tuple[tuple[str, ...], bool]:
        """Return what makes a path the same as another: the people, and what they can bring."""
        return self.people, self.high_risk


def shortest_paths(arrangement: Arrangement) -> tuple[Path, ...]:
    """Return the shortest path of each person, and of each two of whom neither can alone.

    A path of a high-risk model is one beside that of any other change.
    """
    ways = [(way, _asked(way)) for way in ways_to_production(arrangement)]
    people = tuple(sorted(person.id for person in arrangement.organisation.people))
    found: dict[tuple[tuple[str, ...], bool], Path] = {}
    for group in (*((one,) for one in people), *combinations(people, 2)):
        for way, asked in ways:
            if any(len(able.intersection(group)) < count for able, count in asked):
                continue
            alone = any(((one,), way.high_risk) in found for one in group)
            if alone or (group, way.high_risk) in found:
                continue
            steps = _steps(way, group)
            if steps is not None:
                found[group, way.high_risk] = Path(group, way.environment, way.high_risk, steps)
    return tuple(found.values())


def _asked(way: Way) -> frozenset[tuple[frozenset[str], int]]:
    """Return who could meet each need of a way, and how many must; others can't take it."""
    quorums = (quorum for leg in way.legs for quorum in leg.quorums)
    return frozenset((quorum.people, quorum.need.count) for quorum in quorums)


def _steps(way: Way, people: tuple[str, ...]) -> tuple[Step, ...] | None:
    steps = tuple(_step(leg, people) for leg in way.legs)
    whole = tuple(step for step in steps if step is not None)
    return whole if len(whole) == len(steps) else None


def _step(leg: Leg, people: tuple[str, ...]) -> Step | None:
    """Return how these people carry one change, by the first of them who can have written it."""
    for author in people if leg.own else (None,):
        others = frozenset(people) - {author}
        given = tuple(Given(q.need.name, tuple(sorted(q.people & others))) for q in leg.quorums)
        counts = (quorum.need.count for quorum in leg.quorums)
        if all(len(g.people) >= count for g, count in zip(given, counts, strict=True)):
            return Step(leg.change_class, leg.path, author, given)
    return None


def rule_for(arrangement: Arrangement, path: Path) -> Literal["allow", "warn", "deny"]:
    """Return what the organisation says of a path; one person alone is never allowed."""
    rule = arrangement.organisation.segregation
    if len(path.people) == 1:
        return "deny"
    return rule.high_risk_pairs if path.high_risk else rule.pairs


def forbidden(arrangement: Arrangement, paths: Iterable[Path]) -> tuple[Path, ...]:
    """Return the paths that the organisation does not allow."""
    return tuple(path for path in paths if rule_for(arrangement, path) == "deny")


def unfillable(arrangement: Arrangement) -> tuple[Need, ...]:
    """Return the needs for which too few people are left, were one of them the author."""
    needs = dict.fromkeys(_standing_needs(arrangement))
    return tuple(n for n in needs if len(people_of(arrangement, n)) - 1 < n.count)


def _standing_needs(arrangement: Arrangement) -> Iterator[Need]:
    """Yield every quorum that some change may ask for; reasons without line numbers."""
    organisation, roles = arrangement.organisation, arrangement.organisation.roles
    yield Need((roles.platform_owners,), 1, "role: platform owners")
    yield Need((roles.risk,), 1, "role: risk")
    if roles.on_call is not None:
        yield Need((roles.on_call,), 2, "role: on call, to let the line go on")
    for name, environment in sorted(arrangement.environments.items()):
        for approval in environment.approvals:
            yield Need((approval.group,), approval.count, f"environment {name}")
    file = parsed(organisation.codeowners_dialect, arrangement.codeowners)
    for rule in file.rules:
        if rule.required and rule.owners:
            yield from _owners_need(arrangement, rule.pattern, rule.owners, rule.required)


def _owners_need(
    arrangement: Arrangement, pattern: str, owners: tuple[str, ...], count: int
) -> Iterator[Need]:
    organisation = arrangement.organisation
    dialect = organisation.codeowners_dialect
    named = {owner_in(organisation, dialect, owner) for owner in owners}
    yield Need(tuple(sorted(name for name in named if name)), count, f"CODEOWNERS: {pattern}")


def segregation_needs(facts: Facts) -> Iterator[Need]:
    """Yield what a change needs that lets too few people do too much, or leaves too few to agree.

    The platform owners approve it by name, without those who would approve on the new path. What
    counts as too much is what main says, not the change.
    """
    if not is_rearranged(facts):
        return
    before, after = arrangement_before(facts), arrangement_after(facts)
    if before is None or after is None:
        return
    yield from opened(before, after)
    yield from emptied(before, after)


def opened(before: Arrangement, after: Arrangement) -> Iterator[Need]:
    """Yield the need for the paths that are there after a change and were not before."""
    known = {path.who for path in shortest_paths(before)}
    new = [p for p in forbidden(before, shortest_paths(after)) if not _is_known(p, known)]
    if not new:
        return
    deciding = tuple(sorted({person for path in new for person in _deciding(path)}))
    told = "; ".join(in_words(path) for path in new[:_MOST_NAMED])
    more = f"; and {len(new) - _MOST_NAMED} more" if len(new) > _MOST_NAMED else ""
    yield _by_name(before, f"{PATH_OPENED}{told}{more}", deciding)


def _deciding(path: Path) -> Iterator[str]:
    """Yield whose approval the path rests on: the approvers, or the one who needs none."""
    if len(path.people) == 1:
        yield from path.people
    for step in path.steps:
        for given in step.approvals:
            yield from given.people


def _is_known(path: Path, known: set[tuple[tuple[str, ...], bool]]) -> bool:
    """Tell whether the people, or one of two, could already."""
    groups = (path.people, *((one,) for one in path.people))
    return any((group, path.high_risk) in known for group in groups)


def emptied(before: Arrangement, after: Arrangement) -> Iterator[Need]:
    """Yield a need for each quorum that too few people are left for, and that had enough."""
    known = set(unfillable(before))
    for need in unfillable(after):
        if need not in known:
            left = len(people_of(after, need))
            text = f"{need.reason} asks for {need.count} of {need.name or 'nobody known'}, who are"
            yield _by_name(before, f"{QUORUM_UNFILLABLE}{text} {left}", ())


def _by_name(arrangement: Arrangement, reason: str, barred: tuple[str, ...]) -> Need:
    """Return the need of a platform owner, with the names of those who could be asked."""
    organisation = arrangement.organisation
    owners = organisation.roles.platform_owners
    asked = " or ".join(sorted(organisation.group(owners) - set(barred))) or "nobody else"
    return Need((owners,), 1, f"{reason} (of the platform owners: {asked})", barred)


def in_words(path: Path) -> str:
    """Return a path on one line."""
    who = " and ".join(path.people)
    what = "a high-risk model" if path.high_risk else "a change"
    steps = " > ".join(f"{step.change_class} {step.path}" for step in path.steps)
    alone = " alone" if len(path.people) == 1 else ""
    return f"{who}{alone} could take {what} of their own to {path.environment} by {steps}"
