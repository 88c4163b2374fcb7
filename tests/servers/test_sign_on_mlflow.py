"""People and programs come into MLflow by the provider, as the module mlflow_server sets it up.

A real MLflow with its plugin for sign-in, a real Gitea, both over TLS. The settings that MLflow
runs by are what Terraform makes of the module's own ``sign_on.tf``.
"""

from __future__ import annotations

import json
import os
import secrets
import subprocess
import time
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, urlsplit

import httpx
import pytest
from cryptography.hazmat.primitives.asymmetric.rsa import generate_private_key

from servers.gitea_world import OWNER, ROOT, organisation_with_gitea, set_up
from servers.provider_gitea import (
    FOR_US_AND_NOW,
    PASSWORD,
    GiteaBrowser,
    add_client,
    add_group,
    bent,
    forged,
    gitea_over_tls,
    join_group,
    leave_group,
    signed_like,
    signing_key,
    tokens_for,
    trusting,
)
from turnpike.forge.web import WebApi
from turnpike.free_ports import free_ports
from turnpike.loopback.addresses import answers
from turnpike.loopback.gitea import Gitea, Tls, add_account
from turnpike.loopback.processes import Processes
from turnpike.signon.provider import Client

MODULE = ROOT / "terraform" / "modules" / "mlflow_server"
_GROUPS = {
    "oncology": ("maria-lopez", "tom-becker"),
    "endocrinology": ("lena-fischer",),
    "risk-quorum": ("nora-smith", "tom-becker"),
    "platform-owners": ("sam-rivera",),
    "strangers": ("mallory",),
}
_ADMINISTRATORS = [f"{OWNER}:platform-owners"]
_ENTER = [f"{OWNER}:{group}" for group in ("oncology", "endocrinology", "risk-quorum")]
_ADMINISTRATOR = "sam-rivera"
_VARIABLES = """
variable "address" {}
variable "sign_on" {}
output "sign_on" { value = local.sign_on }
"""
_API = "/api/2.0/mlflow"
_REDIRECT = "http://127.0.0.1:8000"  # where a person's program listens; nobody does here
_SECONDS = 120.0


@dataclass
class World:
    """MLflow with the provider, and people in groups."""

    gitea: Gitea
    api: WebApi
    url: str
    client: Client
    other: Client
    teams: dict[str, int]
    instance: Path

    def signed_in(self, account: str) -> GiteaBrowser:
        """Walk MLflow's login, after which the browser has whatever cookie it was given."""
        browser = GiteaBrowser(account=account)
        back = browser.back_from(browser.sent_to_provider(f"{self.url}/login"), self.url)
        assert browser.get(back).status_code == 302
        return browser

    def token(self, account: str, client: Client | None = None) -> str:
        """Return the identity token of a program that somebody signed in to."""
        return tokens_for(self.gitea, client or self.client, _REDIRECT, account)["id_token"]

    def status(self, token: str) -> int:
        """Return how MLflow answers the holder of a token who asks who they are."""
        said = {"Authorization": f"Bearer {token}"}
        place = f"{self.url}{_API}/users/current"
        return httpx.get(place, headers=said, timeout=_SECONDS).status_code

    def may(self, browser: GiteaBrowser, method: str, path: str, **value: str) -> bool:
        """Tell whether MLflow lets somebody do a thing that it would do for who may."""
        place = f"{self.url}{_API}{path}"
        if method == "GET":
            answer = browser.web.get(place, params=value)
        else:
            answer = browser.web.request(method, place, json=value)
        assert answer.status_code in {200, 403}, answer.text
        return answer.status_code == 200

    def turnpike(self, *words: str, account: str = _ADMINISTRATOR) -> tuple[int, str]:
        """Call a verb in the instance with somebody's token of MLflow; return code and output."""
        return called(self.instance, words, {"TURNPIKE_MLFLOW_TOKEN": self.token(account)})


