from __future__ import annotations

from itertools import pairwise
from pathlib import Path

import pytest

from turnpike.webhooks.queue import Job, opened
from turnpike.webhooks.worker import Worker


def test_each_is_looked_at_once_when_something_was_decided(tmp_path: Path) -> None:
    looked: list[int] = []
    codes = {1: 0, 2: 1, 3: 2}
    with opened(tmp_path) as queue:

        def look(number: int) -> int:
            looked.append(number)
            return codes[number]

        worker = Worker(queue, look, lambda: 0.0)
        for number in codes:
            queue.put(number)
        while worker.step():
            pass
        assert queue.waiting() == ()
    assert sorted(looked) == [1, 2, 3]


@pytest.mark.parametrize("code", [3, -9, -15, 130, 137, 127])
def test_what_was_killed_or_never_began_is_tried_again(tmp_path: Path, code: int) -> None:
    with opened(tmp_path) as queue:
        queue.put(7)
        assert Worker(queue, lambda _: code, lambda: 0.0).step() == Job(7)
        assert queue.waiting() == (7,)


def test_what_could_not_be_decided_is_tried_again_with_longer_waits(tmp_path: Path) -> None:
    now = [0.0]
    tried: list[float] = []
    with opened(tmp_path) as queue:

        def look(_: int) -> int:
            tried.append(now[0])
            return 3

        worker = Worker(queue, look, lambda: now[0])
        queue.put(7)
        while now[0] < 3000:
            worker.step()
            now[0] += 1.0
        waits = [later - earlier for earlier, later in pairwise(tried)]
        assert waits[:4] == [5.0, 10.0, 20.0, 40.0]
        assert max(waits) == 600.0
        assert queue.waiting() == (7,)


def test_what_is_not_due_is_left(tmp_path: Path) -> None:
    with opened(tmp_path) as queue:
        queue.put(7)
        job = queue.take(0.0)
        assert job is not None
        queue.again(job, 50.0)
        worker = Worker(queue, lambda _: 0, lambda: 10.0)
        assert worker.step() is None
        assert Worker(queue, lambda _: 0, lambda: 60.0).step() == Job(7, 1, 50.0)
