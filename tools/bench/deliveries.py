"""Deliveries by the real Argo CD on loopback, timed: from a merge in Gitea to Synced.

The Applications come from ``platform/argocd/applicationsets`` as they are, and once more without
``manifest-generate-paths``; each syncs what Turnpike renders, from commits that a gate signed.
Nothing plays KServe's controller, so that nothing here becomes Healthy.
"""

from __future__ import annotations

import statistics
import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path

import yaml
from instance import ENVIRONMENTS, MAIN, PRODUCT
from workload import Sample, samples

from turnpike.documents.identifiers import ObjectId
from turnpike.documents.reading import read
from turnpike.forge.remote_git import RemoteGit, authenticated
from turnpike.forge.web import Token, WebApi
from turnpike.git.objects import Identity
from turnpike.git.repository import Repository
from turnpike.instance.create import Wish, init
from turnpike.instance.instance import Instance
from turnpike.judge.layout import DeploymentKey
from turnpike.loopback.fleet import ARGOCD_CONTEXT, Fleet, repository_secret, start_fleet
from turnpike.loopback.gitea import Gitea, start_gitea, token_of
from turnpike.loopback.objects import Object
from turnpike.loopback.processes import Processes
from turnpike.manifest.release import Release
from turnpike.record.keys import keys_at
from turnpike.rendering.deployment import Deployment
from turnpike.rendering.derive import derived_files
from turnpike.signing.allowed_signers import allowed_signers, gate_signers, key_id
from turnpike.signing.service import load
from turnpike.topology.environment import ENVIRONMENT, Environment

GATE = Identity("Turnpike gate", "gate@turnpike.dev")
EXAMPLE = "https://git.example.org/example/models.git"
NO_KEY = "0000000000000000"
APPLICATION = ("argoproj.io/v1alpha1", "Application")
APPLICATIONS = ("argoproj.io", "v1alpha1", "argocd", "applications")
PATHS = "argocd.argoproj.io/manifest-generate-paths"
RUNS = 3
LONGEST_SECONDS = 900.0
Files = Mapping[str, bytes]


@dataclass
class Bench:
    """An instance whose main is at a Gitea, and two clusters that Argo CD syncs from it."""

    instance: Instance
    host: Repository
    remote: RemoteGit
    fleet: Fleet
    processes: Processes
    key: str
    environments: Mapping[str, Environment] = field(default_factory=dict)

    def merge(self, files: Mapping[str, bytes | None]) -> tuple[ObjectId, float]:
        """Put one signed commit on main; return it and the moment at which Gitea had it."""
        base = self.host.resolve(MAIN)
        tree = self.host.write_tree_with(self.host.commit(base).tree, dict(files))
        signer = load("gate", self.instance.key("gate"))
        commit = self.host.write_commit(
            tree, (base,), GATE, GATE, "Merge\n", datetime.now(UTC), sign=signer.sign_commit
        )
        self.remote.move(MAIN, commit, base)
        return commit, time.monotonic()

    def applications(self) -> tuple[Object, ...]:
        """Return all Applications, as Argo CD last wrote them."""
        return self.fleet.control.all_of(*APPLICATION, "argocd")

    def count(self) -> int:
        """Return how many Applications there are; reading thousands takes what is measured."""
        from kubernetes import client, config

        settings = client.Configuration()
        config.load_kube_config(
            str(self.fleet.kubeconfig), ARGOCD_CONTEXT, client_configuration=settings
        )
        settings.proxy = None
        api = client.CustomObjectsApi(client.ApiClient(settings))
        page = api.list_namespaced_custom_object(*APPLICATIONS, limit=1)
        return len(page["items"]) + int(page["metadata"].get("remainingItemCount", 0))

    def rendered(self, one: Sample, environment: str, generation: int) -> Files:
        """Return a deployment's manifests as Turnpike renders them, each generation otherwise."""
        document = self.environments[environment]
        release = Release(
            api_version="turnpike.dev/v1", kind="Release", team=one.team, model=one.name,
            version=str(generation), artifact=one.artifact, manifest=one.blob,
            decision=one.artifact, promoted_from=None, traffic=100,
        )  # fmt: skip
        target = next(place for place in document.targets if place.name == "local")
        derived = derived_files(Deployment(one.model, release, document, target))
        return {path: text for path, text in derived.items() if path.endswith("manifests.yaml")}


