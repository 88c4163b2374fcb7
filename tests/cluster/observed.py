"""What the real observer saw of the clusters: the only observations that these tests know.

Nodes are kwok's: what pods count, and who asks them, is played (``pods.py``). What becomes of it is
Prometheus', the observer's and the gate's. A soak of minutes would take minutes, so that what a
test waits for is a soak of seconds.
"""

from __future__ import annotations

import json
from datetime import UTC, datetime, timedelta
from typing import Any

from cluster.world import ClusterWorld
from end_to_end.people import BOT
from turnpike.documents.identifiers import Digest
from turnpike.evidence.observed import observed_in
from turnpike.schedule.soak import Sighting, healthy_time

SOAK = timedelta(seconds=4)
_TRIES = 40  # a busy machine may not come to look, or be looked at, in time


def observing(
    world: ClusterWorld, environment: str, *words: str, code: int = 0, seconds: int = 6
) -> list[Any]:
    """Run the observer for a while until it ends with that exit code; return what it told."""
    at = ("--environment", environment, "--target", "local", "--prometheus", world.prometheus)
    asked = ("--interval", "2s", "--for", f"{seconds}s", "--json", *words)
    tries = _TRIES
    while (told := world.verb("observe", *at, *asked)).code != code:
        tries -= 1
        assert tries, str(told)
    return [json.loads(line) for line in told.output.splitlines()]


def soaked(world: ClusterWorld, environment: str) -> timedelta:
    """Let the observer watch an environment until the model was seen healthy for long enough."""
    artifact, so_far = Digest(world.artifact_in(environment)), timedelta()
    for _ in range(_TRIES):
        if (so_far := healthy(world, environment, artifact)) >= SOAK:
            return so_far
        at = ("--environment", environment, "--target", "local", "--prometheus", world.prometheus)
        world.verb("observe", *at, "--interval", "2s", "--for", "6s")
    raise AssertionError(f"{artifact} in {environment}: seen healthy for {so_far}, never {SOAK}")


def healthy(world: ClusterWorld, environment: str, artifact: Digest) -> timedelta:
    """Return for how long observers said that an artifact was healthy in an environment."""
    envelopes = world.host.forge(BOT).observations([artifact])
    said = [one.observation for e in envelopes if (one := observed_in(e))]
    found = (
        Sighting(one.started_at, one.finished_at, one.healthy)
        for one in said
        if (one.environment, one.target) == (environment, "local")
    )
    return healthy_time(found, datetime.now(UTC))
