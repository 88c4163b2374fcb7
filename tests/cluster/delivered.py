"""The world with a model in all of its environments, whether or not the story was told before."""

from __future__ import annotations

import os
import re
from functools import partial
from typing import Any

from cluster.observed import soaked
from cluster.world import CLUSTERS, MODEL, TEAM, ClusterWorld, argocd_files, bootstrap
from end_to_end.people import BOT, PLATFORM_OWNER, RELEASE_MANAGER
from runbooks import Shell
from servers.gitea_world import NAME, OWNER, set_up
from turnpike.documents.identifiers import ObjectId

KEY = f"{TEAM}/{MODEL}"
ENVIRONMENTS = ("dev", "staging", "production")
_ARTIFACT = re.compile(r"^artifact: (\S+)$", re.MULTILINE)


def released_in(world: ClusterWorld, environment: str) -> str:
    """Return the digest that main releases in an environment; empty for none."""
    path = f"environments/{environment}/local/{KEY}/release.yaml"
    content = world.host.clone.read(world.host.main(), path)
    found = _ARTIFACT.search(content.decode()) if content else None
    return found[1].strip("\"'") if found else ""


def newer(world: ClusterWorld) -> str:
    """Return the digest of the second of the two versions."""
    artifact = world.company.drafts["better diabetes"].model.artifact
    assert artifact is not None
    return artifact.digest


def bring_everywhere(world: ClusterWorld) -> None:
    """Bring the first version into all environments and the second into staging, unless so."""
    if not world.application("turnpike-platform"):
        _set_up_argocd(world)
    for environment in ENVIRONMENTS:
        if not released_in(world, environment):
            _bring_first(world, environment)
    if released_in(world, "staging") != newer(world):
        _bring_second(world)
    for environment in ENVIRONMENTS:
        wait(world, environment)
    soaked(world, "staging")


def turn(world: ClusterWorld, environment: str) -> ObjectId:
    """Release the other version in dev or in production: forwards, else back."""
    number = open_turn(world, environment)
    return world.merge(number)


def open_turn(world: ClusterWorld, environment: str) -> int:
    """Open the change that ``turn`` merges, with the approvals that it needs."""
    forwards = ("release", KEY, "--to") if environment == "dev" else ("promote", KEY, "--to")
    is_new = released_in(world, environment) == newer(world)
    words = ("rollback", KEY, "--in") if is_new else forwards
    # What was rolled back comes again on a person's word only.
    number = world.opened(*words, environment, by=BOT if is_new else "jonas-weber")
    if environment == "production":
        world.approve(number, RELEASE_MANAGER)
    return number


def wait(world: ClusterWorld, environment: str, seconds: int = 600) -> Any:
    """Wait with Turnpike's own verb until what main releases runs."""
    words = ("delivery", "wait", KEY, "--environment", environment, "--timeout", f"{seconds}s")
    (told,) = world.told(*words)
    assert told["inStep"]
    return told


def shell_of(world: ClusterWorld, environment: str) -> Shell:
    """Return where the commands of a runbook run: the one place that gives its variables values."""
    home = world.company.folder / "home"
    world.host.netrc(home)
    administrator = home / "administrator"
    administrator.touch(mode=0o600)
    administrator.write_text(world.host.root_token.secret, "utf-8")
    environ = {
        **os.environ,
        "HOME": str(home),
        "PATH": f"{set_up('kubectl')}{os.pathsep}{os.environ['PATH']}",
        "KUBECONFIG": str(world.fleet.kubeconfig),
        "TURNPIKE_GITEA_TOKEN": world.host.tokens[BOT].secret,
    }
    values = {
        "environment": environment,
        "target": "local",
        "team": TEAM,
        "model": MODEL,
        "known": f"cluster-{environment}-local",
        "host": world.host.gitea.url,
        "repository": f"{OWNER}/{NAME}",
        "instance": str(world.company.folder),
        "prometheus": world.prometheus,
        "administrator": str(administrator),
    }
    return Shell(world.company.monorepo, environ, values)


def plane_of(environment: str) -> str:
    """Return the name of the cluster that an environment's target is in."""
    return next(name for name, uses in CLUSTERS.items() if f"{environment}-local" in uses)


def _set_up_argocd(world: ClusterWorld) -> None:
    number = world.propose(argocd_files(world), "sam-rivera")
    world.approve(number, PLATFORM_OWNER)
    world.merge(number)
    bootstrap(world)


def _bring_first(world: ClusterWorld, environment: str) -> None:
    if environment == "dev":
        _bring_model(world, "diabetes")
    if environment != "dev":
        before = ENVIRONMENTS[ENVIRONMENTS.index(environment) - 1]
        wait(world, before)
        soaked(world, before)
    if environment == "production":
        turn(world, environment)
    else:
        verb = "release" if environment == "dev" else "promote"
        world.released(verb, KEY, "--to", environment)
    place = f"object of the model in {environment}"
    world.until(place, partial(world.service, environment))
    world.give_volume(environment)


def _bring_second(world: ClusterWorld) -> None:
    path = f"models/{KEY}/model.yaml"
    main = world.host.clone.read(world.host.main(), path)
    if main != world.company.drafts["better diabetes"].files[path]:
        _bring_model(world, "better diabetes")
    if released_in(world, "dev") != newer(world):
        world.released("release", KEY, "--to", "dev", by="jonas-weber")
    wait(world, "dev")
    soaked(world, "dev")
    world.released("promote", KEY, "--to", "staging")


def _bring_model(world: ClusterWorld, name: str) -> None:
    number = world.propose_model(name)
    world.approve(number, "lena-fischer")
    world.merge(number)
