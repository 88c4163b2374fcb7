"""An API server takes people in by the provider, and lets groups do what organisation.yaml says.

A real Gitea over TLS, a real API server; what it reads is what Turnpike rendered, byte for byte,
and what it says is asked by requests as people's kubectl makes them.
"""

from __future__ import annotations

import os
import ssl
import subprocess
import time
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any

import httpx
import pytest
from cryptography.hazmat.primitives.asymmetric.rsa import generate_private_key

from servers.gitea_world import OWNER, ROOT, set_up
from servers.provider_gitea import (
    FOR_US_AND_NOW,
    PASSWORD,
    Tokens,
    add_client,
    add_group,
    bent,
    claims_of,
    forged,
    gitea_over_tls,
    join_group,
    leave_group,
    refreshed,
    signed_like,
    signing_key,
    tokens_for,
    trusting,
)
from turnpike.documents.reading import read
from turnpike.forge.web import WebApi
from turnpike.loopback.cluster import Cluster
from turnpike.loopback.control_plane import start_api_server
from turnpike.loopback.gitea import Gitea, Tls, add_account
from turnpike.loopback.objects import Objects
from turnpike.loopback.processes import Processes
from turnpike.rendering.kubernetes_access import kubernetes_bytes
from turnpike.rendering.kubernetes_sign_on import authentication_bytes
from turnpike.signon.provider import Client
from turnpike.topology.organisation import ORGANISATION, Organisation, SignOn

_FILE = "policies/data/organisation.yaml"
_REDIRECT = "http://127.0.0.1:8000"  # where a plugin of kubectl's listens; nobody does here
_SECONDS = 120.0
_NAMESPACES = ("dev-endocrinology", "dev-manufacturing", "dev-oncology")
_GROUPS = (
    (OWNER, "oncology", "maria-lopez"),
    (OWNER, "on-call", "ida-berg"),
    (OWNER, "platform-owners", "sam-rivera"),
    (OWNER, "on-call-of-last-year", "jonas-weber"),
    # Whoever may make organisations at the provider may name them, and their teams, at will.
    ("system", "masters", "mallory"),
    ("mallory-inc", "platform-owners", "mallory"),
)

_PODS = "/api/v1/namespaces/dev-oncology/pods"
_PLACED = {"apiVersion": "v1", "metadata": {"name": "of-a-test"}}
_POD = {**_PLACED, "kind": "Pod", "spec": {"containers": [{"name": "c", "image": "i"}]}}
_MASTERS = {
    **_PLACED,
    "apiVersion": "rbac.authorization.k8s.io/v1",
    "kind": "ClusterRoleBinding",
    "roleRef": {"apiGroup": "rbac.authorization.k8s.io", "kind": "ClusterRole",
                "name": "cluster-admin"},
    "subjects": [],
}  # fmt: skip
# What somebody could ask an API server for; nothing of it is carried out.
DEEDS: dict[str, tuple[str, str, Any]] = {
    "look into oncology": ("GET", _PODS, None),
    "look into endocrinology": ("GET", "/api/v1/namespaces/dev-endocrinology/pods", None),
    "have a pod made anew": ("DELETE", f"{_PODS}/triage?dryRun=All", None),
    "read nodes": ("GET", "/api/v1/nodes", None),
    "read namespaces": ("GET", "/api/v1/namespaces", None),
    "look everywhere": ("GET", "/api/v1/pods", None),
    "read secrets": ("GET", "/api/v1/namespaces/dev-oncology/secrets", None),
    "make a pod": ("POST", f"{_PODS}?dryRun=All", _POD),
    "make an administrator": (
        "POST", "/apis/rbac.authorization.k8s.io/v1/clusterrolebindings?dryRun=All", _MASTERS,
    ),
}  # fmt: skip
LOOKS = {"look into oncology", "look into endocrinology"}


