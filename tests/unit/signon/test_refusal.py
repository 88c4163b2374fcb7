"""Whoever is not let in is told what to do; a provider that fails lets nobody in."""

from __future__ import annotations

import pytest

from turnpike.errors import InputError, TurnpikeError, Unavailable
from turnpike.signon.refusal import refused, unreachable

REFUSED = refused("sign-in.nonce", "the nonce of this login", "another, or none")
UNREACHABLE = unreachable("an answer within 5 s", "none")


@pytest.mark.parametrize("error", [REFUSED, UNREACHABLE])
def test_a_refusal_says_what_was_expected_and_found_and_what_to_do(error: TurnpikeError) -> None:
    assert error.message.startswith("sign-in: expected ")
    assert ", found " in error.message
    assert error.code.startswith("sign-in.")
    assert error.solution


def test_a_provider_that_is_down_is_not_said_to_be_the_users_fault() -> None:
    """The one is answered by signing in again, the other by looking after the provider."""
    assert isinstance(REFUSED, InputError)
    assert isinstance(UNREACHABLE, Unavailable)
    assert not isinstance(UNREACHABLE, InputError)
    assert REFUSED.exit_code != UNREACHABLE.exit_code
    assert "Sign in again" in REFUSED.solution
    assert "organisation.yaml" in UNREACHABLE.solution


def test_a_next_step_of_its_own_takes_the_place_of_the_usual_one() -> None:
    assert refused("sign-in.x", "a", "b", "Ask Grace.").solution == "Ask Grace."
