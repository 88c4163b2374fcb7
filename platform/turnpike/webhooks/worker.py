"""Work off the queue, one pull request after the other: main moves by one commit at a time."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from turnpike.webhooks.queue import Job, Queue

_FIRST_SECONDS = 5.0
_LONGEST_SECONDS = 600.0
_UNDECIDED = 3


@dataclass(frozen=True, slots=True)
class Worker:
    """``look`` judges a pull request, merges it if it may, and returns the exit code."""

    queue: Queue
    look: Callable[[int], int]
    clock: Callable[[], float]

    def step(self) -> Job | None:
        """Do one piece of work that is due; return it, or None where there was none.

        Where nothing could be decided it is tried again later, with ever longer waits, for as long
        as it takes: a host that is down for a day loses no pull request.
        """
        job = self.queue.take(self.clock())
        if job is None:
            return None
        if self.look(job.number) == _UNDECIDED:
            wait = min(_LONGEST_SECONDS, _FIRST_SECONDS * 2.0 ** min(job.failures, 10))
            self.queue.again(job, self.clock() + wait)
        else:
            self.queue.done(job)
        return job
