"""A cluster that does not answer is told at once, whatever its kubeconfig promises.

What becomes of one that does is tried with real ones: ``tests/cluster/test_given_clusters.py``.
"""

from __future__ import annotations

import json
import socket
import ssl
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest

from servers.certificates import self_signed
from turnpike.errors import InputError, Unavailable
from turnpike.loopback.given import meet
from unit.loopback.test_kubeconfig import SECRET, chosen, entry, kubeconfig


def refusal(folder: Path, url: str, certificate: str = "") -> Unavailable:
    """Meet the cluster of a kubeconfig, which does not answer."""
    if not certificate:
        certificate = str(folder / "another.crt")
        Path(certificate).write_bytes(self_signed("another")[0])
    cluster = {"server": url, "certificate-authority": certificate}
    file = kubeconfig(folder / "config", "work", cluster=cluster)
    with pytest.raises(Unavailable) as raised:
        meet(chosen("work", file), folder)
    assert (raised.value.exit_code, raised.value.code) == (3, "cluster.unavailable")
    assert SECRET not in f"{raised.value} {raised.value.solution}"
    return raised.value


def test_a_cluster_that_is_not_there_is_unavailable(tmp_path: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as held:
        port = held.getsockname()[1]
    message = refusal(tmp_path, f"https://127.0.0.1:{port}").message
    assert f"context work: expected https://127.0.0.1:{port} to answer" in message


def test_a_certificate_that_is_none_trusts_nobody(tmp_path: Path) -> None:
    file = kubeconfig(tmp_path / "config", "work", cluster=entry())
    with pytest.raises(Unavailable, match="to answer, got"):
        meet(chosen("work", file), tmp_path)


POLICIES = {"name": "validatingadmissionpolicies", "kind": "ValidatingAdmissionPolicy"}
GROUP = "admissionregistration.k8s.io"


@contextmanager
def api_server(folder: Path, version: str, *policies: object, may: bool = True) -> Iterator[str]:
    """Answer over TLS what an API server of a version does, to who may do all, or only see."""
    listed = [{"name": "namespaces", "kind": "Namespace", "namespaced": False, "verbs": ["get"]}]
    version_of_group = {"groupVersion": f"{GROUP}/v1", "version": "v1"}
    group = {"name": GROUP, "versions": [version_of_group], "preferredVersion": version_of_group}
    answers = {
        "/version": {"major": "1", "gitVersion": version},
        "/apis": {"kind": "APIGroupList", "groups": [group]},
        f"/apis/{GROUP}/v1": {"kind": "APIResourceList", "resources": list(policies)},
        "/api/v1": {"kind": "APIResourceList", "resources": listed},
        "/api/v1/namespaces/kube-system": {
            "apiVersion": "v1", "kind": "Namespace",
            "metadata": {"name": "kube-system", "uid": "one"},
        },
        "/apis/authorization.k8s.io/v1/selfsubjectaccessreviews": {
            "spec": {}, "status": {"allowed": may},
        },
    }  # fmt: skip

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            found = answers.get(self.path.partition("?")[0].rstrip("/"))
            content = json.dumps(found or {"kind": "Status"}).encode()
            self.rfile.read(int(self.headers.get("Content-Length", 0)))
            self.send_response(200 if found else 404)
            self.send_header("Content-Type", "application/json")
            self.send_header("Content-Length", str(len(content)))
            self.end_headers()
            self.wfile.write(content)

        do_POST = do_GET  # noqa: N815 - named by its parent

        def log_message(self, *args: object) -> None:
            """Say nothing."""

    for file, content in zip(("ca.crt", "ca.key"), self_signed("one"), strict=True):
        (folder / file).write_bytes(content)
    trust = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    trust.load_cert_chain(folder / "ca.crt", folder / "ca.key")
    with ThreadingHTTPServer(("127.0.0.1", 0), Handler) as made:
        made.socket = trust.wrap_socket(made.socket, server_side=True)
        threading.Thread(target=made.serve_forever, daemon=True).start()
        try:
            cluster = {
                "server": f"https://127.0.0.1:{made.server_port}",
                "certificate-authority": "ca.crt",
            }
            kubeconfig(folder / "config", "work", cluster=cluster)
            yield "work"
        finally:
            made.shutdown()


def test_a_cluster_that_can_be_used_is_met(tmp_path: Path) -> None:
    policies = {**POLICIES, "namespaced": False, "verbs": ["list"]}
    with api_server(tmp_path, "v1.30.0", policies) as name:
        assert meet(chosen(name, tmp_path / "config"), tmp_path).uid == "one"


def test_a_cluster_without_the_admission_that_is_brought_is_refused(tmp_path: Path) -> None:
    with (
        api_server(tmp_path, "v1.29.4") as name,
        pytest.raises(InputError, match=r"expected Kubernetes 1\.30 or newer.*found v1\.29\.4"),
    ):
        meet(chosen(name, tmp_path / "config"), tmp_path)


def test_a_user_who_may_only_look_is_refused(tmp_path: Path) -> None:
    with (
        api_server(tmp_path, "v1.30.0", may=False) as name,
        pytest.raises(InputError, match="expected a user with the rights of a cluster-admin"),
    ):
        meet(chosen(name, tmp_path / "config"), tmp_path)


def test_somebody_else_at_its_address_is_unavailable(tmp_path: Path) -> None:
    with api_server(tmp_path, "v1.30.0") as name:
        url = chosen(name, tmp_path / "config").server
        assert "CERTIFICATE_VERIFY_FAILED" in refusal(tmp_path, url).message
