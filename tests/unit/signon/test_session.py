"""A session names an account for a quarter of an hour, to the process that made it."""

from __future__ import annotations

import time

import jwt
import pytest

from turnpike.errors import InputError
from turnpike.signon.session import SECONDS, Sessions

KEY = b"k" * 32


def forged(**bent: object) -> str:
    now = int(time.time())
    claims = {"sub": "maria", "aud": "turnpike-pages", "iat": now, "exp": now + 60} | bent
    return jwt.encode({k: v for k, v in claims.items() if v is not None}, KEY, algorithm="HS256")


def test_an_account_is_named_again() -> None:
    sessions = Sessions()
    assert sessions.account_in(sessions.cookie_for("maria")) == "maria"


def test_a_session_ends_after_a_quarter_of_an_hour() -> None:
    claims = jwt.decode(
        Sessions(KEY).cookie_for("maria"), KEY, algorithms=["HS256"], audience="turnpike-pages"
    )
    assert claims["exp"] - claims["iat"] == SECONDS == 900


def test_another_process_takes_none_of_it() -> None:
    with pytest.raises(InputError, match="none that counts"):
        Sessions().account_in(Sessions().cookie_for("maria"))


@pytest.mark.parametrize("bent", [
    {"exp": int(time.time()) - 1}, {"exp": None}, {"aud": "turnpike-login"}, {"aud": None},
    {"sub": None}, {"iat": None}, {"sub": 7},
], ids=str)  # fmt: skip
def test_what_is_over_or_for_something_else_is_none(bent: dict[str, object]) -> None:
    with pytest.raises(InputError) as refusal:
        Sessions(KEY).account_in(forged(**bent))
    assert refusal.value.code == "sign-in.session"
    assert Sessions(KEY).account_in(forged()) == "maria"
