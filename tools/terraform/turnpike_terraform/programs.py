"""Terraform at its pinned version, and where its providers come from.

AWS' own provider comes from a mirror on this machine. Google's, Azure's and Helm's are played by
tools/terraform/plugin, which has their schemas only; with TURNPIKE_TERRAFORM_MIRROR set to a folder
that `terraform providers mirror` filled, the real ones are taken from there.
"""

import json
import os
import re
import shutil
import subprocess
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from turnpike_setup.building import Workshop, build_once
from turnpike_setup.go import ensure_go
from turnpike_setup.layout import Layout, digest_of
from turnpike_setup.progress import step
from turnpike_terraform.results import Unavailable
from turnpike_terraform.tree import CHECKOUT

VERSION = "1.11.4"
PLATFORM = "linux_amd64"
NAMESPACE = "registry.terraform.io/hashicorp"
PLUGIN = CHECKOUT / "tools" / "terraform" / "plugin"
SCHEMAS = PLUGIN / "schemas.json"
AWS_VERSION = "5.100.0"
MIRRORS = (
    "/opt/tf-plugins",
    "~/.terraform.d/plugins",
    "/usr/local/share/terraform/plugins",
    "/usr/share/terraform/plugins",
)
OVERRIDES, FROM_MIRRORS = "overrides.tfrc", "mirrors.tfrc"
PATIENCE = 1800  # seconds
SLOW_PLUGIN = "timeout while waiting for plugin to start"


@dataclass(frozen=True, slots=True)
class Programs:
    """What all checks run with. `aws` is the mirror that holds AWS' provider, if any."""

    terraform: Path
    stand_ins: Path
    aws: Path | None
    environ: dict[str, str]

    def run(self, arguments: Sequence[str], folder: Path, **more: str) -> tuple[int, str]:
        """Run Terraform in a folder: its exit code and all that it printed.

        Once more where a plugin took longer than a minute to start, which is all that Terraform
        gives it: AWS' provider has 700 MB, and says nothing of what is checked by being slow.
        """
        code, said = self._run_once(arguments, folder, more)
        return self._run_once(arguments, folder, more) if SLOW_PLUGIN in said else (code, said)

    def _run_once(
        self, arguments: Sequence[str], folder: Path, more: dict[str, str]
    ) -> tuple[int, str]:
        done = subprocess.run(
            [self.terraform, *arguments], cwd=folder, env=self.environ | more, text=True,
            stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.STDOUT,
            check=False, timeout=PATIENCE,
        )  # fmt: skip
        return done.returncode, done.stdout

    def settings(self, folder: Path, overriding: bool) -> dict[str, str]:
        """Terraform's own settings for a folder; `overriding` takes providers without init."""
        return {"TF_CLI_CONFIG_FILE": str(folder / (OVERRIDES if overriding else FROM_MIRRORS))}

    def write_settings(self, folder: Path) -> None:
        """Write both files of settings, before anything runs side by side."""
        (folder / OVERRIDES).write_text(_overrides(self), encoding="utf-8")
        (folder / FROM_MIRRORS).write_text(_mirrors(self), encoding="utf-8")


def found_programs(layout: Layout) -> Programs:
    """Everything that the checks need.

    Raises:
        Unavailable: PATH has no Terraform of the pinned version.
    """
    environ = {
        **{k: v for k, v in os.environ.items() if not k.startswith(("TF_", "AWS_"))},
        "CHECKPOINT_DISABLE": "1", "TF_IN_AUTOMATION": "1", "TF_INPUT": "0", "NO_COLOR": "1",
    }  # fmt: skip
    return Programs(_terraform(), _stand_ins(layout), _aws_mirror(), environ)


def _terraform() -> Path:
    found = shutil.which("terraform")
    said = _version_of(found) if found else "none"
    if found is None or said != VERSION:
        raise Unavailable(
            f"expected Terraform {VERSION} on PATH, found {said}. No package registry carries it:"
            f" install the release {VERSION} for {PLATFORM} by its checksum, and run this again"
        )
    return Path(found)