def called(folder: Path, words: Iterable[str], environ: Mapping[str, str]) -> tuple[int, str]:
    done = subprocess.run(
        [str(ROOT / "turnpike"), *words], cwd=folder, env={**os.environ, **environ},
        capture_output=True, text=True, check=False, timeout=600,
    )  # fmt: skip
    return done.returncode, done.stdout + done.stderr


@pytest.fixture(scope="module")
def world(tmp_path_factory: pytest.TempPathFactory) -> Iterator[World]:
    folder = tmp_path_factory.mktemp("mlflow")
    with (
        Processes(folder / "logs") as processes,
        gitea_over_tls(folder, processes) as (gitea, api, tls),
    ):
        (port,) = free_ports(1)
        url = f"https://127.0.0.1:{port}"
        client = add_client(api, "mlflow", f"{url}/callback", _REDIRECT)
        other = add_client(api, "another program", _REDIRECT)
        teams = _people(gitea, api)
        _serve(processes, folder, url, tls, _settings(folder, url, gitea.url, client))
        instance = _instance(folder, gitea.url, client)
        made = World(gitea, api, url, client, other, teams, instance)
        for account in ("maria-lopez", _ADMINISTRATOR):  # MLflow knows nobody who never came
            made.signed_in(account)
        code, said = made.turnpike("registry", "connect", url)
        assert code == 0, said
        yield made
    assert not [pid for pid in processes.ever if Path(f"/proc/{pid}").exists()]


def _people(gitea: Gitea, api: WebApi) -> dict[str, int]:
    api.send("POST", "/api/v1/orgs", {"username": OWNER, "visibility": "public"})
    for account in {account for members in _GROUPS.values() for account in members}:
        add_account(gitea, account, PASSWORD)
    return {group: add_group(api, OWNER, group, *members) for group, members in _GROUPS.items()}


def _instance(folder: Path, issuer: str, client: Client) -> Path:
    """Make an instance whose organisation signs people in at the provider."""
    file = organisation_with_gitea(folder / "organisation.yaml")
    sign_on = {
        "issuer": issuer, "host": "gitea", "groupPrefix": f"{OWNER}:",
        "clients": {"pages": {"id": client.id}},
    }  # fmt: skip
    file.write_text(f"{file.read_text('utf-8')}\nsignOn: {json.dumps(sign_on)}\n", "utf-8")
    place = folder / "instance"
    words = ("init", str(place), "--with-personas", "--organisation", str(file))
    code, said = called(folder, words, {})
    assert code == 0, said
    return place


def _settings(folder: Path, address: str, issuer: str, client: Client) -> dict[str, str]:
    """Let Terraform make the module's settings, and add what only the image and secrets have."""
    place = folder / "terraform"
    place.mkdir()
    (place / "sign_on.tf").write_bytes((MODULE / "aws" / "sign_on.tf").read_bytes())
    (place / "variables.tf").write_text(_VARIABLES, "utf-8")
    sign_on = {
        "issuer": issuer, "client_id": client.id,
        "groups": [*_ENTER, *_ADMINISTRATORS], "administrators": _ADMINISTRATORS,
    }  # fmt: skip
    values = {"address": address, "sign_on": sign_on}
    (place / "terraform.tfvars.json").write_text(json.dumps(values), "utf-8")
    for command in (["init"], ["apply", "-auto-approve"]):
        _terraform(command, place)
    made: dict[str, str] = json.loads(_terraform(["output", "-json", "sign_on"], place))
    return made | {
        "OIDC_CLIENT_SECRET": client.secret,
        "SECRET_KEY": secrets.token_urlsafe(32),
        "OIDC_USERS_DB_URI": f"sqlite:///{folder}/people.db",
    }


def _terraform(command: list[str], folder: Path) -> str:
    return subprocess.run(
        ["terraform", *command], cwd=folder, capture_output=True, text=True, check=True
    ).stdout


