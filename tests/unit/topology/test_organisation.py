"""Who is one person stands in one place."""

from __future__ import annotations

import pytest
from pydantic import ValidationError

from turnpike.topology.organisation import ORGANISATION, Access, Gateway, Organisation, SignOn

KEY = "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIExample"


def organisation() -> Organisation:
    value = {
        "apiVersion": "turnpike.dev/v1",
        "kind": "Organisation",
        "name": "Example Hospital",
        "codeownersDialect": "github",
        "people": (
            {
                "id": "maria-lopez",
                "name": "Maria López",
                "email": "Maria.Lopez@example.org",
                "sshKeys": (f"{KEY} maria@laptop",),
            },
            {"id": "tom-becker", "name": "Tom Becker", "email": "tom@example.org"},
        ),
        "bots": ({"id": "turnpike", "email": "turnpike@example.org", "sshKeys": (f"{KEY}Bot",)},),
        "groups": (
            {"name": "oncology", "members": ("maria-lopez", "tom-becker")},
            {"name": "risk", "members": ("tom-becker",)},
        ),
        "teams": (
            {
                "name": "oncology",
                "group": "oncology",
                "quota": {"cpuMillicores": 8000, "memoryMebibytes": 16384},
            },
        ),
        "roles": {"platformOwners": "oncology", "risk": "risk", "releaseManagers": "risk"},
    }
    return ORGANISATION.validate_python(value)


def test_a_group_is_its_members_and_an_unknown_group_has_none() -> None:
    assert organisation().group("oncology") == {"maria-lopez", "tom-becker"}
    assert organisation().group("nobody") == frozenset()


def test_an_address_belongs_to_one_person_in_any_case_of_its_letters() -> None:
    assert organisation().person_of_email("maria.lopez@EXAMPLE.org") == "maria-lopez"
    assert organisation().person_of_email("turnpike@example.org") == "turnpike"
    assert organisation().person_of_email("mallory@example.org") is None


def test_a_key_belongs_to_its_holder_whatever_its_comment_says() -> None:
    assert organisation().holder_of_key(f"{KEY} tom@elsewhere") == "maria-lopez"
    assert organisation().holder_of_key(f"{KEY}Bot") == "turnpike"
    assert organisation().holder_of_key(f"{KEY}Other") is None


def test_a_team_is_found_by_its_name() -> None:
    team = organisation().team("oncology")
    assert team is not None
    assert team.group == "oncology"
    assert organisation().team("radiology") is None


@pytest.mark.parametrize("issuer", [
    "https://sso.example.org", "https://sso.example.org/realms/x", "http://127.0.0.1:3000",
    "http://localhost:3000/",
])  # fmt: skip
def test_a_provider_is_reached_over_tls_or_on_loopback(issuer: str) -> None:
    value = {"issuer": issuer, "host": "gitea", "clients": {"pages": {"id": "p"}}}
    assert SignOn.model_validate(value).issuer == issuer


@pytest.mark.parametrize("issuer", [
    "http://sso.example.org", "sso.example.org", "https://me@sso.example.org",
    "https://sso.example.org?x=1", "http://127.0.0.1.example.org", "http://localhost:3000@x.org",
    "https://sso.example.org/a b", "file:///etc/passwd", "",
])  # fmt: skip
def test_no_other_address_is_a_provider(issuer: str) -> None:
    value = {"issuer": issuer, "host": "gitea", "clients": {"pages": {"id": "p"}}}
    with pytest.raises(ValidationError):
        SignOn.model_validate(value)


def test_argo_cd_lets_nobody_in_without_an_address() -> None:
    value = {
        "issuer": "https://sso.example.org",
        "host": "gitea",
        "clients": {"argocd": {"id": "a"}},
    }
    with pytest.raises(ValidationError, match="an address"):
        SignOn.model_validate(value)


def test_clusters_trust_no_provider_without_tls() -> None:
    value = {
        "issuer": "http://127.0.0.1:3000",
        "host": "gitea",
        "clients": {"kubernetes": {"id": "k"}},
    }
    with pytest.raises(ValidationError, match="an https address"):
        SignOn.model_validate(value)
    secure = SignOn.model_validate({**value, "issuer": "https://127.0.0.1:3000"})
    assert secure.clients["kubernetes"].id == "k"


def test_the_groups_of_a_person_are_those_that_list_them() -> None:
    assert organisation().groups_of("tom-becker") == {"oncology", "risk"}
    assert organisation().groups_of("nobody") == set()


def test_a_caller_of_one_team_is_refused() -> None:
    with pytest.raises(ValidationError, match="one list for all its models"):
        Access(group="oncology", role="caller", teams=("oncology",))


def gateway(**changes: str) -> dict[str, str]:
    return {
        "environment": "dev",
        "target": "local",
        "client": "models",
        "domain": "models.example.org",
        "ingress": "https://ingress.gateway.svc:8443",
        "image": f"registry.example.org/oauth2-proxy@sha256:{'a' * 64}",
        **changes,
    }


@pytest.mark.parametrize("changes", [
    {"image": "registry.example.org/oauth2-proxy:v7"}, {"image": "oauth2-proxy@sha256:short"},
    {"ingress": "http://ingress.gateway.svc"}, {"ingress": "https://ingress.gateway.svc/models"},
    {"ingress": "https://me@ingress.gateway.svc"}, {"ingress": "ingress.gateway.svc"},
    {"domain": "models"}, {"domain": ".example.org"}, {"domain": "models.example.org/x"},
    {"domain": "Models.example.org"}, {"target": ""}, {"client": ""},
])  # fmt: skip
def test_a_gateway_is_pinned_and_named_and_goes_on_over_tls(changes: dict[str, str]) -> None:
    assert Gateway.model_validate(gateway()).namespace == "gateway"
    with pytest.raises(ValidationError):
        Gateway.model_validate(gateway(**changes))


@pytest.mark.parametrize(("changes", "match"), [
    ({"client": "another"}, "each target of an environment once"),
    ({"target": "aws-eu"}, "a client of its own"),
    ({"target": "aws-eu", "client": "pages"}, "a client of its own"),
])  # fmt: skip
def test_a_token_for_one_gateway_opens_no_other(changes: dict[str, str], match: str) -> None:
    value = {
        "issuer": "https://sso.example.org",
        "host": "gitea",
        "clients": {"pages": {"id": "pages"}},
        "gateways": (gateway(), gateway(**changes)),
    }
    with pytest.raises(ValidationError, match=match):
        SignOn.model_validate(value)
    apart = gateway(target="aws-eu", client="another")
    assert len(SignOn.model_validate({**value, "gateways": (gateway(), apart)}).gateways) == 2
