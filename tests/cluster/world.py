"""A company on real servers: Gitea, two clusters, Argo CD; over their public APIs only.

Production has a cluster of its own, dev and staging share the other, which Prometheus watches.
Evidence of validation is signed by the instance's real keys and says that nothing was wrong (see
``end_to_end/evidence.py``): these tests are about delivery. What serves is seen by the real
observer (``observed.py``). Everything that decides is the gate's, nothing is waved through.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from cluster.kserve import KServe
from cluster.pods import Pods
from end_to_end.installed import PRODUCT
from end_to_end.people import AUTHORS, BOT, PLATFORM_OWNER, RELEASE_MANAGER
from end_to_end.world import Signers
from servers.gitea_world import NAME, OWNER, gitea_host, set_up
from servers.releasing import REPOSITORY, Releasing, connect, train
from turnpike.documents.identifiers import ObjectId
from turnpike.forge.gitea_protection import protect
from turnpike.forge.remote_git import RemoteGit, authenticated
from turnpike.forge.web import Token
from turnpike.loopback.fleet import Fleet, repository_secret, start_fleet
from turnpike.loopback.objects import Object, documents_in
from turnpike.loopback.processes import Processes
from turnpike.loopback.prometheus import start_prometheus
from turnpike.loopback.volume import artifact_volume

READER = "argo-cd"
PEOPLE = ("jonas-weber", "lena-fischer", "sam-rivera", PLATFORM_OWNER, RELEASE_MANAGER, BOT, READER)
CLUSTERS = {"shared": ("dev-local", "staging-local"), "production": ("production-local",)}
EXAMPLE = "https://git.example.org/example/models.git"
# ApplicationSets hear no webhooks of Gitea's.
LOOK_OFTEN = ("requeueAfterSeconds: 180", "requeueAfterSeconds: 5")
NO_KEY = "0000000000000000"
TEAM, MODEL = "endocrinology", "diabetes-progression"


@dataclass(frozen=True, slots=True)
class ClusterWorld(Releasing):
    """A releasing company and its clusters."""

    fleet: Fleet
    processes: Processes
    kserve: Mapping[str, KServe]
    pods: Pods
    prometheus: str
    measured: list[str] = field(default_factory=list)

    def environ(self, by: str = BOT) -> dict[str, str]:
        """Return the environment of the bot or of a person, with the clusters' kubeconfig."""
        # ``super()`` without arguments knows no class that was made anew for its slots.
        return {**Releasing.environ(self, by), "KUBECONFIG": str(self.fleet.kubeconfig)}

    # --- what Gitea's administrator could do ------------------------------------------------

    @contextmanager
    def unlocked(self) -> Iterator[None]:
        """Let Gitea's administrator take the locks off, and put them back."""
        rules: Any = self.host.administrator.get(f"{REPOSITORY}/branch_protections")
        for rule in rules:
            name = rule["rule_name"].replace("/", "%2F")
            self.host.administrator.send("DELETE", f"{REPOSITORY}/branch_protections/{name}", {})
        try:
            yield
        finally:
            protect(self.host.administrator, f"{OWNER}/{NAME}", BOT)

    def force(self, commit: ObjectId, branch: str) -> None:
        """Push a commit to a branch as Gitea's administrator, whatever is there now."""
        secret = self.host.administrator.headers["Authorization"].removeprefix("token ")
        self.push_as(self.host.gitea.administrator, Token(secret), commit, branch)

    def push_as(self, account: str, token: Token, commit: ObjectId, branch: str) -> None:
        """Push a commit to a branch with an account's token, by force."""
        remote = RemoteGit(authenticated(self.host.clone.path, account, token), self.host.url)
        now = remote.refs(branch)[branch]
        remote.clone.push(self.host.url, f"+{commit}:{branch}", now)

    def edit_card(self, number: int, person: str) -> None:
        """Push one more line of a model's card onto a pull request."""
        head = ObjectId(self.pull(number)["head"]["sha"])
        path = f"models/{TEAM}/{MODEL}/card.md"
        card = self.host.clone.read(head, path)
        assert card is not None
        commit = self.host.child_of(head, {path: card + b"\nOne more line.\n"}, AUTHORS[person])
        self.host.forge(person).push(number, commit)

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

    def patch_application(self, name: str, patch: Object) -> None:
        """Edit an Application by hand, as somebody with kubectl would."""
        found = self.fleet.control.find("argoproj.io/v1alpha1", "Application", name, "argocd")
        assert found is not None
        self.fleet.control.patch(found, patch)

    def conditions_of_set(self, name: str) -> str:
        """Return what an ApplicationSet says about itself."""
        found = self.fleet.control.find("argoproj.io/v1alpha1", "ApplicationSet", name, "argocd")
        conditions = (found or {}).get("status", {}).get("conditions", [])
        return "; ".join(one.get("message", "") for one in conditions)

    @contextmanager
    def halted(self, process: str) -> Iterator[None]:
        """Halt a process for a while: what it would put back meanwhile stays."""
        self.processes.pause(process)
        try:
            yield
        finally:
            self.processes.resume(process)

    def artifact_in(self, environment: str) -> str:
        """Return the digest that the InferenceService of an environment says; empty for none."""
        found = self.service(environment)
        return found["metadata"]["annotations"]["turnpike.dev/artifact"] if found else ""

    def give_volume(self, environment: str) -> None:
        """Make the volume with the artifact store, as the platform's people do in a cluster."""
        volume = artifact_volume(environment, TEAM)
        self.fleet.objects(f"{environment}-local").apply_all(volume)

    def until(self, what: str, is_so: Callable[[], object], seconds: float = 600.0) -> None:
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
        return [pid for pid in self.processes.ever if Path(f"/proc/{pid}").exists()]


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
        company = train(folder, host, ("diabetes", "better diabetes"))
        laps.append(f"instance, two models trained and registered: {time.monotonic() - lap:.1f} s")
        signers = stack.enter_context(Signers.of(company))
        kserve = {
            name: stack.enter_context(KServe.of(plane)) for name, plane in fleet.planes.items()
        }
        lap = time.monotonic()
        targets = folder / "pods.json"
        pods = stack.enter_context(Pods.of([fleet.planes["shared"]], targets))
        metrics = folder / "prometheus"
        watching = start_prometheus(set_up("prometheus"), metrics, processes, targets)
        laps.append(f"start of Prometheus: {time.monotonic() - lap:.1f} s")
        world = ClusterWorld(company, host, signers, fleet, processes, kserve, pods, watching, laps)
        _connect(world)
        laps.append(f"all is ready: {time.monotonic() - started:.1f} s")
        yield world


def _connect(world: ClusterWorld) -> None:
    """Make Gitea the instance's host, lock it, and let it tell Argo CD of each push."""
    connect(world)
    world.host.administrator.send(
        "POST",
        f"{REPOSITORY}/hooks",
        {"type": "gitea", "active": True, "events": ["push"],
         "config": {"url": world.fleet.argocd.webhook, "content_type": "json"}},
    )  # fmt: skip
    signers = world.told("delivery", "signers")
    world.fleet.argocd.allowed_signers.write_text(signers["allowedSigners"], "utf-8")
    secret = repository_secret(world.host.url, READER, world.host.tokens[READER].secret)
    world.fleet.control.apply(secret, "argocd")


def argocd_files(world: ClusterWorld) -> dict[str, bytes | None]:
    """Return ``platform/argocd`` as this company has it: its repository, and its gate's key."""
    (key,) = world.told("delivery", "signers")["keys"]
    folder = PRODUCT / "platform" / "argocd"
    return {
        file.relative_to(PRODUCT).as_posix(): file.read_text("utf-8")
        .replace(EXAMPLE, world.host.url)
        .replace(NO_KEY, key)
        .replace(*LOOK_OFTEN)
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
