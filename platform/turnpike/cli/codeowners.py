"""``turnpike codeowners``: who owns a path, in each Git host's dialect of CODEOWNERS."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path

import click

from turnpike.approvals.dialects import DIALECTS
from turnpike.approvals.interface import Dialect, Entry
from turnpike.cli.arrangement_here import organisation_in, owner_files_in, place_of
from turnpike.cli.output import json_option
from turnpike.errors import UsageError


@click.command()
@click.argument("paths", nargs=-1, metavar="PATH...")
@click.option(
    "--dialect",
    type=click.Choice(list(DIALECTS)),
    help="How to read the file; default: what policies/data/organisation.yaml declares.",
)
@click.option(
    "--file",
    type=click.Path(path_type=Path, exists=True, dir_okay=False),
    help="The file; default: the first that the host would find in the current folder.",
)
@json_option
def command(paths: tuple[str, ...], dialect: str | None, file: Path | None, as_json: bool) -> None:
    r"""Print who owns each PATH (from the root of the repository), as one JSON line.

    \b
    {"path", "line", "pattern", "owners": [], "required", "section"}

    LINE and PATTERN are those of the rule that decides, as written; null, with no owners, where
    none matches. REQUIRED is how many of the owners must approve: 0 without owners. SECTION is
    null where there is none.

    \b
    github  the last rule that matches decides; REQUIRED is 1.
    gitlab  each section decides for itself, so a path has one line for each section that
            applies; REQUIRED is the section's [N], and 0 in an optional section, ^[...].
    gitea   the owners of all rules that match are owners together; LINE and PATTERN are those
            of the last one; REQUIRED is 1.
    """
    del as_json  # every line is a JSON document already
    if not paths:
        raise UsageError("expected a PATH, found none", solution="`turnpike codeowners --help`")
    chosen = _dialect(dialect)
    owners = chosen.parse(_text(chosen, file))
    for problem in owners.ignored:
        place = f"line {problem.line}" if problem.line else "the file"
        click.echo(f"  .. {problem.code}: {chosen.name} ignores {place}", err=True)
    for path in paths:
        for line in _lines(path, owners.entries_of(_from_root(path))):
            click.echo(line)


def _lines(path: str, entries: tuple[Entry, ...]) -> Iterator[str]:
    for entry in entries or (None,):
        yield json.dumps(
            {
                "path": path,
                "line": entry.line if entry else None,
                "pattern": entry.pattern if entry else None,
                "owners": list(entry.owners) if entry else [],
                "required": entry.required if entry else 0,
                "section": entry.section if entry else None,
            }
        )


def _from_root(path: str) -> str:
    return path.removeprefix("./").removeprefix("/")


def _dialect(name: str | None) -> Dialect:
    if name is None:
        return DIALECTS[organisation_in(Path()).codeowners_dialect]
    return next(dialect for key, dialect in DIALECTS.items() if key == name)


def _text(dialect: Dialect, file: Path | None) -> str:
    if file is not None:
        return file.read_bytes().decode("utf-8", "replace")
    files = owner_files_in(Path())
    return files[place_of(dialect, files)]
