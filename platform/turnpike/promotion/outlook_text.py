"""An outlook for people, one line a move, and for machines."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

from pydantic import JsonValue

from turnpike.promotion.moment import counted, past, spoken
from turnpike.promotion.move import Blocker, Move

HEADINGS = ("model", "from > to", "version", "can go", "what it waits for")


def row(move: Move, now: datetime) -> tuple[str, ...]:
    """Return the cells of a move's line."""
    way = f"{move.origin} > {move.environment}{_step(move)}"
    return str(move.model), way, move.version or "-", when(move, now), waits_for(move, now)


def _step(move: Move) -> str:
    step = move.step
    return f", {step.number}/{move.steps}: {step.traffic} %" if step else ""


def when(move: Move, now: datetime) -> str:
    """Return when it can go: now, a moment, or not until somebody acts."""
    if move.can_now:
        return "now"
    if move.returns:
        return "back"
    if move.stopped_by("nothing-new"):
        return "there"
    return spoken(move.earliest, now) if move.earliest else "no"


def waits_for(move: Move, now: datetime) -> str:
    """Return everything that it waits for, in the order in which it is done with."""
    told = [_since(move, blocker, now) for blocker in move.blockers]
    if move.stands and move.targets and not move.step:
        told.insert(0, f"the further targets {', '.join(move.targets)}")
    asked = [f"{counted(a.count, 'approval')} from @{a.group}" for a in move.approvals]
    if asked and not move.stopped_by("nothing-new"):
        told.append(f"{'then ' if move.blockers else ''}{' and '.join(asked)}")
    return "; ".join(told) or "nothing"


def _since(move: Move, blocker: Blocker, now: datetime) -> str:
    if blocker.code != "soak-incomplete" or move.since is None:
        return blocker.says
    stage, _, rest = blocker.says.partition(" ")
    return f"{stage} since {past(move.since, now)}, {rest}"


def value_of(move: Move) -> dict[str, JsonValue]:
    """Return a move as plain JSON values; moments are RFC 3339 in UTC."""
    return {
        "model": str(move.model),
        "from": move.origin,
        "to": move.environment,
        "targets": list(move.targets),
        "version": move.version,
        "releaseGroup": move.group,
        "artifact": move.artifact,
        "now": move.can_now,
        "earliest": _moment(move.earliest),
        "since": _moment(move.since),
        "step": _step_value(move),
        "returns": move.returns,
        "blockers": [
            {
                "code": one.code,
                "says": one.says,
                "until": _moment(one.until),
                "solution": one.solution,
            }
            for one in move.blockers
        ],
        "approvals": [{"group": one.group, "count": one.count} for one in move.approvals],
    }


def _step_value(move: Move) -> JsonValue:
    step = move.step
    if step is None:
        return None
    targets: list[JsonValue] = [*step.targets]
    return {"number": step.number, "of": move.steps, "traffic": step.traffic, "targets": targets}


def _moment(moment: datetime | None) -> str | None:
    return moment.isoformat() if moment else None


def is_news(move: Move) -> bool:
    """Tell whether a move is worth a line where nobody asked for it.

    What an environment serves already is none, and neither is the same on a further target of it,
    unless that is a step of its rollout.
    """
    return not move.stopped_by("nothing-new") and (not move.stands or move.step is not None)


def differences(before: Iterable[Move], after: Iterable[Move], now: datetime) -> tuple[str, ...]:
    """Return in words what is otherwise than in an earlier outlook; none where all is the same."""
    old = {(m.model, m.environment): m for m in before}
    told: list[str] = []
    for move in after:
        known = old.pop((move.model, move.environment), None)
        name = f"{move.model} to {move.environment}"
        if known is None:
            told.append(f"{name}: it could not move at all before")
        elif _gist(known, now) != _gist(move, now):
            told.append(f"{name}: {_gist(known, now)}; now {_gist(move, now)}")
    told += [f"{m.model} to {m.environment}: nothing is left to move" for m in old.values()]
    return tuple(told)


def _gist(move: Move, now: datetime) -> str:
    made = f"{move.version} from {move.origin} ({(move.artifact or 'no bytes')[:19]})"
    return f"{made}, {waits_for(move, now)}"
