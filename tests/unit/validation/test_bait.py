"""What is planted for a leak to find."""

import socket
from pathlib import Path

from turnpike.validation.bait import planted


def test_a_listener_that_was_reached_says_so_whatever_the_probe_reports() -> None:
    with planted() as bait:
        assert not bait.was_reached()
        host, port = bait.bait.listeners[0]
        socket.create_connection((host, port), timeout=5).close()
        assert bait.was_reached()


def test_the_planted_key_is_really_there_during_the_run_and_only_then() -> None:
    with planted(("/run/engine.sock",)) as bait:
        key = Path(bait.bait.key)
        assert len(key.read_text()) == 64
        assert bait.bait.sockets == ("/run/engine.sock",)
    assert not key.exists()
