"""The report of every part a full road needs: is it there, which version, what would help."""

import os
import shutil
import subprocess
from collections.abc import Callable, Mapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path

from turnpike_setup.building import is_built
from turnpike_setup.environments import FAMILIES, PYTHON, Family, environment_path
from turnpike_setup.go import found_go, go_version
from turnpike_setup.interpreters import find_python, python_fix
from turnpike_setup.layout import Layout, lock_digest
from turnpike_setup.opa import pinned_version
from turnpike_setup.pants import INTERPRETER
from turnpike_setup.schemas import schemas_path

PATIENCE = 10  # seconds; an engine that hangs is an engine that can't be reached


class State(StrEnum):
    """`missing` can be built here or is optional; `unavailable` is there but doesn't answer."""

    READY = "ready"
    MISSING = "missing"
    UNAVAILABLE = "unavailable"


@dataclass(frozen=True, slots=True)
class Part:
    """One line of the report. `fix` is the command that would help, empty when ready."""

    name: str
    state: State
    version: str
    path: str
    detail: str
    fix: str


Survey = Callable[[], Part]


def survey(layout: Layout) -> list[Part]:
    """Look at every part, side by side, and change nothing."""
    with ThreadPoolExecutor(max_workers=8) as pool:
        return list(pool.map(lambda look: look(), _surveys(layout)))


def _surveys(layout: Layout) -> list[Survey]:
    shown = [family for family in FAMILIES.values() if family.name not in PARTS_OF_PARTS]
    return [
        lambda: _program(layout.environ, "git", "apt-get install git", "all changes live in it"),
        *(_python_survey(layout.environ, version) for version in ("3.11", "3.9")),
        *(_environment_survey(layout, family) for family in shown),
        lambda: _opa(layout),
        lambda: _pants(layout),
        lambda: _schemas(layout),
        *(_engine_survey(layout.environ, name) for name in ("docker", "podman")),
        *(_sandbox_survey(layout.environ, *words) for words in SANDBOX_PROGRAMS),
        lambda: _go(layout),
        lambda: _rootfs(layout),
    ]


# Made where needed, or for editors only.
PARTS_OF_PARTS = ("go", "lint", "pex", "terraform", "validation")
SANDBOX_PROGRAMS = (
    ("bwrap", "bubblewrap", "apt-get install bubblewrap", "the sandbox without a container engine"),
    ("mmdebstrap", "mmdebstrap", "apt-get install mmdebstrap", "makes the base of an image"),
)


def _program(
    environ: Mapping[str, str], command: str, fix: str, detail: str, name: str = ""
) -> Part:
    path = shutil.which(command, path=environ.get("PATH"))
    if path is None:
        return Part(name or command, State.MISSING, "", "", detail, fix)
    code, said = _answer([path, "--version"], environ)
    state = State.READY if code == 0 else State.UNAVAILABLE
    return Part(name or command, state, _last_word(said), path, detail, "" if code == 0 else fix)


def _sandbox_survey(
    environ: Mapping[str, str], command: str, name: str, fix: str, detail: str
) -> Survey:
    return lambda: _program(environ, command, fix, detail, name)


def _python_survey(environ: Mapping[str, str], version: str) -> Survey:
    detail = "runs turnpike" if version == "3.11" else "runs Pants"

    def look() -> Part:
        name, found = f"python{version}", find_python(version, environ)
        if found is None:
            return Part(name, State.MISSING, version, "", detail, python_fix(version))
        said = _answer([str(found), "--version"], environ)[1]
        return Part(name, State.READY, _last_word(said), str(found), detail, "")

    return look


def _environment_survey(layout: Layout, family: Family) -> Survey:
    def look() -> Part:
        folder = environment_path(layout, family.name)
        return _built(
            f"environment {family.name}", folder, PYTHON, lock_digest(family.name),
            family.purpose, f"python3.11 tools/setup {family.name}",
        )  # fmt: skip

    return look


def _built(name: str, folder: Path, program: str, version: str, detail: str, fix: str) -> Part:
    if is_built(folder, program):
        return Part(name, State.READY, version, str(folder), detail, "")
    return Part(name, State.MISSING, version, str(folder), detail, fix)


def _opa(layout: Layout) -> Part:
    return _built(
        "opa", layout.opa().parent, "opa", pinned_version(),
        "decides by the policies", "python3.11 tools/setup opa",
    )  # fmt: skip


def _pants(layout: Layout) -> Part:
    return _built(
        "pants", layout.pex(), INTERPRETER, "2.17.1",
        "builds containers, runs all checks", "python3.11 tools/setup pants",
    )  # fmt: skip


def _schemas(layout: Layout) -> Part:
    name, detail, file = "schemas", "what Kubernetes and its extensions allow", schemas_path(layout)
    if file.exists():
        return Part(name, State.READY, file.stem[:16], str(file), detail, "")
    fix = "python3.11 tools/setup schemas"
    return Part(name, State.MISSING, file.stem[:16], str(file), detail, fix)


def _engine_survey(environ: Mapping[str, str], command: str) -> Survey:
    fix = (
        "start its service (docs: DOCKER_HOST=unix:///…), or go on with --sandbox bubblewrap"
        if command == "docker"
        else "apt-get install podman runc uidmap"
    )

    def look() -> Part:
        path = shutil.which(command, path=environ.get("PATH"))
        if path is None:
            return Part(command, State.MISSING, "", "", "runs validation containers", fix)
        question = "{{.Server.Version}}" if command == "docker" else "{{.Client.Version}}"
        code, said = _answer([path, "version", "--format", question], environ)
        if code != 0:
            return Part(command, State.UNAVAILABLE, "", path, _final_line(said), fix)
        return Part(command, State.READY, said.strip(), path, "runs validation containers", "")

    return look


def _go(layout: Layout) -> Part:
    detail = "builds OPA where it can't be had otherwise"
    go = found_go(layout.environ)
    if go is None:
        return Part("go", State.MISSING, "", "", detail, "python3.11 tools/setup go")
    version = ".".join(map(str, go_version(go, layout.environ)))
    return Part("go", State.READY, version, str(go), detail, "")


def _rootfs(layout: Layout) -> Part:
    detail, name = "base of validation images", "rootfs"
    bases = sorted(layout.rootfs().glob("*/*.tar")) + sorted(layout.rootfs().glob("*.tar"))
    if not bases:
        fix = "made by mmdebstrap at the first validation in a container"
        return Part(name, State.MISSING, "", str(layout.rootfs()), detail, fix)
    return Part(name, State.READY, bases[-1].parent.name, str(bases[-1]), detail, "")


def _answer(command: list[str], environ: Mapping[str, str]) -> tuple[int, str]:
    try:
        done = subprocess.run(
            command, env=dict(environ), stdin=subprocess.DEVNULL, stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT, text=True, errors="replace", check=False, timeout=PATIENCE,
        )  # fmt: skip
    except subprocess.TimeoutExpired:
        return 1, f"no answer within {PATIENCE} s"
    except OSError as error:
        return 1, os.strerror(error.errno or 0)
    return done.returncode, done.stdout


def _last_word(said: str) -> str:
    return (said.partition("\n")[0].split() or [""])[-1]


def _final_line(said: str) -> str:
    lines = [line.strip() for line in said.splitlines() if line.strip()]
    return lines[-1] if lines else "no answer"
