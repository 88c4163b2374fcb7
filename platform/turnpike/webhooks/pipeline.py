"""A pipeline that asks the gate to look: whether its token is of a run that main trusts.

CI systems sign a token for each run (GitHub's "OpenID Connect reference", GitLab's "OpenID Connect
ID tokens"). It lives for minutes and is bound to repository and branch by its claims, so that a
pipeline needs no secret of the gate's. Like a webhook it only says which pull request to look at.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from turnpike.errors import InputError
from turnpike.signon.identity_token import Expected, FindKey, issuer_claimed_by, verified
from turnpike.signon.refusal import refused
from turnpike.topology.organisation import Pipeline
from turnpike.webhooks.delivery import LARGEST_NUMBER

LONGEST_SECONDS = 3600
"""A token that is good for longer is no token of one run."""
_SCHEME = "bearer "


class _Asked(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid", strict=True)

    pull_request: int = Field(ge=1, le=LARGEST_NUMBER, alias="pullRequest")


@dataclass(frozen=True, slots=True)
class Pipelines:
    """The pipelines that main declares now, and the keys of those that sign for their runs."""

    declared: Callable[[], Iterable[Pipeline]]
    keys: Callable[[str], FindKey]

    def number_asked(self, headers: Mapping[str, str], body: bytes) -> int:
        """Return the pull request that a trusted run asks about.

        Raises InputError for a token of no declared pipeline or a body that is none, Unavailable
        where who signs for runs does not answer.
        """
        said = headers.get("authorization", "")
        if not said.lower().startswith(_SCHEME):
            raise refused("sign-in.unreadable", "a token of a pipeline's run", "none")
        self._require_trusted(said[len(_SCHEME) :].strip())
        try:
            return _Asked.model_validate(json.loads(body)).pull_request
        except (ValueError, ValidationError, RecursionError) as error:
            raise InputError(
                'expected {"pullRequest": NUMBER}, found another body', code="pipeline.body"
            ) from error

    def _require_trusted(self, token: str) -> None:
        """Take a token that is of any declared pipeline; else tell what the last one had of it.

        Only who the token says it is by is asked for keys, so no other issuer's outage bars it.
        """
        refusal = refused("sign-in.claim", "a pipeline that main declares", "none")
        claimed = issuer_claimed_by(token)
        for one in (one for one in self.declared() if one.issuer == claimed):
            try:
                _require_run(token, one, self.keys(one.issuer))
            except InputError as error:
                refusal = error
            else:
                return
        raise refusal


def _require_run(token: str, pipeline: Pipeline, keys: FindKey) -> None:
    claims = verified(token, Expected(pipeline.issuer, pipeline.audience), keys)
    began, ends = claims["iat"], claims["exp"]
    if not isinstance(began, int | float) or not isinstance(ends, int | float):
        raise refused("sign-in.claim", "times that are numbers", "others")
    if ends - began > LONGEST_SECONDS:
        raise refused("sign-in.expired", f"a token for at most {LONGEST_SECONDS} s", "a longer one")
    for name, wanted in pipeline.claims.items():
        if claims.get(name) != wanted:
            raise refused("sign-in.claim", f"the claim {name} to be {wanted}", "another")
