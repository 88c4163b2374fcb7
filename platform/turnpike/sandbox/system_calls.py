"""A filter of system calls for bubblewrap: what a container engine's default profile denies.

Denied with EPERM: memory that belongs to no process (it would escape the count of the tree),
sockets of families that a network namespace does not confine (vsock reaches the hypervisor), and
the doors to the kernel that no model needs. Source: seccomp(2), linux/filter.h, linux/audit.h.
"""

from __future__ import annotations

import platform
import struct
from dataclasses import dataclass

from turnpike.errors import Unavailable

_LOAD, _EQUAL, _AT_LEAST, _RETURN = 0x20, 0x15, 0x35, 0x06
_ALLOW, _KILL, _DENY = 0x7FFF0000, 0x80000000, 0x00050001
_NUMBER, _ARCHITECTURE, _FIRST_ARGUMENT = 0, 4, 16
_SOCKET_FAMILIES = (1, 2, 10)  # AF_UNIX, AF_INET, AF_INET6
_X32_BIT = 0x40000000


@dataclass(frozen=True, slots=True)
class _Machine:
    """Numbers of one architecture; ``denied`` keeps the names beside them."""

    audit: int
    socket: int
    denied: dict[str, int]


_INTEL = _Machine(0xC000003E, 41, {
    "shmget": 29, "msgget": 68, "ptrace": 101, "mount": 165, "unshare": 272, "setns": 308,
    "add_key": 248, "request_key": 249, "keyctl": 250, "perf_event_open": 298,
    "process_vm_readv": 310, "process_vm_writev": 311, "memfd_create": 319, "bpf": 321,
    "userfaultfd": 323, "io_uring_setup": 425, "open_tree": 428, "move_mount": 429,
    "fsopen": 430, "mount_setattr": 442, "memfd_secret": 447,
})  # fmt: skip
_ARM = _Machine(0xC00000B7, 198, {
    "shmget": 194, "msgget": 186, "ptrace": 117, "mount": 40, "unshare": 97, "setns": 268,
    "add_key": 217, "request_key": 218, "keyctl": 219, "perf_event_open": 241,
    "process_vm_readv": 270, "process_vm_writev": 271, "memfd_create": 279, "bpf": 280,
    "userfaultfd": 282, "io_uring_setup": 425, "open_tree": 428, "move_mount": 429,
    "fsopen": 430, "mount_setattr": 442, "memfd_secret": 447,
})  # fmt: skip
_MACHINES = {"x86_64": _INTEL, "aarch64": _ARM}


def system_call_filter(architecture: str = "") -> bytes:
    """Return the classic BPF program for ``bwrap --seccomp``; this machine's when not named."""
    name = architecture or platform.machine()
    machine = _MACHINES.get(name)
    if machine is None:
        raise Unavailable(
            f"The bubblewrap sandbox has a system call filter for {', '.join(_MACHINES)} "
            f"and not for {name}.",
            code="sandbox.architecture",
            solution="Run with a container engine: --sandbox container.",
        )
    return b"".join((_guard(machine), _denials(machine), _sockets(machine)))


def _guard(machine: _Machine) -> bytes:
    """Kill whatever speaks another ABI: its numbers mean other calls."""
    return b"".join((
        _step(_LOAD, _ARCHITECTURE), _step(_EQUAL, machine.audit, 1, 0), _step(_RETURN, _KILL),
        _step(_LOAD, _NUMBER), _step(_AT_LEAST, _X32_BIT, 0, 1), _step(_RETURN, _KILL),
    ))  # fmt: skip


def _denials(machine: _Machine) -> bytes:
    return b"".join(
        _step(_EQUAL, number, 0, 1) + _step(_RETURN, _DENY) for number in machine.denied.values()
    )


def _sockets(machine: _Machine) -> bytes:
    families = b"".join(
        _step(_EQUAL, family, 0, 1) + _step(_RETURN, _ALLOW) for family in _SOCKET_FAMILIES
    )
    return b"".join((
        _step(_EQUAL, machine.socket, 1, 0), _step(_RETURN, _ALLOW),
        _step(_LOAD, _FIRST_ARGUMENT), families, _step(_RETURN, _DENY),
    ))  # fmt: skip


def _step(code: int, value: int, if_true: int = 0, if_false: int = 0) -> bytes:
    return struct.pack("=HBBI", code, if_true, if_false, value)
