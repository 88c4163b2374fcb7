"""``turnpike window``: whether a schedule is open at one instant, by what, and until when."""

from __future__ import annotations

import re
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING

import click

from turnpike.cli.output import emit, say
from turnpike.errors import InvalidDocument, Problem, UsageError

if TYPE_CHECKING:
    from turnpike.documents.strict_yaml import Source
    from turnpike.schedule.contradictions import Contradiction
    from turnpike.schedule.subject import ScheduleSubject
    from turnpike.topology.window import Schedule

_RFC_3339 = re.compile(
    r"\d{4}-\d{2}-\d{2}[Tt ]\d{2}:\d{2}:\d{2}(\.\d+)?([Zz]|[+-]\d{2}:\d{2})", re.ASCII
)
_SCOPES = (
    ("environments", "environment"), ("teams", "team"), ("tiers", "tier"), ("models", "model"),
)  # fmt: skip

_HELP = """
Answer for one schedule and one instant, as JSON: {"open", "by", "next_change"}.

\b
open         whether a change may go in
by           the freeze that holds (the first in the file), else the window that does;
             null outside all windows, and where no window is declared
next_change  the first later instant at which `open` changes, in UTC;
             null where none follows within 50 years

A freeze beats every window; without windows it is open unless frozen. Occurrences hold from
their start, inclusive, to their end, exclusive. Local times that a change of clocks skips or
repeats are read as docs/schedules.md says. An exdate at which nothing starts, which the gate
refuses, is told on standard error and passed over. No instance is needed.
"""


@click.command(help=_HELP)
@click.option(
    "--schedule",
    "file",
    required=True,
    metavar="FILE",
    type=click.Path(path_type=Path, exists=True, dir_okay=False),
    help="A file of kind Schedule, or an environment.yaml.",
)
@click.option("--at", "at", required=True, metavar="TIME", help="RFC 3339, with an offset.")
@click.option("--environment", default="", help="Where to; for entries with environments.")
@click.option("--team", default="", help="Whose model; for entries with teams.")
@click.option(
    "--tier",
    type=click.Choice(["low", "medium", "high"]),
    help="Its risk tier; for entries with tiers.",
)
@click.option("--model", default="", metavar="TEAM/MODEL", help="For entries with models.")
@click.option("--json", "_", is_flag=True, help="What it prints anyhow.")
def command(
    file: Path, at: str, environment: str, team: str, tier: str | None, model: str, _: bool
) -> None:
    """Read the schedule, ask it once, print the answer."""
    from turnpike.schedule.timeline import Timelines

    instant = _instant(at)
    schedule, subject = _read(file, environment, team, tier or "", model)
    timeline = Timelines(schedule).of(subject)
    state, change = timeline.state(instant), timeline.next_change(instant)
    value = {
        "open": state.open,
        "by": state.by,
        "next_change": change.strftime("%Y-%m-%dT%H:%M:%SZ") if change else None,
    }
    emit(True, value, ())


def _instant(text: str) -> datetime:
    wanted = "an RFC 3339 time with an offset, such as 2026-11-27T18:00:00+01:00 or ...Z"
    if not _RFC_3339.fullmatch(text):
        raise UsageError(f"--at: expected {wanted}, got {text}", solution="See --help.")
    try:
        moment = datetime.fromisoformat(text.upper()).astimezone(UTC)
    except (ValueError, OverflowError) as error:
        raise UsageError(f"--at: expected {wanted}, got {text}: {error}") from error
    if not 1970 <= moment.year <= 2199:
        raise UsageError(f"--at: expected a time of the years 1970 to 2199 in UTC, got {text}")
    return moment


def _read(
    file: Path, environment: str, team: str, tier: str, model: str
) -> tuple[Schedule, ScheduleSubject]:
    """Return the schedule in a file and the subject; raises where either is not whole."""
    from turnpike.documents.strict_yaml import parse
    from turnpike.schedule.subject import ScheduleSubject

    source = parse(file.read_bytes(), str(file))
    schedule = _checked(source)
    owner = model.partition("/")[0]
    if team and owner and team != owner:
        raise UsageError(f"--team: expected {owner}, the team of --model {model}, got {team}")
    subject = ScheduleSubject(environment, team or owner, tier, model)
    for scope, option in _SCOPES:
        entries = (*schedule.windows, *schedule.freezes)
        scoped = next((one.name for one in entries if getattr(one, scope)), None)
        if scoped and not getattr(subject, option):
            raise UsageError(
                f"{file}: {scoped} is for some {scope} only: expected --{option}, got none",
                solution=f"Name the {option} that is asked about with --{option}.",
            )
    return schedule, subject


def _checked(source: Source) -> Schedule:
    from turnpike.documents.reading import validate
    from turnpike.explain.escape import for_terminal
    from turnpike.schedule.contradictions import empty_or_repeated, idle_exclusions
    from turnpike.topology.environment import ENVIRONMENT
    from turnpike.topology.window import SCHEDULE

    kind = source.value.get("kind") if isinstance(source.value, dict) else None
    if kind == "Environment":
        schedule = validate(ENVIRONMENT, source).schedule()
    else:
        schedule = validate(SCHEDULE, source)
    problems = tuple(_problem(source, one) for one in empty_or_repeated(schedule))
    if problems:
        raise InvalidDocument(problems)
    # What excludes nothing is refused where it would come onto main; what holds is plain already.
    for one in idle_exclusions(schedule):
        say(f"  .. {for_terminal(str(_problem(source, one)))}; the gate refuses it", err=True)
    return schedule


def _problem(source: Source, found: Contradiction) -> Problem:
    line = source.line_of(found.field)
    return Problem(source.name, line, found.field, found.expected, found.actual)
