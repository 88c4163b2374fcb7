"""``turnpike promote``: carry out what `turnpike plan` says of moves to the next environment."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING

import click
from pydantic import JsonValue

from turnpike.cli.acting import as_option
from turnpike.cli.output import emit, json_option
from turnpike.cli.wiring import acting, house_here, is_person

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from turnpike.cli.promoting import Settled
    from turnpike.cli.trains import DrawnUp
    from turnpike.promotion.opening import Opened
    from turnpike.promotion.train_text import Passengers

_HELP = """
Open pull requests that promote what an earlier environment serves: a train for each team.

The same artifact digest and the same manifest move on; only release.yaml and manifests.yaml of
the environment's targets change. First the moves are planned, exactly as `turnpike plan` shows
them: who still waits for the line, a soak, a freeze or a window stays behind. Then the judge is
asked what it would say of each train; whom it would deny drops out with its reasons, and the
others ride, in one commit a team. A release group rides or drops as one. What was rolled back
from there rides only where a person, and no bot, names its model.

Again is nothing: an open train is planned anew where its models are asked for once more, so that
who has become bad meanwhile drops out. Where main moves meanwhile it is planned again, and what
changed is told. With --anyway all ride, to wait; the gate refuses them for as long as the plan
does.

Where an environment has a rollout, each move is its next step. Where the analysis of a step failed
and the environment wants it so, the move is the way back, in a train of its own, which the next
promotion closes if the numbers have become good before it was merged.

Exit code 1 where a model that was named stays behind, or the judge would deny one.
"""


@click.command(help=_HELP)
@click.argument("models", nargs=-1, metavar="[TEAM/MODEL...]")
@click.option("--all", "everything", is_flag=True, help="Whatever can go, of all models.")
@click.option("--to", "environment", required=True, help="Environment to promote to.")
@click.option("--target", "targets", multiple=True, help="Only this target; default: all.")
@click.option("--from", "origin", help="From this environment, where several serve the model.")
@click.option("--together", is_flag=True, help="One pull request for all teams.")
@click.option("--anyway", is_flag=True, help="Let all ride to wait, also who can't go now.")
@as_option
@json_option
def command(
    models: tuple[str, ...],
    everything: bool,
    environment: str,
    targets: tuple[str, ...],
    origin: str | None,
    together: bool,
    anyway: bool,
    person: str | None,
    as_json: bool,
) -> None:
    """Plan on main, and open the changes that carry the plan out."""
    from turnpike.cli.promoting import agreed
    from turnpike.cli.releasing import model_keys
    from turnpike.cli.trains import departed, drawn_up
    from turnpike.promotion.outlook import Asking

    _require_one_of(models, everything)
    house = house_here()
    who, named = acting(house, person), model_keys(models)
    again = named if is_person(house, who) else ()
    settled = agreed(house, Asking(named, environment, targets, again), origin)
    drawn = drawn_up(house, settled, targets, anyway=anyway, together=together)
    opened = departed(house, who, settled, drawn)
    _require_something(settled, drawn)
    aboard = _passengers(settled, drawn, opened)
    emit(as_json, _value(settled, opened, aboard, drawn), list(_lines(who, opened, aboard)))
    if drawn.dropped or (models and aboard.left_behind()):
        sys.exit(1)


def _require_one_of(models: tuple[str, ...], everything: bool) -> None:
    from turnpike.errors import UsageError

    if bool(models) == everything:
        got = "both" if everything else "neither"
        raise UsageError(f"expected TEAM/MODEL... or --all, got {got}")


def _require_something(settled: Settled, drawn: DrawnUp) -> None:
    """What was named and stands there already is no promotion."""
    from turnpike.errors import InputError

    there = all(move.stopped_by("nothing-new") for move in settled.moves)
    if settled.asked and there and not drawn.trains:
        raise InputError(
            f"expected something to change in {settled.moves[0].environment}, but main already is"
            " like this",
            code="release.nothing-to-do",
            solution="`turnpike status` shows what is released where.",
        )


def _passengers(settled: Settled, drawn: DrawnUp, opened: Sequence[Opened]) -> Passengers:
    from turnpike.promotion.train_text import Passengers

    riding = {
        move.model: one.number
        for train, one in zip(drawn.trains, opened, strict=True)
        for move in train.rides
    }
    return Passengers(settled.moves, settled.now, riding, drawn.dropped)


def _lines(who: str, opened: Sequence[Opened], aboard: Passengers) -> Iterator[str]:
    from turnpike.cli.releasing import STATES
    from turnpike.explain.escape import for_terminal

    left = [for_terminal(line) for line in aboard.lines()]
    for one in opened:
        yield f"{STATES[one.state]} {one.number} by {who}: {for_terminal(one.title)}"
        yield from (for_terminal(line) for line in aboard.lines(one.number))
        yield f"next: turnpike gate --pr {one.number}, then turnpike pr merge {one.number}"
    if left:
        told = "" if opened else "; nothing opened"
        yield f"NOT NOW, {len(aboard.left_behind())} of {len(aboard.moves)} cannot go{told}"
        yield from left
        yield "with --anyway they ride to wait"
    elif not opened:
        yield "Nothing is left to promote."


def _value(
    settled: Settled, opened: Sequence[Opened], aboard: Passengers, drawn: DrawnUp
) -> JsonValue:
    trains: list[JsonValue] = [
        {
            "team": train.team or None,
            "number": one.number,
            "head": one.head,
            "title": one.title,
            "state": one.state,
            "paths": list(train.plan.files),
        }
        for train, one in zip(drawn.trains, opened, strict=True)
    ]
    only = opened[0].number if len(opened) == 1 else None
    return {"main": settled.main, "number": only, "trains": trains, "models": aboard.values()}
