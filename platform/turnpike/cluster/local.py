"""A model server on this machine: one MLServer process that serves verified artifacts.

Below its ``state`` folder it keeps ``repository/`` (what MLServer is told to load), ``server.log``
and, while it runs, ``endpoint`` (its address, for other processes).
"""

from __future__ import annotations

import json
import shutil
import subprocess
import time
from pathlib import Path
from types import TracebackType
from typing import Self

from turnpike.cluster import model_server
from turnpike.cluster.interface import Deployment, Running
from turnpike.cluster.open_inference import ModelServer, UnknownModel
from turnpike.errors import InputError, Unavailable
from turnpike.free_ports import LOOPBACK, free_ports

_ENDPOINT_FILE = "endpoint"
_LOG_FILE = "server.log"
_LOADING_SECONDS = 300.0
_STOPPING_SECONDS = 15.0
_POLL_SECONDS = 0.1


class LocalServer:
    """A cluster of one process; use it in a ``with`` block, so that it stops whatever happens.

    ``python`` is the interpreter of the serving environment. ``starting_seconds`` is how long a
    start may take, which on a cold machine is mostly reading Python's packages.
    """

    def __init__(self, python: Path, state: Path, *, starting_seconds: float = 900.0) -> None:
        """Remember where; nothing is started before the first ``apply``."""
        self._python = python
        self._state = state.absolute()
        self._starting_seconds = starting_seconds
        self._process: subprocess.Popen[bytes] | None = None
        self._server = ModelServer("")
        self._applied: dict[str, Deployment] = {}

    def __enter__(self) -> Self:
        """Return the server; it starts with the first ``apply``."""
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        """Stop the server, also after Ctrl-C."""
        self.stop()

    @property
    def endpoint(self) -> str:
        """Return the server's base address; empty while it does not run."""
        return self._server.endpoint if self._process else ""

    @property
    def log(self) -> Path:
        """Return the file into which the server writes."""
        return self._state / _LOG_FILE

    def apply(self, deployments: tuple[Deployment, ...]) -> None:
        """Serve exactly these; what is already served by digest goes on without a break."""
        wanted = {deployment.name: deployment for deployment in deployments}
        if self._process is None:
            self._start(wanted)
        else:
            self._change(wanted)
        missing = [name for name, one in wanted.items() if not self._serves(one)]
        if missing:
            raise self._unavailable(f"{', '.join(missing)} to be ready, found it is not")

    def running(self) -> tuple[Running, ...]:
        """Return what the server says that it serves by name and digest, sorted by name."""
        if self._process is None:
            return ()
        self._server.index()  # raises where the server has died
        applied = sorted(self._applied.items())
        return tuple(self._running(one) for _, one in applied if self._serves(one))

    def stop(self) -> None:
        """End the process, gently first; stopping a second time does nothing."""
        process, self._process = self._process, None
        self._applied = {}
        (self._state / _ENDPOINT_FILE).unlink(missing_ok=True)
        if process is None:
            return
        process.terminate()
        try:
            process.wait(_STOPPING_SECONDS)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()

    def _write_repository(self, wanted: dict[str, Deployment]) -> None:
        repository = self._state / "repository"
        shutil.rmtree(repository, ignore_errors=True)
        repository.mkdir(parents=True)
        for name, deployment in wanted.items():
            folder = repository / name
            folder.mkdir()
            settings = json.dumps(_model_settings(deployment), indent=2)
            (folder / "model-settings.json").write_text(settings, encoding="utf-8")

    def _start(self, wanted: dict[str, Deployment]) -> None:
        self._require_alone()
        self._write_repository(wanted)
        ports = free_ports(3)
        settings = json.dumps(_server_settings(self._state, ports), indent=2)
        (self._state / "repository" / "settings.json").write_text(settings, encoding="utf-8")
        self._server = ModelServer(f"http://{LOOPBACK}:{ports[0]}", _LOADING_SECONDS)
        with self.log.open("wb") as log:
            self._process = subprocess.Popen(
                [self._python, "-P", model_server.__file__, "start", self._state / "repository"],
                cwd=self._state,
                env=_environment(self._state),
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=subprocess.STDOUT,
                # Ctrl-C is for whoever started us; the server ends when we end it.
                start_new_session=True,
            )
        self._wait_until_ready(self._process)
        self._applied = wanted
        (self._state / _ENDPOINT_FILE).write_text(self._server.endpoint, encoding="utf-8")

    def _require_alone(self) -> None:
        file = self._state / _ENDPOINT_FILE
        other = file.read_text(encoding="utf-8") if file.is_file() else ""
        if other and ModelServer(other, _POLL_SECONDS * 10).is_ready():
            raise InputError(
                f"local model server: expected none that runs in {self._state}, found {other}",
                code="serving.already-running",
                solution="Stop the other one (Ctrl-C in its terminal), then start again.",
            )

    def _wait_until_ready(self, process: subprocess.Popen[bytes]) -> None:
        ends = time.monotonic() + self._starting_seconds
        while not self._server.is_ready():
            code = process.poll()
            if code is not None or time.monotonic() > ends:
                self.stop()
                ended = f"it ended with exit code {code}" if code is not None else "no answer"
                raise self._unavailable(f"a server that is ready, found {ended}")
            time.sleep(_POLL_SECONDS)

    def _change(self, wanted: dict[str, Deployment]) -> None:
        before = dict(self._applied)
        kept = {name for name, one in before.items() if _is_same(one, wanted.get(name))}
        try:
            for name in sorted(before.keys() - kept):
                self._server.unload(name)
                del self._applied[name]
            # MLServer loads what it finds in its repository, and unloads whatever it has loaded.
            self._write_repository(wanted)
            for name in sorted(wanted.keys() - kept):
                self._server.load(name)
                self._applied[name] = wanted[name]
        except UnknownModel as error:
            raise self._unavailable(f"to load and unload models, found none at {error}") from error

    def _serves(self, deployment: Deployment) -> bool:
        return self._server.serves(deployment.name, deployment.artifact)

    def _running(self, applied: Deployment) -> Running:
        return Running(
            team=applied.team,
            model=applied.model,
            environment=applied.environment,
            target=applied.target,
            artifact=applied.artifact,
            version=applied.version,
            endpoint=self._server.endpoint,
            candidate=applied.candidate,
        )

    def _unavailable(self, said: str) -> Unavailable:
        return Unavailable(
            f"local model server: expected {said}",
            code="serving.unavailable",
            solution=f"Look into {self.log}, then run the same command again.",
        )


