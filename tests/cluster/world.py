"""A company on real servers: Gitea, two clusters, Argo CD; over their public APIs only.

Production has a cluster of its own, dev and staging share the other. Evidence is signed by the
instance's real keys and says that validation found nothing wrong (see ``end_to_end/evidence.py``):
these tests are about delivery. Everything that decides is the gate's, nothing is waved through.
"""

from __future__ import annotations

import os
import subprocess
import time
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from cluster.kserve import KServe
from end_to_end.evidence import statements_on
from end_to_end.installed import PRODUCT
from end_to_end.making import make_world
from end_to_end.people import AUTHORS, BOT, PLATFORM_OWNER, RELEASE_MANAGER
from end_to_end.verbs import Told
from end_to_end.world import Files, Signers, World
from servers.gitea_world import (
    NAME,
    OWNER,
    GiteaWorld,
    gitea_host,
    organisation_with_gitea,
    set_up,
)
from turnpike.documents.identifiers import ObjectId
from turnpike.evidence.envelope import Envelope
from turnpike.evidence.statement import BILL_OF_MATERIALS, PROVENANCE
from turnpike.forge.gitea_protection import protect
from turnpike.forge.interface import Opening
from turnpike.loopback.fleet import Fleet, repository_secret, start_fleet
from turnpike.loopback.objects import Object, documents_in
from turnpike.loopback.processes import Processes

READER = "argo-cd"
PEOPLE = ("jonas-weber", "lena-fischer", "sam-rivera", PLATFORM_OWNER, RELEASE_MANAGER, BOT, READER)
CLUSTERS = {"shared": ("dev-local", "staging-local"), "production": ("production-local",)}
EXAMPLE = "https://git.example.org/example/models.git"
NO_KEY = "0000000000000000"
TEAM, MODEL = "endocrinology", "diabetes-progression"


