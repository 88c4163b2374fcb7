from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from turnpike.errors import CannotDecide
from turnpike.webhooks.queue import LONGEST_SECONDS, Job, opened

_PUTS = """
import sys
from pathlib import Path
from turnpike.webhooks.queue import opened
with opened(Path(sys.argv[1])) as queue:
    for number in range(1, 10_000):
        assert queue.put(number)
        print(number, flush=True)
"""


def test_what_was_put_first_is_taken_first_and_once(tmp_path: Path) -> None:
    with opened(tmp_path) as queue:
        for number in (3, 1, 2, 3):
            assert queue.put(number)
            time.sleep(0.002)
        taken = [job.number for _ in range(4) if (job := queue.take(0.0))]
    assert sorted(taken) == [1, 2, 3]


def test_a_full_queue_takes_no_more_but_knows_what_it_has(tmp_path: Path) -> None:
    with opened(tmp_path, most=2) as queue:
        assert [queue.put(number) for number in (1, 2, 3, 1)] == [True, True, False, True]


def test_what_arrives_while_it_is_looked_at_is_looked_at_again(tmp_path: Path) -> None:
    with opened(tmp_path) as queue:
        queue.put(7)
        job = queue.take(0.0)
        assert job == Job(7)
        queue.put(7)
        queue.done(job)
        assert queue.take(0.0) == Job(7)


def test_what_failed_waits_and_counts(tmp_path: Path) -> None:
    with opened(tmp_path) as queue:
        queue.put(7)
        job = queue.take(0.0)
        assert job is not None
        queue.again(job, 100.0)
        assert queue.take(99.0) is None
        assert queue.take(100.0) == Job(7, 1, 100.0)


def test_what_waits_keeps_its_place_however_often_it_is_put(tmp_path: Path) -> None:
    with opened(tmp_path) as queue:
        for number in (1, 2, 1):
            assert queue.put(number)
            time.sleep(0.002)
        assert queue.take(0.0) == Job(1)


def test_news_of_what_waits_out_a_failure_are_looked_at_now(tmp_path: Path) -> None:
    with opened(tmp_path) as queue:
        queue.put(7)
        job = queue.take(0.0)
        assert job is not None
        queue.again(job, 100.0)
        queue.put(7)
        assert queue.take(0.0) == Job(7)


@pytest.mark.parametrize("content", [
    b"", b"{", b"[]", b"7", b"\xff", b'{"failures": "x", "notBefore": 0}', b'{"failures": 1}',
    b'{"failures": 1e999, "notBefore": 0}', b'{"failures": 0, "notBefore": NaN}',
])  # fmt: skip
def test_what_can_not_be_read_is_looked_at_all_the_same(tmp_path: Path, content: bytes) -> None:
    with opened(tmp_path) as queue:
        (tmp_path / "waiting" / "7").write_bytes(content)
        job = queue.take(0.0)
        assert job is not None
        assert job.number == 7


def test_a_clock_that_was_put_back_holds_nothing_up(tmp_path: Path) -> None:
    with opened(tmp_path) as queue:
        queue.put(7)
        job = queue.take(0.0)
        assert job is not None
        queue.again(job, 1_000_000.0)
        assert queue.take(1_000_000.0 - LONGEST_SECONDS) is None
        assert queue.take(1000.0) is not None


def test_what_failed_goes_back_also_where_nothing_can_be_written(tmp_path: Path) -> None:
    with opened(tmp_path) as queue:
        queue.put(7)
        job = queue.take(0.0)
        assert job is not None
        in_the_way = tmp_path / "waiting" / "7.partial"
        in_the_way.mkdir()
        with pytest.raises(OSError, match="directory"):
            queue.again(job, 5.0)
        in_the_way.rmdir()
        assert queue.take(0.0) == Job(7)


def test_work_that_was_begun_is_taken_up_at_the_next_start(tmp_path: Path) -> None:
    with opened(tmp_path) as queue:
        queue.put(7)
        queue.put(8)
        assert queue.take(0.0) is not None
    with opened(tmp_path) as queue:
        assert sorted(queue.waiting()) == [7, 8]


def test_a_delivery_is_seen_once(tmp_path: Path) -> None:
    with opened(tmp_path) as queue:
        assert queue.is_new("f" * 64)
        queue.saw("f" * 64)
    with opened(tmp_path) as queue:
        assert not queue.is_new("f" * 64)


def test_two_do_not_work_off_one_queue(tmp_path: Path) -> None:
    with opened(tmp_path), pytest.raises(CannotDecide, match="another process"), opened(tmp_path):
        pass


def test_whatever_was_put_survives_a_kill(tmp_path: Path) -> None:
    platform = Path(__file__).resolve().parents[3] / "platform"
    environ = {**os.environ, "PYTHONPATH": str(platform)}
    child = subprocess.Popen(
        [sys.executable, "-P", "-c", _PUTS, str(tmp_path)],
        stdout=subprocess.PIPE, text=True, env=environ,
    )  # fmt: skip
    assert child.stdout is not None
    with child.stdout as said:
        first = [int(said.readline()) for _ in range(20)]
        child.send_signal(signal.SIGKILL)
        told = first + [int(line) for line in said if line.endswith("\n")]
    child.wait()
    with opened(tmp_path) as queue:
        found = set(queue.waiting())
    assert found >= set(told)
    assert found <= {*told, max(told) + 1}