def _serve(
    processes: Processes, folder: Path, url: str, tls: Tls, settings: dict[str, str]
) -> None:
    """Start MLflow as the module does, but that TLS ends here and not at the gateway."""
    programs, at = set_up("registry") / "bin", urlsplit(url)
    command: list[str | Path] = [
        programs / "mlflow", "server", "--app-name", "oidc-auth", "--workers", "1",
        "--host", str(at.hostname), "--port", str(at.port),
        "--uvicorn-opts", f"--ssl-certfile {tls.certificate} --ssl-keyfile {tls.key}",
        "--backend-store-uri", f"sqlite:///{folder}/registry.db",
        "--artifacts-destination", folder / "artifacts",
    ]  # fmt: skip
    environ = {
        "PATH": f"{programs}{os.pathsep}{os.environ['PATH']}",
        "HOME": str(folder),
        "MLFLOW_DISABLE_TELEMETRY": "true",
        "MLFLOW_SERVER_ALLOWED_HOSTS": at.netloc,
        "MLFLOW_SERVER_ENABLE_JOB_EXECUTION": "false",
    }
    processes.start("mlflow", command, {**environ, **trusting(tls), **settings})
    well = f"{url}/health"
    processes.wait_until("mlflow", lambda: answers(well, certificate=tls.certificate))


def test_every_cloud_lets_people_in_alike() -> None:
    clouds = {file.parent.name: file.read_bytes() for file in MODULE.glob("*/sign_on.tf")}
    assert set(clouds) == {"aws", "azure", "gcp"}
    assert len(set(clouds.values())) == 1


@pytest.mark.parametrize(
    ("account", "status", "administers"),
    [
        ("maria-lopez", 200, False),
        ("sam-rivera", 200, True),
        ("mallory", 401, None),  # the provider knows them, and in no group that enters
    ],
)
def test_who_is_in_a_group_that_enters_comes_in(
    world: World, account: str, status: int, administers: bool | None
) -> None:
    answer = world.signed_in(account).get(f"{world.url}{_API}/users/current")
    assert answer.status_code == status
    assert answer.json().get("is_admin") == administers


def test_who_has_not_signed_in_sees_nothing(world: World) -> None:
    for path in ("/registered-models/search", "/experiments/search?max_results=1"):
        answer = httpx.get(f"{world.url}{_API}{path}", timeout=_SECONDS)
        assert answer.status_code == 401
    assert httpx.get(f"{world.url}/", timeout=_SECONDS).status_code == 401


def test_the_flow_is_a_code_with_pkce_state_and_nonce(world: World) -> None:
    first, second = (
        parse_qs(urlsplit(GiteaBrowser().sent_to_provider(f"{world.url}/login")).query)
        for _ in range(2)
    )
    assert (first["response_type"], first["code_challenge_method"]) == (["code"], ["S256"])
    for secret in ("state", "nonce", "code_challenge"):
        assert first[secret] != second[secret]


def test_another_browser_cannot_finish_a_login(world: World) -> None:
    browser, other = GiteaBrowser(), GiteaBrowser()
    back = browser.back_from(browser.sent_to_provider(f"{world.url}/login"), world.url)
    other.get(back)
    assert other.get(f"{world.url}{_API}/users/current").status_code == 401


def test_the_cookie_is_short_lived_for_tls_alone_and_no_scripts(world: World) -> None:
    browser = GiteaBrowser()
    back = browser.back_from(browser.sent_to_provider(f"{world.url}/login"), world.url)
    (session,) = [
        one for one in browser.get(back).headers.get_list("set-cookie") if "session" in one
    ]
    said = {part.casefold() for part in session.split("; ")}
    assert {"httponly", "secure", "samesite=lax", "max-age=900"} <= said


