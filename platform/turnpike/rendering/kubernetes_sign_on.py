"""How people sign in to clusters, from ``signOn`` in organisation.yaml, in the form that they read.

Source: Kubernetes, "Authenticating", the file of the API server's ``--authentication-config``. The
provider's word is taken for who somebody is and in which groups, below a prefix of ours.
"""

from __future__ import annotations

from pydantic import JsonValue

from turnpike.rendering.dump import dump
from turnpike.topology.organisation import Organisation

AUTHENTICATION_FILE = "platform/access/kubernetes-sign-on.yaml"
"""Where the form stands in the repository, once the organisation names a client for clusters."""

PREFIX = "oidc:"
"""Before each name that a provider says: without it a provider could claim system:masters."""

LONGEST_SECONDS = 3600
"""How long a token may last at most, and so how long somebody may stay in a group they left."""

_COMMENT = "Derived by `turnpike access render` from signOn in organisation.yaml; do not edit."


def authentication_bytes(organisation: Organisation) -> bytes | None:
    """Return the AuthenticationConfiguration; None where clusters are no client of the provider."""
    sign_on = organisation.sign_on
    client = sign_on.clients.get("kubernetes") if sign_on else None
    if sign_on is None or client is None:
        return None
    token: dict[str, JsonValue] = {
        "issuer": {"url": sign_on.issuer, "audiences": [client.id]},
        "claimValidationRules": [_short_lived()],
        "claimMappings": {
            "username": {"claim": sign_on.claim, "prefix": PREFIX},
            "groups": {"claim": "groups", "prefix": PREFIX},
            "uid": {"claim": "sub"},
        },
    }
    document: dict[str, JsonValue] = {
        "apiVersion": "apiserver.config.k8s.io/v1",
        "kind": "AuthenticationConfiguration",
        "jwt": [token],
    }
    return dump((document,), _COMMENT)


def _short_lived() -> JsonValue:
    """Refuse a token of a provider that gives its tokens out for longer (CEL)."""
    return {
        "expression": f"has(claims.iat) && claims.exp - claims.iat <= {LONGEST_SECONDS}",
        "message": f"expected iat, and exp at most {LONGEST_SECONDS} seconds after it",
    }
