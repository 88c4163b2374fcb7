"""More plans of an outside examiner: each careless in one thing, and beside it its harmless twin.

A fault must be refused for its own reason, and its twin let through. All are asked at once.
"""

from __future__ import annotations

import pytest
from pydantic import JsonValue

from policies.test_examined_plans import EXTRA, Trial, faults, settings_of
from policies.test_hand_made_plans import GOOD
from policies.test_inputs import Json
from policies.test_properties import Ask, ask

__all__ = ["ask"]  # the fixture of a neighbour


def mapped(*disks: Json) -> Json:
    """Return the disks of a launch template."""
    return {"block_device_mappings": [{"device_name": "/dev/xvda", "ebs": [one]} for one in disks]}


def disk(kind: str, **edits: JsonValue) -> Json:
    """Return the disks of a machine, whose other disks are careful."""
    return {kind: [{"encrypted": True, "volume_size": 8}, {"volume_size": 8, **edits}]}


NODES = GOOD["google_container_node_pool"]["node_config"]


def nodes(most: int = 1, **edits: JsonValue) -> Json:
    """Return nodes of Google, of which something is edited."""
    (careful,) = NODES if isinstance(NODES, list) else ({},)
    assert isinstance(careful, dict)
    scaled: JsonValue = [{"total_max_node_count": most}]
    return {"node_config": [{**careful, **edits}], "autoscaling": scaled}


SAFE: Json = {"encrypted": True, "volume_size": 200, "volume_type": "gp3"}
VOLUME: Json = {"encrypted": True, "size": 100, "type": "gp3"}
CAREFUL = {**EXTRA, "aws_ebs_volume": VOLUME}
ORDERED = faults(
    ("plan-unencrypted", "aws_launch_template", mapped({"volume_size": 20}), mapped(SAFE)),
    ("plan-unencrypted", "aws_launch_template",
     mapped({**SAFE, "encrypted": ""}), mapped({**SAFE, "encrypted": "true"})),
    ("plan-unencrypted", "aws_launch_template",
     {"block_device_mappings": [{"ebs": [{"encrypted": "true"}]}, {"ebs": [{"volume_size": 1}]}]},
     {"block_device_mappings": [{"virtual_name": "ephemeral0", "ebs": []}]}),
    ("plan-unencrypted", "aws_instance",
     disk("ebs_block_device"), disk("ebs_block_device", encrypted=True)),
    ("plan-unencrypted", "aws_instance",
     {"root_block_device": [{"volume_size": 8}]},
     {"root_block_device": [{"volume_size": 8, "encrypted": True}]}),
    ("plan-unencrypted", "aws_ebs_volume", {"encrypted": None}, {"encrypted": True}),
    ("plan-unencrypted", "aws_ebs_volume", {"encrypted": False}, {"size": 10}),
    ("plan-unpriced", "aws_launch_template",
     mapped({**SAFE, "volume_size": 16000}), mapped({**SAFE, "volume_size": 20})),
    ("plan-unpriced", "aws_launch_template",
     mapped({**SAFE, "volume_type": "io2"}), mapped({**SAFE, "volume_type": "gp2"})),
    ("plan-unpriced", "aws_launch_template",
     mapped({**SAFE, "iops": 16000}), mapped({**SAFE, "iops": 3000})),
    ("plan-unpriced", "aws_launch_template",
     mapped({**SAFE, "throughput": 1000}), mapped({**SAFE, "throughput": 125})),
    ("plan-unpriced", "aws_launch_template", mapped(SAFE, SAFE), mapped(SAFE)),
    ("plan-too-costly", "aws_ebs_volume", {"size": 16000}, {"size": 1000}),
    ("plan-too-costly", "aws_ebs_volume",
     {"type": "io2", "iops": 64000}, {"type": "io2", "iops": 1000}),
    ("plan-unpriced", "aws_ebs_volume", {"type": "io9"}, {"type": "st1", "size": 500}),
    ("plan-too-costly", "aws_ebs_volume", {"iops": 80000, "throughput": 2000, "size": 8000},
     {"iops": 3000, "throughput": 125, "size": 4000}),
    ("plan-too-costly", "aws_db_instance", {"allocated_storage": 8000}, {"allocated_storage": 100}),
    ("plan-too-costly", "aws_db_instance",
     {"allocated_storage": 100, "max_allocated_storage": 8000},
     {"allocated_storage": 100, "max_allocated_storage": 400}),
    ("plan-too-costly", "aws_db_instance",
     {"storage_type": "io2", "iops": 40000}, {"storage_type": "io2", "iops": 1000}),
    ("plan-too-costly", "aws_instance",
     {"ebs_block_device": [{"encrypted": True, "volume_size": 4000}] * 3},
     {"ebs_block_device": [{"encrypted": True, "volume_size": 400}] * 3}),
    ("plan-too-costly", "aws_eks_node_group",
     {"disk_size": 16000}, {"disk_size": 100}),
    ("plan-too-costly", "google_sql_database_instance",
     settings_of(disk_size=10000), settings_of(disk_size=100, disk_type="PD_HDD")),
    ("plan-too-costly", "google_sql_database_instance",
     settings_of(disk_size=10, disk_autoresize_limit=10000),
     settings_of(disk_size=100, disk_autoresize_limit=400)),
    ("plan-too-costly", "google_container_node_pool",
     nodes(5, disk_size_gb=2000), nodes(5, disk_size_gb=100)),
    ("plan-too-costly", "google_container_node_pool",
     nodes(2, local_nvme_ssd_block_config=[{"local_ssd_count": 24}]),
     nodes(2, local_nvme_ssd_block_config=[{"local_ssd_count": 1}])),
    ("plan-unpriced", "google_container_node_pool",
     nodes(disk_type="hyperdisk-extreme"), nodes(disk_type="pd-standard")),
    ("plan-too-costly", "azurerm_postgresql_flexible_server",
     {"storage_mb": 16777216}, {"storage_mb": 131072}),
    ("plan-unpriced", "azurerm_postgresql_flexible_server",
     {"storage_tier": "P80"}, {"storage_mb": 32768}),
    ("plan-too-costly", "azurerm_kubernetes_cluster_node_pool",
     {"os_disk_size_gb": 30000}, {"os_disk_size_gb": 128, "os_disk_type": "Managed"}),
    careful=CAREFUL,
)  # fmt: skip

CASES: dict[str, Trial] = {**ORDERED}


@pytest.fixture(scope="module")
def answers(ask: Ask) -> dict[str, tuple[set[str], set[str]]]:
    """The codes of all denials of each fault, and of its twin."""
    asked = [case.input() for _, bad, good in CASES.values() for case in (bad, good)]
    codes = iter([{denial.code for denial in answer.denials} for answer in ask(asked)])
    return {name: (next(codes), next(codes)) for name in CASES}


@pytest.mark.parametrize("name", CASES)
def test_a_fault_is_refused_for_its_own_reason(
    answers: dict[str, tuple[set[str], set[str]]], name: str
) -> None:
    assert CASES[name][0] in answers[name][0]


@pytest.mark.parametrize("name", CASES)
def test_its_harmless_twin_is_let_through(
    answers: dict[str, tuple[set[str], set[str]]], name: str
) -> None:
    assert answers[name][1] == set()