@contextmanager
def bench(folder: Path) -> Iterator[Bench]:
    """Start Gitea, two clusters and Argo CD with the product's projects."""
    with Processes(folder / "logs") as processes:
        wish = Wish(folder / "instance", PRODUCT, with_personas=True)
        instance = init(wish, datetime.now(UTC)).instance
        signatures = PRODUCT / "platform" / "argocd" / "signatures"
        fleet = start_fleet(
            set_up("cluster"), signatures, folder / "clusters", processes,
            {"shared": ("dev-local", "staging-local"), "production": ("production-local",)},
            resync_seconds=180,
        )  # fmt: skip
        gitea = start_gitea(set_up("gitea"), folder / "gitea", processes)
        with Repository(instance.host) as host:
            yield connected(instance, host, gitea, fleet, processes)


def connected(
    instance: Instance, host: Repository, gitea: Gitea, fleet: Fleet, processes: Processes
) -> Bench:
    """Bring main to Gitea, and tell Argo CD of it and of who signs."""
    token = Token(token_of(gitea, gitea.administrator, "all"))
    api = WebApi(gitea.url, {"Authorization": f"token {token.secret}"})
    api.send("POST", "/api/v1/user/repos", {"name": "models", "default_branch": "main"})
    name = f"{gitea.administrator}/models"
    url = f"{gitea.url}/{name}.git"
    remote = RemoteGit(authenticated(instance.host, gitea.administrator, token), url)
    remote.begin()
    keys = gate_signers(keys_at(host, host.resolve(MAIN)), datetime.now(UTC))
    fleet.argocd.allowed_signers.write_text(allowed_signers(keys), "utf-8")
    fleet.control.apply(repository_secret(url, gitea.administrator, token.secret), "argocd")
    api.send(
        "POST", f"/api/v1/repos/{name}/hooks",
        {"type": "gitea", "active": True, "events": ["push"],
         "config": {"url": fleet.argocd.webhook, "content_type": "json"}},
    )  # fmt: skip
    made = Bench(instance, host, remote, fleet, processes, key_id(keys[0]))
    paths = {one: f"environments/{one}/environment.yaml" for one in ENVIRONMENTS}
    made.environments = {
        one: read(ENVIRONMENT, host.read(host.resolve(MAIN), path) or b"", path)
        for one, path in paths.items()
    }
    for environment in ENVIRONMENTS:
        fleet.control.apply(product_file(made, "projects", environment), "argocd")
    made.merge({"docs/measured.md": b"The genesis is the root's; Argo CD asks for the gate's.\n"})
    return made


def product_file(made: Bench, folder: str, environment: str) -> Object:
    """Return a file of ``platform/argocd`` with this bench's repository and key."""
    text = (PRODUCT / "platform" / "argocd" / folder / f"{environment}.yaml").read_text("utf-8")
    told = text.replace(EXAMPLE, made.remote.url).replace(NO_KEY, made.key)
    value: Object = yaml.safe_load(
        told.replace("requeueAfterSeconds: 180", "requeueAfterSeconds: 3")
    )
    return value


def set_up(part: str) -> Path:
    """Return the folder of a part that the set-up builds, or finds built."""
    command = [sys.executable, str(PRODUCT / "tools" / "setup"), part]
    done = subprocess.run(command, check=True, capture_output=True, text=True)
    return Path(done.stdout.strip().splitlines()[-1])


# --- from merge to Synced -------------------------------------------------------------------------


def print_deliveries(made: Bench, counts: Sequence[int]) -> None:
    """Print, for each number of Applications, how long a merge takes to be synced."""
    columns = (
        "Applications",
        f"`{PATHS.partition('/')[2]}`",
        "all new",
        "one changed",
        "all changed",
    )
    print(f"| {' | '.join(columns)} |")
    print("|---|---|---|---|---|")
    for count in counts:
        for with_paths in (True, False):
            figures = " | ".join(deliveries(made, count, with_paths=with_paths))
            print(f"| {count} | {'with' if with_paths else 'without'} | {figures} |", flush=True)


