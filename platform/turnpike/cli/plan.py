"""``turnpike plan``: what can move now, and when and by what way the rest can."""

from __future__ import annotations

import click
from pydantic import JsonValue

from turnpike.cli.output import emit, json_option, table
from turnpike.cli.wiring import house_here, now

_HELP = """
Show every move that could be made next: what can go now, and of all else the first moment at
which it could, and the way there.

\b
can go       now; else the first moment without anything in its way, if what soaks stays healthy;
             "no" where somebody must act first; "there" where it stands already
waits for    the line, the soak, freezes and windows, in order; then the approvals

Read from main and the record at one moment; nothing is opened. `turnpike promote` carries out
exactly this plan. What the policies say of a model itself is judged when the change is open.
Without TEAM/MODEL, only what would bring something new to an environment is shown.
"""


@click.command(help=_HELP)
@click.argument("model", required=False, metavar="[TEAM/MODEL]")
@click.option("--to", "environment", metavar="ENVIRONMENT", help="Only moves into this one.")
@click.option("--target", "targets", multiple=True, help="Only this target; needs --to.")
@click.option("--all", "everything", is_flag=True, help="Also what stands where it could go.")
@json_option
def command(
    model: str | None,
    environment: str | None,
    targets: tuple[str, ...],
    everything: bool,
    as_json: bool,
) -> None:
    """Plan, and print one line a move."""
    from turnpike.cli.planning import planned
    from turnpike.cli.releasing import model_key
    from turnpike.errors import InputError, UsageError
    from turnpike.promotion.outlook import Asking
    from turnpike.promotion.outlook_text import HEADINGS, is_news, row, value_of

    if targets and environment is None:
        raise UsageError("--target: expected --to ENVIRONMENT beside it, got none")
    models = (model_key(model),) if model else ()
    found = planned(house_here(), Asking(models, environment, targets), now())
    for key in found.unknown:
        raise InputError(
            f"{key}: expected a model that main has or releases, found neither",
            code="plan.unknown-model",
            solution="Merge the model's pull request first; `turnpike status` shows releases.",
        )
    shown = [move for move in found.moves if everything or model or is_news(move)]
    value: dict[str, JsonValue] = {
        "main": found.main,
        "at": found.now.isoformat(),
        "moves": [value_of(move) for move in shown],
        "problems": [str(problem) for problem in found.problems],
    }
    lines = table(HEADINGS, (row(move, found.now) for move in shown)) if shown else []
    left = len(found.moves) - len(shown)
    ready = sum(move.can_now for move in shown)
    lines.append(f"{ready} of {len(shown)} can go now; {left} others stand where they could go")
    emit(as_json, value, (*_told(found.problems), *lines))


def _told(problems: tuple[object, ...]) -> list[str]:
    from turnpike.explain.escape import for_terminal

    return [f"problem: {for_terminal(str(problem))}" for problem in problems]
