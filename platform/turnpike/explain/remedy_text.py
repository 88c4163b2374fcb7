"""A remedy in words, as a person reads it at the end of a denial."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from turnpike.explain.explanation import Needed
from turnpike.judge.facts import Facts
from turnpike.judge.hypothesis import Supposed
from turnpike.judge.places import place_of
from turnpike.judge.policy_input import SubjectInput
from turnpike.judge.remedy import ApprovalRemedy, ContentRemedy, FieldRemedy, Remedy


def needed_of(facts: Facts, chosen: Iterable[tuple[Supposed, str]]) -> Iterator[Needed]:
    """Yield each item with its words and its next step, approvals of one group as one."""
    for about, remedy, solution in _together(chosen):
        yield Needed(
            text=in_words(facts, about, remedy),
            subject=about.id,
            remedy=remedy,
            tried=not isinstance(remedy, ContentRemedy),
            solution=solution,
        )


def _together(
    chosen: Iterable[tuple[Supposed, str]],
) -> Iterator[tuple[SubjectInput, Remedy, str]]:
    items = [(one.about, one.remedy, solution) for one, solution in chosen]
    asked: dict[str, list[ApprovalRemedy]] = {}
    for _, remedy, _ in items:
        if isinstance(remedy, ApprovalRemedy):
            asked.setdefault(remedy.group, []).append(remedy)
    for about, remedy, solution in items:
        if not isinstance(remedy, ApprovalRemedy):
            yield about, remedy, solution
        elif remedy.group in asked:
            yield about, _one_of(asked.pop(remedy.group)), solution


def _one_of(approvals: list[ApprovalRemedy]) -> ApprovalRemedy:
    first = [approval.people[0] for approval in approvals]
    others = sorted({p for approval in approvals for p in approval.people} - set(first))
    return ApprovalRemedy(
        kind="approval", group=approvals[0].group, count=len(first), people=(*first, *others)
    )


def in_words(facts: Facts, about: SubjectInput, remedy: Remedy) -> str:
    """Return what is needed, in a few plain words; not escaped."""
    if not isinstance(remedy, FieldRemedy):
        return remedy.in_words()
    place = place_of(facts, about, remedy.path)
    name = place.name if place else about.id
    inside = _dotted(place.inside if place else remedy.path)
    return remedy.in_words(f"{name}: {inside}" if inside else name)


def _dotted(steps: Iterable[str | int]) -> str:
    shown = (f"[{step}]" if isinstance(step, int) else f".{step}" for step in steps)
    return "".join(shown).removeprefix(".")
