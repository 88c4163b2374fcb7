"""Pants from its package, and the Pex program that Pants would otherwise download."""

import hashlib
import json
import os
import shlex
import shutil
from pathlib import Path

from turnpike_setup.building import Workshop, build_once
from turnpike_setup.environments import certificates_of, ensure_environment
from turnpike_setup.interpreters import require_python
from turnpike_setup.layout import Layout, lock_of
from turnpike_setup.progress import step

INTERPRETER = "python"  # a link, dangling once the interpreter named in the description is gone
PLATFORMS = ("linux_x86_64", "linux_arm64", "macos_x86_64", "macos_arm64")
OLDEST_ZIP_DATE = "315532800"  # 1980-01-01, so that the same inputs give the same bytes


def ensure_pants(layout: Layout) -> Path:
    """Build Pants' environment and its Pex unless they are there; return the `pants` program."""
    program = ensure_environment(layout, "pants") / "bin" / "pants"
    build_once(layout.pex(), INTERPRETER, lambda workshop: _build_pex(layout, workshop))
    return program


def _build_pex(layout: Layout, workshop: Workshop) -> None:
    tool = ensure_environment(layout, "pex") / "bin"
    pex = workshop.folder / "pex"
    scratch = workshop.folder / "scratch"
    env = dict(layout.environ) | {
        "SOURCE_DATE_EPOCH": OLDEST_ZIP_DATE,
        "PEX_ROOT": str(scratch),
    }
    with step("pex", "building the Pex program that Pants uses"):
        certificates = certificates_of(layout.environ)
        workshop.run(
            [tool / "python", tool / "pex", "-r", lock_of("pex"), "-c", "pex", "-o", pex,
             *(["--cert", certificates] if certificates else [])],
            env,
        )  # fmt: skip
    shutil.rmtree(scratch, ignore_errors=True)
    (workshop.folder / INTERPRETER).symlink_to(require_python("3.11", layout.environ))
    text = "".join(f"export {name}={shlex.quote(value)}\n" for name, value in _options(layout, pex))
    (workshop.folder / "environment.sh").write_text(text, encoding="utf-8")


def _options(layout: Layout, pex: Path) -> list[tuple[str, str]]:
    """What Pants must be told of this machine; it is passed by environment, never committed."""
    content = pex.read_bytes()
    version = _pex_version()
    sha256 = hashlib.sha256(content).hexdigest()
    known = [f"{version}|{platform}|{sha256}|{len(content)}" for platform in PLATFORMS]
    return [
        ("PANTS_PEX_CLI_VERSION", version),
        ("PANTS_PEX_CLI_URL_TEMPLATE", pex.as_uri()),
        ("PANTS_PEX_CLI_KNOWN_VERSIONS", json.dumps(known)),
        ("PANTS_PYTHON_BOOTSTRAP_SEARCH_PATH", json.dumps(_interpreter_folders(layout))),
    ]


def _interpreter_folders(layout: Layout) -> list[str]:
    folders = [require_python(version, layout.environ).parent for version in ("3.11", "3.9")]
    return [os.fspath(folder) for folder in dict.fromkeys(folders)]


def _pex_version() -> str:
    first = lock_of("pex").read_text(encoding="utf-8").split("==", 1)[1]
    return "v" + first.split()[0]