@dataclass
class World:
    """An API server with the provider, namespaces and a pod, and people in groups."""

    gitea: Gitea
    api: WebApi
    plane: Cluster
    client: Client
    other: Client
    teams: dict[str, int]
    organisation: Organisation

    def tokens(self, account: str, client: Client | None = None) -> Tokens:
        """Sign in as kubectl's plugin does, by a code with PKCE; return what the provider gives."""
        return tokens_for(self.gitea, client or self.client, _REDIRECT, account)

    def refreshed(self, tokens: Tokens) -> Tokens:
        """Get the next tokens without the person, as kubectl's plugin does after a while."""
        return refreshed(self.gitea, self.client, tokens)

    def asked(self, token: str, deed: str, **headers: str) -> httpx.Response:
        """Ask the API server for something with a token."""
        method, path, body = DEEDS[deed]
        said = {"Authorization": f"Bearer {token}", **headers}
        return self._web.request(method, f"{self.plane.server}{path}", json=body, headers=said)

    def may(self, token: str) -> set[str]:
        """Return which of all deeds the API server does for the holder of a token."""
        answers = {deed: self.asked(token, deed) for deed in DEEDS}
        for deed, answer in answers.items():
            assert answer.status_code in {200, 201, 403}, f"{deed}: {answer.text}"
        return {deed for deed, answer in answers.items() if answer.status_code != 403}

    def status(self, token: str) -> int:
        return self.asked(token, "look into oncology").status_code

    def known_as(self, token: str) -> Any:
        """Return whom the API server takes the holder of a token for."""
        body = {"apiVersion": "authentication.k8s.io/v1", "kind": "SelfSubjectReview"}
        answer = self._web.post(
            f"{self.plane.server}/apis/authentication.k8s.io/v1/selfsubjectreviews",
            json=body, headers={"Authorization": f"Bearer {token}"},
        )  # fmt: skip
        assert answer.status_code == 201, answer.text
        return answer.json()["status"]["userInfo"]

    def granted_by(self, organisation: Organisation, folder: Path) -> None:
        """Apply what an organisation grants in dev, as docs/access.md says."""
        file = folder / "dev.yaml"
        file.write_bytes(kubernetes_bytes(organisation, "dev"))
        subprocess.run(
            [set_up("kubectl") / "kubectl", "apply", "-f", file],
            env={"PATH": os.environ["PATH"], "HOME": str(folder),
                 "KUBECONFIG": str(self.plane.kubeconfig)},
            capture_output=True, check=True, timeout=300,
        )  # fmt: skip

    @cached_property
    def _web(self) -> httpx.Client:
        trust = ssl.create_default_context(cafile=str(self.plane.certificate))
        alone = httpx.Limits(max_keepalive_connections=0)
        return httpx.Client(verify=trust, trust_env=False, timeout=_SECONDS, limits=alone)


@pytest.fixture(scope="module")
def world(tmp_path_factory: pytest.TempPathFactory) -> Iterator[World]:
    folder = tmp_path_factory.mktemp("sign-on")
    with (
        Processes(folder / "logs") as processes,
        gitea_over_tls(folder, processes) as (gitea, api, tls),
    ):
        client = add_client(api, "clusters", _REDIRECT)
        other = add_client(api, "another program", _REDIRECT)
        organisation = _declared(gitea.url, client.id)
        plane = _api_server(organisation, folder, processes, tls)
        made = World(gitea, api, plane, client, other, _people(gitea, api), organisation)
        _furnish(made, folder)
        yield made
    assert not [pid for pid in processes.ever if Path(f"/proc/{pid}").exists()]


def _declared(issuer: str, client: str) -> Organisation:
    aurora = read(ORGANISATION, (ROOT / _FILE).read_bytes(), _FILE)
    value = {
        "issuer": issuer, "host": "gitea", "groupPrefix": f"{OWNER}:",
        "clients": {"kubernetes": {"id": client}},
    }  # fmt: skip
    return aurora.model_copy(update={"sign_on": SignOn.model_validate(value)})


def _api_server(
    organisation: Organisation, folder: Path, processes: Processes, tls: Tls
) -> Cluster:
    file, content = folder / "sign-on.yaml", authentication_bytes(organisation)
    assert content is not None
    file.write_bytes(content)
    return start_api_server(
        "one", set_up("cluster"), folder / "one", processes,
        options=("--authentication-config", file),
        environ=trusting(tls),
    )  # fmt: skip


def _people(gitea: Gitea, api: WebApi) -> dict[str, int]:
    for organisation in dict.fromkeys(where for where, _, _ in _GROUPS):
        api.send("POST", "/api/v1/orgs", {"username": organisation, "visibility": "public"})
    for account in dict.fromkeys(account for _, _, account in _GROUPS):
        add_account(gitea, account, PASSWORD)
    return {f"{where}:{group}": add_group(api, where, group, who) for where, group, who in _GROUPS}


def _furnish(world: World, folder: Path) -> None:
    """Make the teams' namespaces and a pod, grant what is declared, and wait for the provider."""
    objects = Objects(world.plane)
    for name in _NAMESPACES:
        objects.apply({"apiVersion": "v1", "kind": "Namespace", "metadata": {"name": name}})
    # No controller is there to make it, and no pod may be without.
    account = {"apiVersion": "v1", "kind": "ServiceAccount", "metadata": {"name": "default"}}
    objects.apply(account, "dev-oncology")
    objects.apply({**_POD, "metadata": {"name": "triage"}}, "dev-oncology")
    world.granted_by(world.organisation, folder)
    token, until = world.tokens("maria-lopez")["id_token"], time.monotonic() + _SECONDS
    while world.status(token) == 401:  # until the API server has read the provider's keys
        assert time.monotonic() < until, "the API server takes no token of the provider's"
        time.sleep(0.2)


