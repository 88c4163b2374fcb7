"""One run of the real Terraform: a cleared environment, a time limit, what it said.

Source: https://developer.hashicorp.com/terraform/cli/commands
"""

from __future__ import annotations

import json
import shutil
import subprocess
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from turnpike.errors import InputError, Unavailable

SECONDS = 3600.0
_SHOWN = 3000  # characters of what Terraform said, in a message
_KEPT = frozenset(
    ("PATH", "HOME", "SSL_CERT_FILE", "TF_CLI_CONFIG_FILE", "TF_PLUGIN_CACHE_DIR", "HTTP_PROXY",
     "HTTPS_PROXY", "NO_PROXY", "http_proxy", "https_proxy", "no_proxy")
)  # fmt: skip
_CREDENTIALS = ("AWS_", "GOOGLE_", "CLOUDSDK_", "ARM_")
_QUIET = {"TF_IN_AUTOMATION": "1", "TF_INPUT": "0", "CHECKPOINT_DISABLE": "1", "NO_COLOR": "1"}
_VERSION_SECONDS = 60.0


def environment_of(environ: Mapping[str, str]) -> dict[str, str]:
    """Return what Terraform is told of an environment.

    No variables of roots (``TF_VAR_``) and no arguments: what is planned follows from Git alone.
    """
    kept = {k: v for k, v in environ.items() if k in _KEPT or k.startswith(_CREDENTIALS)}
    return kept | _QUIET


@dataclass(frozen=True, slots=True)
class Terraform:
    """A Terraform of a known version, and the environment that it runs in."""

    program: Path
    environ: Mapping[str, str]

    def init(self, folder: Path) -> None:
        """Install the providers that the lock file names, and no other, and reach the state."""
        self.run(folder, "init", "-lockfile=readonly", "-no-color")

    def plan(self, folder: Path, file: Path) -> None:
        """Write a plan into a file."""
        self.run(folder, "plan", "-lock-timeout=60s", "-no-color", f"-out={file}")

    def show(self, folder: Path, file: Path) -> bytes:
        """Return a plan as JSON."""
        return self.run(folder, "show", "-json", str(file))

    def apply(self, folder: Path, file: Path) -> str:
        """Apply a plan, and return what was said; a plan of another state is refused by itself."""
        said = self.run(folder, "apply", "-lock-timeout=60s", "-no-color", str(file))
        return said.decode("utf-8", "replace")

    def run(self, folder: Path, *words: str) -> bytes:
        """Run one command; raises InputError where it fails, Unavailable where it never ends."""
        try:
            done = subprocess.run(
                [self.program, *words], cwd=folder, env=dict(self.environ), capture_output=True,
                stdin=subprocess.DEVNULL, check=False, timeout=SECONDS,
            )  # fmt: skip
        except subprocess.TimeoutExpired as error:
            raise Unavailable(
                f"terraform {words[0]}: expected an end within {SECONDS:g} s, got none",
                code="terraform.slow",
                solution="See whether the cloud answers; a lock may be left in the state.",
            ) from error
        if done.returncode != 0:
            said = (done.stderr or done.stdout).decode("utf-8", "replace").strip()
            raise InputError(
                f"terraform {words[0]}: expected exit code 0, got {done.returncode}:"
                f"\n{said[-_SHOWN:]}",
                code="terraform.failed",
                solution="Correct what Terraform says, push, and plan again.",
            )
        return done.stdout


def find_terraform(version: str, environ: Mapping[str, str]) -> Terraform:
    """Return the Terraform on PATH; raises Unavailable where it is not of that version."""
    told = environment_of(environ)
    found = shutil.which("terraform", path=told.get("PATH"))
    said = _version_of(found, told) if found else "none"
    if found is None or said != version:
        raise Unavailable(
            f"expected Terraform {version} on PATH, found {said}",
            code="terraform.missing",
            solution=f"Install the release {version} by its checksum, then run the same again.",
        )
    return Terraform(Path(found), told)


def _version_of(program: str, environ: Mapping[str, str]) -> str:
    try:
        asked = subprocess.run(
            [program, "version", "-json"], env=dict(environ), capture_output=True,
            stdin=subprocess.DEVNULL, check=False, timeout=_VERSION_SECONDS,
        )  # fmt: skip
        return str(json.loads(asked.stdout)["terraform_version"])
    except (OSError, ValueError, KeyError, TypeError, subprocess.TimeoutExpired):
        return "one that does not say its version"