def endpoint_of(state: Path) -> str:
    """Return the address of the server that another process runs in a state folder.

    Raises Unavailable where none runs.
    """
    try:
        return (state / _ENDPOINT_FILE).read_text(encoding="utf-8")
    except OSError as error:
        raise Unavailable(
            f"local model server: expected one that runs in {state}, found none",
            code="serving.not-running",
            solution="Start it in another terminal: `turnpike serve`.",
        ) from error


def _is_same(before: Deployment, wanted: Deployment | None) -> bool:
    return wanted is not None and before.artifact == wanted.artifact


def _model_settings(deployment: Deployment) -> dict[str, object]:
    """Return MLServer's settings of a model; its version is the digest, which answers name."""
    return {
        "name": deployment.name,
        "implementation": "mlserver_mlflow.MLflowRuntime",
        "parameters": {"uri": str(deployment.folder.absolute()), "version": deployment.artifact},
    }


def _server_settings(state: Path, ports: tuple[int, ...]) -> dict[str, object]:
    http, grpc, metrics = ports
    return {
        "host": LOOPBACK,
        "http_port": http,
        "grpc_port": grpc,
        "metrics_port": metrics,
        "parallel_workers": 0,
        "debug": False,
        "environments_dir": str(state / "environments"),
        "metrics_dir": str(state / "metrics"),
    }


def _environment(state: Path) -> dict[str, str]:
    """Return the whole environment of the server: nothing of ours, no token, no proxy."""
    return {
        "HOME": str(state),
        "LANG": "C.UTF-8",
        "MLFLOW_DISABLE_TELEMETRY": "true",
        # One row is answered fastest by one thread; more of them only wait for each other.
        "OMP_NUM_THREADS": "1",
        "OPENBLAS_NUM_THREADS": "1",
        "PATH": "/usr/local/bin:/usr/bin:/bin",
        "PYTHONNOUSERSITE": "1",
        "PYTHONUNBUFFERED": "1",
    }
