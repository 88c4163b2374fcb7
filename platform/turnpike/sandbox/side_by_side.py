"""Several runs at once, on as many threads, all of them stopped by one Ctrl-C."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from concurrent.futures import FIRST_EXCEPTION, Future, ThreadPoolExecutor, wait
from functools import partial
from typing import TypeVar

from turnpike.errors import Interrupted
from turnpike.sandbox.interface import Job, Outcome, Sandbox, Stop

T = TypeVar("T")


def run_side_by_side(
    sandbox: Sandbox, jobs: Sequence[Job], workers: int = 2
) -> tuple[Outcome, ...]:
    """Return the outcomes in the order of the jobs; the first failure or Ctrl-C stops the rest."""
    stop = Stop()
    return side_by_side([partial(sandbox.run, job, stop) for job in jobs], stop, workers)


def side_by_side(tasks: Sequence[Callable[[], T]], stop: Stop, workers: int = 2) -> tuple[T, ...]:
    """Return what the tasks return, in their order; ``stop``, which they heed, is set at the end.

    Raises what went wrong first; it stops the rest, as Ctrl-C does.
    """
    with ThreadPoolExecutor(max_workers=workers) as pool:
        futures = [pool.submit(task) for task in tasks]
        try:
            wait(futures, return_when=FIRST_EXCEPTION)
        finally:
            stop.set()
    _raise_the_cause(futures)
    return tuple(future.result() for future in futures)


def _raise_the_cause(futures: Sequence[Future[T]]) -> None:
    """Raise what went wrong first; the interruptions are only what followed from it."""
    failures = [error for future in futures if (error := future.exception()) is not None]
    failures.sort(key=lambda error: isinstance(error, Interrupted))
    if failures:
        raise failures[0]
