"""A session of ours: a signed cookie that names an account, for a short while.

It holds no group and no right: those are read from Git at every request. The key lives as long as
the process, so that a restart signs everybody out.
"""

from __future__ import annotations

import secrets
import time

import jwt

from turnpike.errors import InputError
from turnpike.signon.refusal import refused

SECONDS = 900
"""After so long the provider is asked again who it is: whom it bars is out by then."""
_ALGORITHM, _AUDIENCE = "HS256", "turnpike-pages"


class Sessions:
    """Makes and reads the cookies of one process."""

    def __init__(self, key: bytes | None = None) -> None:
        self._key = key or secrets.token_bytes(32)

    def cookie_for(self, account: str) -> str:
        """Return the cookie's value for an account of the provider's host."""
        now = int(time.time())
        claims = {"sub": account, "aud": _AUDIENCE, "iat": now, "exp": now + SECONDS}
        return jwt.encode(claims, self._key, algorithm=_ALGORITHM)

    def account_in(self, cookie: str) -> str:
        """Return the account; raises InputError for a cookie that is none of ours, or too old."""
        try:
            claims = jwt.decode(
                cookie, self._key, algorithms=[_ALGORITHM], audience=_AUDIENCE,
                options={"require": ["sub", "aud", "exp", "iat"]},
            )  # fmt: skip
        except jwt.PyJWTError as error:
            raise _over() from error
        return str(claims["sub"])


def _over() -> InputError:
    return refused(
        "sign-in.session", f"a session of at most {SECONDS // 60} minutes", "none that counts"
    )
