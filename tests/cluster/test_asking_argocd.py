"""What Argo CD says of itself, and that it looks again when it is asked; by its own API."""

from __future__ import annotations

import base64
import json
import os
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import jwt
import pytest

from cluster.delivered import KEY, bring_everywhere
from cluster.world import MODEL, TEAM, ClusterWorld
from end_to_end.installed import PRODUCT
from end_to_end.verbs import Told

APPLICATION = f"dev.local.{TEAM}.{MODEL}"
OPERATOR, VIEWER = "operator-bot", "viewer-bot"
_RIGHTS = f"""\
p, {OPERATOR}, applications, get, */*, allow
p, {OPERATOR}, applications, sync, */*, allow
p, {VIEWER}, applications, get, */*, allow
"""


@pytest.fixture(scope="module")
def tokens(world: ClusterWorld) -> dict[str, str]:
    """Tokens of two accounts of Argo CD's own, as its administrators make them."""
    bring_everywhere(world)
    issued = int(time.time()) - 60
    found = world.fleet.control.find("v1", "Secret", "argocd-secret", "argocd")
    assert found is not None
    listed = json.dumps([{"id": "tests", "iat": issued}])
    accounts = (OPERATOR, VIEWER)
    world.fleet.control.patch(
        found, {"stringData": {f"accounts.{name}.tokens": listed for name in accounts}}
    )
    _settings(world, "argocd-cm", {f"accounts.{name}": "apiKey" for name in accounts})
    _settings(world, "argocd-rbac-cm", {"policy.tests.csv": _RIGHTS})
    key = base64.b64decode(found["data"]["server.secretkey"])
    said = {"iss": "argocd", "jti": "tests", "iat": issued, "nbf": issued}
    made = {n: jwt.encode({**said, "sub": f"{n}:apiKey"}, key, "HS256") for n in accounts}
    world.until(
        "Argo CD knows accounts of its own",
        lambda: all(asked(world, token, "tree").code != 3 for token in made.values()),
    )
    return made


def _settings(world: ClusterWorld, name: str, data: dict[str, str]) -> None:
    found = world.fleet.control.find("v1", "ConfigMap", name, "argocd")
    assert found is not None
    world.fleet.control.patch(found, {"data": data})


def asked(world: ClusterWorld, token: str, *words: str) -> Told:
    """Ask Argo CD about the model in dev, with an account's token."""
    verb, *rest = words
    line = ("delivery", verb, KEY, "--environment", "dev", *rest)
    where = ("--argocd-url", world.fleet.argocd.server)
    done = subprocess.run(
        [str(PRODUCT / "turnpike"), *line, *where],
        cwd=world.company.folder,
        env={**os.environ, "TURNPIKE_ARGOCD_TOKEN": token},
        capture_output=True,
        text=True,
        check=False,
        timeout=900,
    )
    assert token not in done.stdout + done.stderr
    return Told(line, done.returncode, done.stdout, done.stderr)


def tree(world: ClusterWorld, token: str) -> Any:
    (told,) = asked(world, token, "tree", "--json").json()
    return told


@contextmanager
def left_to_itself(world: ClusterWorld) -> Iterator[None]:
    """Let Argo CD sync the Application in dev no more, whatever it sees."""
    with world.halted("argocd-applicationset-controller"):  # which would put it back at once
        world.patch_application(APPLICATION, {"spec": {"syncPolicy": {"automated": None}}})
        yield
    world.until(
        "dev syncs by itself again",
        lambda: (world.fleet.control.find("argoproj.io/v1alpha1", "Application", APPLICATION,
                                          "argocd") or {})["spec"]["syncPolicy"].get("automated"),
    )  # fmt: skip


def test_objects_stand_below_those_that_they_were_made_for(
    world: ClusterWorld, tokens: dict[str, str]
) -> None:
    told = tree(world, tokens[VIEWER])
    assert (told["environment"], told["target"]) == ("dev", "local")
    assert told["application"] == APPLICATION
    roots = {(one["kind"], one["name"]): one for one in told["resources"]}
    service = roots["InferenceService", MODEL]
    assert (service["missing"], service["extra"], service["fields"]) == (False, False, [])
    assert {"NetworkPolicy", "ServiceAccount", "ServiceMonitor"} <= {kind for kind, _ in roots}
    text = asked(world, tokens[VIEWER], "tree")
    assert text.code == 0, str(text)
    assert f"InferenceService dev-{TEAM}/{MODEL}" in text.output


def test_what_is_out_of_step_is_synced_when_somebody_asks(
    world: ClusterWorld, tokens: dict[str, str]
) -> None:
    with left_to_itself(world):
        world.patch_service("dev", {"spec": {"predictor": {"maxReplicas": 9}}})
        world.until(
            "edit by hand, until Argo CD's own diff shows it",
            lambda: asked(world, tokens[VIEWER], "tree").code == 1,
        )
        (service,) = (one for one in tree(world, tokens[VIEWER])["resources"] if one["fields"])
        fields = [(one["path"], one["wanted"], one["found"]) for one in service["fields"]]
        assert fields == [("spec.predictor.maxReplicas", 1, 9)]
        (begun,) = asked(world, tokens[OPERATOR], "sync", "--json").json()
        assert begun["application"] == APPLICATION
        assert world.host.clone.is_ancestor(begun["revision"], world.host.main())
        world.until(
            "asked for by hand, until it is synced",
            lambda: asked(world, tokens[VIEWER], "tree").code == 0,
        )


def test_who_may_look_may_not_sync(world: ClusterWorld, tokens: dict[str, str]) -> None:
    refused = asked(world, tokens[VIEWER], "sync")
    assert refused.code == 3, str(refused)
    assert "argocd.refused" in refused.errors
    assert "permission denied" in refused.errors


@pytest.mark.parametrize("token", ["nobody's", "a.b.c"])
def test_a_token_of_nobody_is_refused(world: ClusterWorld, token: str) -> None:
    refused = asked(world, token, "tree")
    assert (refused.code, "argocd.refused" in refused.errors) == (3, True), str(refused)
