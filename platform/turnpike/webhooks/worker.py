"""Work off the queue, one pull request after the other: main moves by one commit at a time."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from turnpike.webhooks.queue import LONGEST_SECONDS, Job, Queue

_FIRST_SECONDS = 5.0
_FINAL = (0, 1, 2)
"""Exit codes after which there is nothing more to do: allowed, denied, bad input."""


@dataclass(frozen=True, slots=True)
class Worker:
    """``look`` judges a pull request, merges it if it may, and returns the exit code."""

    queue: Queue
    look: Callable[[int], int]
    clock: Callable[[], float]

    def step(self) -> Job | None:
        """Do one piece of work that is due; return it, or None where there was none.

        Where nothing could be decided it is tried again later, with ever longer waits, for as long
        as it takes: a host that is down for a day loses no pull request. Nor does a process that
        was killed, whose exit code is none of Turnpike's.
        """
        job = self.queue.take(self.clock())
        if job is None:
            return None
        if self.look(job.number) in _FINAL:
            self.queue.done(job)
        else:
            wait = min(LONGEST_SECONDS, _FIRST_SECONDS * 2.0 ** min(job.failures, 10))
            self.queue.again(job, self.clock() + wait)
        return job
