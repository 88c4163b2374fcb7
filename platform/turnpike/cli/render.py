"""``turnpike render``: carry a new rendering into the environments, one after the other."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING

import click
from pydantic import JsonValue

from turnpike.cli.acting import as_option
from turnpike.cli.base_code import continue_from_base
from turnpike.cli.output import emit, json_option, table
from turnpike.cli.wiring import House, acting, house_here

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from turnpike.documents.identifiers import ObjectId
    from turnpike.promotion.opening import Opened
    from turnpike.promotion.rerender import Fleet, Rendering
    from turnpike.promotion.train_text import Passengers

_HELP = """
Render what an environment serves anew, and open the change that brings what is otherwise.

A change of the renderer, or of an environment's defaults, touches no manifests. What it changes
travels as a train of class render, environment by environment: a model's manifests follow once
every stage before has them. Whom the judge would deny drops out and holds nobody up. Without --in
it is only shown which environments are as they would be rendered now.

Exit code 1 where something is not as it would be rendered now, and does not ride either.
"""


@click.command(help=_HELP)
@click.option("--in", "environment", help="Open the train of this environment.")
@as_option
@json_option
def command(environment: str | None, person: str | None, as_json: bool) -> None:
    """Compare, or open one pull request."""
    from turnpike.promotion.standing import rendered_on

    continue_from_base()
    house = house_here()
    main = house.main
    fleet = rendered_on(house.host, main)
    if environment is None:
        _show(fleet, as_json)
        return
    aboard, opened = _opened(house, acting(house, person), main, fleet, environment)
    emit(as_json, _value(aboard, opened), list(_lines(aboard, opened)))
    if aboard.left_behind():
        sys.exit(1)


def _show(fleet: Fleet, as_json: bool) -> None:
    """Print how many manifests of each environment are not as they would be rendered now."""
    from turnpike.promotion.rerender import rendering_of

    found = [rendering_of(name, fleet) for name in sorted(fleet.standing.environments)]
    rows = [(one.environment, str(one.released), str(_count(one))) for one in found]
    value: list[JsonValue] = [
        {"environment": one.environment, "released": one.released, "stale": _count(one)}
        for one in found
    ]
    emit(as_json, value, table(("environment", "released", "not as rendered now"), rows))
    if any(map(_count, found)):
        sys.exit(1)


def _count(rendering: Rendering) -> int:
    return len(rendering.files) + len(rendering.broken)


def _opened(
    house: House, who: str, main: ObjectId, fleet: Fleet, environment: str
) -> tuple[Passengers, Opened | None]:
    """Judge the train and open it with those that may ride; nothing where nobody does."""
    from turnpike.cli.releasing import open_plan
    from turnpike.cli.trial import Trial
    from turnpike.cli.wiring import now
    from turnpike.promotion.opening import standing_changes
    from turnpike.promotion.plan import environment_named
    from turnpike.promotion.rerender import moves_of, plan_rendering, rendering_of
    from turnpike.promotion.train import board, groups_of
    from turnpike.promotion.train_text import Passengers

    rendering = rendering_of(environment, fleet)
    stages = environment_named(fleet.standing, environment).promotes_from
    known = [name for name in stages if name in fleet.standing.environments]
    moves = moves_of(rendering, [rendering_of(name, fleet) for name in known])
    ready = [move for move in moves if move.can_now]
    if not ready:
        return Passengers(moves, now()), None
    plan = plan_rendering(rendering, [move.model for move in ready])
    boarded = board(groups_of(ready), Trial.of(house, main, plan.files).objections)
    riding = [move.model for group in boarded.rides for move in group]
    if not riding:
        return Passengers(moves, now(), {}, boarded.dropped), None
    plan = plan_rendering(rendering, riding)
    same = (o for o in standing_changes(house.host, house.forge(who)) if o.train == plan.train)
    opened = open_plan(house, who, plan, main, next(same, None))
    return Passengers(moves, now(), dict.fromkeys(riding, opened.number), boarded.dropped), opened


def _lines(aboard: Passengers, opened: Opened | None) -> Iterator[str]:
    from turnpike.cli.releasing import STATES
    from turnpike.explain.escape import for_terminal

    told: Iterable[str] = aboard.lines()
    if opened is not None:
        yield f"{STATES[opened.state]} {opened.number}: {for_terminal(opened.title)}"
        yield from (for_terminal(line) for line in aboard.lines(opened.number))
        yield f"next: turnpike gate --pr {opened.number}, then turnpike pr merge {opened.number}"
    elif not aboard.moves:
        yield "Everything stands as it would be rendered now."
    yield from (for_terminal(line) for line in told)


def _value(aboard: Passengers, opened: Opened | None) -> JsonValue:
    return {
        "number": opened.number if opened else None,
        "head": opened.head if opened else None,
        "models": aboard.values(),
    }