@pytest.mark.parametrize(
    ("account", "deeds"),
    [
        ("maria-lopez", {"look into oncology"}),  # oncology: a viewer of its own
        ("ida-berg", LOOKS | {"have a pod made anew"}),  # on-call: an operator
        ("sam-rivera", LOOKS | {"have a pod made anew", "read nodes", "read namespaces"}),
        ("jonas-weber", set()),  # in a group that has nothing, whose name begins like another's
        ("mallory", set()),  # a master of their own systems
    ],
)
def test_a_group_may_do_what_is_declared_and_no_more(
    world: World, account: str, deeds: set[str]
) -> None:
    assert world.may(world.tokens(account)["id_token"]) == deeds


def test_the_cluster_does_each_deed_for_who_may_do_everything(world: World) -> None:
    assert world.may(world.plane.token) == set(DEEDS)


def test_people_are_known_below_a_prefix_that_no_provider_can_leave_out(world: World) -> None:
    token = world.tokens("mallory")["id_token"]
    assert "system:masters" in claims_of(token)["groups"]
    known = world.known_as(token)
    assert (known["username"], known["uid"]) == ("oidc:mallory", claims_of(token)["sub"])
    assert {"oidc:system:masters", "oidc:mallory-inc:platform-owners"} < set(known["groups"])
    own = {group for group in known["groups"] if not group.startswith("oidc:")}
    assert own == {"system:authenticated"}


def test_nobody_acts_as_somebody_else(world: World) -> None:
    token, role = world.tokens("sam-rivera")["id_token"], {"Impersonate-Group": "system:masters"}
    for user in ("oidc:ida-berg", "admin"):
        as_another = {"Impersonate-User": user, **role}
        assert world.asked(token, "look into oncology", **as_another).status_code == 403
        assert world.asked(world.plane.token, "look into oncology", **as_another).is_success


@pytest.mark.parametrize(
    ("changes", "status"),
    [
        *FOR_US_AND_NOW,
        ({"exp": 7200}, 401),  # a token for longer than an hour
        ({"iat": None}, 401),
        ({"preferred_username": None}, 401),
        ({"groups": None}, 403),  # somebody, of whom nothing is known
        ({"groups": ["oncology", "oidc:aurora:oncology"]}, 403),
    ],
)
def test_what_the_providers_own_key_signs_counts_only_as_it_must_be(
    world: World, changes: dict[str, Any], status: int
) -> None:
    token = world.tokens("maria-lopez")["id_token"]
    claims = bent(token, int(time.time()), **changes)
    assert world.status(signed_like(token, claims, signing_key(world.gitea))) == status


def test_no_other_key_signs_and_none_is_no_signature(world: World) -> None:
    token, stranger = world.tokens("maria-lopez")["id_token"], generate_private_key(65537, 2048)
    more = {"groups": [f"{OWNER}:platform-owners"]}
    found = forged(token, stranger, signing_key(world.gitea), more)
    assert {what: world.status(one) for what, one in found.items()} == dict.fromkeys(found, 401)
    assert world.status(token) == 200


def test_a_login_at_another_program_or_its_other_tokens_are_of_no_use(world: World) -> None:
    elsewhere = world.tokens("maria-lopez", world.other)
    here = world.tokens("maria-lopez")
    assert world.status(here["id_token"]) == 200
    for token in (elsewhere["id_token"], here["access_token"], here["refresh_token"]):
        assert world.status(token) == 401


def test_who_leaves_a_group_has_lost_it_with_the_next_token(world: World) -> None:
    tokens = world.tokens("ida-berg")
    assert "have a pod made anew" in world.may(tokens["id_token"])
    leave_group(world.api, world.teams[f"{OWNER}:on-call"], "ida-berg")
    try:
        assert world.may(world.refreshed(tokens)["id_token"]) == set()
        assert world.may(world.tokens("ida-berg")["id_token"]) == set()
        # A token says what was so when it was signed, until it ends; an hour at most.
        assert "have a pod made anew" in world.may(tokens["id_token"])
    finally:
        join_group(world.api, world.teams[f"{OWNER}:on-call"], "ida-berg")


def test_what_git_no_longer_grants_is_gone_at_once_once_it_is_applied(
    world: World, tmp_path: Path
) -> None:
    token = world.tokens("sam-rivera")["id_token"]
    assert world.may(token)
    world.granted_by(world.organisation.model_copy(update={"access": ()}), tmp_path)
    try:
        assert world.may(token) == set()
    finally:
        world.granted_by(world.organisation, tmp_path)
