"""Tries to get out: each attempt must fail, or the container is not the one that was designed.

The platform plants what a leak would find: listeners on its own machine, and a key file.
"""

from __future__ import annotations

import os
import socket
from collections.abc import Callable, Iterator
from functools import partial
from pathlib import Path
from typing import NotRequired, TypedDict

TIMEOUT_SECONDS = 1.0
UNPRIVILEGED_ID = 65534
METADATA = ("169.254.169.254", 80)
OUTSIDE = ("1.1.1.1", 53)
OUTSIDE_6 = ("2606:4700:4700::1111", 53)
HYPERVISOR = (2, 1)  # the context id of the host, any port
ENGINE_SOCKETS = (
    "/var/run/docker.sock", "/run/podman/podman.sock", "/run/containerd/containerd.sock",
    "/run/crio/crio.sock",
)  # fmt: skip
ROOTS_HOME = "/root"  # Filesystem Hierarchy Standard 3.0, section 3.14
CREDENTIALS = (*(f"{ROOTS_HOME}/{name}" for name in (".ssh", ".docker", ".kube")), "/home")

Address = tuple[str, int] | tuple[int, int] | str


class Bait(TypedDict):
    """What a leak would find: listeners' addresses, the path of a key, and sockets' paths."""

    listeners: NotRequired[list[tuple[str, int]]]
    key: str
    sockets: NotRequired[list[str]]


class Probe(TypedDict):
    """One attempt; ``refused`` is true when it failed, as it must."""

    name: str
    refused: bool
    detail: str


def probe(bait: Bait) -> list[Probe]:
    """Return one entry for each attempt."""
    return [*_network(bait), *_files(bait), *_privileges()]


def _network(bait: Bait) -> Iterator[Probe]:
    yield _attempt("name resolution", partial(socket.getaddrinfo, "example.com", 443))
    yield _attempt("TCP over IPv4", partial(_connect, socket.AF_INET, OUTSIDE))
    yield _attempt("TCP over IPv6", partial(_connect, socket.AF_INET6, OUTSIDE_6))
    yield _attempt("metadata address", partial(_connect, socket.AF_INET, METADATA))
    yield _attempt("hypervisor socket", partial(_connect, socket.AF_VSOCK, HYPERVISOR))
    for host, port in bait.get("listeners", []):
        family = socket.AF_INET6 if ":" in host else socket.AF_INET
        yield _attempt("platform listener", partial(_connect, family, (host, port)))
    for path in (*ENGINE_SOCKETS, *bait.get("sockets", [])):
        yield _attempt(f"socket {path}", partial(_connect, socket.AF_UNIX, path))
    yield _found("network interfaces", _interfaces(), ["lo"])


def _files(bait: Bait) -> Iterator[Probe]:
    yield _attempt("planted key", Path(bait["key"]).read_bytes)
    for path in CREDENTIALS:
        yield _attempt(f"listing {path}", partial(_list_something, path))
    for folder in ("/", "/usr", "/etc", "/inputs", "/program", "/libraries"):
        yield _attempt(f"writing to {folder}", partial(_write, folder))


def _privileges() -> Iterator[Probe]:
    status = dict(line.split(":", 1) for line in Path("/proc/self/status").read_text().splitlines())
    yield _found("user", [os.getuid(), os.geteuid()], [UNPRIVILEGED_ID, UNPRIVILEGED_ID])
    for name in ("CapPrm", "CapEff", "CapBnd", "CapAmb"):
        yield _found(f"capabilities {name}", int(status[name], 16), 0)
    yield _found("no new privileges", status["NoNewPrivs"].strip(), "1")
    yield _found("system call filter", status["Seccomp"].strip(), "2")
    suspicious = sorted(name for name in os.environ if _is_secret(name))
    yield _found("secrets in the environment", suspicious, [])


def _attempt(name: str, act: Callable[[], object]) -> Probe:
    try:
        act()
    except OSError as error:
        return {"name": name, "refused": True, "detail": str(error)[:200]}
    return {"name": name, "refused": False, "detail": "it worked"}


def _found(name: str, found: object, wanted: object) -> Probe:
    detail = f"expected {wanted}, found {found}"
    return {"name": name, "refused": found == wanted, "detail": detail[:200]}


def _connect(family: int, address: Address) -> None:
    with socket.socket(family, socket.SOCK_STREAM) as connection:
        connection.settimeout(TIMEOUT_SECONDS)
        connection.connect(address)


def _interfaces() -> list[str]:
    lines = Path("/proc/net/dev").read_text().splitlines()[2:]
    return sorted(line.split(":")[0].strip() for line in lines)


def _list_something(path: str) -> None:
    if not os.listdir(path):  # noqa: PTH208 - the error must be the system's own
        raise FileNotFoundError(f"{path} is empty")


def _write(folder: str) -> None:
    target = Path(folder) / "probe"
    target.write_bytes(b"")
    target.unlink()


def _is_secret(name: str) -> bool:
    words = ("TOKEN", "SECRET", "PASSWORD", "KEY", "CREDENTIAL", "DOCKER_HOST", "PROXY")
    return any(word in name.upper() for word in words)
