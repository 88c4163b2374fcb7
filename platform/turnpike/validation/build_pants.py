"""Packaging by the Pants of the tree that is built, in an environment without keys or tokens."""

from __future__ import annotations

import os
import subprocess
from collections.abc import Mapping, Sequence
from pathlib import Path

from turnpike.errors import InputError

_SECONDS = 1200.0
# Certificates, proxies and the package index: what the builds need of the outside, and no more.
_KEPT = (
    "PATH", "PYENV_ROOT", "LANG", "LC_ALL", "TMPDIR", "SSL_CERT_FILE", "PIP_CERT",
    "REQUESTS_CA_BUNDLE", "PIP_INDEX_URL", "HTTP_PROXY", "HTTPS_PROXY", "NO_PROXY", "http_proxy",
    "https_proxy", "no_proxy",
)  # fmt: skip


def package(
    source: Path, cache: Path, targets: Sequence[str], extra: Mapping[str, str],
    options: Sequence[str] = (),
) -> Path:  # fmt: skip
    """Package the targets with the tree's own launcher and return the folder of the results.

    ``extra`` are further environment variables. Raises InputError with the end of Pants' log.
    """
    command = ("bash", str(source / "pants"), "--no-pantsd", "--no-dynamic-ui", *options)
    done = subprocess.run(
        (*command, "package", *targets), cwd=source, env=_environment(cache) | dict(extra),
        capture_output=True, text=True, errors="replace", check=False, timeout=_SECONDS,
        stdin=subprocess.DEVNULL,
    )  # fmt: skip
    if done.returncode != 0:
        raise InputError(
            f"The validation programs could not be built:\n{done.stderr.strip()[-2000:]}",
            code="build.failed",
            solution=f"Run ./pants package {' '.join(targets)} in a checkout of that tree.",
        )
    return source / "dist"


def _environment(cache: Path) -> dict[str, str]:
    # A home of its own: the real one may hold .netrc, .docker and other credentials.
    home = cache / "build-home"
    home.mkdir(parents=True, exist_ok=True)
    kept = {name: os.environ[name] for name in _KEPT if name in os.environ}
    pyenv = {"PYENV_ROOT": str(Path.home() / ".pyenv")}
    return pyenv | kept | {"HOME": str(home), "TURNPIKE_CACHE": str(cache)}
