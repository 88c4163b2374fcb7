"""One Kubernetes cluster on loopback: etcd, API server, controllers, scheduler, and kwok's node.

The API server makes its own certificate; the kubeconfig trusts exactly that one. kwok plays the
node's kubelet: pods of any image become Ready without anything being pulled.
"""

from __future__ import annotations

import secrets
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from turnpike.free_ports import LOOPBACK, free_ports
from turnpike.loopback.addresses import answers
from turnpike.loopback.processes import Processes

_SERVICE_NETWORK = "10.96.0.0/16"
_ISSUER = "https://kubernetes.default.svc"

KWOK_NODE: Mapping[str, object] = {
    "apiVersion": "v1",
    "kind": "Node",
    "metadata": {
        "name": "kwok-0",
        "labels": {"type": "kwok", "kubernetes.io/hostname": "kwok-0"},
    },
    "status": {
        side: {"cpu": "64", "memory": "256Gi", "pods": "500", "nvidia.com/gpu": "8"}
        for side in ("allocatable", "capacity")
    },
}


@dataclass(frozen=True, slots=True)
class ControlPlane:
    """A running cluster: its address, an administrator's token, and the certificate to trust."""

    name: str
    folder: Path
    server: str
    token: str

    @property
    def certificate(self) -> Path:
        """Return the certificate that the API server made for itself."""
        return self.folder / "certs" / "apiserver.crt"

    @property
    def kubeconfig(self) -> Path:
        """Return the administrator's kubeconfig."""
        return self.folder / "admin.kubeconfig"

    def kubeconfig_of(self, account: str, token: str) -> Path:
        """Write the kubeconfig of another account, and return it."""
        file = self.folder / f"{account}.kubeconfig"
        _write_private(file, _kubeconfig(self.server, self.certificate, token))
        return file


def start_control_plane(
    name: str, programs: Path, folder: Path, processes: Processes
) -> ControlPlane:
    """Start a cluster's processes and return once its API server is ready.

    ``programs`` is the folder that the set-up built. Raises Unavailable where one does not start.
    """
    plane = start_api_server(name, programs, folder, processes)
    for part, command in _controllers(programs, plane).items():
        processes.start(f"{name}-{part}", command)
    return plane


def start_api_server(
    name: str,
    programs: Path,
    folder: Path,
    processes: Processes,
    *,
    options: Sequence[str | Path] = (),
    environ: Mapping[str, str] | None = None,
) -> ControlPlane:
    """Start etcd and the API server alone, which keep objects and carry nothing out.

    ``options`` and ``environ`` are the API server's further ones. Raises Unavailable where one of
    the two does not start.
    """
    etcd, peer, api = free_ports(3)
    folder.mkdir(parents=True, exist_ok=True)
    plane = ControlPlane(name, folder, f"https://{LOOPBACK}:{api}", secrets.token_hex(16))
    _write_private(folder / "tokens.csv", f"{plane.token},admin,admin,system:masters\n")
    _write_private(folder / "sa.key", _private_key())
    _write_private(plane.kubeconfig, _kubeconfig(plane.server, plane.certificate, plane.token))
    processes.start(f"{name}-etcd", _etcd(programs, folder, etcd, peer))
    command = [*_api_server(programs, folder, etcd, api), *options]
    processes.start(f"{name}-kube-apiserver", command, environ)
    processes.wait_until(f"{name}-kube-apiserver", lambda: is_ready(plane))
    return plane


def is_ready(plane: ControlPlane) -> bool:
    """Tell whether a cluster's API server answers that it is ready."""
    url = f"{plane.server}/readyz"
    return plane.certificate.exists() and answers(
        url, token=plane.token, certificate=plane.certificate
    )


def _etcd(programs: Path, folder: Path, client: int, peer: int) -> list[str | Path]:
    serve, listen = f"http://{LOOPBACK}:{client}", f"http://{LOOPBACK}:{peer}"
    return [
        programs / "etcd", "--data-dir", folder / "etcd", "--log-level", "warn",
        "--unsafe-no-fsync=true",  # a demonstration's data may be lost with the machine
        "--listen-client-urls", serve, "--advertise-client-urls", serve,
        "--listen-peer-urls", listen, "--initial-advertise-peer-urls", listen,
        "--initial-cluster", f"default={listen}",
    ]  # fmt: skip


def _api_server(programs: Path, folder: Path, etcd: int, port: int) -> list[str | Path]:
    return [
        programs / "kube-apiserver", "--etcd-servers", f"http://{LOOPBACK}:{etcd}",
        "--bind-address", LOOPBACK, "--advertise-address", LOOPBACK, "--secure-port", str(port),
        "--cert-dir", folder / "certs", "--token-auth-file", folder / "tokens.csv",
        "--authorization-mode", "RBAC",
        "--service-account-key-file", folder / "sa.key",
        "--service-account-signing-key-file", folder / "sa.key",
        "--service-account-issuer", _ISSUER, "--service-cluster-ip-range", _SERVICE_NETWORK,
        "--endpoint-reconciler-type", "none",
    ]  # fmt: skip


def _controllers(programs: Path, plane: ControlPlane) -> dict[str, list[str | Path]]:
    common: list[str | Path] = ["--kubeconfig", plane.kubeconfig]
    alone = ["--leader-elect=false", "--secure-port", "0"]
    return {
        "kube-controller-manager": [
            programs / "kube-controller-manager", *common, *alone,
            "--use-service-account-credentials",
            "--service-account-private-key-file", plane.folder / "sa.key",
            "--root-ca-file", plane.certificate,
        ],
        "kube-scheduler": [programs / "kube-scheduler", *common, *alone],
        "kwok": [
            programs / "kwok", *common, "--config", programs / "stages.yaml",
            "--manage-all-nodes", "--node-lease-duration-seconds", "40",
        ],
    }  # fmt: skip


def _kubeconfig(server: str, certificate: Path, token: str) -> str:
    return f"""\
apiVersion: v1
kind: Config
current-context: loopback
clusters:
- name: loopback
  cluster: {{server: "{server}", certificate-authority: "{certificate}"}}
users:
- name: account
  user: {{token: "{token}"}}
contexts:
- name: loopback
  context: {{cluster: loopback, user: account, namespace: default}}
"""


def _private_key() -> str:
    from cryptography.hazmat.primitives import serialization
    from cryptography.hazmat.primitives.asymmetric import rsa

    return (
        rsa.generate_private_key(public_exponent=65537, key_size=2048)
        .private_bytes(
            serialization.Encoding.PEM,
            serialization.PrivateFormat.TraditionalOpenSSL,
            serialization.NoEncryption(),
        )
        .decode("ascii")
    )


def _write_private(file: Path, text: str) -> None:
    file.touch(mode=0o600)
    file.write_text(text, "utf-8")
