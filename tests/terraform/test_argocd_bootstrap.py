"""The module argocd_bootstrap renders what platform/argocd and the loopback clusters have."""

import json
import subprocess
from pathlib import Path
from typing import Any

import pytest
import yaml

from turnpike.loopback.fleet import WRITER_RULES

ROOT = Path(__file__).resolve().parents[2]
MODULE = ROOT / "terraform" / "modules" / "argocd_bootstrap"
ADMISSION = ROOT / "platform" / "argocd" / "admission" / "deliveries.yaml"
BOOTSTRAP = ROOT / "platform" / "argocd" / "bootstrap" / "platform.yaml"
CLOUDS = ("aws", "gcp", "azure")
VALUES = {
    "accounts": [{"name": "argocd-secrets", "annotations": {"cloud.example/identity": "somebody"}}],
    "labels": {},
    "provider": {"cloud": {"region": "eu"}},
    "keys": {"repository": "the-repository", "sign_on": "the-client"},
    "clusters": {
        "dev-aws": {"server": "https://10.0.0.1", "config": {"tlsClientConfig": {"caData": "Y2E="}}}
    },
    "repository": "https://git.example.org/example/models.git",
    "gate_keys": ["0000000000000000"],
}
SUBJECT = {"subject": {"kind": "User", "name": "argocd@example"}}
TERRAFORM = """
output "text" {
  value = templatefile("${path.module}/text.tftpl", jsondecode(file("${path.module}/values.json")))
}
"""


def rendered(template: Path, values: dict[str, Any], folder: Path) -> list[dict[str, Any]]:
    """Render by Terraform itself, with no provider, and read what came out."""
    (folder / "main.tf").write_text(TERRAFORM, "utf-8")
    (folder / "text.tftpl").write_text(template.read_text("utf-8"), "utf-8")
    (folder / "values.json").write_text(json.dumps(values), "utf-8")
    for command in (["init"], ["apply", "-auto-approve"]):
        terraform(command, folder)
    outputs = json.loads(terraform(["output", "-json"], folder))
    return list(yaml.safe_load_all(outputs["text"]["value"]))


def terraform(command: list[str], folder: Path) -> str:
    """Run one command, which must end with 0, and return what it prints."""
    return subprocess.run(
        ["terraform", *command], cwd=folder, capture_output=True, text=True, check=True
    ).stdout


@pytest.mark.parametrize("name", ["bootstrap.yaml.tftpl", "target.yaml.tftpl"])
def test_every_cloud_has_the_same_template(name: str) -> None:
    assert len({(MODULE / cloud / name).read_bytes() for cloud in CLOUDS}) == 1


def test_argo_cd_begins_with_what_git_has(tmp_path: Path) -> None:
    texts = rendered(MODULE / "aws" / "bootstrap.yaml.tftpl", VALUES, tmp_path)
    kept = [text for text in texts if text["apiVersion"].startswith("argoproj.io/")]
    assert kept == list(yaml.safe_load_all(BOOTSTRAP.read_text("utf-8")))


def test_a_target_lets_argo_cd_write_what_turnpike_renders_and_nothing_else(tmp_path: Path) -> None:
    role, binding = rendered(MODULE / "aws" / "target.yaml.tftpl", SUBJECT, tmp_path)
    assert role["rules"] == [dict(rule) for rule in WRITER_RULES]
    assert binding["roleRef"]["name"] == role["metadata"]["name"]
    (subject,) = binding["subjects"]
    assert (subject["kind"], subject["name"]) == ("User", "argocd@example")


def test_admission_knows_argo_cd_by_the_binding_that_each_target_has(tmp_path: Path) -> None:
    policy, bound = yaml.safe_load_all(ADMISSION.read_text("utf-8"))
    _, binding = rendered(MODULE / "aws" / "target.yaml.tftpl", SUBJECT, tmp_path)
    assert bound["spec"]["paramRef"]["name"] == binding["metadata"]["name"]
    kind = {name: binding[name] for name in ("apiVersion", "kind")}
    assert policy["spec"]["paramKind"] == kind


def test_clusters_and_secrets_are_named_and_no_token_is_given(tmp_path: Path) -> None:
    texts = rendered(MODULE / "aws" / "bootstrap.yaml.tftpl", VALUES, tmp_path)
    (cluster,) = [text for text in texts if text["kind"] == "Secret"]
    assert cluster["metadata"]["labels"]["argocd.argoproj.io/secret-type"] == "cluster"
    assert cluster["stringData"]["name"] == "dev-aws"
    assert set(json.loads(cluster["stringData"]["config"])) == {"tlsClientConfig"}
    external = [text for text in texts if text["kind"] == "ExternalSecret"]
    secrets = {text["metadata"]["name"]: text["spec"] for text in external}
    (client,) = secrets["argocd-sign-on"]["data"]
    assert client == {"secretKey": "oidc.turnpike.clientSecret", "remoteRef": {"key": "the-client"}}
    assert secrets["argocd-repository"]["dataFrom"] == [{"extract": {"key": "the-repository"}}]
