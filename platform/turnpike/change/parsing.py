"""Blobs of one side of a change to documents, with what does not parse as problems."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from typing import Any, Literal, TypeVar

from pydantic import TypeAdapter

from turnpike.approvals.dialects import DIALECTS, LOCATIONS, location_in
from turnpike.approvals.interface import DialectName
from turnpike.documents.identifiers import Digest, ObjectId, digest_of
from turnpike.documents.reading import read
from turnpike.errors import IntegrityError, InvalidDocument
from turnpike.judge.facts import Documents, Unreadable
from turnpike.judge.layout import (
    CLOUDS_PATH,
    ORGANISATION_PATH,
    SCHEDULE_PATH,
    deployment_of,
    environment_of,
    is_key,
    model_of,
    project_of,
    settlement_of,
    stop_of,
    waiver_of,
)
from turnpike.manifest.model import MODEL, GenerativeModel, PredictiveModel
from turnpike.manifest.release import RELEASE, Release
from turnpike.manifest.settings import SETTINGS, Settings
from turnpike.topology.clouds import CLOUDS, Clouds
from turnpike.topology.environment import ENVIRONMENT, Environment
from turnpike.topology.key import KEY, Key
from turnpike.topology.organisation import ORGANISATION, Organisation
from turnpike.topology.settlement import SETTLEMENT, Settlement
from turnpike.topology.stop import STOP, Stop
from turnpike.topology.waiver import WAIVER, Waiver
from turnpike.topology.window import SCHEDULE, Schedule

T = TypeVar("T")

Known = dict[tuple[int, bytes], Any]
"""Documents by their schema and their bytes, so that no two sides parse the same twice."""


@dataclass(slots=True)
class Side:
    """The documents of one side while they are being gathered."""

    name: Literal["base", "head"]
    known: Known = field(default_factory=dict)
    models: dict[str, PredictiveModel | GenerativeModel] = field(default_factory=dict)
    cards: dict[str, tuple[str, ...]] = field(default_factory=dict)
    settings: dict[str, Settings] = field(default_factory=dict)
    releases: dict[str, Release] = field(default_factory=dict)
    environments: dict[str, Environment] = field(default_factory=dict)
    schedule: Schedule | None = None
    clouds: Clouds | None = None
    stops: dict[str, Stop] = field(default_factory=dict)
    waivers: dict[str, Waiver] = field(default_factory=dict)
    settlements: dict[str, Settlement] = field(default_factory=dict)
    keys: dict[str, Key] = field(default_factory=dict)
    organisation: Organisation | None = None
    owner_files: dict[str, str] = field(default_factory=dict)
    projects: dict[str, str] = field(default_factory=dict)
    contents: dict[str, Digest] = field(default_factory=dict)
    model_blobs: dict[ObjectId, PredictiveModel | GenerativeModel] = field(default_factory=dict)
    unreadable: list[Unreadable] = field(default_factory=list)

    def add_all(self, files: Mapping[str, bytes]) -> None:
        """Parse every file by what its path says it is, and keep the digest of each."""
        for path, content in sorted(files.items()):
            self.contents[path] = digest_of(content)
            self._add(path, content)

    def add_manifest(self, blob: ObjectId, content: bytes) -> None:
        """Parse a manifest that a release names by its Git blob."""
        model = self._parsed(MODEL, f"manifest {blob[:12]}", content)
        if model is not None:
            self.model_blobs[blob] = model

    def _add(self, path: str, content: bytes) -> None:
        if path == ORGANISATION_PATH:
            self.organisation = self._parsed(ORGANISATION, path, content)
        elif path == SCHEDULE_PATH:
            self.schedule = self._parsed(SCHEDULE, path, content)
        elif path == CLOUDS_PATH:
            self.clouds = self._parsed(CLOUDS, path, content)
        elif path in LOCATIONS:
            self.owner_files[path] = content.decode("utf-8", "replace")
        elif is_key(path):
            self._keep(self.keys, path, self._parsed(KEY, path, content))
        elif model_of(path):
            self._add_model_file(path, content)
        elif deployment_of(path):
            self._add_deployment_file(path, content)
        else:
            self._add_named(path, content)

    def _add_named(self, path: str, content: bytes) -> None:
        """Parse what stands below a folder of its kind, one name a file."""
        if name := environment_of(path):
            self._keep(self.environments, name, self._parsed(ENVIRONMENT, path, content))
        elif name := stop_of(path):
            self._keep(self.stops, name, self._parsed(STOP, path, content))
        elif name := waiver_of(path):
            self._keep(self.waivers, name, self._parsed(WAIVER, path, content))
        elif name := settlement_of(path):
            self._keep(self.settlements, name, self._parsed(SETTLEMENT, path, content))
        elif name := project_of(path):
            self.projects[name] = content.decode("utf-8", "replace")

    def _add_model_file(self, path: str, content: bytes) -> None:
        if path.endswith("/model.yaml"):
            self._keep(self.models, path, self._parsed(MODEL, path, content))
        elif path.endswith("/card.md"):
            self.cards[path] = written_sections(content.decode("utf-8", "replace"))

    def _add_deployment_file(self, path: str, content: bytes) -> None:
        if path.endswith("/release.yaml"):
            self._keep(self.releases, path, self._parsed(RELEASE, path, content))
        elif path.endswith("/settings.yaml"):
            self._keep(self.settings, path, self._parsed(SETTINGS, path, content))

    @staticmethod
    def _keep(into: dict[str, Any], key: str, document: object | None) -> None:
        if document is not None:
            into[key] = document

    def _parsed(self, kind: TypeAdapter[T], path: str, content: bytes) -> T | None:
        same = id(kind), content
        if same in self.known:
            found: T = self.known[same]
            return found
        try:
            document = self.known[same] = read(kind, content, path)
        except InvalidDocument as error:
            self.unreadable += [
                Unreadable(
                    path=problem.file,
                    side=self.name,
                    line=problem.line,
                    field=problem.field,
                    expected=problem.expected,
                    actual=problem.actual,
                )
                for problem in error.problems
            ]
            return None
        return document

    def require_readable(self) -> None:
        """Raise IntegrityError for the first document of main, which was judged, that is none."""
        if self.unreadable:
            worst = self.unreadable[0]
            raise IntegrityError(
                f"{worst.path} on main, {worst.field}: expected {worst.expected},"
                f" found {worst.actual}",
                code="base.unreadable",
                solution="Repair it on main by a change of its class; `turnpike verify` says more.",
            )

    def keep_owner_files(self, base: Side, changed: Collection[str]) -> None:
        """Take over the CODEOWNERS files of the other side that the change leaves alone."""
        kept = {path: text for path, text in base.owner_files.items() if path not in changed}
        self.owner_files = {**kept, **self.owner_files}

    def documents(self, dialect: DialectName) -> Documents:
        """Return what was gathered as one frozen document; the dialect says which file counts."""
        place = location_in(DIALECTS[dialect], self.owner_files)
        return Documents(
            models=self.models,
            cards=self.cards,
            settings=self.settings,
            releases=self.releases,
            environments=self.environments,
            schedule=self.schedule,
            clouds=self.clouds,
            stops=self.stops,
            waivers=self.waivers,
            settlements=self.settlements,
            keys=self.keys if self.name == "head" else {},
            organisation=self.organisation,
            codeowners=self.owner_files[place] if place else None,
            codeowners_path=place,
            other_codeowners={p: t for p, t in self.owner_files.items() if p != place},
            projects=self.projects,
            contents=self.contents,
            model_blobs=self.model_blobs,
        )


def written_sections(markdown: str) -> tuple[str, ...]:
    """Return the second-level headings of a card below which something is written."""
    sections: list[str] = []
    heading = ""
    for line in markdown.splitlines():
        if line.startswith("## "):
            heading = line.removeprefix("## ").strip()
        elif heading and line.strip() and heading not in sections:
            sections.append(heading)
    return tuple(sections)
