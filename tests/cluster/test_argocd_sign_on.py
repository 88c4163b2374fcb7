"""Argo CD takes people in by the provider, and lets groups do what organisation.yaml says.

A real Gitea, a real Argo CD beside a real API server; what Argo CD reads is what Turnpike rendered.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass

import httpx
import pytest
import yaml

from servers.gitea_world import NAME, OWNER, ROOT, set_up
from servers.provider_gitea import PASSWORD, GiteaBrowser, add_client, add_group, leave_group
from turnpike.documents.reading import read
from turnpike.forge.web import WebApi
from turnpike.loopback.fleet import Fleet, start_fleet
from turnpike.loopback.gitea import Gitea, add_account, start_gitea, token_of
from turnpike.loopback.objects import Object
from turnpike.loopback.processes import Processes
from turnpike.rendering.access_files import access_files
from turnpike.signon.provider import Client
from turnpike.topology.organisation import ORGANISATION, Organisation, SignOn

APPLICATION = "dev.local.oncology.triage"
_FILE = "policies/data/organisation.yaml"
_GROUPS = {"maria-lopez": "oncology", "sam-rivera": "platform-owners", "ida-berg": "on-call"}
_SECONDS = 600.0


@dataclass
class World:
    """Argo CD with the provider, one application of oncology in dev, and people in groups."""

    gitea: Gitea
    api: WebApi
    fleet: Fleet
    teams: dict[str, int]

    @property
    def url(self) -> str:
        return self.fleet.argocd.server

    def signed_in(self, account: str) -> GiteaBrowser:
        """Walk Argo CD's own login, by which the browser has its cookie."""
        browser = GiteaBrowser(account=account)
        back = browser.back_from(f"{self.url}/auth/login?return_url={self.url}/", self.url)
        for _ in range(3):  # its own redirects, the first of which is the callback
            if "/auth/callback" not in back:
                break
            answer = browser.web.get(back)
            assert answer.status_code in {302, 303, 307}, answer.text[:500]
            back = answer.headers["Location"]
        return browser

    def lets(self, browser: GiteaBrowser, verb: str) -> bool:
        """Tell whether Argo CD lets somebody do a thing to the application."""
        place = f"{self.url}/api/v1/applications/{APPLICATION}"
        if verb == "get":
            answer = browser.web.get(place)
        elif verb == "sync":
            answer = browser.web.post(f"{place}/sync", json={"dryRun": True})
        else:
            answer = browser.web.delete(place, headers={"Content-Type": "application/json"})
        # Whom it lets sync, it may have wait for the sync of somebody whom it let before.
        waits = answer.status_code == 400 and "another operation is already" in answer.text
        assert waits or answer.status_code in {200, 403}, answer.text
        return answer.status_code != 403


@pytest.fixture(scope="module")
def world(tmp_path_factory: pytest.TempPathFactory) -> Iterator[World]:
    folder = tmp_path_factory.mktemp("argo-cd")
    with Processes(folder / "logs") as processes:
        gitea = start_gitea(set_up("gitea"), folder / "gitea", processes)
        secret = token_of(gitea, gitea.administrator, "all")
        api = WebApi(gitea.url, {"Authorization": f"token {secret}"})
        teams = _people(gitea, api)
        signatures = ROOT / "platform" / "argocd" / "signatures"
        clusters = {"one": ("dev-local",)}
        fleet = start_fleet(set_up("cluster"), signatures, folder / "fleet", processes, clusters)
        client = add_client(api, "Argo CD", f"{fleet.argocd.server}/auth/callback")
        _configure(fleet, client, gitea.url)
        _application(fleet, f"{gitea.url}/{OWNER}/{NAME}.git")
        yield World(gitea, api, fleet, teams)


def _people(gitea: Gitea, api: WebApi) -> dict[str, int]:
    """Give Gitea the groups as teams of one organisation, and a repository that all may read."""
    api.send("POST", "/api/v1/orgs", {"username": OWNER, "visibility": "public"})
    api.send("POST", f"/api/v1/orgs/{OWNER}/repos", {"name": NAME, "auto_init": True})
    teams: dict[str, int] = {}
    for account, group in _GROUPS.items():
        add_account(gitea, account, PASSWORD)
        teams[group] = add_group(api, OWNER, group, account)
    add_account(gitea, "mallory", PASSWORD)
    return teams


