"""Serving ends when it is told to, at every moment, and leaves no server behind."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

import turnpike
from unit.cli.calling import refused
from unit.cluster import small_server
from unit.instance.aurora import Aurora

SERVING = """\
import sys
from pathlib import Path
from turnpike.cli.main import main

python = Path(sys.argv.pop())
environment = type(sys)("turnpike.cli.serving_environment")
environment.serving_python = lambda: python
sys.modules["turnpike.cli.serving_environment"] = environment
main()
"""
# A model server that never answers: it says that it runs once it was asked, so that whoever started
# it has its process at hand by then.
SLOW = """\
#!{python}
import json, os, socket, sys, time
with open(os.path.join(sys.argv[-1], "settings.json"), encoding="utf-8") as file:
    settings = json.load(file)
with socket.create_server((settings["host"], settings["http_port"])) as server:
    line, _ = server.accept()
    with open({started!r}, "w", encoding="utf-8") as file:
        file.write(str(os.getpid()))
    time.sleep(600)
"""
PATIENCE = 300.0


@contextmanager
def serving(aurora: Aurora, python: Path) -> Iterator[subprocess.Popen[str]]:
    """Run the verb with the interpreter of a model server, as the foreground of a terminal."""
    child = subprocess.Popen(
        [sys.executable, "-c", SERVING, "serve", "--environment", "dev", str(python)],
        cwd=aurora.instance.monorepo,
        env={"PATH": os.environ["PATH"], "PYTHONPATH": str(Path(turnpike.__file__).parents[1])},
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        start_new_session=True,
    )
    try:
        yield child
    finally:
        child.kill()
        child.communicate()


def until(file: Path) -> str:
    """Wait for a file with content, and return that."""
    ends = time.monotonic() + PATIENCE
    while time.monotonic() < ends:
        if file.is_file() and (text := file.read_text(encoding="utf-8").strip()):
            return text
        time.sleep(0.05)
    pytest.fail(f"expected {file} within {PATIENCE:g} s, found none")


def is_gone(process: int) -> bool:
    """Tell whether a process ends soon."""
    ends = time.monotonic() + PATIENCE
    while time.monotonic() < ends:
        try:
            os.kill(process, 0)
        except ProcessLookupError:
            return True
        time.sleep(0.05)
    return False


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_who_stops_a_server_that_serves_ends_well(
    number: signal.Signals, aurora: Aurora, tmp_path: Path
) -> None:
    endpoint = aurora.instance.folder / "serving" / "dev-local" / "endpoint"
    with serving(aurora, small_server.install(tmp_path)) as child:
        assert child.stdout is not None
        told, more = child.stdout.readline(), child.stdout.readline()
        assert endpoint.exists()
        os.killpg(child.pid, number)
        _, errors = child.communicate(timeout=PATIENCE)
    assert (child.returncode, errors.count("turnpike:")) == (0, 0), errors
    assert told.startswith("Serving dev/local at http://127.0.0.1:")
    assert more.startswith("  nothing is released here")
    assert not endpoint.exists()


def test_an_interrupt_while_the_server_starts_ends_both(aurora: Aurora, tmp_path: Path) -> None:
    started = tmp_path / "started"
    slow = tmp_path / "python"
    slow.write_text(SLOW.format(python=sys.executable, started=str(started)), "utf-8")
    slow.chmod(0o755)
    with serving(aurora, slow) as child:
        server = int(until(started))
        os.killpg(child.pid, signal.SIGINT)
        _, errors = child.communicate(timeout=PATIENCE)
    assert child.returncode == 3
    assert "turnpike: interrupted" in errors
    assert is_gone(server)


def test_a_place_that_main_does_not_declare_is_not_served(aurora: Aurora) -> None:
    for words in (("--environment", "dve"), ("--environment", "dev", "--target", "locla")):
        error = refused(aurora.instance.monorepo, "serve", *words)
        assert (error.code, error.exit_code) == ("target.unknown", 2)
        assert words[-1] in error.message
