"""Python environments, one for each lock, installed by uv with every hash checked."""

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from turnpike_setup.building import Workshop, build_once
from turnpike_setup.errors import SetupError
from turnpike_setup.interpreters import require_python
from turnpike_setup.layout import Layout, lock_of
from turnpike_setup.progress import step

PYTHON = "bin/python"


@dataclass(frozen=True, slots=True)
class Family:
    """An environment: the lock of the same name, and the Python it is for."""

    name: str
    python: str
    purpose: str


FAMILIES = {
    family.name: family
    for family in (
        Family("bootstrap", "3.11", "the installer of all other environments"),
        Family("core", "3.11", "the turnpike command and its tests"),
        Family("validation", "3.11", "what a validation container holds"),
        Family("serving", "3.11", "the local model server"),
        Family("registry", "3.11", "the registry's server with people's sign-in"),
        Family("lint", "3.11", "ruff, mypy and import-linter, for editors"),
        Family("terraform", "3.11", "the checks of terraform/"),
        Family("go", "3.11", "a Go toolchain, where none is on PATH"),
        Family("pants", "3.9", "Pants"),
        Family("pex", "3.9", "the Pex that Pants builds with"),
    )
}


def environment_path(layout: Layout, name: str) -> Path:
    """Where the environment of a family is, or will be."""
    return layout.environment(name, FAMILIES[name].python)


def ensure_environment(layout: Layout, name: str) -> Path:
    """Build a family's environment unless it is there; return its folder."""
    folder = environment_path(layout, name)
    fill = _fill_with_pip if name == "bootstrap" else _fill_with_uv
    build_once(folder, PYTHON, lambda workshop: fill(layout, FAMILIES[name], workshop))
    return folder


def _fill_with_pip(layout: Layout, family: Family, workshop: Workshop) -> None:
    python = require_python(family.python, layout.environ)
    with step(family.name, f"creating {family.purpose}"):
        _create_venv(python, family.python, workshop, layout.environ)
        workshop.run(
            [workshop.folder / "bin" / "python", "-m", "pip", "install", "--quiet",
             "--disable-pip-version-check", "--require-hashes", "-r", lock_of(family.name)],
            layout.environ,
        )  # fmt: skip


def _create_venv(
    python: Path, version: str, workshop: Workshop, environ: Mapping[str, str]
) -> None:
    try:
        workshop.run([python, "-I", "-m", "venv", workshop.folder], environ)
    except SetupError as error:
        raise SetupError(error.message, f"apt-get install python{version}-venv") from None


def _fill_with_uv(layout: Layout, family: Family, workshop: Workshop) -> None:
    python = require_python(family.python, layout.environ)
    uv = ensure_environment(layout, "bootstrap") / "bin" / "uv"
    lock = lock_of(family.name)
    count = lock.read_text(encoding="utf-8").count("==")
    with step(family.name, f"installing {count} packages ({family.purpose})"):
        env = installer_environ(layout)
        workshop.run([uv, "venv", "--quiet", "--allow-existing", "--no-project",
                      "--python", python, workshop.folder], env)  # fmt: skip
        workshop.run([uv, "pip", "install", "--quiet", "--require-hashes", "--compile-bytecode",
                      "--python", workshop.folder / "bin" / "python", "-r", lock], env)  # fmt: skip


def installer_environ(layout: Layout) -> dict[str, str]:
    """The environment of uv: pip's index and certificate settings hold for it too."""
    env = {"UV_PYTHON_DOWNLOADS": "never"}
    if index := layout.environ.get("PIP_INDEX_URL"):
        env["UV_DEFAULT_INDEX"] = index
    if certificates := certificates_of(layout.environ):
        env["SSL_CERT_FILE"] = certificates
    return env | {name: value for name, value in layout.environ.items() if name != "VIRTUAL_ENV"}


def certificates_of(environ: Mapping[str, str]) -> str | None:
    """The file of trusted certificates that this machine's settings name, if any."""
    names = ("SSL_CERT_FILE", "PIP_CERT", "REQUESTS_CA_BUNDLE")
    return next((environ[name] for name in names if environ.get(name)), None)
