"""The one policy engine, at the pinned version: the one on PATH, or built from its module."""

import re
import shutil
import subprocess
from pathlib import Path

from turnpike_setup.building import Workshop, build_once
from turnpike_setup.errors import SetupError
from turnpike_setup.go import ensure_go
from turnpike_setup.layout import OPA_MODULE, Layout
from turnpike_setup.progress import step

PACKAGE = "github.com/open-policy-agent/opa"


def ensure_opa(layout: Layout) -> Path:
    """Bring the pinned OPA into the cache unless it is there; return the program."""
    program = layout.opa()
    build_once(program.parent, program.name, lambda workshop: _bring(layout, workshop))
    return program


def pinned_version() -> str:
    """The version that the module file pins, without its `v`."""
    module = (OPA_MODULE / "go.mod").read_text(encoding="utf-8")
    pin = re.search(rf"^\s*(?:require\s+)?{re.escape(PACKAGE)} v(\S+)", module, re.MULTILINE)
    if pin is None:
        raise SetupError(
            f"expected {PACKAGE} in {OPA_MODULE / 'go.mod'}", "git checkout -- tools/opa"
        )
    return pin[1]


def version_of(program: Path) -> str:
    """What an OPA program says its version is; empty when it doesn't run."""
    try:
        asked = subprocess.run(
            [program, "version"], capture_output=True, text=True, check=False, timeout=120
        )
    except OSError:
        return ""
    said = re.search(r"^Version: (\S+)", asked.stdout, re.MULTILINE)
    return said[1] if said else ""


def _bring(layout: Layout, workshop: Workshop) -> None:
    program = workshop.folder / "opa"
    found = shutil.which("opa", path=layout.environ.get("PATH"))
    if found and version_of(Path(found)) == pinned_version():
        with step("opa", f"copying {found}"):
            shutil.copy2(found, program)
    else:
        _build(layout, workshop, program)
    if (version := version_of(program)) != pinned_version():
        raise SetupError(
            f"expected OPA {pinned_version()} at {program}, it says {version or 'nothing'}",
            "run it again: python3.11 tools/setup opa",
        )


def _build(layout: Layout, workshop: Workshop, program: Path) -> None:
    go = ensure_go(layout)
    env = {key: value for key, value in layout.environ.items() if key not in ("GOFLAGS", "GOROOT")}
    with step("opa", f"building {pinned_version()} from its pinned module, about two minutes"):
        workshop.run(
            [go, "build", "-trimpath", "-buildvcs=false", "-mod=readonly", "-o", program, PACKAGE],
            env | {"CGO_ENABLED": "0", "GOWORK": "off"},
            cwd=OPA_MODULE,
        )
