"""Who decides about what, as a checkout says it."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from turnpike.approvals.dialects import DIALECTS, LOCATIONS, location_in
from turnpike.approvals.identity import contradictions
from turnpike.approvals.interface import Dialect
from turnpike.documents.reading import read
from turnpike.errors import InputError, InvalidDocument, Problem, UsageError
from turnpike.judge.arrangement import Arrangement
from turnpike.judge.layout import ORGANISATION_PATH
from turnpike.judge.stages import stage_faults
from turnpike.topology.environment import ENVIRONMENT, Environment
from turnpike.topology.organisation import ORGANISATION, Organisation


def organisation_in(checkout: Path) -> Organisation:
    """Return the organisation of a checkout; raises UsageError where it is none of a monorepo."""
    file = checkout / ORGANISATION_PATH
    if not file.is_file():
        raise UsageError(
            f"expected {ORGANISATION_PATH} in {checkout.absolute()}, found no such file",
            solution="Go to the root of a monorepo.",
        )
    return read(ORGANISATION, file.read_bytes(), ORGANISATION_PATH)


def owner_files_in(checkout: Path) -> dict[str, str]:
    """Return the CODEOWNERS files of a checkout by their paths, wherever some host looks."""
    found = {place: checkout / place for place in LOCATIONS}
    return {
        place: file.read_bytes().decode("utf-8", "replace")
        for place, file in found.items()
        if file.is_file()
    }


def place_of(dialect: Dialect, files: dict[str, str]) -> str:
    """Return the file that the dialect's host reads; raises InputError where there is none."""
    place = location_in(dialect, files)
    if place is None:
        raise InputError(
            f"expected one of {', '.join(dialect.locations)}, found none",
            solution="Go to the root of the repository, or name the file with --file.",
            code="codeowners.missing",
        )
    return place


def arrangement_in(checkout: Path) -> Arrangement:
    """Return what a checkout says: organisation, CODEOWNERS and environments.

    Raises InvalidDocument where they don't say what production is, which nobody would be asked
    about, or who is one person: whoever held two identities would count twice.
    """
    organisation, files = organisation_in(checkout), owner_files_in(checkout)
    place = place_of(DIALECTS[organisation.codeowners_dialect], files)
    found = Arrangement(organisation, files[place], environments_in(checkout), place)
    if problems := tuple(_problems(found)):
        raise InvalidDocument(problems)
    return found


def _problems(arrangement: Arrangement) -> Iterator[Problem]:
    yield from contradictions(arrangement.organisation)
    for fault in stage_faults(arrangement):
        field, _, wanted = fault.expected.partition(": ")
        yield Problem(fault.subject, 0, field, wanted, fault.actual)


def environments_in(checkout: Path) -> dict[str, Environment]:
    """Return the environments of a checkout, by name; raises UsageError where it has none.

    Of no environment everything is true: that its targets are alike, that nobody reaches it.
    """
    files = sorted(checkout.glob("environments/*/environment.yaml"))
    if not files:
        raise UsageError(
            f"expected environments/*/environment.yaml in {checkout.absolute()}, found none",
            solution="Go to the root of a monorepo.",
        )
    return {
        file.parent.name: read(ENVIRONMENT, file.read_bytes(), str(file.relative_to(checkout)))
        for file in files
    }
