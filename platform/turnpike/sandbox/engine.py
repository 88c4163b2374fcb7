"""Finding a container engine, or starting Podman's service on a private socket.

Every engine is spoken to through the ``docker`` client, which works unchanged against Podman's
Docker-compatible API. The client gets no configuration of the user, so no registry credentials.
"""

from __future__ import annotations

import atexit
import os
import shutil
import subprocess
import tempfile
import time
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

from turnpike.errors import Unavailable

_ANSWER_SECONDS = 120.0
_START_SECONDS = 120.0
# The service ends by itself when its starter was killed and nobody asks it anything any more. A
# build may be silent for as long as Pants takes to fetch and pack libraries.
_IDLE_SECONDS = 3600
_MISSING = "apt-get install podman runc uidmap, or start Docker (systemctl start docker)"


@dataclass(frozen=True, slots=True)
class Answer:
    """What one call of the client printed, and how it ended."""

    exit_code: int
    output: str
    error: str


class PodmanService:
    """``podman system service`` on a socket in a private folder, started when first needed."""

    def __init__(self, podman: Path) -> None:
        """Remember the executable; nothing runs yet."""
        self._podman = podman
        self._folder: Path | None = None
        self._process: subprocess.Popen[bytes] | None = None

    def host(self) -> str:
        """Return the address of the running service; starts it again when it has ended."""
        if self._process is None or self._process.poll() is not None:
            self._start()
        return f"unix://{self._socket}"

    def stop(self) -> None:
        """End the service and remove its socket; does nothing when none runs."""
        if self._process is not None:
            self._process.terminate()
            self._process.wait()
            self._process = None
        if self._folder is not None:
            shutil.rmtree(self._folder, ignore_errors=True)
            self._folder = None

    @property
    def _socket(self) -> Path:
        if self._folder is None:
            self._folder = Path(tempfile.mkdtemp(prefix="turnpike-engine-"))
            atexit.register(self.stop)
        return self._folder / "podman.sock"

    def _start(self) -> None:
        socket = self._socket
        socket.unlink(missing_ok=True)
        log = socket.with_name("log")
        with log.open("wb") as file:
            self._process = subprocess.Popen(
                (*self._command(), f"--time={_IDLE_SECONDS}", f"unix://{socket}"),
                env=_service_environment(os.environ), stdin=subprocess.DEVNULL, stdout=file,
                stderr=file, start_new_session=True, cwd=socket.parent,  # its monitor leaves files
            )  # fmt: skip
        self._await(socket, self._process, log)

    def _command(self) -> tuple[str, ...]:
        # crun refuses some cgroup layouts that runc takes.
        runtime = ("--runtime", "runc") if shutil.which("runc") else ()
        return (str(self._podman), *runtime, "system", "service")

    def _await(self, socket: Path, process: subprocess.Popen[bytes], log: Path) -> None:
        give_up = time.monotonic() + _START_SECONDS
        while not socket.exists():
            if process.poll() is not None or time.monotonic() > give_up:
                said = log.read_text(errors="replace").strip()[-500:]
                self.stop()
                raise Unavailable(
                    f"Podman's service did not start: {said or 'it said nothing'}",
                    code="sandbox.engine-failed",
                    solution="Run `podman --runtime runc system service --time=0` by hand, or "
                    "choose --sandbox bubblewrap.",
                )
            time.sleep(0.02)


@dataclass(frozen=True)
class Engine:
    """A reachable container engine and the client that speaks to it."""

    client: Path
    address: str
    service: PodmanService | None = None

    @property
    def host(self) -> str:
        """Return what DOCKER_HOST must be; starts the private service when it has ended."""
        return self.service.host() if self.service else self.address

    def environment(self) -> dict[str, str]:
        """Return the whole environment of a client: an address, and no credentials."""
        return {
            "PATH": os.defpath, "DOCKER_HOST": self.host, "DOCKER_BUILDKIT": "0",
            "DOCKER_CONFIG": "/nonexistent", "HOME": "/nonexistent",
        }  # fmt: skip

    def for_builders(self) -> dict[str, str]:
        """Return what a build tool that looks for ``docker`` on PATH must be told."""
        path = os.pathsep.join((str(self.client.parent), os.environ.get("PATH", os.defpath)))
        return {"PATH": path, "DOCKER_HOST": self.host}

    def ask(self, *arguments: str, seconds: float = _ANSWER_SECONDS) -> Answer:
        """Call the client; raises Unavailable when it does not answer in time."""
        command = (str(self.client), *arguments)
        try:
            done = subprocess.run(
                command, env=self.environment(), capture_output=True, text=True, timeout=seconds,
                check=False, stdin=subprocess.DEVNULL, errors="backslashreplace",
            )  # fmt: skip
        except subprocess.TimeoutExpired as error:
            raise _silent(" ".join(arguments[:2]), seconds) from error
        return Answer(done.returncode, done.stdout.strip(), done.stderr.strip())

    @cached_property
    def limits_whole_containers(self) -> bool:
        """Tell whether the engine can cap a container's memory and processes (cgroups)."""
        answer = self.ask("info", "--format", "{{.MemoryLimit}} {{.PidsLimit}}")
        return answer.output == "true true"

    def close(self) -> None:
        """Stop what was started here; an engine that was found running stays as it was."""
        if self.service:
            self.service.stop()


