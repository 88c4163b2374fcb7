"""The road on real servers: Gitea, two clusters and Argo CD, started and stopped by the story.

KServe's controller is none of them. So what is released stands in the clusters as Git has it, which
Argo CD calls Synced, and no pod serves it yet, which Turnpike says.
"""

from __future__ import annotations

import json
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path

from turnpike.cli.story.cast import BOT, OTHERS, RELEASE_MANAGER
from turnpike.cli.story.git_host import READER, GitHost, make_git_host
from turnpike.cli.story.teller import Teller
from turnpike.cli.story.verbs import Verbs
from turnpike.cli.story.workshop import Workshop
from turnpike.errors import Defect, Unavailable
from turnpike.installation.set_up import set_up
from turnpike.loopback.fleet import Fleet, repository_secret, start_fleet
from turnpike.loopback.gitea import start_gitea
from turnpike.loopback.objects import documents_in
from turnpike.loopback.processes import Processes

SAMPLE = OTHERS[0]
PLATFORM, PLATFORM_OWNER = "sam-rivera", "ida-berg"
PEOPLE = (SAMPLE.author, SAMPLE.reviewer, PLATFORM, PLATFORM_OWNER, RELEASE_MANAGER, BOT)
CLUSTERS = {"shared": ("dev-local", "staging-local"), "production": ("production-local",)}
_EXAMPLE = "https://git.example.org/example/models.git"
_NO_KEY = "0000000000000000"
_ARGOCD = "platform/argocd"
_PATIENCE_SECONDS = 60.0


