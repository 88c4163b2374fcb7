"""A wrong argument, a missing block and a wrong type fail the checks of terraform/, on each cloud.

Each test copies the modules, puts one fault into one of them, and runs the checks on the copy.
"""

import shutil
import subprocess
from dataclasses import dataclass
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
CHECK = ROOT / "tools" / "terraform" / "check"
MODULE = "artifact_store"


@dataclass(frozen=True, slots=True)
class Fault:
    """What is replaced in a module's main.tf, and what the checks must say of it."""

    cloud: str
    before: str
    after: str
    said: str
    module: str = MODULE


FAULTS = {
    "wrong argument, aws": Fault(
        "aws", "block_public_policy     =", "block_public_polices    =", "Unsupported argument"
    ),
    "missing block, aws": Fault(
        "aws",
        '  versioning_configuration {\n    status = "Enabled"\n  }\n',
        "",
        "Insufficient versioning_configuration blocks",
    ),
    "wrong type, aws": Fault(
        "aws",
        "object_lock_enabled = true",
        'object_lock_enabled = "sometimes"',
        "Incorrect attribute value type",
    ),
    "wrong argument, gcp": Fault(
        "gcp",
        "public_access_prevention    =",
        "public_access_prevented     =",
        "Unsupported argument",
    ),
    "missing block, gcp": Fault(
        "gcp",
        '    action {\n      type = "AbortIncompleteMultipartUpload"\n    }\n',
        "",
        "Insufficient action blocks",
    ),
    "wrong type, gcp": Fault(
        "gcp",
        "uniform_bucket_level_access = true",
        "uniform_bucket_level_access = [true]",
        "Incorrect attribute value type",
    ),
    "missing argument, gcp's beta provider": Fault(
        "gcp", '      sandbox_type = "gvisor"\n', "", "Missing required argument", "cluster"
    ),
    "wrong argument, azure": Fault(
        "azure",
        "shared_access_key_enabled         =",
        "shared_access_keys_enabled        =",
        "Unsupported argument",
    ),
    "missing block, azure": Fault(
        "azure",
        "  private_service_connection {",
        "  ip_configuration {",
        "Insufficient private_service_connection blocks",
    ),
    "wrong type, azure": Fault(
        "azure",
        "https_traffic_only_enabled        = true",
        'https_traffic_only_enabled        = "perhaps"',
        "Incorrect attribute value type",
    ),
    "missing block, aws' gateway": Fault(
        "aws",
        '  action {\n    type             = "forward"\n    target_group_arn = each.value\n  }\n',
        "",
        "Insufficient action blocks",
        "gateway",
    ),
    "wrong type, gcp's gateway": Fault(
        "gcp",
        "allow_global_access   = false",
        'allow_global_access   = "inside"',
        "Incorrect attribute value type",
        "gateway",
    ),
    "missing argument, azure's registry server": Fault(
        "azure",
        "    target_port                = 5000\n",
        "",
        "Missing required argument",
        "mlflow_server",
    ),
}


def checked(tree: Path, *arguments: str) -> "subprocess.CompletedProcess[str]":
    return subprocess.run(
        [CHECK, "--tree", tree, *arguments], capture_output=True, text=True, check=False
    )


@pytest.fixture
def tree(tmp_path: Path) -> Path:
    target = tmp_path / "terraform" / "modules"
    target.mkdir(parents=True)
    shutil.copy(ROOT / "terraform/modules/common.yaml", target)
    for module in {MODULE, *(fault.module for fault in FAULTS.values())}:
        shutil.copytree(ROOT / "terraform/modules" / module, target / module)
    return tmp_path / "terraform"


@pytest.mark.parametrize("name", FAULTS)
def test_a_fault_that_the_schema_forbids_fails(tree: Path, name: str) -> None:
    fault = FAULTS[name]
    file = tree / "modules" / fault.module / fault.cloud / "main.tf"
    text = file.read_text("utf-8")
    assert fault.before in text
    file.write_text(text.replace(fault.before, fault.after, 1), "utf-8")
    done = checked(tree, "validate", "--only", f"{fault.module}/{fault.cloud}")
    assert done.returncode == 1, done.stdout + done.stderr
    assert fault.said in done.stdout


def test_the_untouched_copy_passes(tree: Path) -> None:
    done = checked(tree, "contract", "validate", "test", "--only", MODULE)
    assert done.returncode == 0, done.stdout + done.stderr
    assert "9 passed, 0 failed" in done.stdout


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ('description = "The store\'s globally unique name."', 'description = "Another name."'),
        ('variable "store_name"', 'variable "bucket_name"'),
        ("var.locked_days <= 3650", "var.locked_days <= 9999"),
        ("type        = number", "type        = string"),
    ],
)
def test_a_variable_that_departs_from_the_contract_fails(
    tree: Path, before: str, after: str
) -> None:
    file = tree / "modules" / MODULE / "gcp" / "variables.tf"
    text = file.read_text("utf-8")
    assert before in text
    file.write_text(text.replace(before, after), "utf-8")
    done = checked(tree, "contract", "--only", f"{MODULE}/gcp")
    assert done.returncode == 1, done.stdout + done.stderr
    assert "expected" in done.stdout


def test_a_skip_without_a_reason_fails(tree: Path) -> None:
    file = tree / "modules" / MODULE / "aws" / "main.tf"
    file.write_text(file.read_text("utf-8") + "# checkov:skip=CKV_AWS_1\n", "utf-8")
    done = checked(tree, "skips")
    assert done.returncode == 1, done.stdout + done.stderr
    assert "CKV_AWS_1: expected a reason" in done.stdout
