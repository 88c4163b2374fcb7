"""Watching a process without any confinement: reading, limits, the end."""

import subprocess
import sys
import threading

import pytest

from turnpike.errors import Interrupted
from turnpike.sandbox.interface import Limits, Outcome, Stop
from turnpike.sandbox.tree import kill_tree, usage_of
from turnpike.sandbox.watch import Watch


def _watched(code: str, limits: Limits, stop: Stop | None = None) -> Outcome:
    process = subprocess.Popen(
        [sys.executable, "-I", "-c", code], stdout=subprocess.PIPE, stderr=subprocess.PIPE
    )
    watch = Watch(process, limits, lambda: usage_of(process.pid), lambda: kill_tree(process.pid))
    return watch.to_the_end(stop)


def test_output_and_exit_code_of_a_program_that_ends_by_itself_are_complete() -> None:
    outcome = _watched("import sys; print('x' * 300_000); sys.exit(4)", Limits())
    assert (outcome.exit_code, outcome.stopped) == (4, "")
    assert outcome.output == b"x" * 300_000 + b"\n"


def test_the_log_is_cut_and_its_control_characters_are_escaped() -> None:
    outcome = _watched(r"import sys; sys.stderr.write('\x1b[31m' + 'e' * 200_000)", Limits())
    assert outcome.log.startswith(r"\x1b[31m")
    assert len(outcome.log) < 70_000


def test_output_beyond_the_limit_ends_the_run_and_is_cut() -> None:
    outcome = _watched("while True: print('x' * 1000)", Limits(output_bytes=5000))
    assert outcome.stopped == "output"
    assert len(outcome.output) == 5000


def test_a_program_that_closes_its_output_and_hangs_is_still_stopped() -> None:
    code = "import os, time; os.close(1); os.close(2); time.sleep(60)"
    assert _watched(code, Limits(seconds=0.5)).stopped == "time"


def test_a_stop_from_another_thread_ends_the_run_as_interrupted() -> None:
    stop = Stop()
    threading.Timer(0.3, stop.set).start()
    with pytest.raises(Interrupted) as caught:
        _watched("import time; time.sleep(60)", Limits(), stop)
    assert caught.value.code == "sandbox.interrupted"