@pytest.mark.parametrize(
    ("changes", "status"),
    [
        *FOR_US_AND_NOW,
        ({"iss": None}, 401),
        ({"preferred_username": None}, 401),
        ({"preferred_username": "nobody"}, 401),
    ],
)
def test_what_the_providers_own_key_signs_counts_only_as_it_must_be(
    world: World, changes: dict[str, Any], status: int
) -> None:
    token = world.token("maria-lopez")
    claims = bent(token, int(time.time()), **changes)
    assert world.status(signed_like(token, claims, signing_key(world.gitea))) == status


def test_no_other_key_signs_and_none_is_no_signature(world: World) -> None:
    token, stranger = world.token("maria-lopez"), generate_private_key(65537, 2048)
    more = {"preferred_username": "sam-rivera"}
    found = forged(token, stranger, signing_key(world.gitea), more)
    assert {what: world.status(one) for what, one in found.items()} == dict.fromkeys(found, 401)
    assert world.status(token) == 200


def test_a_login_at_another_program_is_of_no_use(world: World) -> None:
    assert world.status(world.token("maria-lopez")) == 200
    assert world.status(world.token("maria-lopez", world.other)) == 401


def test_nobody_may_do_anything_before_it_is_given(world: World) -> None:
    browser = world.signed_in("maria-lopez")
    for path in ("/registered-models/create", "/experiments/create"):
        assert not world.may(browser, "POST", path, name="oncology.early")


def test_the_gateway_to_providers_models_lets_in_by_the_same_tokens(world: World) -> None:
    """MLflow's AI gateway is served by the same server; here it has no route."""
    tokens = {
        "none": "",
        "another program's": world.token("maria-lopez", world.other),
        "a team's": world.token("maria-lopez"),
        "an administrator's": world.token(_ADMINISTRATOR),
    }
    place = f"{world.url}/gateway/triage-notes/mlflow/invocations"
    found = {
        whose: httpx.post(
            place, json={"messages": []}, timeout=_SECONDS,
            headers={"Authorization": f"Bearer {token}"} if token else {},
        ).status_code
        for whose, token in tokens.items()
    }  # fmt: skip
    assert found == {
        "none": 401, "another program's": 401, "a team's": 403, "an administrator's": 404,
    }  # fmt: skip


@pytest.fixture(scope="module")
def granted(world: World) -> World:
    """The world once the permissions of main are given; one more, by hand, is taken away."""
    world.signed_in("nora-smith")
    by_hand = {"regex": ".*", "priority": 1, "permission": "MANAGE"}
    group = f"{_API}/permissions/groups/{OWNER}%3Arisk-quorum/registered-models-patterns"
    answer = world.signed_in(_ADMINISTRATOR).web.post(f"{world.url}{group}", json=by_hand)
    assert answer.status_code == 201, answer.text
    code, said = world.turnpike("registry", "permissions", "--check")
    assert (code, said.count("take ")) == (1, 1), said
    code, said = world.turnpike("registry", "permissions")
    assert code == 0, said
    return world


def test_permissions_that_are_given_are_given_once(granted: World) -> None:
    assert granted.turnpike("registry", "permissions", "--check") == (
        0,
        "The permissions are those of main.\n",
    )


def test_who_is_no_administrator_of_the_server_gives_nothing(granted: World) -> None:
    code, said = granted.turnpike("registry", "permissions", account="maria-lopez")
    assert code == 3
    assert "registry.unavailable" in said


