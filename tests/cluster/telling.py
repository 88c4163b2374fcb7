"""What was measured in a world of clusters, told at the end of pytest's report."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from cluster.world import ClusterWorld

TOLD = pytest.StashKey[list[str]]()


@contextmanager
def told_of(world: ClusterWorld, config: pytest.Config) -> Iterator[None]:
    """Keep what was measured in a world by the end of the block."""
    told = config.stash.setdefault(TOLD, [])
    try:
        yield
    finally:
        told.extend(world.measured)
