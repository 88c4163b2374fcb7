"""What a gateway's proxy reads lets in the groups that call models, and fails closed."""

from __future__ import annotations

import json
import tomllib
from typing import Any

import pytest
import yaml

from turnpike.documents.reading import read
from turnpike.rendering.gateway_sign_on import callers_in, provider_text, settings_text
from turnpike.topology.organisation import ORGANISATION, Access, Gateway, Organisation, SignOn
from unit.rendering.conftest import ROOT

FILE = ROOT / "policies" / "data" / "organisation.yaml"
AURORA = read(ORGANISATION, FILE.read_bytes(), str(FILE))
ISSUER = "https://sso.example.org/x"
CALLERS = (
    Access(group="oncology", role="caller", environments=("production",)),
    Access(group="endocrinology", role="caller"),
    Access(group="platform-owners", role="administrator"),
    Access(group="risk-quorum", role="viewer"),
)


def gateway(environment: str, target: str, **changes: str) -> dict[str, str]:
    return {
        "environment": environment,
        "target": target,
        "client": f"models-{environment}-{target}",
        "domain": "models.example.org",
        "ingress": "https://ingress.gateway.svc:8443",
        "image": f"registry.example.org/oauth2-proxy@sha256:{'a' * 64}",
        **changes,
    }


def signed_on(*access: Access, claim: str = "preferred_username") -> Organisation:
    """Return the company with a gateway of production, and with groups as a provider calls them."""
    value = {
        "issuer": ISSUER,
        "host": "gitea",
        "claim": claim,
        "groupPrefix": "aurora:",
        "clients": {"pages": {"id": "p"}},
        "gateways": [gateway("production", "aws-eu")],
    }
    told = SignOn.model_validate_json(json.dumps(value))
    return AURORA.model_copy(update={"sign_on": told, "access": access})


def parts(organisation: Organisation) -> tuple[SignOn, Gateway]:
    assert organisation.sign_on is not None
    (one,) = organisation.sign_on.gateways
    return organisation.sign_on, one


def settings() -> dict[str, Any]:
    return tomllib.loads(settings_text(parts(signed_on())[1]))


def told(organisation: Organisation) -> Any:
    return yaml.safe_load(provider_text(organisation, *parts(organisation)))


def test_callers_of_an_environment_are_called_as_the_provider_calls_them() -> None:
    company = signed_on(*CALLERS)
    assert callers_in(company, "production") == ["aurora:endocrinology", "aurora:oncology"]
    assert callers_in(company, "dev") == ["aurora:endocrinology"]


def test_groups_of_any_other_role_call_nothing() -> None:
    assert callers_in(signed_on(*CALLERS[2:]), "production") == []


def test_who_may_call_goes_on_to_the_ingress() -> None:
    document = told(signed_on(*CALLERS))
    (provider,), (way,) = document["providers"], document["upstreamConfig"]["upstreams"]
    assert provider["allowedGroups"] == ["aurora:endocrinology", "aurora:oncology"]
    assert (way["uri"], way["path"]) == ("https://ingress.gateway.svc:8443", "/")


def test_where_nobody_calls_there_is_no_way_on() -> None:
    """To the proxy an empty list of groups is everybody."""
    (way,) = told(signed_on(*CALLERS[2:]))["upstreamConfig"]["upstreams"]
    assert (way["static"], way["staticCode"]) == (True, 403)
    assert "uri" not in way


@pytest.mark.parametrize("claim", ["preferred_username", "sub"])
def test_the_provider_is_checked_by_all_that_a_token_says(claim: str) -> None:
    (provider,) = told(signed_on(*CALLERS, claim=claim))["providers"]
    assert provider["clientID"] == "models-production-aws-eu"
    assert provider["code_challenge_method"] == "S256"
    assert provider["skipClaimsFromProfileURL"] is True
    assert provider["oidcConfig"] == {
        "issuerURL": ISSUER,
        "emailClaim": claim,
        "groupsClaim": "groups",
        "audienceClaims": ["aud"],
        "insecureSkipNonce": False,
    }


def test_no_secret_stands_in_either_form() -> None:
    company = signed_on(*CALLERS)
    (provider,) = told(company)["providers"]
    assert provider["clientSecretFile"].startswith("/etc/turnpike/secrets/")
    assert "clientSecret" not in provider
    assert settings()["cookie_secret_file"].startswith("/etc/turnpike/secrets/")
    assert "cookie_secret" not in settings()


def test_a_session_ends_after_a_quarter_of_an_hour_and_is_not_drawn_out() -> None:
    found = settings()
    assert (found["cookie_expire"], found["cookie_refresh"]) == ("15m", "0s")
    assert found["session_cookie_minimal"] is True


def test_people_come_back_to_one_name_and_are_known_below_the_domain_alone() -> None:
    found = settings()
    assert found["redirect_url"] == "https://sign-in.models.example.org/oauth2/callback"
    assert found["cookie_domains"] == ["models.example.org"]
    assert found["whitelist_domains"] == [".models.example.org"]


def test_nothing_is_let_by_without_a_word() -> None:
    assert not {
        name for name in settings() if name.startswith(("skip_auth", "trusted", "htpasswd"))
    }


def test_what_let_somebody_in_is_taken_off_before_it_goes_on() -> None:
    headers = told(signed_on(*CALLERS))["injectRequestHeaders"]
    assert headers == [{"name": "Authorization"}, {"name": "Cookie"}]
