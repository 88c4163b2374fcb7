"""What becomes of a request that is aimed at another branch, at each host with a stand-in.

Modules that import this define ``world``, whose stand-in can aim a request.
"""

from __future__ import annotations

from typing import Protocol

import pytest

from contracts.fake_worlds import BOT
from contracts.forge_contract import opened
from contracts.forges import World
from turnpike.errors import InputError

__all__ = ["test_what_asks_for_another_branch_is_judged_and_listed_by_nobody"]


class Aiming(Protocol):
    """A stand-in of which somebody chooses another branch to merge into."""

    def aim(self, number: int, branch: str, /) -> None:
        """Let the author of a request choose it."""


class AimingWorld(World, Protocol):
    """A world with such a stand-in."""

    @property
    def fake(self) -> Aiming: ...


def test_what_asks_for_another_branch_is_judged_and_listed_by_nobody(world: AimingWorld) -> None:
    """Its reviewers see the difference from that branch, and main would get all of it."""
    number, commit = opened(world, "elsewhere")
    world.fake.aim(number, "prepared")
    with pytest.raises(InputError, match="expected one into main") as refusal:
        world.forge(BOT).pull_request(number)
    assert refusal.value.code == "forge.other-target"
    with pytest.raises(InputError, match="expected one into main"):
        world.forge("nora-smith").review(number, "approved", commit)
    assert number not in [one.number for one in world.forge(BOT).pull_requests()]