def find_engine(environ: Mapping[str, str]) -> Engine:
    """Return the engine that DOCKER_HOST names, one that listens already, or a private Podman.

    Raises Unavailable when there is neither Docker nor Podman, or no engine answers.
    """
    client = _client()
    for address in _addresses(environ, client):
        engine = Engine(client, address)
        if _answers(engine):
            return engine
    return _private(client, environ)


def _client() -> Path:
    if docker := shutil.which("docker"):
        return Path(docker)
    if podman := shutil.which("podman"):
        return _podman_as_client(podman)
    raise Unavailable(
        "Containers need Docker or Podman, and neither is on PATH.",
        code="sandbox.client-missing",
        solution=_MISSING,
    )


def _podman_as_client(podman: str) -> Path:
    """Return a ``docker`` that is Podman's own client, as Pants looks for one of that name."""
    folder = Path(tempfile.mkdtemp(prefix="turnpike-client-"))
    atexit.register(shutil.rmtree, folder, ignore_errors=True)
    client = folder / "docker"
    command = f'unset DOCKER_CONFIG\nexec {podman} --remote --url "$DOCKER_HOST" "$@"\n'
    client.write_text("#!/bin/sh\n" + command)
    client.chmod(0o755)
    return client


def _addresses(environ: Mapping[str, str], client: Path) -> Iterator[str]:
    if named := environ.get("DOCKER_HOST"):
        yield named
        return
    runtime = environ.get("XDG_RUNTIME_DIR", f"/run/user/{os.getuid()}")
    sockets = ("/var/run/docker.sock", f"{runtime}/docker.sock", "/run/podman/podman.sock",
               f"{runtime}/podman/podman.sock")  # fmt: skip
    yield from (f"unix://{socket}" for socket in sockets if Path(socket).is_socket())
    yield from _context(environ, client)


def _context(environ: Mapping[str, str], client: Path) -> Iterator[str]:
    """Yield the address of the context chosen by ``docker context use``, as on desktops."""
    done = subprocess.run(
        (str(client), "context", "inspect", "--format", "{{.Endpoints.docker.Host}}"),
        env=dict(environ),
        capture_output=True,
        text=True,
        check=False,
        timeout=_ANSWER_SECONDS,
    )
    address = done.stdout.strip()
    is_there = not address.startswith("unix://") or Path(address[7:]).is_socket()
    if done.returncode == 0 and address and is_there:
        yield address


def _private(client: Path, environ: Mapping[str, str]) -> Engine:
    podman = shutil.which("podman")
    named = environ.get("DOCKER_HOST")
    if named or podman is None:
        where = f"at DOCKER_HOST={named}" if named else "at the usual sockets"
        raise Unavailable(
            f"No container engine answers {where}.",
            code="sandbox.engine-missing",
            solution="Unset DOCKER_HOST or start that engine." if named else _MISSING,
        )
    service = PodmanService(Path(podman))
    engine = Engine(client, service.host(), service)
    if not _answers(engine):
        engine.close()
        raise _silent("version", _ANSWER_SECONDS)
    return engine


def _answers(engine: Engine) -> bool:
    answer = engine.ask("version", "--format", "{{.Server.Version}}")
    return answer.exit_code == 0 and bool(answer.output)


def _service_environment(environ: Mapping[str, str]) -> dict[str, str]:
    # Podman hands its own proxy variables, which may hold credentials, on to containers.
    kept = ("PATH", "HOME", "XDG_RUNTIME_DIR", "LANG")
    return {name: environ[name] for name in kept if name in environ} | {
        "BUILDAH_ISOLATION": "chroot"
    }


def _silent(what: str, seconds: float) -> Unavailable:
    return Unavailable(
        f"The container engine did not answer `docker {what}` within {seconds:.0f} s.",
        code="sandbox.engine-silent",
        solution="Look at the engine's log and restart it, or choose --sandbox bubblewrap.",
    )
