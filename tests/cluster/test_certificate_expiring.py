"""The certificate of a real API server is exchanged by the runbook, and nobody loses it."""

from __future__ import annotations

import base64
import json
import os
import ssl
import subprocess
import urllib.request
from collections.abc import Iterator
from pathlib import Path
from urllib.error import URLError
from urllib.parse import urlsplit

import pytest

from runbooks import Shell, carried_out
from servers.certificates import self_signed
from servers.gitea_world import set_up
from turnpike.cluster.kubernetes_reader import KubernetesReader
from turnpike.errors import Unavailable
from turnpike.loopback.cluster import Cluster
from turnpike.loopback.control_plane import is_ready, start_control_plane
from turnpike.loopback.objects import Objects
from turnpike.loopback.processes import Processes

CLUSTER, KNOWN, ARGOCD = "production-local", "cluster-production-local", "argocd"
SERVER = "t-kube-apiserver"


@pytest.fixture
def processes(tmp_path: Path) -> Iterator[Processes]:
    with Processes(tmp_path / "logs") as running:
        yield running
    assert not [pid for pid in running.ever if Path(f"/proc/{pid}").exists()]


@pytest.fixture
def plane(tmp_path: Path, processes: Processes) -> Cluster:
    """A cluster that keeps, as Argo CD's own, the Secret by which Argo CD knows it."""
    made = start_control_plane("t", set_up("cluster"), tmp_path / "t", processes)
    objects = Objects(made)
    objects.apply({"apiVersion": "v1", "kind": "Namespace", "metadata": {"name": ARGOCD}})
    trust = base64.b64encode(made.certificate.read_bytes()).decode()
    config = {"bearerToken": made.token, "tlsClientConfig": {"caData": trust}}
    objects.apply(
        {
            "apiVersion": "v1",
            "kind": "Secret",
            "metadata": {"name": KNOWN, "namespace": ARGOCD},
            "stringData": {"name": CLUSTER, "config": json.dumps(config)},
        }
    )
    return made


def kubeconfig(plane: Cluster, file: Path) -> Path:
    """Write a person's kubeconfig, which trusts the certificate of now by its bytes."""
    trust = base64.b64encode(plane.certificate.read_bytes()).decode()
    contexts = [
        {"name": name, "context": {"cluster": "t", "user": "t"}} for name in (CLUSTER, ARGOCD)
    ]
    cluster = {"server": plane.server, "certificate-authority-data": trust}
    document = {
        "apiVersion": "v1",
        "kind": "Config",
        "clusters": [{"name": "t", "cluster": cluster}],
        "users": [{"name": "t", "user": {"token": plane.token}}],
        "contexts": contexts,
        "current-context": ARGOCD,
    }
    file.write_text(json.dumps(document), "utf-8")
    return file


def reaches(plane: Cluster, config: Path) -> bool:
    """Tell whether the cluster can be reached by what Argo CD's Secret holds."""
    secret = subprocess.run(
        ["kubectl", "--kubeconfig", config, "--insecure-skip-tls-verify", "-n", ARGOCD,
         "get", "secret", KNOWN, "-o", "jsonpath={.data.config}"],
        env={
            "PATH": f"{set_up('kubectl')}{os.pathsep}{os.environ['PATH']}",
            "HOME": str(config.parent),  # where it keeps what it learnt
        },
        capture_output=True, text=True, check=True, timeout=300,
    ).stdout  # fmt: skip
    known = json.loads(base64.b64decode(secret))
    trusted = base64.b64decode(known["tlsClientConfig"]["caData"]).decode()
    headers = {"Authorization": f"Bearer {known['bearerToken']}"}
    request = urllib.request.Request(f"{plane.server}/readyz", headers=headers)  # noqa: S310
    try:
        with urllib.request.urlopen(  # noqa: S310 - loopback
            request, timeout=120, context=ssl.create_default_context(cadata=trusted)
        ) as answer:
            return bool(answer.status == 200)
    except URLError as error:
        if not isinstance(error.reason, ssl.SSLCertVerificationError):
            raise
        return False


def exchange(plane: Cluster, processes: Processes, pair: tuple[bytes, bytes]) -> None:
    """Let the API server show another certificate from now on."""
    with processes.without(SERVER):
        plane.certificate.write_bytes(pair[0])
        plane.certificate.with_suffix(".key").write_bytes(pair[1])
    processes.wait_until(SERVER, lambda: is_ready(plane))


def test_a_certificate_is_exchanged_and_argo_cd_goes_on_reaching_the_cluster(
    plane: Cluster, processes: Processes, tmp_path: Path
) -> None:
    config, pair = kubeconfig(plane, tmp_path / "kubeconfig"), self_signed(tmp_path.name)
    trusted = tmp_path / "trusted.pem"
    trusted.write_bytes(plane.certificate.read_bytes() + pair[0])
    path = f"{set_up('kubectl')}{os.pathsep}{os.environ['PATH']}"
    environ = {"PATH": path, "HOME": str(tmp_path), "KUBECONFIG": str(config)}
    values = {"cluster": CLUSTER, "known": KNOWN, "address": urlsplit(plane.server).netloc,
              "trusted": str(trusted)}  # fmt: skip
    with carried_out("CertificateExpiring", Shell(tmp_path, environ, values)) as page:
        shown = [line for line in page.run("Look").splitlines() if "ingerprint" in line]
        assert len(shown) == 2
        assert len(set(shown)) == 1  # what is shown is what is trusted
        page.step("Help")
        page.step("Help")
        assert reaches(plane, config)
        exchange(plane, processes, pair)
        assert "ok" in page.step("Help")
        assert "ok" in page.run("Over when")
    assert reaches(plane, config)


def test_a_certificate_that_nobody_was_told_of_shuts_argo_cd_out(
    plane: Cluster, processes: Processes, tmp_path: Path
) -> None:
    config = kubeconfig(plane, tmp_path / "kubeconfig")
    exchange(plane, processes, self_signed(tmp_path.name))
    assert not reaches(plane, config)
    with pytest.raises(Unavailable, match=r"no connection that can be trusted.*CERTIFICATE_VERIFY"):
        KubernetesReader(str(config), CLUSTER).find("Pod", ARGOCD, "any")
