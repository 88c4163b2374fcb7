"""The drill: a region is gone with its Argo CD, and comes back from a clone alone, by digest.

It comes last (``conftest.py``): nothing of the world's clusters is left at its end.
"""

from __future__ import annotations

import os
import shutil
import signal
import subprocess
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import replace
from pathlib import Path

import pytest

from cluster.delivered import ENVIRONMENTS, bring_everywhere, released_in, turn, wait
from cluster.kserve import KServe
from cluster.world import CLUSTERS, READER, ClusterWorld
from runbooks import Page, Shell, carried_out
from servers.gitea_world import set_up
from turnpike.loopback.fleet import repository_secret, start_fleet
from turnpike.loopback.processes import Processes

OWN = ("PATH", "LANG", "TURNPIKE_CACHE", "TURNPIKE_OPA", "GIT_CONFIG_GLOBAL", "GIT_CONFIG_NOSYSTEM")
# Kubernetes' client leaves the sockets of a server that was killed to the garbage collector.
pytestmark = pytest.mark.filterwarnings(
    "ignore:Exception ignored in. <ssl.SSLSocket:pytest.PytestUnraisableExceptionWarning"
)


def lose(world: ClusterWorld) -> None:
    """Kill every process of the region, and throw its data away."""
    world.measured.extend(world.memory())
    for playing in world.kserve.values():
        playing.end()
    for name in reversed(tuple(world.processes.running)):
        world.processes.stop_one(name, signal.SIGKILL)
    assert not world.left(), "processes outlived their region"  # at once: ids are used again
    for plane in world.fleet.planes.values():
        shutil.rmtree(plane.folder)


def cloned(world: ClusterWorld, folder: Path) -> Path:
    """Clone the monorepo anew, as an account that may only read."""
    home = folder / "home"
    home.mkdir()
    secret = world.host.tokens[READER].secret
    (home / ".netrc").write_text(f"machine 127.0.0.1 login {READER} password {secret}\n", "utf-8")
    command = ("git", "clone", "--quiet", world.host.url, str(folder / "clone"))
    subprocess.run(command, env={**os.environ, "HOME": str(home)}, check=True, timeout=300)
    return folder / "clone"


@contextmanager
def made_anew(world: ClusterWorld, clone: Path, folder: Path) -> Iterator[ClusterWorld]:
    """Start empty clusters and an empty Argo CD, as Terraform and the set-up make them.

    Of what was there before they know nothing. The artifact store is brought back.
    """
    signatures = clone / "platform" / "argocd" / "signatures"
    with ExitStack() as stack:
        processes = stack.enter_context(Processes(folder / "logs"))
        fleet = start_fleet(set_up("cluster"), signatures, folder / "clusters", processes, CLUSTERS)
        secret = repository_secret(world.host.url, READER, world.host.tokens[READER].secret)
        fleet.control.apply(secret, "argocd")
        planes = fleet.planes.items()
        playing = {name: stack.enter_context(KServe.of(plane)) for name, plane in planes}
        anew = replace(world, fleet=fleet, processes=processes, kserve=playing)
        for environment in ENVIRONMENTS:
            assert anew.service(environment) is None
            anew.give_volume(environment)
        yield anew


def by_page(page: Page, kubeconfig: Path, signers: Path) -> Page:
    """Let the rest of a page see the new clusters."""
    page.shell = Shell(
        page.shell.folder,
        {**page.shell.environ, "KUBECONFIG": str(kubeconfig)},
        {**page.shell.values, "signers": str(signers)},
    )
    return page


def test_a_lost_region_is_rebuilt_from_a_clone_alone(
    world: ClusterWorld, tmp_path: Path, tmp_path_factory: pytest.TempPathFactory
) -> None:
    bring_everywhere(world)
    if len({released_in(world, environment) for environment in ENVIRONMENTS}) == 1:
        turn(world, "dev")  # so that no digest can stand for all
        wait(world, "dev")
    released = {environment: released_in(world, environment) for environment in ENVIRONMENTS}
    assert {environment: world.artifact_in(environment) for environment in ENVIRONMENTS} == released
    assert len(set(released.values())) == 2
    main, started = world.host.main(), time.monotonic()
    lose(world)
    clone = cloned(world, tmp_path)
    kubectl = f"{set_up('kubectl')}{os.pathsep}{os.environ['PATH']}"
    environ = {name: os.environ[name] for name in OWN if name in os.environ} | {"PATH": kubectl}
    environ |= {"HOME": str(tmp_path / "home"), "KUBECONFIG": str(world.fleet.kubeconfig)}
    genesis = world.company.house.instance.genesis
    values = {"target": "local", "cluster": "production-local", "genesis": genesis,
              "signers": "none yet"}  # fmt: skip
    with carried_out("RegionLost", Shell(clone, environ, values)) as page:
        look = page.run("Look", 1, 0, 0)
        assert "sound: " in look
        assert all(digest[:19] in look for digest in released.values())
        with made_anew(world, clone, tmp_path_factory.mktemp("anew")) as anew:
            world.note("region lost, until empty clusters and Argo CD answer", started)
            by_page(page, anew.fleet.kubeconfig, anew.fleet.argocd.allowed_signers)
            page.step("Help")
            known = page.step("Help").split()
            assert sorted(known) == sorted(f"{name}-local" for name in ENVIRONMENTS)
            page.step("Help")
            over = page.run("Over when")
            world.note("region lost, until all that was released runs again, by digest", started)
            assert over.count("in step") == over.count("as main has it") == len(ENVIRONMENTS)
            found = {environment: anew.artifact_in(environment) for environment in ENVIRONMENTS}
        assert not anew.left(), "processes outlived the drill"
    assert found == released
    assert world.host.main() == main
