"""A cluster takes what is rendered of a gateway as it stands, and again once it says less."""

from __future__ import annotations

import json
import os
import subprocess
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from servers.gateway import declared
from servers.gitea_world import ROOT, set_up
from turnpike.documents.reading import read
from turnpike.loopback.cluster import Cluster
from turnpike.loopback.control_plane import start_api_server
from turnpike.loopback.objects import Objects
from turnpike.loopback.processes import Processes
from turnpike.rendering.access_files import access_files
from turnpike.topology.organisation import ORGANISATION, Organisation

_ORGANISATION = "policies/data/organisation.yaml"
_FILE = "platform/access/gateway/dev/local.yaml"


@pytest.fixture(scope="module")
def plane(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Cluster]:
    folder = tmp_path_factory.mktemp("gateway-file")
    with Processes(folder / "logs") as processes:
        made = start_api_server("one", set_up("cluster"), folder / "one", processes)
        namespace = {"apiVersion": "v1", "kind": "Namespace", "metadata": {"name": "gateway"}}
        Objects(made).apply(namespace)
        yield made


def company() -> Organisation:
    aurora = read(ORGANISATION, (ROOT / _ORGANISATION).read_bytes(), _ORGANISATION)
    return declared(aurora, "https://sso.example.org", "models", "https://ingress.gateway.svc:8443")


def kubectl(plane: Cluster, *words: str | Path) -> str:
    return subprocess.run(
        [set_up("kubectl") / "kubectl", *words],
        env={"PATH": os.environ["PATH"], "HOME": str(plane.kubeconfig.parent),
             "KUBECONFIG": str(plane.kubeconfig)},
        capture_output=True, check=True, text=True, timeout=300,
    ).stdout  # fmt: skip


def applied(plane: Cluster, organisation: Organisation, folder: Path) -> Any:
    """Apply what is rendered as docs/access.md says, and return the Deployment's template."""
    file = folder / "gateway.yaml"
    file.write_bytes(access_files(organisation, ("dev",))[_FILE])
    kubectl(plane, "apply", "--validate=strict", "-f", file)
    words = ("-n", "gateway", "get", "deployment", "gateway-sign-on", "-o", "json")
    return json.loads(kubectl(plane, *words))["spec"]["template"]


def test_a_cluster_takes_it_and_makes_new_pods_once_it_says_less(
    plane: Cluster, tmp_path: Path
) -> None:
    before = applied(plane, company(), tmp_path)
    assert applied(plane, company(), tmp_path) == before
    found = kubectl(
        plane, "-n", "gateway", "get", "networkpolicies,services,configmaps", "-o", "name"
    )
    assert {
        "networkpolicy.networking.k8s.io/gateway-sign-on",
        "networkpolicy.networking.k8s.io/behind-gateway-sign-on",
        "service/gateway-sign-on",
        "configmap/gateway-sign-on",
    } <= set(found.split())
    fewer = company().model_copy(update={"access": ()})
    assert applied(plane, fewer, tmp_path) != before
