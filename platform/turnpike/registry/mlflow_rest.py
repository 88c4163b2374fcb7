"""Reads an MLflow server over its REST API, with strict answers and short deadlines.

Source: MLflow REST API 2.0, ``model-versions``, ``registered-models`` and the proxied
``mlflow-artifacts``.
"""

from __future__ import annotations

import shutil
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import TypeVar
from urllib.parse import quote, urlencode, urlsplit

from pydantic import BaseModel, ConfigDict, ValidationError

from turnpike.bounded_http import Bound
from turnpike.errors import InputError, IntegrityError, TurnpikeError
from turnpike.registry.artifact_digest import ARTIFACT_FILES
from turnpike.registry.interface import RegisteredVersion
from turnpike.registry.mlflow_version import (
    is_version,
    only_digest,
    registered,
    require_new,
    unavailable,
    verified,
)
from turnpike.registry.rest import Missing, RestServer

_ANSWER = Bound(seconds=15.0, size=4 * 1024 * 1024, silence=10.0)
_FILE = Bound(seconds=300.0, size=8 * 1024 * 1024 * 1024, silence=30.0)
_PAGE = 1000


class _Part(BaseModel):
    """A piece of an answer: what we rely on is strict, what newer servers add is ignored."""

    model_config = ConfigDict(strict=True, frozen=True, extra="ignore")


class _Tag(_Part):
    key: str
    value: str = ""


class _Version(_Part):
    name: str
    version: str
    status: str
    source: str = ""
    tags: tuple[_Tag, ...] = ()


class _OneVersion(_Part):
    model_version: _Version


class _VersionPage(_Part):
    model_versions: tuple[_Version, ...] = ()
    next_page_token: str = ""


class _Alias(_Part):
    alias: str
    version: str


class _Model(_Part):
    name: str
    aliases: tuple[_Alias, ...] = ()


class _ModelPage(_Part):
    registered_models: tuple[_Model, ...] = ()
    next_page_token: str = ""


class _File(_Part):
    path: str


class _Listing(_Part):
    files: tuple[_File, ...] = ()


Answer = TypeVar("Answer", bound=_Part)


@dataclass(frozen=True, slots=True)
class MlflowRestReader:
    """The registry of an MLflow server."""

    server: RestServer

    def find(self, name: str, version: str) -> RegisteredVersion | None:
        """Return a version; None where the registry answers that it has none with a digest."""
        if not is_version(version):
            return None
        query = urlencode({"name": name, "version": version})
        try:
            body = self.server.get(f"/api/2.0/mlflow/model-versions/get?{query}", _ANSWER)
        except Missing:
            return None
        found = self._parse(_OneVersion, body).model_version
        if (found.name, found.version) != (name, version):
            raise self._unavailable(f"another version: {found.name} {found.version}")
        return _registered(found)

    def versions(self, name: str) -> tuple[RegisteredVersion, ...]:
        """Return all versions of a registered model, oldest first."""
        found = [_registered(entry) for entry in self._pages(name) if entry.name == name]
        kept = [version for version in found if version is not None]
        return tuple(sorted(kept, key=lambda version: int(version.version)))

    def every_version(self) -> tuple[RegisteredVersion, ...]:
        """Return all versions of all models that have a digest, with no other tag."""
        found = [_registered(entry) for entry in self._pages()]
        return tuple(only_digest(version) for version in found if version is not None)

    def aliases(self) -> Mapping[str, Mapping[str, str]]:
        """Return the aliases of every registered model that has any: name to alias to version."""
        found: dict[str, dict[str, str]] = {}
        token = ""
        while True:
            page = self._page(_ModelPage, "registered-models", {}, token)
            for model in page.registered_models:
                if model.aliases:
                    found[model.name] = {one.alias: one.version for one in model.aliases}
            if not page.next_page_token or page.next_page_token == token:
                return found
            token = page.next_page_token

    def fetch(self, version: RegisteredVersion, into: Path) -> Path:
        """Copy the artifact folder of a version to ``into`` through the server's artifact proxy."""
        require_new(into)
        into.mkdir(parents=True)
        try:
            self._download(_proxied(version.location), into)
            return verified(into, version)
        except (TurnpikeError, OSError):
            shutil.rmtree(into, ignore_errors=True)
            raise

    def _pages(self, name: str = "") -> Iterator[_Version]:
        """Yield the versions of a registered model, or of all."""
        wanted = {"filter": f"name='{_plain(name)}'"} if name else {}
        token = ""
        while True:
            page = self._page(_VersionPage, "model-versions", wanted, token)
            yield from page.model_versions
            if not page.next_page_token or page.next_page_token == token:
                return
            token = page.next_page_token

    def _page(self, kind: type[Answer], what: str, query: dict[str, str], token: str) -> Answer:
        query = query | {"max_results": str(_PAGE)} | ({"page_token": token} if token else {})
        path = f"/api/2.0/mlflow/{what}/search?{urlencode(query)}"
        try:
            return self._parse(kind, self.server.get(path, _ANSWER))
        except Missing as error:
            raise self._unavailable(f"no {path.partition('?')[0]}") from error

    def _download(self, folder: str, into: Path) -> None:
        try:
            for name in self._listed(folder):
                self._download_file(f"{folder}/{name}", into / name)
        except Missing as error:
            raise self._unavailable(f"no artifact at {folder}") from error

    def _listed(self, folder: str) -> tuple[str, ...]:
        path = f"/api/2.0/mlflow-artifacts/artifacts?{urlencode({'path': folder})}"
        listing = self._parse(_Listing, self.server.get(path, _ANSWER))
        names = tuple(file.path for file in listing.files)
        if strange := [name for name in names if name not in ARTIFACT_FILES]:
            raise IntegrityError(
                f"{folder}: expected only files of an artifact, found {strange[0]!r}",
                code="artifact.unexpected-file",
                solution="Register the model again: `turnpike register models/<team>/<model>`.",
            )
        return names

    def _download_file(self, path: str, into: Path) -> None:
        with into.open("wb") as stream:
            for block in self.server.blocks(
                f"/api/2.0/mlflow-artifacts/artifacts/{quote(path)}", _FILE
            ):
                stream.write(block)

    def _parse(self, kind: type[Answer], body: bytes) -> Answer:
        try:
            return kind.model_validate_json(body)
        except ValidationError as error:
            raise self._unavailable(repr(body[:60].decode("utf-8", "replace"))) from error

    def _unavailable(self, found: str) -> TurnpikeError:
        return unavailable(self.server.address, found)


def _registered(found: _Version) -> RegisteredVersion | None:
    tags = {tag.key: tag.value for tag in found.tags}
    return registered(found.name, found.version, found.status, found.source, tags)


def _proxied(location: str) -> str:
    parts = urlsplit(location)
    if parts.scheme != "mlflow-artifacts":
        raise unavailable(location, "an artifact that the server does not hand out itself")
    return parts.path.strip("/")


def _plain(name: str) -> str:
    if not all(sign.isalnum() or sign in ".-_" for sign in name):
        raise InputError(
            f"registered model: expected letters, digits, '.', '-' and '_', found {name!r}",
            code="registry.name",
            solution="A registered model is named <team>.<model>.",
        )
    return name
