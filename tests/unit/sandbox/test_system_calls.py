"""The filter of system calls, run through a small interpreter of classic BPF."""

import struct

import pytest

from turnpike.errors import Unavailable
from turnpike.sandbox.system_calls import system_call_filter

ALLOW, DENY, KILL = 0x7FFF0000, 0x00050001, 0x80000000
INTEL, ARM, FOREIGN = 0xC000003E, 0xC00000B7, 0x40000003


def _answer(architecture: str, audit: int, number: int, argument: int = 0) -> int:
    program = list(struct.iter_unpack("=HBBI", system_call_filter(architecture)))
    data = {0: number, 4: audit, 16: argument}
    held, position = 0, 0
    while True:
        code, if_true, if_false, value = program[position]
        position += 1
        if code == 0x06:
            return int(value)
        if code == 0x20:
            held = data[value]
            continue
        holds = held == value if code == 0x15 else held >= value
        position += if_true if holds else if_false


@pytest.mark.parametrize("number", [0, 1, 9, 56, 231], ids=str)
def test_ordinary_calls_pass(number: int) -> None:
    assert _answer("x86_64", INTEL, number) == ALLOW


@pytest.mark.parametrize(
    ("architecture", "audit", "number"),
    [("x86_64", INTEL, 319), ("x86_64", INTEL, 29), ("x86_64", INTEL, 321), ("aarch64", ARM, 279)],
)
def test_memory_of_nobody_and_doors_to_the_kernel_are_denied(
    architecture: str, audit: int, number: int
) -> None:
    assert _answer(architecture, audit, number) == DENY


@pytest.mark.parametrize(("family", "expected"), [(1, ALLOW), (2, ALLOW), (10, ALLOW), (40, DENY)])
def test_only_socket_families_that_a_namespace_confines_pass(family: int, expected: int) -> None:
    assert _answer("x86_64", INTEL, 41, family) == expected


def test_another_abi_is_killed() -> None:
    assert _answer("x86_64", FOREIGN, 1) == KILL
    assert _answer("x86_64", INTEL, 0x40000001) == KILL


def test_an_unknown_architecture_is_refused_by_name() -> None:
    with pytest.raises(Unavailable, match="riscv64"):
        system_call_filter("riscv64")
