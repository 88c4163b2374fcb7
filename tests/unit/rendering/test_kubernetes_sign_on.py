"""Clusters are told of the provider once they are a client of it, and take short tokens alone."""

from __future__ import annotations

from typing import Any

import pytest
import yaml

from turnpike.documents.reading import read
from turnpike.rendering.kubernetes_access import kubernetes_bytes
from turnpike.rendering.kubernetes_sign_on import authentication_bytes
from turnpike.topology.organisation import ORGANISATION, Organisation, SignOn
from unit.rendering.conftest import ROOT

FILE = ROOT / "policies" / "data" / "organisation.yaml"
AURORA = read(ORGANISATION, FILE.read_bytes(), str(FILE))
ISSUER = "https://sso.example.org/x"


def signed_on(client: str = "kubernetes", claim: str = "preferred_username") -> Organisation:
    named = {client: {"id": "a-client", "address": "https://x.example.org"}}
    value = {"issuer": ISSUER, "host": "gitea", "claim": claim, "clients": named}
    return AURORA.model_copy(update={"sign_on": SignOn.model_validate(value)})


def rendered(organisation: Organisation) -> Any:
    content = authentication_bytes(organisation)
    assert content is not None
    return yaml.safe_load(content)


@pytest.mark.parametrize("organisation", [AURORA, signed_on("pages"), signed_on("argocd")])
def test_without_a_client_there_is_no_file(organisation: Organisation) -> None:
    assert authentication_bytes(organisation) is None


def test_the_form_is_the_api_servers_own() -> None:
    document = rendered(signed_on())
    assert document["apiVersion"] == "apiserver.config.k8s.io/v1"
    assert document["kind"] == "AuthenticationConfiguration"
    (one,) = document["jwt"]
    assert one["issuer"] == {"url": ISSUER, "audiences": ["a-client"]}
    (rule,) = one["claimValidationRules"]
    assert rule["expression"] == "has(claims.iat) && claims.exp - claims.iat <= 3600"


@pytest.mark.parametrize("claim", ["preferred_username", "sub"])
def test_people_are_known_by_the_claim_that_is_declared(claim: str) -> None:
    (one,) = rendered(signed_on(claim=claim))["jwt"]
    assert one["claimMappings"] == {
        "username": {"claim": claim, "prefix": "oidc:"},
        "groups": {"claim": "groups", "prefix": "oidc:"},
        "uid": {"claim": "sub"},
    }


def test_groups_are_bound_by_the_names_that_the_api_server_gives_them() -> None:
    (one,) = rendered(signed_on())["jwt"]
    bound = {
        subject["name"]
        for document in yaml.safe_load_all(kubernetes_bytes(signed_on(), "dev"))
        for subject in document.get("subjects", [])
    }
    assert bound
    assert all(name.startswith(one["claimMappings"]["groups"]["prefix"]) for name in bound)
