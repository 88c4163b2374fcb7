"""What the verb says of folders that hold no policies."""

from __future__ import annotations

from pathlib import Path

import pytest

from unit.cli.calling import refused


@pytest.mark.parametrize("verb", ["list", "test", "docs"])
def test_outside_of_a_checkout_the_file_that_is_missing_is_named(verb: str, tmp_path: Path) -> None:
    error = refused(tmp_path, "policy", verb)
    assert (error.code, error.exit_code) == ("policy.no-checkout", 2)
    assert "tools/opa/go.mod" in error.message
    assert "--checkout" in error.solution
