"""``turnpike codeowners``: who owns a path, in each Git host's dialect of CODEOWNERS."""

from __future__ import annotations

import json
import sys
from collections.abc import Iterator
from dataclasses import asdict, replace
from pathlib import Path

import click

from turnpike.approvals.dialects import DIALECTS
from turnpike.approvals.interface import Dialect, Entry
from turnpike.cli.arrangement_here import organisation_in, owner_files_in, place_of
from turnpike.cli.output import emit, say
from turnpike.errors import UsageError
from turnpike.explain.escape import for_terminal
from turnpike.judge.layout import ORGANISATION_PATH

_HELP = """
Print who owns each PATH (from the root of the repository), as one JSON line for each.

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

--lint names duplicate and unreachable patterns, unknown owners, paths without an owner, what
the host ignores, and second files, each with file, line, code and next step. --generate says
the same for another host, or names what its dialect cannot say; a pattern that names a file
means a folder of that name as well on GitHub.
"""


@click.command(help=_HELP)
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
@click.option(
    "--lint", "is_lint", is_flag=True, help="Find what is wrong; exit code 1 if anything."
)
@click.option(
    "--generate",
    "target",
    type=click.Choice(list(DIALECTS)),
    help="Print the same file in another host's dialect.",
)
@click.option(
    "--json",
    "as_json",
    is_flag=True,
    help="Of --lint and --generate one JSON document; what is said of PATHs is JSON lines always.",
)
def command(
    paths: tuple[str, ...],
    dialect: str | None,
    file: Path | None,
    is_lint: bool,
    target: str | None,
    as_json: bool,
) -> None:
    """Print who owns paths, or look at the file itself, as JSON lines."""
    if sum((bool(paths), is_lint, target is not None)) != 1:
        raise UsageError(
            "expected PATH..., --lint or --generate, one of them",
            solution="`turnpike codeowners --help`",
        )
    chosen = _dialect(dialect)
    if is_lint:
        _lint(chosen, file, as_json)
    elif target is not None:
        _generate(chosen, file, target, as_json)
    else:
        _tell(chosen, file, paths)


def _tell(dialect: Dialect, file: Path | None, paths: tuple[str, ...]) -> None:
    """Print the lines; they are JSON whether or not --json asks for it."""
    owners = dialect.parse(_text(dialect, file))
    name = str(file) if file else place_of(dialect, owner_files_in(Path()))
    for one in owners.ignored:
        place = for_terminal(f"{name}:{one.line}" if one.line else name)
        wanted, found = for_terminal(one.expected), for_terminal(one.actual)
        say(f"  .. {place}: {one.code}: expected {wanted}, found {found}", err=True)
    for path in paths:
        for line in _lines(path, owners.entries_of(_from_root(path))):
            say(line)


def _lint(dialect: Dialect, file: Path | None, as_json: bool) -> None:
    from turnpike.approvals.lint import Subject, lint

    files = owner_files_in(Path()) if file is None else {}
    if file is not None:
        files[dialect.locations[0]] = _text(dialect, file)
    organisation = organisation_in(Path()) if Path(ORGANISATION_PATH).is_file() else None
    found = lint(Subject(dialect.name, files, organisation))
    named = [replace(one, file=str(file)) if file else one for one in found]
    lines = [
        f"{for_terminal(one.file)}:{one.line}: {one.code}: expected {for_terminal(one.expected)},"
        f" found {for_terminal(one.actual)}\n  next: {for_terminal(one.solution)}"
        for one in named
    ]
    emit(as_json, [asdict(one) for one in named], lines or ["Nothing is wrong."])
    sys.exit(1 if named else 0)


def _generate(dialect: Dialect, file: Path | None, target: str, as_json: bool) -> None:
    from turnpike.approvals.generate import Source, generate

    place = str(file) if file else place_of(dialect, owner_files_in(Path()))
    source = Source(place, dialect.name, _text(dialect, file), organisation_in(Path()))
    text = generate(source, _dialect(target).name)
    emit(as_json, {"dialect": target, "text": text}, [text.removesuffix("\n")])


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
    """Return a path from the root; raises UsageError for bytes that are no text."""
    if not path.isascii() and path.encode("utf-8", "replace").decode() != path:
        raise UsageError(
            f"expected a path in UTF-8, found {path!r}",
            solution="Rename the file: the judge lets no such path into the repository.",
        )
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
