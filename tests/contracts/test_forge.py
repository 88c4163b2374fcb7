"""The embedded host keeps the contract of every Git host."""

from __future__ import annotations

import pytest

from contracts.forge_contract import *  # noqa: F403 - the tests themselves
from contracts.forges import EmbeddedWorld, World
from unit.instance.aurora import Aurora, new_product


@pytest.fixture(scope="module")
def world(tmp_path_factory: pytest.TempPathFactory) -> World:
    product = new_product(tmp_path_factory.mktemp("product"))
    return EmbeddedWorld(Aurora.made(tmp_path_factory.mktemp("embedded") / "instance", product))
