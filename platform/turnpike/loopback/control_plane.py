"""One Kubernetes cluster on loopback: etcd, API server, controllers and scheduler; no node.

The API server makes its own certificate; the kubeconfig trusts exactly that one.
"""

from __future__ import annotations

import secrets
from collections.abc import Mapping, Sequence
from pathlib import Path

from turnpike.free_ports import LOOPBACK, free_ports
from turnpike.loopback.addresses import answers
from turnpike.loopback.cluster import Cluster, write_private
from turnpike.loopback.processes import Processes

_SERVICE_NETWORK = "10.96.0.0/16"
_ISSUER = "https://kubernetes.default.svc"


def start_control_plane(name: str, programs: Path, folder: Path, processes: Processes) -> Cluster:
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
) -> Cluster:
    """Start etcd and the API server alone, which keep objects and carry nothing out.

    ``options`` and ``environ`` are the API server's further ones. Raises Unavailable where one of
    the two does not start.
    """
    etcd, peer, api = free_ports(3)
    folder.mkdir(parents=True, exist_ok=True)
    server, token = f"https://{LOOPBACK}:{api}", secrets.token_hex(16)
    plane = Cluster(name, folder, server, token, folder / "certs" / "apiserver.crt")
    write_private(folder / "tokens.csv", f"{plane.token},admin,admin,system:masters\n")
    write_private(folder / "sa.key", _private_key())
    plane.keep()
    processes.start(f"{name}-etcd", _etcd(programs, folder, etcd, peer))
    command = [*_api_server(programs, folder, etcd, api), *options]
    processes.start(f"{name}-kube-apiserver", command, environ)
    processes.wait_until(f"{name}-kube-apiserver", lambda: is_ready(plane))
    return plane


def is_ready(plane: Cluster) -> bool:
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


def _controllers(programs: Path, plane: Cluster) -> dict[str, list[str | Path]]:
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
    }  # fmt: skip


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