@dataclass(slots=True)
class ClusterStory:
    """What the chapters share; ``product`` has the set-up that builds the servers."""

    teller: Teller
    workshop: Workshop
    product: Path
    sandbox: str | None
    laps: dict[str, float] = field(default_factory=dict)

    def tell(self) -> None:
        """Tell all chapters; whatever happens, no server outlives them."""
        servers = self.workshop.instance / "servers"
        with Processes(servers / "logs") as processes:
            host, fleet = self.start(servers, processes)
            self.connect(host, fleet)
            self.propose()
            self.release(fleet)
            self.heal(fleet)
            self.measure(processes)

    def start(self, folder: Path, processes: Processes) -> tuple[GitHost, Fleet]:
        """Start all servers."""
        outcome = "Gitea, two clusters and Argo CD answer on loopback"
        with self.teller.chapter("Start the servers", outcome):
            self.teller.say("Built once from pinned modules: twenty minutes the first time.")
            gitea = start_gitea(set_up("gitea"), folder / "gitea", processes)
            host = make_git_host(gitea, PEOPLE)
            self.teller.say(f"Gitea at {gitea.url}")
            signatures = self.product / _ARGOCD / "signatures"
            fleet = start_fleet(
                set_up("cluster"), signatures, folder / "clusters", processes, CLUSTERS
            )
            for name, seconds in fleet.seconds.items():
                self.teller.say(f"{name}: ready after {seconds:.1f} s")
            environ = {"KUBECONFIG": str(fleet.kubeconfig)}
            self.teller.call = Verbs(self.workshop.monorepo, host.tokens, environ)
        return host, fleet

    def connect(self, host: GitHost, fleet: Fleet) -> None:
        """Make Gitea the host, lock it, and let Argo CD take its set-up from Git."""
        outcome = "only the bot moves main; Argo CD takes its own set-up from Git"
        with self.teller.chapter("Connect and lock", outcome):
            self.teller.run("forge", "connect", "--host", "gitea", "--address", host.gitea.url,
                            "--repository", host.repository)  # fmt: skip
            self._as_administrator(host)
            host.tell(fleet.argocd.webhooks)
            signers = json.loads(self.teller.run("delivery", "signers", "--json"))
            fleet.argocd.allowed_signers.write_text(signers["allowedSigners"], "utf-8")
            self.teller.say("Sam names the company's repository and its gate's key for Argo CD.")
            self._name(host.url, *signers["keys"])
            number = self._opened(PLATFORM)
            self._approve(number, PLATFORM_OWNER)
            self.teller.run("pr", "merge", number, shows="merged as")
            reader = repository_secret(host.url, READER, host.tokens[READER].secret)
            fleet.control.apply(reader, "argocd")
            file = self.workshop.monorepo / _ARGOCD / "bootstrap" / "platform.yaml"
            self.teller.say("One file is applied by hand, once.")
            fleet.control.apply_all(documents_in(file), "argocd")
            self._await("Argo CD's own set-up", lambda: _is_synced(fleet, "turnpike-platform"))

    def propose(self) -> None:
        """Bring a model: denied, validated, approved, merged by the bot."""
        with self.teller.chapter("Bring a model", "denied, validated, approved, merged"):
            self.workshop.bring(SAMPLE)
            self.teller.run("register", SAMPLE.folder, shows="sha256:")
            self.workshop.start(SAMPLE.branch)
            self.workshop.commit(SAMPLE, f"Add {SAMPLE.key}")
            number = self._opened(SAMPLE.author)
            self.teller.run("gate", "--pr", number, expect=1, shows="approvals-missing")
            chosen = ["--sandbox", self.sandbox] if self.sandbox else []
            self.teller.run("validate", "--pr", number, *chosen, shows="platform")
            self._approve(number, SAMPLE.reviewer)
            self.teller.run("pr", "merge", number, shows="merged as")

    def release(self, fleet: Fleet) -> None:
        """Release to dev, staging and production; Argo CD brings it there."""
        outcome = "the same digest, Synced in three environments"
        with self.teller.chapter("Release; Argo CD syncs", outcome):
            self._released(fleet, "dev", "release", SAMPLE.key, "--to", "dev")
            self._released(fleet, "staging", "promote", SAMPLE.key, "--to", "staging")
            self._released(fleet, "production", "promote", SAMPLE.key, "--to", "production")
            self.teller.say("No controller of KServe runs here, so nothing makes pods of it yet:")
            self.teller.run("delivery", "status", SAMPLE.key, "--environment", "production",
                            expect=1, shows="unhealthy")  # fmt: skip

    def heal(self, fleet: Fleet) -> None:
        """Edit the cluster by hand; Argo CD puts it back."""
        with self.teller.chapter("Edit the cluster by hand", "put back by Argo CD"):
            team, model = SAMPLE.key.split("/")
            place = ("serving.kserve.io/v1beta1", "InferenceService", model, f"dev-{team}")
            objects = fleet.objects("dev-local")
            before = objects.find(*place)
            if before is None:
                raise Defect(f"{model}: expected it in dev, found nothing")
            self.teller.say("kubectl patch inferenceservice ...: nine replicas instead of one.")
            objects.patch(before, {"spec": {"predictor": {"maxReplicas": 9}}})
            healed = self._await(
                "the edit", lambda: (objects.find(*place) or {}).get("spec") == before["spec"]
            )
            self.teller.say(f"Put back after {healed:.1f} s.")
            self.teller.run("delivery", "diff", SAMPLE.key, "--environment", "dev", shows="as main")

    def measure(self, processes: Processes) -> None:
        """Say how long and how large everything was, and stop it."""
        sizes = {name: one.memory for name, one in processes.running.items()}
        outcome = f"{sum(sizes.values()) / 2**30:.1f} GiB in {len(sizes)} processes"
        with self.teller.chapter("Measure and stop", outcome):
            for name, seconds in self.laps.items():
                self.teller.say(f"{name}: {seconds:.1f} s")
            for name, size in sorted(sizes.items(), key=lambda one: -one[1])[:5]:
                self.teller.say(f"{name}: {size >> 20} MiB")
            processes.stop()

    # --- what is done again and again -------------------------------------------------------

    def _as_administrator(self, host: GitHost) -> None:
        """Lock the branches with the administrator's token, which nobody else has."""
        call = self.teller.call
        tokens = {BOT: host.administrator}
        self.teller.call = Verbs(self.workshop.monorepo, tokens, {})
        self.teller.run("forge", "protect", shows="moves main")
        self.teller.call = call

    def _name(self, url: str, key: str) -> None:
        self.workshop.start("argocd-set-up")
        for file in sorted((self.workshop.monorepo / _ARGOCD).rglob("*.yaml")):
            text = file.read_text("utf-8").replace(_EXAMPLE, url)
            file.write_text(text.replace(_NO_KEY, key), "utf-8")
        self.workshop.git("add", "--", _ARGOCD)
        message = "Name our repository and our gate's key"
        self.workshop.git("commit", "--quiet", "--message", message, by=PLATFORM)

    def _opened(self, author: str) -> str:
        opened = json.loads(self.teller.run("pr", "open", "--as", author, "--json"))
        return str(opened["number"])

    def _approve(self, number: str, person: str) -> None:
        self.teller.run("pr", "review", number, "--approve", "--as", person)

    def _released(self, fleet: Fleet, environment: str, *words: str) -> None:
        opened = self.teller.run(*words, "--target", "local", "--as", BOT, "--json")
        number = str(json.loads(opened)["number"])
        if environment == "production":
            self._approve(number, RELEASE_MANAGER)
        self.teller.run("pr", "merge", number, shows="merged as")
        name = ".".join((environment, "local", *SAMPLE.key.split("/")))
        seconds = self._await(f"{environment}", lambda: _is_synced(fleet, name))
        self.laps[f"merged to Synced in {environment}"] = seconds
        self.teller.say(f"Argo CD: {name} Synced {seconds:.1f} s after the merge.")

    def _await(self, what: str, is_so: Callable[[], bool]) -> float:
        started = time.monotonic()
        while not is_so():
            if time.monotonic() - started > _PATIENCE_SECONDS:
                raise Unavailable(
                    f"{what}: expected Argo CD to sync it within {_PATIENCE_SECONDS:.0f} s",
                    code="demo.not-synced",
                    solution="A busy machine may be the reason. Run the same command again.",
                )
            time.sleep(0.1)
        return time.monotonic() - started


def _is_synced(fleet: Fleet, application: str) -> bool:
    found = fleet.control.find("argoproj.io/v1alpha1", "Application", application, "argocd") or {}
    return bool(found.get("status", {}).get("sync", {}).get("status") == "Synced")
