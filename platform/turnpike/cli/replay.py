"""``turnpike replay``: decide everything on the record once more, and compare the bytes."""

from __future__ import annotations

import sys
from collections import Counter
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

import click
from pydantic import JsonValue

from turnpike.cli.clone import Audited, audited, clone_option, genesis_option
from turnpike.cli.output import emit, json_option, numbered, progress, table
from turnpike.errors import InputError, IntegrityError
from turnpike.explain.escape import for_terminal

if TYPE_CHECKING:
    from turnpike.auditing.heads import Heads
    from turnpike.auditing.replay import Replayed, Result


@click.command()
@click.argument("span", metavar="[RANGE]", required=False)
@clone_option
@genesis_option
@json_option
def command(span: str | None, clone: Path | None, genesis: str | None, as_json: bool) -> None:
    """Decide every decision on the record again, by the code and policies of its base.

    RANGE is A..B, the decisions that the commits of main after A up to B carried out, or one
    commit, all up to it since the genesis; without it, everything on the record, denials included.

    Facts come from the record, policies and code from the base commit that they name, so a plain
    clone is enough. Code of the clone's main is run: `turnpike verify` says first whether it was
    judged. Exit code 0 when every byte is the same, 1 when a decision differs (its first differing
    field is named), 3 when one could not be decided again.
    """
    from turnpike.auditing.decide_again import Installations
    from turnpike.auditing.heads import heads_of
    from turnpike.auditing.replay import digests_in, digests_on, replay

    found = audited(clone, genesis)
    repository = found.repository
    repository.require_whole()
    heads = heads_of(repository)
    _require_genesis(found, heads)
    wanted = digests_in(repository, heads, span) if span else digests_on(repository, heads)
    if not wanted:
        raise InputError(f"{span}: expected commits of main with decisions, found none")
    rows = list(replay(repository, heads, wanted, Installations(repository, progress)))
    counts = Counter(row.result for row in rows)
    emit(as_json, _value(rows, counts), _lines(rows, counts))
    sys.exit(1 if counts["different"] else 3 if counts["unreadable"] else 0)


def _require_genesis(found: Audited, heads: Heads) -> None:
    first = found.repository.first_parents(heads.main)[-1]
    if found.genesis not in {None, first}:
        raise IntegrityError(
            f"main begins with {first}, expected the genesis {found.genesis}",
            code="verify.genesis",
            solution="This is no clone of that instance, or its history was rewritten.",
        )


def _lines(rows: Sequence[Replayed], counts: Counter[Result]) -> Iterator[str]:
    headings = ("decided at", "verdict", "class", "about", "decision", "replayed")
    yield from table(headings, [_row(one) for one in rows])
    for one in rows:
        if one.result != "same":
            place = f"{one.result} {one.digest[:19]} {one.field}"
            yield for_terminal(f"  {place}: expected {one.expected}, found {one.actual}")
    said = f"{counts['same']} the same, {counts['different']} different"
    yield f"{numbered(len(rows), 'decision')}: {said}, {counts['unreadable']} unreadable"


def _row(one: Replayed) -> tuple[str, ...]:
    decision = one.decision
    if decision is None:
        return ("?", "?", "?", "?", one.digest[:19], one.result)
    moment = decision.decided_at.strftime("%Y-%m-%d %H:%M:%S")
    about = decision.subjects[0] if decision.subjects else "-"
    shown = (moment, decision.verdict, decision.change_class, about[:48])
    return (*shown, one.digest[:19], one.result)


def _value(rows: Sequence[Replayed], counts: Counter[Result]) -> JsonValue:
    return {
        "decisions": [_entry(one) for one in rows],
        "same": counts["same"],
        "different": counts["different"],
        "unreadable": counts["unreadable"],
    }


def _entry(one: Replayed) -> JsonValue:
    decision = one.decision
    entry: dict[str, JsonValue] = {
        "decision": one.digest,
        "decidedAt": decision.decided_at.isoformat() if decision else None,
        "verdict": decision.verdict if decision else None,
        "class": decision.change_class if decision else None,
        "subjects": list(decision.subjects) if decision else [],
        "result": one.result,
    }
    if one.result != "same":
        entry |= {"field": one.field, "expected": one.expected, "actual": one.actual}
    return entry