def deliveries(made: Bench, count: int, *, with_paths: bool) -> Iterator[str]:
    """Yield the three times; all Applications are gone again afterwards."""
    models = samples(count)
    applied = product_file(made, "applicationsets", "dev")
    if not with_paths:
        del applied["spec"]["template"]["metadata"]["annotations"][PATHS]
    made.fleet.control.apply(applied, "argocd")
    yield f"{synced_after(made, models, 1):.1f} s"
    singles = [synced_after(made, models[:1], 2 + run) for run in range(RUNS)]
    yield f"{statistics.median(singles):.1f} s"
    yield f"{synced_after(made, models, 2 + RUNS):.1f} s"
    gone = [path for one in models for path in made.rendered(one, "dev", 1)]
    made.merge(dict.fromkeys(gone))
    until("all Applications gone", lambda: not made.applications())
    made.fleet.control.delete(applied)


def synced_after(made: Bench, models: Sequence[Sample], generation: int) -> float:
    """Merge a change of some deployments; return the seconds until all of them are synced."""
    files: dict[str, bytes] = {}
    for one in models:
        files |= made.rendered(one, "dev", generation)
    wanted = {DeploymentKey("dev", "local", one.team, one.name) for one in models}
    names = {".".join((key.environment, key.target, key.team, key.model)) for key in wanted}
    commit, started = made.merge(files)
    until(f"{len(names)} synced", lambda: names <= synced_at(made, commit))
    return time.monotonic() - started


def synced_at(made: Bench, commit: ObjectId) -> set[str]:
    """Return the names of the Applications that were written at a commit and are Synced there."""
    return {one["metadata"]["name"] for one in made.applications() if is_at(one, commit)}


def is_at(application: Object, commit: ObjectId) -> bool:
    """Tell whether what Argo CD compared and what it wrote are a commit, and nothing differs."""
    status = application.get("status", {})
    operation = status.get("operationState", {})
    return bool(
        status.get("sync", {}).get("status") == "Synced"
        and status["sync"].get("revision") == commit
        and operation.get("phase") == "Succeeded"
        and operation.get("syncResult", {}).get("revision") == commit
    )


# --- thousands of Applications --------------------------------------------------------------------


def print_generation(made: Bench, count: int) -> None:
    """Print how long the ApplicationSets of three environments take for so many models."""
    made.processes.pause("argocd-application-controller")  # generated is not synced
    files: dict[str, bytes] = {}
    models = samples(count + 1)
    for environment in ENVIRONMENTS:
        for one in models[:count]:
            path = DeploymentKey(environment, "local", one.team, one.name).path("manifests.yaml")
            files[path] = b"# a deployment\n"
    made.merge(files)
    started = time.monotonic()
    for environment in ENVIRONMENTS:
        made.fleet.control.apply(product_file(made, "applicationsets", environment), "argocd")
    wanted = count * len(ENVIRONMENTS)
    until(f"{wanted} Applications", lambda: made.count() == wanted)
    print(f"\n{wanted} Applications generated: {time.monotonic() - started:.1f} s", flush=True)
    extra = {path: b"# one more\n" for one in models[count:] for environment in ENVIRONMENTS
             for path in (DeploymentKey(environment, "local", one.team, one.name)
                          .path("manifests.yaml"),)}  # fmt: skip
    _, started = made.merge(extra)
    wanted += len(ENVIRONMENTS)
    until(f"{wanted} Applications", lambda: made.count() == wanted)
    print(f"one model more, all compared: {time.monotonic() - started:.1f} s", flush=True)
    made.processes.resume("argocd-application-controller")


def until(what: str, is_so: Callable[[], object], step: float = 0.2) -> None:
    """Wait until something is so."""
    ends = time.monotonic() + LONGEST_SECONDS
    while not is_so():
        if time.monotonic() > ends:
            raise TimeoutError(f"not within {LONGEST_SECONDS:.0f} s: {what}")
        time.sleep(step)
