"""The registry through MLflow itself: embedded on SQLite and a local folder, or a server.

Importing MLflow takes seconds, so that only what registers or fetches pays for it; what only asks
uses ``mlflow_sqlite.py`` or ``mlflow_rest.py``, which pass the same contract tests.
"""

from __future__ import annotations

import os
import shutil
import tempfile
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, TypeVar

from turnpike.documents.identifiers import Digest
from turnpike.errors import IntegrityError
from turnpike.registry.interface import DIGEST_TAG, RegisteredVersion
from turnpike.registry.mlflow_sqlite import DATABASE
from turnpike.registry.mlflow_version import (
    is_version,
    only_digest,
    registered,
    require_new,
    unavailable,
    verified,
)
from turnpike.registry.rest import RestServer
from turnpike.registry.store import verify_artifact

if TYPE_CHECKING:
    from mlflow import MlflowClient
    from mlflow.entities.model_registry import ModelVersion, RegisteredModel

T = TypeVar("T")

EXPERIMENT = "turnpike"
"""The experiment in which all candidates are logged."""
_FOLDER = "model"
_PAGE = 1000
_SETTINGS = {
    "MLFLOW_DISABLE_TELEMETRY": "true",
    "MLFLOW_SERVER_ENABLE_JOB_EXECUTION": "false",
    "MLFLOW_ENABLE_ARTIFACTS_PROGRESS_BAR": "false",
    "MLFLOW_HTTP_REQUEST_TIMEOUT": "10",
    "MLFLOW_HTTP_REQUEST_MAX_RETRIES": "1",
    "MLFLOW_HTTP_REQUEST_BACKOFF_FACTOR": "1",
    "MLFLOW_LOGGING_LEVEL": "WARNING",
    "MLFLOW_SUPPRESS_PRINTING_URL_TO_STDOUT": "true",
    "GIT_PYTHON_REFRESH": "quiet",
}


