"""Find the CPython of a minor version: on PATH, among pyenv's, or none."""

import os
import subprocess
import sys
from collections.abc import Iterator, Mapping
from pathlib import Path

from turnpike_setup.errors import SetupError

QUESTION = "import sys; print(sys.implementation.name, *sys.version_info[:2], sys.executable)"


def find_python(version: str, environ: Mapping[str, str]) -> Path | None:
    """The interpreter itself, never a shim, of a minor version such as `3.11`; None if absent."""
    if version == "{}.{}".format(*sys.version_info[:2]):
        return Path(os.path.realpath(getattr(sys, "_base_executable", sys.executable)))
    answers = (_asked(candidate, version) for candidate in _candidates(version, environ))
    return next((python for python in answers if python), None)


def require_python(version: str, environ: Mapping[str, str]) -> Path:
    """As `find_python`, but absence is an error that names the command that would help."""
    if found := find_python(version, environ):
        return found
    raise SetupError(
        f"expected a CPython {version} on PATH or among pyenv's versions, found none",
        python_fix(version),
    )


def python_fix(version: str) -> str:
    """The commands that bring a CPython of a minor version."""
    return f"pyenv install {version}   (or: apt-get install python{version} python{version}-venv)"


def _candidates(version: str, environ: Mapping[str, str]) -> Iterator[Path]:
    for entry in filter(None, environ.get("PATH", "").split(os.pathsep)):
        yield Path(entry) / f"python{version}"
    root = Path(environ.get("PYENV_ROOT") or Path(environ.get("HOME", "/")) / ".pyenv")
    for folder in sorted(root.glob(f"versions/{version}.*"), reverse=True):
        yield folder / "bin" / f"python{version}"


def _asked(candidate: Path, version: str) -> Path | None:
    if not os.access(candidate, os.X_OK):
        return None
    asked = subprocess.run(
        [candidate, "-I", "-c", QUESTION], capture_output=True, text=True, check=False, timeout=120
    )
    name, major, minor, path = (*asked.stdout.strip().split(" ", 3), "", "", "", "")[:4]
    usable = asked.returncode == 0 and name == "cpython" and f"{major}.{minor}" == version
    return Path(path) if usable else None
