"""The derived files of access in a checkout: as they must be, and as they are."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from pathlib import Path

from turnpike.cli.arrangement_here import environments_in, organisation_in
from turnpike.documents.reading import read
from turnpike.errors import InputError
from turnpike.judge.layout import (
    ACCESS_FILES,
    ACCESS_FOLDERS,
    PROJECTS_FOLDER,
    SCHEDULE_PATH,
)
from turnpike.judge.sync_windows import derived_projects, unsaid_times
from turnpike.rendering.access_files import access_files
from turnpike.topology.environment import Environment
from turnpike.topology.window import SCHEDULE, Schedule


def access_files_of(checkout: Path, at: datetime) -> dict[str, bytes]:
    """Return each file as it must be, by path; raises InputError where no text can say it."""
    environments = environments_in(checkout)
    files = access_files(organisation_in(checkout), sorted(environments))
    return files | _projects(checkout, environments, at)


def access_files_there(checkout: Path, wanted: Iterable[str]) -> dict[str, Path]:
    """Return those of the files that stand, and all that stands where only such files may."""
    found = [file for folder in ACCESS_FOLDERS for file in (checkout / folder).rglob("*")]
    found += [file for path in (*ACCESS_FILES, *wanted) if (file := checkout / path).exists()]
    return {str(file.relative_to(checkout)): file for file in found if not file.is_dir()}


def _projects(
    checkout: Path, environments: dict[str, Environment], at: datetime
) -> dict[str, bytes]:
    texts = {
        file.stem: file.read_text("utf-8") for file in (checkout / PROJECTS_FOLDER).glob("*.yaml")
    }
    schedule = _schedule(checkout)
    unsaid = next(unsaid_times(texts, environments.values(), schedule, at), None)
    if unsaid:
        raise InputError(
            f"{unsaid.subject}: expected {unsaid.expected}, found {unsaid.actual}."
            f" {unsaid.message}",
            solution=unsaid.solution,
            code=unsaid.code,
        )
    derived = derived_projects(texts, environments, schedule, at)
    return {path: text.encode() for path, text in derived.items()}


def _schedule(checkout: Path) -> Schedule | None:
    file = checkout / SCHEDULE_PATH
    return read(SCHEDULE, file.read_bytes(), SCHEDULE_PATH) if file.is_file() else None
