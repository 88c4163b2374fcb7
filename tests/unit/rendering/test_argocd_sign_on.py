"""Argo CD is told of the provider once it is a client of it, and keeps no accounts of its own."""

from __future__ import annotations

import yaml

from turnpike.documents.reading import read
from turnpike.rendering.argocd_access import policy_text
from turnpike.rendering.argocd_sign_on import sign_on_bytes
from turnpike.topology.organisation import ORGANISATION, Organisation, SignOn
from unit.rendering.conftest import ROOT

FILE = ROOT / "policies" / "data" / "organisation.yaml"
AURORA = read(ORGANISATION, FILE.read_bytes(), str(FILE))


def signed_on(**clients: str) -> Organisation:
    value = {"issuer": "https://sso.example.org/x", "host": "gitea", "groupPrefix": "aurora:"}
    named = {
        name: {"id": client, "address": "https://cd.example.org"}
        for name, client in clients.items()
    }
    sign_on = SignOn.model_validate({**value, "clients": named})
    return AURORA.model_copy(update={"sign_on": sign_on, "name": 'Aurora "A": #1'})


def test_without_a_client_there_is_no_file() -> None:
    assert sign_on_bytes(AURORA) is None
    assert sign_on_bytes(signed_on(pages="p")) is None


def test_the_form_is_argo_cds_own() -> None:
    content = sign_on_bytes(signed_on(argocd="a-client"))
    assert content is not None
    data = yaml.safe_load(content)["data"]
    assert (data["admin.enabled"], data["url"]) == ("false", "https://cd.example.org")
    assert yaml.safe_load(data["oidc.config"]) == {
        "name": 'Aurora "A": #1',
        "issuer": "https://sso.example.org/x",
        "clientID": "a-client",
        "clientSecret": "$oidc.turnpike.clientSecret",
        "enablePKCEAuthentication": True,
        "requestedScopes": ["openid", "profile", "groups"],
    }


def test_roles_are_given_to_groups_as_the_provider_calls_them() -> None:
    assert "g, aurora:oncology, role:viewer.everywhere.oncology\n" in policy_text(
        signed_on(argocd="a-client")
    )
