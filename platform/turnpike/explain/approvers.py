"""Who could still approve: found by deciding as if everybody had, not by reading the groups."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from itertools import combinations

from turnpike.judge.remedy import ApprovalRemedy
from turnpike.judge.requirements import approvals_in, requirements_of
from turnpike.judge.situation import Situation
from turnpike.judge.supposed_people import with_approvals

_MOST_PEOPLE = 6
_MOST_CHOICES = 5_000


@dataclass(frozen=True, slots=True)
class Approvers:
    """The fewest approvals that are missing, and the groups in which too few people are left."""

    approvals: tuple[ApprovalRemedy, ...]
    short: Mapping[str, str]


def missing_approvals(situation: Situation) -> Approvers:
    """Return the fewest approvals that meet every requirement which is not met, one a person.

    Only people whose approval would count are counted on. A group with too few of them is said to
    be short, by its name as the requirement has it.
    """
    could = _eligible(situation)
    unmet = {
        number: one.count - len(one.approved_by)
        for number, one in enumerate(situation.requirements)
        if not one.is_met
    }
    wanted = {n: missing for n, missing in unmet.items() if len(could[n]) >= missing}
    people = _fewest(wanted, could, approvals_in(situation.facts).objecting)
    return Approvers(
        approvals=tuple(_approval(situation, person, wanted, could) for person in people),
        short={
            situation.requirements[n].group: _shortage(situation, n, unmet[n], len(could[n]))
            for n in unmet.keys() - wanted.keys()
        },
    )


def _shortage(situation: Situation, number: int, missing: int, left: int) -> str:
    one = situation.requirements[number]
    who = f"@{one.group}" if one.group else "an owner (the path has none)"
    return (
        f"{missing} more of {who} must approve ({one.reason}), but {left or 'none'} of those who"
        " may are left: the group needs another member who did not write or push the change"
    )


def _eligible(situation: Situation) -> Mapping[int, frozenset[str]]:
    """Return for each requirement the people whose approval is not there but would count."""
    facts = situation.facts
    organisation = facts.base.organisation
    everybody = [one.id for one in organisation.people] if organisation else []
    agreed = requirements_of(with_approvals(facts, everybody), situation.change_class)
    return {
        number: frozenset(agreed[number].approved_by) - frozenset(one.approved_by)
        for number, one in enumerate(situation.requirements)
    }


def _fewest(
    wanted: Mapping[int, int], could: Mapping[int, frozenset[str]], objecting: frozenset[str]
) -> tuple[str, ...]:
    """Return as few people as meet all that is wanted; those who object first, then by name."""
    speaks = {p: frozenset(n for n in wanted if p in could[n]) for n in wanted for p in could[n]}
    ranked = sorted(speaks, key=lambda p: (p not in objecting, -len(speaks[p]), p))
    tried = 0
    for size in range(min(len(ranked), _MOST_PEOPLE) + 1):
        for people in combinations(ranked, size):
            if all(sum(n in speaks[p] for p in people) >= count for n, count in wanted.items()):
                return people
            tried += 1
            if tried > _MOST_CHOICES:
                return _greedy(wanted, speaks, ranked)
    return _greedy(wanted, speaks, ranked)


def _greedy(
    wanted: Mapping[int, int], speaks: Mapping[str, frozenset[int]], ranked: list[str]
) -> tuple[str, ...]:
    left, chosen = dict(wanted), []
    for person in ranked:
        helps = [n for n in speaks[person] if left[n] > 0]
        if helps:
            chosen.append(person)
            left |= {n: left[n] - 1 for n in helps}
    return tuple(chosen)


def _approval(
    situation: Situation,
    person: str,
    unmet: Mapping[int, int],
    could: Mapping[int, frozenset[str]],
) -> ApprovalRemedy:
    serves = [n for n in unmet if person in could[n]]
    alike = frozenset.intersection(*(could[n] for n in serves))
    named = dict.fromkeys(situation.requirements[n].group for n in serves)
    groups = [one for one in named if not any(_is_within(other, one) for other in named)]
    return ApprovalRemedy(
        kind="approval",
        group=" and ".join(groups),
        count=1,
        people=(person, *sorted(alike - {person})),
    )


def _is_within(group: str, other: str) -> bool:
    """Tell whether whoever speaks for one need speaks for the other, which names more groups."""
    return set(group.split(" or ")) < set(other.split(" or "))
