"""Several jobs at once, on as many threads, all of them stopped by one Ctrl-C."""

from __future__ import annotations

from collections.abc import Sequence
from concurrent.futures import FIRST_EXCEPTION, ThreadPoolExecutor, wait

from turnpike.sandbox.interface import Job, Outcome, Sandbox, Stop


def run_side_by_side(sandbox: Sandbox, jobs: Sequence[Job], workers: int = 2) -> tuple[Outcome, ...]:
    """Return the outcomes in the order of the jobs; the first failure or Ctrl-C stops the rest."""
    stop = Stop()
    with ThreadPoolExecutor(max_workers=workers) as pool:
        futures = [pool.submit(sandbox.run, job, stop) for job in jobs]
        try:
            wait(futures, return_when=FIRST_EXCEPTION)
        finally:
            stop.set()
        return tuple(future.result() for future in futures)
