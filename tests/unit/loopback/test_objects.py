"""A server that is busy is asked again; one that refuses is not."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from kubernetes.client.exceptions import ApiException

from turnpike.errors import Unavailable
from turnpike.loopback.objects import once_it_has_time


def saying(*statuses: int) -> Callable[[], str]:
    """Answer so many times with a status before all is well."""
    left = iter(statuses)

    def ask() -> str:
        status = next(left, None)
        if status is not None:
            raise ApiException(status=status, reason="Gateway Timeout")
        return "done"

    return ask


@pytest.mark.parametrize("status", [429, 503, 504])
def test_a_busy_server_is_asked_again(status: int) -> None:
    assert once_it_has_time(saying(status, status)) == "done"


def test_a_server_that_stays_busy_is_told_of() -> None:
    with pytest.raises(Unavailable, match="it was busy: Gateway Timeout") as caught:
        once_it_has_time(saying(*[504] * 100), patience=0.0)
    assert caught.value.code == "loopback.server-busy"
    assert caught.value.solution


def test_a_refusal_is_no_reason_to_ask_again() -> None:
    with pytest.raises(ApiException):
        once_it_has_time(saying(403))