def _declared(issuer: str, client: str, address: str) -> Organisation:
    aurora = read(ORGANISATION, (ROOT / _FILE).read_bytes(), _FILE)
    value = {
        "issuer": issuer, "host": "gitea", "groupPrefix": f"{OWNER}:",
        "clients": {"argocd": {"id": client, "address": address}},
    }  # fmt: skip
    return aurora.model_copy(update={"sign_on": SignOn.model_validate(value)})


def _configure(fleet: Fleet, client: Client, issuer: str) -> None:
    """Apply what Turnpike renders, and the one thing that it never has: the client's secret."""
    held: Object = {
        "apiVersion": "v1",
        "kind": "Secret",
        "metadata": {"name": "argocd-secret", "namespace": "argocd"},
    }
    # First, for Argo CD looks its secrets up when it reads its settings.
    fleet.control.patch(held, {"stringData": {"oidc.turnpike.clientSecret": client.secret}})
    files = access_files(_declared(issuer, client.id, fleet.argocd.server), ("dev",))
    for path, content in files.items():
        if path.startswith("platform/argocd/access/"):
            fleet.control.apply(yaml.safe_load(content), "argocd")
    _until(lambda: httpx.get(f"{fleet.argocd.server}/auth/login").status_code in {302, 303})


def _application(fleet: Fleet, repository: str) -> None:
    project: Object = {
        "apiVersion": "argoproj.io/v1alpha1",
        "kind": "AppProject",
        "metadata": {"name": "turnpike-dev", "namespace": "argocd"},
        "spec": {
            "sourceRepos": [repository],
            "destinations": [{"name": "dev-*", "namespace": "dev-*"}],
        },
    }
    application: Object = {
        "apiVersion": "argoproj.io/v1alpha1",
        "kind": "Application",
        "metadata": {"name": APPLICATION, "namespace": "argocd"},
        "spec": {
            "project": "turnpike-dev",
            "source": {"repoURL": repository, "targetRevision": "HEAD", "path": "."},
            "destination": {"name": "dev-local", "namespace": "dev-oncology"},
        },
    }
    fleet.control.apply_all((project, application))


def _until(is_so: Callable[[], bool]) -> None:
    """Wait: Argo CD starts its server anew when its settings change."""
    until = time.monotonic() + _SECONDS
    while time.monotonic() < until:
        try:
            if is_so():
                return
        except httpx.HTTPError:
            pass
        time.sleep(0.5)
    raise AssertionError(f"expected Argo CD to be configured within {_SECONDS:.0f} s")


@pytest.mark.parametrize(
    ("account", "may"),
    [
        ("maria-lopez", {"get"}),  # oncology: a viewer of its own
        ("ida-berg", {"get", "sync"}),  # on-call: an operator
        ("sam-rivera", {"get", "sync"}),  # an administrator, who writes nothing past Git either
        ("mallory", set()),  # in no group
    ],
)
def test_a_group_may_do_what_is_declared_and_no_more(
    world: World, account: str, may: set[str]
) -> None:
    browser = world.signed_in(account)
    application = f"{world.url}/api/v1/applications/{APPLICATION}"
    assert httpx.get(application, timeout=_SECONDS).status_code == 401
    assert {verb for verb in ("get", "sync", "delete") if world.lets(browser, verb)} == may


def test_who_leaves_a_group_can_no_longer_sync_once_signed_in_anew(world: World) -> None:
    assert world.lets(world.signed_in("ida-berg"), "sync")
    leave_group(world.api, world.teams["on-call"], "ida-berg")
    assert not world.lets(world.signed_in("ida-berg"), "sync")


def test_argo_cd_has_no_account_of_its_own(world: World) -> None:
    said = {"username": "admin", "password": "whatever it was"}
    answer = httpx.post(f"{world.url}/api/v1/session", json=said, timeout=_SECONDS)
    assert answer.status_code in {401, 403}
