"""``turnpike status``: what is released where, by digest."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click
from pydantic import JsonValue

from turnpike.cli.clone import clone_option, read_in
from turnpike.cli.output import emit, json_option, table, to_the_second

if TYPE_CHECKING:
    from pathlib import Path

    from turnpike.reporting.status import Line


@click.command()
@click.argument("model", required=False, metavar="[TEAM/MODEL]")
@clone_option
@json_option
def command(model: str | None, clone: Path | None, as_json: bool) -> None:
    """Show model by environment by target: version, digest, traffic and since when.

    Where a rollout is under way, the traffic also names the version that serves the rest.
    """
    from turnpike.cli.releasing import model_key
    from turnpike.promotion.standing import standing_of, standing_of_all
    from turnpike.reporting.status import status_lines

    read = read_in(clone)
    host, main = read.host, read.main
    key = model_key(model) if model else None
    standing = standing_of(host, main, (key,)) if key else standing_of_all(host, main)
    lines = status_lines(host, main, standing.releases.items(), key)
    rows = [_row(line) for line in lines]
    value = [_value(line) for line in lines]
    headings = ("model", "environment", "target", "version", "artifact", "traffic", "since")
    emit(as_json, value, table(headings, rows))


def _row(line: Line) -> tuple[str, ...]:
    return (
        str(line.key.model_key),
        line.key.environment,
        line.key.target,
        line.version,
        line.artifact[:19],
        f"{line.traffic}%" + (f", rest {line.rest.version}" if line.rest else ""),
        to_the_second(line.since),
    )


def _value(line: Line) -> JsonValue:
    from turnpike.documents.canonical import to_json

    return {
        "model": str(line.key.model_key),
        "environment": line.key.environment,
        "target": line.key.target,
        "version": line.version,
        "artifact": line.artifact,
        "traffic": line.traffic,
        "rest": to_json(line.rest) if line.rest else None,
        "since": line.since.isoformat(),
        "commit": line.commit,
    }