def _version_of(program: str) -> str:
    environ = {k: v for k, v in os.environ.items() if not k.startswith("TF_")}
    asked = subprocess.run(
        [program, "version", "-json"], env=environ | {"CHECKPOINT_DISABLE": "1"},
        capture_output=True, text=True, check=False,
    )  # fmt: skip
    found = re.search(r'"terraform_version": "([^"]+)"', asked.stdout)
    return found[1] if found else "one that does not say its version"


def _aws_mirror() -> Path | None:
    named = os.environ.get("TURNPIKE_TERRAFORM_MIRROR")
    for at in (named, *MIRRORS) if named else MIRRORS:
        folder = Path(at).expanduser()
        if (folder / NAMESPACE / "aws" / AWS_VERSION / PLATFORM).is_dir():
            return folder
    return None


def stand_in_versions() -> dict[str, str]:
    """Provider to version, of those that the plugin plays."""
    return {name: str(parts["version"]) for name, parts in schemas().items()}


def schemas() -> dict[str, dict[str, dict[str, object]]]:
    """The committed schemas: provider to version, package, provider, resources and data."""
    document: dict[str, dict[str, dict[str, object]]] = json.loads(SCHEMAS.read_text("utf-8"))
    return document


def _stand_ins(layout: Layout) -> Path:
    sources = sorted([*PLUGIN.glob("*.go"), PLUGIN / "go.mod", PLUGIN / "go.sum", SCHEMAS])
    folder = layout.cache / "terraform" / digest_of(*sources)
    build_once(folder, "plugin", lambda workshop: _build(layout, workshop))
    return folder


def _build(layout: Layout, workshop: Workshop) -> None:
    program = workshop.folder / "plugin"
    env = {key: value for key, value in layout.environ.items() if key not in ("GOFLAGS", "GOROOT")}
    with step("terraform", "building the plugin that has schemas only"):
        workshop.run(
            [ensure_go(layout), "build", "-trimpath", "-buildvcs=false", "-mod=readonly",
             "-o", program, "."],
            env | {"CGO_ENABLED": "0", "GOWORK": "off"}, cwd=PLUGIN,
        )  # fmt: skip
    for name, version in stand_in_versions().items():
        place = workshop.folder / NAMESPACE / name / version / PLATFORM
        place.mkdir(parents=True)
        (place / f"terraform-provider-{name}_v{version}").hardlink_to(program)


def _place(programs: Programs, name: str, version: str) -> Path:
    """The folder of a provider: the real one where the mirror has it, else its stand-in."""
    if programs.aws and (programs.aws / NAMESPACE / name / version / PLATFORM).is_dir():
        return programs.aws / NAMESPACE / name / version / PLATFORM
    return programs.stand_ins / NAMESPACE / name / version / PLATFORM


def _overrides(programs: Programs) -> str:
    places = {
        f"hashicorp/{name}": _place(programs, name, version)
        for name, version in stand_in_versions().items()
    }
    if programs.aws:
        places["hashicorp/aws"] = programs.aws / NAMESPACE / "aws" / AWS_VERSION / PLATFORM
    lines = "\n".join(f'    "{name}" = "{place}"' for name, place in places.items())
    return f"provider_installation {{\n  dev_overrides {{\n{lines}\n  }}\n  direct {{}}\n}}\n"


def _mirrors(programs: Programs) -> str:
    names = ", ".join(f'"{NAMESPACE}/{name}"' for name in stand_in_versions())
    aws = (
        f'  filesystem_mirror {{\n    path = "{programs.aws}"\n'
        f'    include = ["{NAMESPACE}/aws"]\n  }}\n'
        if programs.aws
        else ""
    )
    return (
        f"provider_installation {{\n{aws}  filesystem_mirror {{\n"
        f'    path = "{programs.stand_ins}"\n    include = [{names}]\n  }}\n}}\n'
    )
