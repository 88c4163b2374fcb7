"""The product and one instance of it; what changes an instance for good makes its own."""

from __future__ import annotations

from pathlib import Path

import pytest

from unit.instance.aurora import Aurora, new_product


@pytest.fixture(scope="session")
def product(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return new_product(tmp_path_factory.mktemp("product"))


@pytest.fixture(scope="session")
def aurora(tmp_path_factory: pytest.TempPathFactory, product: Path) -> Aurora:
    return Aurora.made(tmp_path_factory.mktemp("aurora") / "instance", product)
