"""Choosing a sandbox, or saying why there is none."""

import pytest

from turnpike.errors import Unavailable, UsageError
from turnpike.sandbox.choose import choose


def test_an_unknown_sandbox_is_a_usage_error() -> None:
    with pytest.raises(UsageError, match="chroot"):
        choose("chroot")


def test_a_machine_with_none_cannot_decide_and_names_the_command(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setenv("PATH", "")
    with pytest.raises(Unavailable) as caught:
        choose()
    assert caught.value.code == "sandbox.none"
    assert caught.value.exit_code == 3
    assert "apt-get install" in caught.value.solution


def test_a_sandbox_that_was_asked_for_is_not_replaced_by_another(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setenv("PATH", "")
    with pytest.raises(Unavailable) as caught:
        choose("bubblewrap")
    assert caught.value.code == "sandbox.bubblewrap-missing"
