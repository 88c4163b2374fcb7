"""Validate and test each module, with mocks in place of its cloud."""

import json
import re
import shutil
from collections.abc import Iterable
from pathlib import Path

from turnpike_terraform.programs import Programs
from turnpike_terraform.results import Failure, Unavailable
from turnpike_terraform.tree import Module

NEEDS_AWS = (
    "expected the AWS provider 5.100.0 in a mirror on this machine, found none:"
    " `terraform providers mirror DIR`, then TURNPIKE_TERRAFORM_MIRROR=DIR"
)
_CALL = re.compile(r'^module "', re.MULTILINE)


def copied(tree: Path, scratch: Path) -> Path:
    """A copy of terraform/ to work in, so that nothing is left in the checkout."""
    target = scratch / "terraform"
    shutil.copytree(tree, target, ignore=shutil.ignore_patterns(".terraform"))
    return target


def install_called(programs: Programs, listed: Iterable[Module]) -> None:
    """Let Terraform find what modules call: one after the other, for both checks share the folder.

    What it does not find, each check of the module says itself.
    """
    for module in listed:
        if _CALL.search((module.folder / "main.tf").read_text("utf-8")):
            programs.run(["get", "-no-color"], module.folder)


def validate(programs: Programs, module: Module, scratch: Path) -> str:
    """`terraform validate`: every argument, block and type against the provider's schema."""
    require_aws(programs, module.cloud)
    code, said = programs.run(
        ["validate", "-json"], module.folder, **programs.settings(scratch, overriding=True)
    )
    report = json.loads(said[said.index("{") :])
    problems = [
        _diagnostic(each)
        for each in report["diagnostics"]
        if each["severity"] == "error" or "override" not in each["summary"]
    ]
    if code != 0 or problems:
        raise Failure("\n".join(problems) or said)
    return ""


def test(programs: Programs, module: Module, scratch: Path) -> str:
    """`terraform test`: the module's own tests, against mock providers."""
    require_aws(programs, module.cloud)
    files = sorted(module.folder.glob("tests/*.tftest.hcl"))
    if not files or any("mock_provider" not in file.read_text("utf-8") for file in files):
        raise Failure(f"{module.name}: expected tests/*.tftest.hcl, each with a mock_provider")
    code, said = programs.run(
        ["test", "-no-color"], module.folder, **programs.settings(scratch, overriding=True)
    )
    count = re.search(r"(\d+) passed, 0 failed", said)
    if code != 0 or count is None or count[1] == "0":
        raise Failure(said[-4000:])
    return f"{count[1]} runs"


def require_aws(programs: Programs, cloud: str) -> None:
    """Skip what needs AWS' provider where there is none."""
    if cloud == "aws" and programs.aws is None:
        raise Unavailable(NEEDS_AWS)


def _diagnostic(each: dict[str, dict[str, dict[str, int]]]) -> str:
    place = each.get("range") or {}
    line = place.get("start", {}).get("line", 0)
    return f"{place.get('filename', '?')}:{line}: {each['summary']}: {each.get('detail', '')}"
