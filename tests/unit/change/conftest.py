"""One instance for the tests that merge; each opens pull requests of its own."""

from __future__ import annotations

import pytest

from unit.instance.aurora import Aurora, new_product


@pytest.fixture(scope="session")
def aurora(tmp_path_factory: pytest.TempPathFactory) -> Aurora:
    product = new_product(tmp_path_factory.mktemp("product"))
    return Aurora.made(tmp_path_factory.mktemp("aurora") / "instance", product)
