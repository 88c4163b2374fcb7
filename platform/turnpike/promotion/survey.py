"""Read main once for all outlooks: who, where and when, every model and every release.

A file that can't be read is a problem that names it, and is left out: it closes what it is about
and nothing else.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import TypeVar

from pydantic import TypeAdapter

from turnpike.documents.identifiers import ObjectId
from turnpike.documents.reading import read
from turnpike.errors import InvalidDocument, Problem
from turnpike.git.repository import Repository
from turnpike.judge.hygiene import SIZE_LIMIT
from turnpike.judge.layout import (
    ORGANISATION_PATH,
    SCHEDULE_PATH,
    ModelKey,
    deployment_of,
    environment_of,
    model_of,
    stop_of,
    waiver_of,
)
from turnpike.manifest.model import MODEL
from turnpike.manifest.release import RELEASE, Release
from turnpike.promotion.brief import Brief
from turnpike.promotion.ground import Fleet, Ground
from turnpike.promotion.road import faults_of
from turnpike.topology.environment import ENVIRONMENT, Environment
from turnpike.topology.key import Key
from turnpike.topology.organisation import ORGANISATION
from turnpike.topology.stop import STOP, Stop
from turnpike.topology.waiver import WAIVER, Waiver
from turnpike.topology.window import SCHEDULE

K = TypeVar("K")
T = TypeVar("T")


@dataclass(slots=True)
class _Reader:
    """Documents by path, with what is wrong with those that can't be read."""

    problems: list[Problem] = field(default_factory=list)

    def read(self, kind: TypeAdapter[T], path: str, content: bytes) -> T | None:
        """Return the document; None where it breaks its schema, which is kept as a problem."""
        try:
            return read(kind, content, path)
        except InvalidDocument as error:
            self.problems += error.problems
            return None


def ground_on(repository: Repository, main: ObjectId, keys: tuple[Key, ...]) -> Ground:
    """Return who, where and when on a main; raises InvalidDocument without an organisation."""
    names = repository.names(main, "environments")
    paths = [f"environments/{name}/environment.yaml" for name in names]
    paths += [ORGANISATION_PATH, SCHEDULE_PATH, "environments/stops", "policies/waivers"]
    entries = repository.files(main, paths)
    blobs = repository.blobs(entry.object for entry in entries.values())
    contents = {path: blobs[entry.object] for path, entry in entries.items()}
    organisation = read(ORGANISATION, contents.get(ORGANISATION_PATH, b""), ORGANISATION_PATH)
    reader = _Reader()
    environments: dict[str, Environment] = {}
    stops: dict[str, Stop] = {}
    waivers: dict[str, Waiver] = {}
    for path, content in contents.items():
        if name := environment_of(path):
            _keep(environments, name, reader.read(ENVIRONMENT, path, content))
        elif name := stop_of(path):
            _keep(stops, name, reader.read(STOP, path, content))
        elif name := waiver_of(path):
            _keep(waivers, name, reader.read(WAIVER, path, content))
    times = contents.get(SCHEDULE_PATH)
    schedule = reader.read(SCHEDULE, SCHEDULE_PATH, times) if times is not None else None
    problems = (*reader.problems, *faults_of(environments))
    return Ground(main, organisation, environments, schedule, stops, waivers, keys, (), problems)


def _keep(into: dict[K, T], name: K, document: T | None) -> None:
    if document is not None:
        into[name] = document


@dataclass(slots=True)
class Listing:
    """Which blob stands where: the manifest of each model, the release at each path."""

    manifests: dict[ModelKey, ObjectId] = field(default_factory=dict)
    releases: dict[str, ObjectId] = field(default_factory=dict)


def listing_on(repository: Repository, main: ObjectId) -> Listing:
    """Return the manifests and releases of a main; odd files are left out, as the judge does."""
    found = Listing()
    for path, entry in repository.files(main, ["environments", "models"]).items():
        if entry.mode != "100644" or entry.size > SIZE_LIMIT:
            continue
        if path.endswith("/release.yaml") and deployment_of(path):
            found.releases[path] = entry.object
        elif (key := model_of(path)) and path == key.manifest_path:
            found.manifests[key] = entry.object
    return found


@dataclass(slots=True)
class Known:
    """Documents that were read before, by blob; a blob never reads otherwise."""

    briefs: dict[ObjectId, Brief] = field(default_factory=dict)
    releases: dict[ObjectId, Release] = field(default_factory=dict)


def fleet_on(repository: Repository, listing: Listing, known: Known) -> Fleet:
    """Return every model that is listed, with its releases."""
    releases = _releases(repository, listing.releases, known)
    listed = frozenset(listing.manifests.values())
    named = frozenset(one.manifest for one in releases.values()) - listed
    briefs, unreadable = _briefs(repository, listed, named, known)
    by_path = {p: releases[b] for p, b in listing.releases.items() if b in releases}
    return Fleet(listing.manifests, by_path, briefs, unreadable)


def _releases(
    repository: Repository, listed: Mapping[str, ObjectId], known: Known
) -> dict[ObjectId, Release]:
    found = {b: known.releases[b] for b in listed.values() if b in known.releases}
    new = {blob: path for path, blob in listed.items() if blob not in found}
    reader = _Reader()
    for blob, content in repository.blobs(new).items():
        _keep(found, blob, reader.read(RELEASE, new[blob], content))
    return found


def _briefs(
    repository: Repository,
    listed: frozenset[ObjectId],
    named: frozenset[ObjectId],
    known: Known,
) -> tuple[dict[ObjectId, Brief], dict[ObjectId, str]]:
    """Read manifests: of those that are listed the size was looked at, of others it is here."""
    found = {blob: known.briefs[blob] for blob in listed | named if blob in known.briefs}
    unreadable: dict[ObjectId, str] = {}
    sizes = repository.sizes(named - found.keys())
    small = [blob for blob, size in sizes.items() if size <= SIZE_LIMIT]
    small = sorted([*small, *(listed - found.keys())])
    for part in range(0, len(small), _PART):
        for blob, content in repository.blobs(small[part : part + _PART]).items():
            try:
                found[blob] = Brief.of(read(MODEL, content, f"manifest {blob[:12]}"))
            except InvalidDocument as error:
                unreadable[blob] = str(error.problems[0])
    return found, unreadable


_PART = 1000
"""Manifests that are held at once: what is kept of them is short."""