@dataclass(frozen=True, slots=True)
class MlflowRegistry:
    """MLflow behind a tracking URI; ``artifacts`` is a local root where no server keeps them."""

    tracking: str
    artifacts: Path | None = None
    token: str = field(default="", repr=False)

    @classmethod
    def embedded(cls, home: Path) -> MlflowRegistry:
        """Return the registry in ``<home>/mlflow.db`` with its artifacts beside it."""
        home.mkdir(parents=True, exist_ok=True)
        root = home.absolute()
        return cls(f"sqlite:///{root / DATABASE}", root / "artifacts")

    @classmethod
    def on_server(cls, server: RestServer) -> MlflowRegistry:
        """Return the registry of an MLflow server, which keeps the artifacts itself."""
        return cls(server.address, token=server.token)

    def find(self, name: str, version: str) -> RegisteredVersion | None:
        """Return a version; None where the registry has none with a digest."""
        if not is_version(version):
            return None
        with self._client() as client:
            found = _or_none(lambda: client.get_model_version(name, version))
        return _registered(found) if found is not None else None

    def versions(self, name: str) -> tuple[RegisteredVersion, ...]:
        """Return all versions of a registered model, oldest first."""
        with self._client() as client:
            found = [_registered(entry) for entry in _pages(client, name)]
        kept = [version for version in found if version is not None]
        return tuple(sorted(kept, key=lambda version: int(version.version)))

    def every_version(self) -> tuple[RegisteredVersion, ...]:
        """Return all versions of all models that have a digest, with no other tag."""
        with self._client() as client:
            found = [_registered(entry) for entry in _pages(client)]
        return tuple(only_digest(version) for version in found if version is not None)

    def aliases(self) -> Mapping[str, Mapping[str, str]]:
        """Return the aliases of every registered model that has any: name to alias to version."""
        found: dict[str, dict[str, str]] = {}
        with self._client() as client:
            token: str | None = None
            while True:
                page = client.search_registered_models(max_results=_PAGE, page_token=token)
                found |= {one.name: versions for one in page if (versions := _aliases(one))}
                token = page.token
                if not token:
                    return found

    def set_alias(self, name: str, alias: str, version: str) -> None:
        """Let an alias of a registered model name that version, and no other any more."""
        with self._client() as client:
            client.set_registered_model_alias(name, alias, version)

    def remove_alias(self, name: str, alias: str) -> None:
        """Take an alias away; one that is not there is no failure."""
        with self._client() as client:
            _or_none(lambda: client.delete_registered_model_alias(name, alias))

    def fetch(self, version: RegisteredVersion, into: Path) -> Path:
        """Copy the artifact folder of a version to ``into``."""
        require_new(into)
        into.parent.mkdir(parents=True, exist_ok=True)
        staging = Path(tempfile.mkdtemp(prefix=".fetch-", dir=into.parent))
        try:
            verified(self._download(version, staging), version).rename(into)
            return into
        finally:
            shutil.rmtree(staging, ignore_errors=True)

    def register(
        self, name: str, folder: Path, digest: Digest, tags: Mapping[str, str]
    ) -> RegisteredVersion:
        """Keep a copy of an artifact folder as a new version, unless one has this digest."""
        verify_artifact(folder, digest)
        with self._client() as client:
            known = [v for v in map(_registered, _pages(client, name)) if v is not None]
            same = next((version for version in known if version.digest == digest), None)
            return same or self._create(client, name, folder, {**tags, DIGEST_TAG: digest})

    def _create(
        self, client: MlflowClient, name: str, folder: Path, tags: Mapping[str, str]
    ) -> RegisteredVersion:
        """Log, then create: the version is made last and at once, so that none is half there."""
        from mlflow.exceptions import MlflowException

        run = client.create_run(self._experiment(client), run_name=name)
        client.log_artifacts(run.info.run_id, str(folder), _FOLDER)
        client.set_terminated(run.info.run_id)
        if _or_none(lambda: client.get_registered_model(name)) is None:
            client.create_registered_model(name)
        source = f"{run.info.artifact_uri}/{_FOLDER}"
        created = client.create_model_version(name, source, run.info.run_id, tags=dict(tags))
        found = _registered(created)
        if found is None:
            raise MlflowException(f"version {created.version} of {name} is {created.status}")
        return found

    def _experiment(self, client: MlflowClient) -> str:
        found = client.get_experiment_by_name(EXPERIMENT)
        if found is not None:
            return str(found.experiment_id)
        location = self.artifacts.as_uri() if self.artifacts else None
        return client.create_experiment(EXPERIMENT, artifact_location=location)

    def _download(self, version: RegisteredVersion, into: Path) -> Path:
        with self._client():
            from mlflow.artifacts import download_artifacts

            return Path(
                download_artifacts(
                    artifact_uri=version.location, dst_path=str(into), tracking_uri=self.tracking
                )
            )

    @contextmanager
    def _client(self) -> Iterator[MlflowClient]:
        """Give a client; whatever MLflow and its store cannot answer is Unavailable."""
        import_quietly()
        if self.token:  # MLflow takes it from nowhere else
            os.environ["MLFLOW_TRACKING_TOKEN"] = self.token
        from mlflow import MlflowClient
        from mlflow.exceptions import MlflowException
        from requests import RequestException
        from sqlalchemy.exc import SQLAlchemyError

        try:
            yield MlflowClient(tracking_uri=self.tracking, registry_uri=self.tracking)
        except IntegrityError:
            raise
        except (MlflowException, RequestException, SQLAlchemyError, OSError) as error:
            raise unavailable(self.tracking, _first_line(error)) from error


def import_quietly() -> None:
    """Import MLflow with no telemetry, no job runner, short timeouts and no chatter."""
    for name, value in _SETTINGS.items():
        os.environ.setdefault(name, value)
    import logging

    import mlflow  # noqa: F401

    for name in ("alembic", "mlflow"):
        logging.getLogger(name).setLevel(logging.WARNING)


def _pages(client: MlflowClient, name: str = "") -> Iterator[ModelVersion]:
    """Yield the versions of a registered model, or of all."""
    wanted = f"name='{name}'" if name else None
    token: str | None = None
    while True:
        page = client.search_model_versions(wanted, max_results=_PAGE, page_token=token)
        yield from page
        token = page.token
        if not token:
            return


def _registered(found: ModelVersion) -> RegisteredVersion | None:
    return registered(
        found.name, str(found.version), found.status, found.source or "", dict(found.tags)
    )


def _aliases(found: RegisteredModel) -> dict[str, str]:
    return {alias: str(version) for alias, version in found.aliases.items()}


def _or_none(ask: Callable[[], T]) -> T | None:
    """Return the answer; None where MLflow says that there is no such thing."""
    from mlflow.exceptions import MlflowException

    try:
        return ask()
    except MlflowException as error:
        if error.error_code == "RESOURCE_DOES_NOT_EXIST":
            return None
        raise


def _first_line(error: Exception) -> str:
    lines = str(error).strip().splitlines()
    return lines[0][:300] if lines else type(error).__name__
