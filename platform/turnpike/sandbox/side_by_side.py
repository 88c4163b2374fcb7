"""Several jobs at once, on as many threads, all of them stopped by one Ctrl-C."""

from __future__ import annotations

from collections.abc import Sequence
from concurrent.futures import FIRST_EXCEPTION, Future, ThreadPoolExecutor, wait

from turnpike.errors import Interrupted
from turnpike.sandbox.interface import Job, Outcome, Sandbox, Stop


def run_side_by_side(
    sandbox: Sandbox, jobs: Sequence[Job], workers: int = 2
) -> tuple[Outcome, ...]:
    """Return the outcomes in the order of the jobs; the first failure or Ctrl-C stops the rest."""
    stop = Stop()
    with ThreadPoolExecutor(max_workers=workers) as pool:
        futures = [pool.submit(sandbox.run, job, stop) for job in jobs]
        try:
            wait(futures, return_when=FIRST_EXCEPTION)
        finally:
            stop.set()
    _raise_the_cause(futures)
    return tuple(future.result() for future in futures)


def _raise_the_cause(futures: Sequence[Future[Outcome]]) -> None:
    """Raise what went wrong first; the interruptions are only what followed from it."""
    failures = [error for future in futures if (error := future.exception()) is not None]
    failures.sort(key=lambda error: isinstance(error, Interrupted))
    if failures:
        raise failures[0]