def test_a_group_may_do_what_git_says_and_no_more(granted: World) -> None:
    create, get = ("POST", "/registered-models/create"), ("GET", "/registered-models/get")
    maria, lena, nora, tom = map(
        granted.signed_in, ("maria-lopez", "lena-fischer", "nora-smith", "tom-becker")
    )
    assert granted.may(maria, *create, name="oncology.triage")
    assert granted.may(lena, *create, name="endocrinology.dose")
    for name in ("endocrinology.other", "oncologyx.other", "other"):
        assert not granted.may(maria, *create, name=name)
    assert not granted.may(nora, *create, name="oncology.other")
    seen = {
        who: {name for name in ("oncology.triage", "endocrinology.dose")
              if granted.may(browser, *get, name=name)}
        for who, browser in (("maria", maria), ("lena", lena), ("nora", nora), ("tom", tom))
    }  # fmt: skip
    both = {"oncology.triage", "endocrinology.dose"}
    own = {"maria": {"oncology.triage"}, "lena": {"endocrinology.dose"}}
    assert seen == {**own, "nora": both, "tom": both}
    change = ("PATCH", "/registered-models/update")
    assert granted.may(tom, *change, name="oncology.triage", description="x")
    assert not granted.may(tom, *change, name="endocrinology.dose", description="x")
    assert not granted.may(maria, "DELETE", "/registered-models/delete", name="oncology.triage")


def test_a_team_logs_a_candidate_and_registers_it(granted: World) -> None:
    maria, nora = granted.signed_in("maria-lopez"), granted.signed_in("nora-smith")
    made = maria.web.post(f"{granted.url}{_API}/experiments/create", json={"name": "turnpike"})
    assert made.status_code == 200, made.text
    (number,) = made.json().values()
    assert not granted.may(nora, "POST", "/runs/create", experiment_id=number)
    run = maria.web.post(f"{granted.url}{_API}/runs/create", json={"experiment_id": number})
    run_id = run.json()["run"]["info"]["run_id"]
    place = {"source": f"runs:/{run_id}/model", "run_id": run_id}
    granted.may(maria, "POST", "/registered-models/create", name="oncology.candidate")
    versions = ("POST", "/model-versions/create")
    assert granted.may(maria, *versions, name="oncology.candidate", **place)
    assert not granted.may(nora, *versions, name="oncology.candidate", **place)


def test_who_changes_groups_may_no_more_what_they_made_themselves(granted: World) -> None:
    get = ("GET", "/registered-models/get")
    browser = granted.signed_in("maria-lopez")
    granted.may(browser, "POST", "/registered-models/create", name="oncology.own")
    assert granted.may(browser, *get, name="oncology.own")
    leave_group(granted.api, granted.teams["oncology"], "maria-lopez")
    join_group(granted.api, granted.teams["endocrinology"], "maria-lopez")
    try:
        assert not granted.may(granted.signed_in("maria-lopez"), *get, name="oncology.own")
        assert not granted.may(browser, *get, name="oncology.own")
        program = GiteaBrowser()
        program.web.headers["Authorization"] = f"Bearer {granted.token('maria-lopez')}"
        assert not granted.may(program, *get, name="oncology.own")
    finally:
        leave_group(granted.api, granted.teams["endocrinology"], "maria-lopez")
        join_group(granted.api, granted.teams["oncology"], "maria-lopez")
        granted.signed_in("maria-lopez")


def test_whom_main_has_in_fewer_groups_is_forgotten_with_what_they_had(granted: World) -> None:
    """Tom Becker is in a group of the provider's in which main does not have him."""
    browser, token = granted.signed_in("tom-becker"), granted.token("tom-becker")
    assert granted.status(token) == 200
    code, said = granted.turnpike("registry", "permissions", "--check")
    assert code == 1
    assert [line for line in said.splitlines() if line.startswith("forget")] == [
        "forget tom-becker: main has them in fewer groups"
    ]
    code, said = granted.turnpike("registry", "permissions")
    assert code == 0, said
    assert granted.status(token) == 401
    assert browser.get(f"{granted.url}{_API}/users/current").status_code == 401
    assert granted.turnpike("registry", "permissions", "--check")[0] == 0


def test_who_leaves_every_group_that_enters_does_not_come_in_again(world: World) -> None:
    assert world.signed_in("lena-fischer").get(f"{world.url}{_API}/users/current").is_success
    leave_group(world.api, world.teams["endocrinology"], "lena-fischer")
    again = world.signed_in("lena-fischer")
    assert again.get(f"{world.url}{_API}/users/current").status_code == 401
