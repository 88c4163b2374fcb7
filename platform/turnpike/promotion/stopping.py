"""What a change writes that stops the line, or lets it go on: one file below environments/stops."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from turnpike.documents.canonical import to_json
from turnpike.documents.identifiers import ObjectId
from turnpike.documents.reading import read
from turnpike.errors import Defect, InputError
from turnpike.git.repository import Repository
from turnpike.judge.layout import stop_of
from turnpike.judge.stops import Scopes
from turnpike.promotion.plan import ReleasePlan
from turnpike.rendering.dump import dump
from turnpike.topology.stop import STOP, Stop

FOLDER = "environments/stops"
_SCHEMA = "yaml-language-server: $schema=../../docs/schemas/stop.schema.json"


def stops_on(repository: Repository, commit: ObjectId) -> dict[str, Stop]:
    """Return every stop that stands on a commit, by name."""
    entries = repository.files(commit, [FOLDER])
    blobs = repository.blobs(entry.object for entry in entries.values())
    return {
        name: read(STOP, blobs[entry.object], path)
        for path, entry in sorted(entries.items())
        if (name := stop_of(path))
    }


def neighbours_on(repository: Repository, commit: ObjectId, stop: Stop) -> frozenset[str]:
    """Return every model on a commit of the teams whose models a stop names, as TEAM/MODEL."""
    teams = {model.partition("/")[0] for model in stop.models}
    return frozenset(
        f"{team}/{name}" for team in teams for name in repository.names(commit, f"models/{team}")
    )


def plan_stop(
    stop: Stop, standing: Mapping[str, Stop], scopes: Scopes, neighbours: frozenset[str]
) -> ReleasePlan:
    """Plan the stop; raises InputError where one of that name stands, or where it would stop none.

    Whoever stops the line in an incident wants to know of a wrong name now. ``neighbours`` are the
    models on main of the teams whose models it names; the gate, which does not read these, refuses
    wrong names of all else.
    """
    for field, wanted, unknown in (*scopes.unknown_in(stop), *_strangers(stop, neighbours)):
        raise InputError(
            f"{_path(stop.name)}: {field}: expected {wanted}, got {unknown}",
            code="stop.unknown-subject",
            solution="Correct the name; a stop that speaks of nobody would stop nothing.",
        )
    if stop.name in standing:
        raise InputError(
            f"{_path(stop.name)}: expected no such stop on main yet, found one"
            f" ({standing[stop.name].incident})",
            code="stop.exists",
            solution="Choose another name; `turnpike stop list` shows what stands.",
        )
    value = to_json(stop)
    if not isinstance(value, dict):
        raise Defect("a stop that is no object")
    said = {field: given for field, given in value.items() if given not in ([], None)}
    title = f"Stop the line: {stop.name} ({stop.incident})"
    return ReleasePlan(title, {_path(stop.name): dump([said], _SCHEMA)})


def _strangers(stop: Stop, neighbours: frozenset[str]) -> Iterator[tuple[str, str, str]]:
    """Yield each model that main does not know, with those of its team that it does."""
    for unknown in sorted(set(stop.models) - neighbours):
        team = unknown.partition("/")[0]
        known = sorted(one for one in neighbours if one.partition("/")[0] == team)
        yield "models", f"one of {', '.join(known) or 'none'}", unknown


def plan_lift(name: str, standing: Mapping[str, Stop]) -> ReleasePlan:
    """Plan that the line goes on; raises InputError where no stop of that name stands."""
    if name not in standing:
        known = ", ".join(standing) or "none"
        raise InputError(
            f"expected one of the stops on main: {known}; got {name}",
            code="stop.unknown",
            solution="`turnpike stop list` shows what stands.",
        )
    title = f"Let the line go on: {name} ({standing[name].incident})"
    return ReleasePlan(title, {_path(name): None})


def _path(name: str) -> str:
    return f"{FOLDER}/{name}.yaml"
