"""The roots and modules of this repository pass what is asked before, and where, there is no plan.

No plan of Google or Azure is made where the tests run: what modules write is all that there is.
"""

from __future__ import annotations

from pathlib import Path

import pytest

from policies.test_inputs import table
from turnpike.infrastructure.arguments import configuration_of
from turnpike.infrastructure.configuration import require_plain_configuration
from turnpike.infrastructure.lock import require_known_providers

MODULES = Path("terraform/modules")
ROOTS = sorted(path for path in Path("terraform/environments").glob("*/*") if path.is_dir())


def contents(*folders: Path) -> dict[str, bytes]:
    """Return the files of some folders, by path."""
    return {str(file): file.read_bytes() for at in folders for file in sorted(at.glob("*.tf"))}


def test_each_cloud_has_an_example() -> None:
    assert {path.name for path in ROOTS} == {"aws", "azure", "gcp"}


@pytest.mark.parametrize("root", ROOTS, ids=str)
def test_a_root_says_nothing_that_is_refused_before_its_plan(root: Path) -> None:
    lock = root / ".terraform.lock.hcl"
    require_known_providers(lock.read_text("utf-8"), str(lock), table())
    require_plain_configuration(contents(root, *MODULES.glob(f"*/{root.name}")), table())


@pytest.mark.parametrize("cloud", ["azure", "gcp"])
def test_modules_write_what_checks_ask_for(cloud: str) -> None:
    written = configuration_of(contents(*MODULES.glob(f"*/{cloud}")))
    asked = [
        (folder, at, check.attribute, check.must)
        for folder, at in sorted(written.bodies)
        for check in table().checks
        if check.type == at.split(".")[-2] and check.must in {"one-of", "one-matching", "not-given"}
    ]
    assert len(asked) > 20
    wrong = [one for one in asked if written.argument(*one[:3]).given is (one[3] == "not-given")]
    assert wrong == []
