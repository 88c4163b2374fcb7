from __future__ import annotations

import socket

import pytest

from turnpike.free_ports import LOOPBACK, free_ports


def test_ports_differ_and_can_be_bound() -> None:
    found = free_ports(20)
    assert len(set(found)) == 20
    for port in found:
        with socket.socket() as server:
            server.bind((LOOPBACK, port))


def test_a_port_that_somebody_has_is_not_given() -> None:
    taken, free = free_ports(2)
    with socket.socket() as other:
        other.bind((LOOPBACK, taken))
        assert free_ports(1, (taken, free)) == (free,)


def test_where_too_few_are_free_it_says_so() -> None:
    (taken,) = free_ports(1)
    with socket.socket() as other:
        other.bind((LOOPBACK, taken))
        with pytest.raises(OSError, match="found none"):
            free_ports(1, (taken,))
