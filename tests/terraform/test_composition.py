"""The modules fit together: what one gives is what the next takes, by name and type, on each cloud.

One root for all clouds wires every entity; the checks take it as an environment's root.
"""

import shutil
import subprocess
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
CHECK = ROOT / "tools" / "terraform" / "check"
COMPOSITION = Path(__file__).with_name("composition.tf")

# What stands in for Google's and Azure's providers has other bytes than they, so any hash does.
UNCHECKED = "zh:" + "0" * 64
AWS = "h1:edXOJWE4ORX8Fm+dpVpICzMZJat4AX0VRCAy/xkcOc0="
PROVIDERS = {
    "aws": {"aws": ("5.100.0", AWS)},
    "gcp": {"google": ("6.50.0", UNCHECKED), "google-beta": ("6.50.0", UNCHECKED)},
    "azure": {"azurerm": ("4.54.0", UNCHECKED)},
}
BACKENDS = {
    "aws": 'backend "s3" {\n encrypt = true\n use_lockfile = true\n kms_key_id = "alias/state"\n }',
    "gcp": 'backend "gcs" {\n kms_encryption_key = "key"\n }',
    "azure": 'backend "azurerm" {\n use_oidc = true\n use_azuread_auth = true\n }',
}


def root(tree: Path, cloud: str, composition: str) -> None:
    folder = tree / "environments" / "dev" / cloud
    folder.mkdir(parents=True)
    pins = PROVIDERS[cloud].items()
    wanted = "\n".join(
        f'{name} = {{\n source = "hashicorp/{name}"\n version = "{version}"\n }}'
        for name, (version, _) in pins
    )
    locked = "\n".join(
        f'provider "registry.terraform.io/hashicorp/{name}" {{\n'
        f'  version     = "{version}"\n  hashes = [\n    "{digest}",\n  ]\n}}\n'
        for name, (version, digest) in pins
    )
    features = 'provider "azurerm" {\n features {}\n }\n' if cloud == "azure" else ""
    (folder / "versions.tf").write_text(
        f"terraform {{\n required_providers {{\n{wanted}\n }}\n}}\n{features}", "utf-8"
    )
    (folder / "backend.tf").write_text(f"terraform {{\n {BACKENDS[cloud]}\n}}\n", "utf-8")
    (folder / ".terraform.lock.hcl").write_text(locked, "utf-8")
    (folder / "main.tf").write_text(composition.replace("CLOUD", cloud), "utf-8")


def checked(tree: Path, cloud: str) -> "subprocess.CompletedProcess[str]":
    return subprocess.run(
        [CHECK, "--tree", tree, "environment", "--only", cloud],
        capture_output=True, text=True, check=False,
    )  # fmt: skip


@pytest.fixture
def tree(tmp_path: Path) -> Path:
    shutil.copytree(ROOT / "terraform" / "modules", tmp_path / "terraform" / "modules")
    return tmp_path / "terraform"


@pytest.mark.parametrize("cloud", PROVIDERS)
def test_every_entity_is_wired(tree: Path, cloud: str) -> None:
    composition = COMPOSITION.read_text("utf-8")
    entities = {file.parent.name for file in tree.glob("modules/*/contract.yaml")}
    assert {name for name in entities if f'module "{name}" {{' in composition} == entities
    root(tree, cloud, composition)
    done = checked(tree, cloud)
    assert done.returncode == 0, done.stdout + done.stderr
    assert "2 passed, 0 failed" in done.stdout


@pytest.mark.parametrize("cloud", PROVIDERS)
def test_an_output_that_no_module_gives_fails(tree: Path, cloud: str) -> None:
    composition = COMPOSITION.read_text("utf-8")
    assert "module.cluster.issuer" in composition
    root(tree, cloud, composition.replace("module.cluster.issuer", "module.cluster.address"))
    done = checked(tree, cloud)
    assert done.returncode == 1, done.stdout + done.stderr
    assert "Unsupported attribute" in done.stdout