@dataclass(frozen=True, slots=True)
class ClusterWorld:
    """The instance, its host and its clusters, and what people and the bot do there."""

    company: World
    host: GiteaWorld
    fleet: Fleet
    processes: Processes
    signers: Signers
    kserve: Mapping[str, KServe]
    measured: list[str] = field(default_factory=list)
    pids: list[int] = field(default_factory=list)

    # --- what people and the bot do ---------------------------------------------------------

    def verb(self, *words: str) -> Told:
        """Call a verb as the bot, in a process of its own, with the clusters' kubeconfig."""
        done = subprocess.run(
            [str(PRODUCT / "turnpike"), *words],
            cwd=self.company.folder,
            env={
                **os.environ,
                "TURNPIKE_GITEA_TOKEN": self.host.tokens[BOT].secret,
                "KUBECONFIG": str(self.fleet.kubeconfig),
            },
            capture_output=True,
            text=True,
            check=False,
            timeout=180,
        )
        return Told(words, done.returncode, done.stdout, done.stderr)

    def told(self, *words: str, code: int = 0) -> Any:
        """Return what a verb says to machines; it must end with that exit code."""
        told = self.verb(*words, "--json")
        assert told.code == code, str(told)
        return told.json()

    def propose(self, files: Files, by: str, evidence: Iterable[Envelope] = ()) -> int:
        """Push a branch, open a pull request over Gitea's API, and attach evidence."""
        forge = self.host.forge(by)
        head = self.host.child_of(self.host.main(), files, AUTHORS[by])
        number = forge.open(Opening(head=head, title=f"Change of {by}"))
        forge.attach(number, *evidence)
        return number

    def propose_model(self, name: str) -> int:
        """Propose a registered model as its team does, with what was found about it."""
        draft = self.company.drafts[name]
        evidence = [*draft.testified(PROVENANCE, BILL_OF_MATERIALS)]
        evidence += self.signers.sign(*statements_on(draft.model))
        return self.propose(draft.files, "jonas-weber", evidence)

    def approve(self, number: int, person: str) -> None:
        """Approve, in Gitea, what a pull request now proposes."""
        head = next(one.head for one in self.host.forge(person).pull_requests()
                    if one.number == number)  # fmt: skip
        self.host.forge(person).review(number, "approved", head)

    def merge(self, number: int) -> ObjectId:
        """Let the bot judge and merge, which must be allowed; Gitea must show it as merged."""
        merged = self.told("pr", "merge", str(number))
        commit = ObjectId(merged["commit"])
        assert self.host.main() == commit
        return commit

    def findings(self, number: int) -> set[str]:
        """Return the codes of what stands against a pull request."""
        decision = self.told("gate", "--pr", str(number), code=1)
        return {finding["code"] for finding in decision["findings"]}

    def released(self, *words: str, approved_by: str = "") -> ObjectId:
        """Open a change of releases with a verb, let somebody approve, and merge it."""
        opened = self.told(*words, "--target", "local", "--as", BOT)
        if approved_by:
            self.approve(opened["number"], approved_by)
        return self.merge(opened["number"])

    # --- what stands in the clusters --------------------------------------------------------

    def application(self, name: str) -> Object:
        """Return an Application's status, as Argo CD last wrote it; empty where there is none."""
        found = self.fleet.control.find("argoproj.io/v1alpha1", "Application", name, "argocd")
        status: Object = (found or {}).get("status", {})
        return status

    def service(self, environment: str) -> Object | None:
        """Return the InferenceService of the model in an environment's cluster."""
        return self.fleet.objects(f"{environment}-local").find(
            "serving.kserve.io/v1beta1", "InferenceService", MODEL, f"{environment}-{TEAM}"
        )

    def patch_service(self, environment: str, patch: Object) -> None:
        """Edit the InferenceService by hand, as somebody with kubectl would."""
        found = self.service(environment)
        assert found is not None
        self.fleet.objects(f"{environment}-local").patch(found, patch)

    @contextmanager
    def argo_cd_looking_away(self) -> Iterator[None]:
        """Halt Argo CD's controller for a while: what is edited meanwhile stays."""
        self.processes.pause("argocd-application-controller")
        try:
            yield
        finally:
            self.processes.resume("argocd-application-controller")

    def artifact_in(self, environment: str) -> str:
        """Return the digest that the InferenceService of an environment says; empty for none."""
        found = self.service(environment)
        return found["metadata"]["annotations"]["turnpike.dev/artifact"] if found else ""

    def give_volume(self, environment: str) -> None:
        """Make the volume with the artifact store, as the platform's people do in a cluster."""
        objects = self.fleet.objects(f"{environment}-local")
        namespace = f"{environment}-{TEAM}"
        objects.apply({"apiVersion": "v1", "kind": "Namespace", "metadata": {"name": namespace}})
        objects.apply_all(_volume(namespace, f"{environment}-artifacts"), namespace)

    def until(self, what: str, is_so: Callable[[], object], seconds: float = 60.0) -> None:
        """Wait until something is so, and note after how many seconds it was."""
        started = time.monotonic()
        while not is_so():
            assert time.monotonic() - started < seconds, f"not within {seconds:.0f} s: {what}"
            time.sleep(0.1)
        self.note(what, started)

    def note(self, what: str, started: float) -> None:
        """Keep how long something took, for the end of the report."""
        self.measured.append(f"{what}: {time.monotonic() - started:.1f} s")

    def memory(self) -> list[str]:
        """Return a line for each process with its resident memory, and their sum."""
        sizes = {name: one.memory >> 20 for name, one in self.processes.running.items()}
        lines = [f"memory of {name}: {size} MiB" for name, size in sizes.items()]
        return [*lines, f"memory of all: {sum(sizes.values())} MiB"]

    def left(self) -> list[int]:
        """Return which of the processes are still there."""
        return [pid for pid in self.pids if Path(f"/proc/{pid}").exists()]


