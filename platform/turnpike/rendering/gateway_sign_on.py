"""How people and programs sign in at a gateway, in the two forms that oauth2-proxy reads.

Source: oauth2-proxy 7.15, "Configuration", and "Alpha Configuration" for what names the provider
and the way on. A person signs in by a code with PKCE and a nonce; a program shows a token of the
gateway's own client. Whoever is let in goes on to the cluster's ingress, without what they showed:
a model's server is another program, which could come back with it.
"""

from __future__ import annotations

import json
from collections.abc import Mapping

from pydantic import JsonValue

from turnpike.rendering.dump import dump
from turnpike.topology.organisation import Gateway, Organisation, SignOn

PORT = 8443
"""Where the proxy answers, by TLS: the port that the cloud's load balancer speaks to."""

HEALTH_PATH = "/healthz"
"""Where it says that it is well, to whoever asks."""

SETTINGS_FILE, PROVIDER_FILE = "settings.cfg", "provider.yaml"
CONFIGURATION_FOLDER = "/etc/turnpike/configuration"
SECRETS_FOLDER, CERTIFICATE_FOLDER = "/etc/turnpike/secrets", "/etc/turnpike/certificate"

SESSION_MINUTES = 15
"""How long a person is let in, and so how long they keep a group that they left."""

COMMENT = (
    "Derived by `turnpike access render` from signOn and access in organisation.yaml; do not edit."
)


def settings_text(gateway: Gateway) -> str:
    """Return what is about cookies and requests, as TOML, of which JSON's texts are a part."""
    domain = gateway.domain
    settings: Mapping[str, JsonValue] = {
        "ping_path": HEALTH_PATH,
        "redirect_url": f"https://sign-in.{domain}/oauth2/callback",
        "whitelist_domains": [f".{domain}"],
        "email_domains": ["*"],
        # A program would take the provider's page for an answer: who is not known is told so.
        "api_routes": ["^/"],
        "skip_provider_button": True,
        "skip_jwt_bearer_tokens": True,
        "cookie_name": "__Secure-turnpike-gateway",
        "cookie_secret_file": f"{SECRETS_FOLDER}/cookie-secret",
        "cookie_domains": [domain],
        "cookie_secure": True,
        "cookie_httponly": True,
        "cookie_samesite": "lax",
        "cookie_expire": f"{SESSION_MINUTES}m",
        "cookie_refresh": "0s",
        "cookie_csrf_per_request": True,
        "cookie_csrf_expire": "5m",
        "session_cookie_minimal": True,
    }
    return "".join(f"{name} = {json.dumps(value)}\n" for name, value in settings.items())


def provider_text(organisation: Organisation, sign_on: SignOn, gateway: Gateway) -> str:
    """Return what is about the provider, groups and the way on, as YAML."""
    callers = callers_in(organisation, gateway.environment)
    document: Mapping[str, JsonValue] = {
        "server": {
            "secureBindAddress": f"0.0.0.0:{PORT}",
            "tls": {
                "cert": {"fromFile": f"{CERTIFICATE_FOLDER}/tls.crt"},
                "key": {"fromFile": f"{CERTIFICATE_FOLDER}/tls.key"},
                "minVersion": "TLS1.2",
            },
        },
        "upstreamConfig": {"upstreams": [_way_on(gateway) if callers else _NO_WAY]},
        "injectRequestHeaders": [{"name": "Authorization"}, {"name": "Cookie"}],
        "providers": [_provider(sign_on, gateway, callers)],
    }
    return dump((document,), COMMENT).decode("ascii")


def callers_in(organisation: Organisation, environment: str) -> list[str]:
    """Return the groups that call models in an environment, as the provider calls them."""
    return sorted(
        {
            f"{organisation.group_prefix}{entry.group}"
            for entry in organisation.access
            if entry.role == "caller" and entry.holds_in(environment)
        }
    )


# An empty list of groups would let in everybody whom the provider knows.
_NO_WAY: JsonValue = {"id": "nobody", "path": "/", "static": True, "staticCode": 403}


def _way_on(gateway: Gateway) -> JsonValue:
    return {
        "id": "ingress",
        "path": "/",
        "uri": gateway.ingress,
        "passHostHeader": True,
        "proxyWebSockets": False,
    }


def _provider(sign_on: SignOn, gateway: Gateway, callers: list[str]) -> JsonValue:
    return {
        "id": "turnpike",
        "provider": "oidc",
        "clientID": gateway.client,
        "clientSecretFile": f"{SECRETS_FOLDER}/client-secret",
        "scope": "openid profile groups",
        "code_challenge_method": "S256",
        "allowedGroups": [*callers],
        # What the token does not say is not asked for elsewhere.
        "skipClaimsFromProfileURL": True,
        "oidcConfig": {
            "issuerURL": sign_on.issuer,
            "emailClaim": sign_on.claim,  # what it knows people by; nobody is written to
            "groupsClaim": "groups",
            "audienceClaims": ["aud"],
            "insecureSkipNonce": False,
        },
    }
