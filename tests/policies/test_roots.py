"""The roots and modules of this repository pass what is asked before, and where, there is no plan.

No plan of Google or Azure is made where the tests run: what modules write is all that there is.
"""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import pytest

from policies.test_inputs import table
from turnpike.documents.reading import read
from turnpike.infrastructure.arguments import configuration_of
from turnpike.infrastructure.configuration import require_plain_configuration
from turnpike.infrastructure.hcl import labelled, parsed, unquoted
from turnpike.infrastructure.lock import require_known_providers
from turnpike.topology.environment import ENVIRONMENT, Target

MODULES = Path("terraform/modules")
ROOTS = sorted(path for path in Path("terraform/environments").glob("*/*") if path.is_dir())


def contents(*folders: Path) -> dict[str, bytes]:
    """Return the files of some folders, by path."""
    return {str(file): file.read_bytes() for at in folders for file in sorted(at.glob("*.tf"))}


ENVIRONMENTS = {
    one.name: one
    for file in sorted(Path("environments").glob("*/environment.yaml"))
    for one in [read(ENVIRONMENT, file.read_bytes(), str(file))]
}
WIRED = re.compile(r"^ +([a-z_]+ += (?:.*[ (])?(?:module|local)\..*)$", re.MULTILINE)


def said(root: Path) -> dict[str, dict[str, Any]]:
    """Return what a root gives the modules that it calls, by their names; texts are in quotes."""
    return dict(labelled(parsed((root / "main.tf").read_bytes()), "module"))


def target_of(root: Path) -> Target:
    """Return the target that the environment of a root has in its cloud."""
    (target,) = [one for one in ENVIRONMENTS[root.parent.name].targets if one.cloud == root.name]
    return target


def test_every_environment_has_a_root_on_each_of_its_clouds() -> None:
    assert {(path.parent.name, path.name) for path in ROOTS} == {
        (name, target.cloud)
        for name, one in ENVIRONMENTS.items()
        for target in one.targets
        if target.cloud != "local"
    }


@pytest.mark.parametrize("root", ROOTS, ids=str)
def test_a_root_makes_what_its_environment_names(root: Path) -> None:
    target, text = target_of(root), (root / "main.tf").read_text("utf-8")
    made = said(root)["foundation"]
    assert f'environment = "{root.parent.name}"' in text
    assert f'region      = "{target.region}"' in text
    assert unquoted(made["stores"]["artifacts"]) in (target.storage or "")
    assert f'"{target.images}/turnpike/mlflow@' in text
    assert unquoted(said(root)["services"]["argocd"]["cluster"]) == target.cluster
    assert set(made["cluster"]["gpu_pools"]) <= {one.kind for one in target.accelerators}


@pytest.mark.parametrize("root", [at for at in ROOTS if at.name != "gcp"], ids=str)
def test_what_pods_may_reach_is_the_network_that_the_root_makes(root: Path) -> None:
    reached = {str(one.cidr) for one in target_of(root).network.egress}
    assert reached == {unquoted(said(root)["foundation"]["network"]["cidr"])}


def test_roots_are_wired_alike_and_differ_in_values() -> None:
    assert len({tuple(WIRED.findall((at / "main.tf").read_text("utf-8"))) for at in ROOTS}) == 1


@pytest.mark.parametrize("cloud", ["aws", "azure", "gcp"])
def test_environments_of_a_cloud_share_no_addresses_stores_or_states(cloud: str) -> None:
    roots = [root for root in ROOTS if root.name == cloud]
    made = [said(root)["foundation"] for root in roots]
    for values in (
        [one["network"]["cidr"] for one in made],
        [one["stores"][kind] for one in made for kind in ("artifacts", "audit")],
        [(root / "backend.tf").read_bytes() for root in roots],
    ):
        assert len(set(values)) == len(values)


@pytest.mark.parametrize("cloud", ["aws", "azure", "gcp"])
def test_production_keeps_longest_and_stands_on_three_nodes(cloud: str) -> None:
    kept = {
        root.parent.name: (
            said(root)["foundation"]["stores"]["artifact_days"],
            said(root)["services"]["database"]["backup_days"],
            said(root)["foundation"]["cluster"]["cpu_pool"]["minimum"],
        )
        for root in ROOTS
        if root.name == cloud
    }
    assert kept["dev"] < kept["staging"] < kept["production"]
    assert kept["production"][2] == 3


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
