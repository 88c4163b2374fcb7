"""What the real observer saw of a real server: the only observations that these tests know.

A soak of minutes would take minutes, so that what a test waits for is a soak of seconds.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta

from end_to_end.daemons import Daemon, running
from end_to_end.world import Draft, World
from turnpike.documents.identifiers import Digest
from turnpike.evidence.envelope import Envelope
from turnpike.evidence.observed import observed_in
from turnpike.evidence.predicates import Observation
from turnpike.schedule.soak import Sighting, healthy_time

HERE = ("--environment", "dev", "--target", "local")
SHORT = timedelta(seconds=2)
"""A soak that is over while a test waits."""
_TRIES = 40  # a busy machine breaks the promise of 300 ms now and then


@contextmanager
def served(world: World, artifact: Digest) -> Iterator[Daemon]:
    """Serve what dev releases on this machine until the block ends; it has the artifact by then."""
    with running(world.monorepo, "serve", *HERE) as server:
        server.until(artifact)
        yield server


def observing(world: World, *words: str) -> Daemon:
    """Run the observer of dev until it ends by itself; return what it said."""
    with running(world.monorepo, "observe", *HERE, "--json", *words) as observer:
        observer.ended()
    return observer


def watched(world: World, draft: Draft, at_least: timedelta = SHORT) -> timedelta:
    """Serve and watch a model until it was seen healthy for a while; return for how long it was."""
    artifact, so_far = artifact_of(draft), timedelta()
    with served(world, artifact):
        for _ in range(_TRIES):
            observing(world, "--interval", "1s", "--for", "5s")
            if (so_far := healthy(world, artifact)) >= at_least:
                return so_far
    raise AssertionError(f"seen healthy for {so_far}, never for {at_least}")


def artifact_of(draft: Draft) -> Digest:
    """Return the digest of a registered model's bytes."""
    made = draft.model.artifact
    assert made is not None
    return made.digest


def envelopes(world: World, artifact: Digest) -> tuple[Envelope, ...]:
    """Return what observers published about an artifact."""
    return world.house.forge().observations([artifact])


def seen(world: World, artifact: Digest) -> list[Observation]:
    """Return what observers said of an artifact, oldest first."""
    found = map(observed_in, envelopes(world, artifact))
    return sorted((one.observation for one in found if one), key=lambda one: one.started_at)


def healthy(world: World, artifact: Digest) -> timedelta:
    """Return for how long an artifact was seen healthy."""
    said = seen(world, artifact)
    found = (Sighting(one.started_at, one.finished_at, one.healthy) for one in said)
    return healthy_time(found, datetime.now(UTC))
