"""A plan of Terraform in words: how many resources it adds, changes and destroys, and which."""

from __future__ import annotations

from collections.abc import Iterator

from turnpike.evidence.plan import Action, PlannedResource, TerraformPlan

_WORDS: tuple[tuple[Action, str], ...] = (
    ("create", "add"),
    ("update", "change"),
    ("delete", "destroy"),
)
_MARKS = (
    (("delete", "create"), "-/+ replace"),
    (("create", "delete"), "+/- replace"),
    (("create",), "+ add"),
    (("update",), "~ change"),
    (("delete",), "- destroy"),
    (("forget",), ". forget"),
)


def plan_in_words(plan: TerraformPlan, cost: str = "") -> str:
    """Return one sentence of a plan, with what it costs where that is known."""
    counts = [(plan.count(action), word) for action, word in _WORDS]
    lost = sum(one.stateful and one.is_destroyed for one in plan.resources)
    more = f"; {lost} of them keep state" if lost else ""
    said = f"; costs {cost}" if cost else ""
    return f"{plan.root}: {', '.join(f'{n} to {word}' for n, word in counts)}{more}{said}"


def changes_of(plan: TerraformPlan) -> Iterator[str]:
    """Yield a line for each managed resource that is not left as it is: what goes comes first."""
    told = [(mark, one) for one in plan.resources if (mark := _mark(one))]
    order = [mark for _, mark in _MARKS]
    for mark, one in sorted(
        told, key=lambda pair: (_rank(pair[1]), order.index(pair[0]), pair[1].address)
    ):
        yield f"{mark} {one.address}{' (keeps state)' if one.stateful else ''}"


def _rank(one: PlannedResource) -> int:
    return 0 if one.is_destroyed else 1


def _mark(one: PlannedResource) -> str:
    found = (mark for actions, mark in _MARKS if actions == one.actions)
    return next(found, "") if one.mode == "managed" else ""