@contextmanager
def cluster_world(folder: Path) -> Iterator[ClusterWorld]:
    """Start everything; nothing of it outlives the block."""
    with ExitStack() as stack:
        started = time.monotonic()
        programs = set_up("cluster")
        processes = stack.enter_context(Processes(folder / "logs"))
        signatures = PRODUCT / "platform" / "argocd" / "signatures"
        fleet = start_fleet(programs, signatures, folder / "clusters", processes, CLUSTERS)
        laps = [f"start of {name}: {seconds:.1f} s" for name, seconds in fleet.seconds.items()]
        lap = time.monotonic()
        host = stack.enter_context(gitea_host(folder / "host", PEOPLE))
        laps.append(f"start of Gitea with accounts: {time.monotonic() - lap:.1f} s")
        lap = time.monotonic()
        company = _company(folder, host)
        laps.append(f"instance, two models trained and registered: {time.monotonic() - lap:.1f} s")
        signers = stack.enter_context(Signers.of(company))
        kserve = {
            name: stack.enter_context(KServe.of(plane)) for name, plane in fleet.planes.items()
        }
        world = ClusterWorld(company, host, fleet, processes, signers, kserve, laps)
        world.pids.extend(one.process.pid for one in processes.running.values())
        _connect(world)
        laps.append(f"all is ready: {time.monotonic() - started:.1f} s")
        yield world


def _company(folder: Path, host: GiteaWorld) -> World:
    """Make the instance, and register two versions of one model, both really trained."""
    os.environ["TURNPIKE_GITEA_TOKEN"] = host.tokens[BOT].secret
    organisation = organisation_with_gitea(folder / "organisation.yaml")
    return make_world(folder, ("diabetes", "better diabetes"), organisation)


def _connect(world: ClusterWorld) -> None:
    """Make Gitea the instance's host, lock it, and let it tell Argo CD of each push."""
    at = ("--host", "gitea", "--address", world.host.gitea.url, "--repository", f"{OWNER}/{NAME}")
    world.told("forge", "connect", *at)
    protect(world.host.administrator, f"{OWNER}/{NAME}", BOT)
    for url in world.fleet.argocd.webhooks:
        world.host.administrator.send(
            "POST",
            f"/api/v1/repos/{OWNER}/{NAME}/hooks",
            {"type": "gitea", "active": True, "events": ["push"],
             "config": {"url": url, "content_type": "json"}},
        )  # fmt: skip
    signers = world.told("delivery", "signers")
    world.fleet.argocd.allowed_signers.write_text(signers["allowedSigners"], "utf-8")
    secret = repository_secret(world.host.url, READER, world.host.tokens[READER].secret)
    world.fleet.control.apply(secret, "argocd")


def argocd_files(world: ClusterWorld) -> dict[str, bytes | None]:
    """Return ``platform/argocd`` with this company's repository and its gate's key in it."""
    (key,) = world.told("delivery", "signers")["keys"]
    folder = PRODUCT / "platform" / "argocd"
    return {
        file.relative_to(PRODUCT).as_posix(): file.read_text("utf-8")
        .replace(EXAMPLE, world.host.url)
        .replace(NO_KEY, key)
        .encode()
        for file in sorted(folder.rglob("*.yaml"))
        if EXAMPLE in file.read_text("utf-8")
    }


def bootstrap(world: ClusterWorld) -> None:
    """Apply the one file that is applied by hand, as main has it."""
    path = "platform/argocd/bootstrap/platform.yaml"
    content = world.host.clone.read(world.host.main(), path)
    assert content is not None
    file = world.company.folder / "bootstrap.yaml"
    file.write_bytes(content)
    world.fleet.control.apply_all(documents_in(file), "argocd")


def _volume(namespace: str, name: str) -> list[Object]:
    size = {"storage": "1Gi"}
    modes = ["ReadOnlyMany"]
    claim = {"name": "turnpike-artifacts", "namespace": namespace}
    return [
        {
            "apiVersion": "v1",
            "kind": "PersistentVolume",
            "metadata": {"name": name},
            "spec": {
                "capacity": size,
                "accessModes": modes,
                "storageClassName": "",
                "hostPath": {"path": "/nowhere"},
                "claimRef": {**claim, "apiVersion": "v1", "kind": "PersistentVolumeClaim"},
            },
        },
        {
            "apiVersion": "v1",
            "kind": "PersistentVolumeClaim",
            "metadata": claim,
            "spec": {
                "accessModes": modes,
                "storageClassName": "",
                "volumeName": name,
                "resources": {"requests": size},
            },
        },
    ]
