"""The road on real servers: Gitea, two clusters, Argo CD and Prometheus, started by the story.

KServe's controller cannot be built from a module, and nodes are kwok's, which run nothing. The
tests play both, and so does the story, with the very same programs: ``tests/cluster/kserve.py``,
which makes the pods of what is released, and ``tests/cluster/pods.py``, which counts for them what
consumers would ask.
"""

from __future__ import annotations

import json
import os
import sys
import time
from collections.abc import Iterator, Mapping
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from pathlib import Path

from turnpike.cli.story.borrowed import CLUSTERS, SAMPLE, Borrowed
from turnpike.cli.story.cast import BOT, RELEASE_MANAGER
from turnpike.cli.story.git_host import READER, GitHost, make_git_host
from turnpike.cli.story.meddling import Meddling, awaited
from turnpike.cli.story.outsiders import Outsider
from turnpike.cli.story.teller import Teller
from turnpike.cli.story.verbs import Verbs
from turnpike.cli.story.workshop import Workshop
from turnpike.errors import Defect, Unavailable
from turnpike.git.repository import Repository
from turnpike.installation.set_up import set_up
from turnpike.loopback.cluster import Cluster
from turnpike.loopback.fleet import Fleet, repository_secret, start_fleet
from turnpike.loopback.gitea import start_gitea
from turnpike.loopback.given import GivenCluster
from turnpike.loopback.objects import documents_in
from turnpike.loopback.processes import Processes, uninterrupted
from turnpike.loopback.prometheus import start_prometheus
from turnpike.loopback.volume import artifact_volume

PLATFORM, PLATFORM_OWNER = "sam-rivera", "ida-berg"
PEOPLE = (SAMPLE.author, SAMPLE.reviewer, PLATFORM, PLATFORM_OWNER, RELEASE_MANAGER, BOT)
_EXAMPLE = "https://git.example.org/example/models.git"
# ApplicationSets hear no webhooks of Gitea's.
_LOOK_OFTEN = ("requeueAfterSeconds: 180", "requeueAfterSeconds: 5")
_NO_KEY = "0000000000000000"
_ARGOCD = "platform/argocd"
_SOAK = ("soakSeconds: 0", "soakSeconds: 10")
_BETTER = ("alpha=10.0", "alpha=5.0")


@dataclass(slots=True)
class ClusterStory:
    """What the chapters share; ``product`` has the set-up that builds the servers.

    Clusters that are ``borrowed`` are given back as they were, whatever happens.
    """

    teller: Teller
    workshop: Workshop
    product: Path
    sandbox: str | None
    borrowed: Borrowed
    laps: list[str] = field(default_factory=list)
    prometheus: str = ""

    def tell(self) -> None:
        """Tell all chapters; whatever happens, no server outlives them."""
        servers = self.workshop.instance / "servers"
        with self._given(servers) as given, Processes(servers / "logs") as processes:
            host, fleet = self.start(servers, processes, given)
            self.connect(host, fleet)
            number = self.propose(host)
            self.go_round(host, number)
            self.merge(host, number)
            meddling = Meddling(self.teller, self.workshop, host, fleet, processes, SAMPLE.key)
            self.release(fleet)
            self.roll_back(meddling)
            self.meddle(meddling)
            self.measure(processes)

    def start(
        self, folder: Path, processes: Processes, given: Mapping[str, Cluster]
    ) -> tuple[GitHost, Fleet]:
        """Start all servers but the clusters that are given."""
        outcome = "Gitea, two clusters, Argo CD and Prometheus answer on loopback"
        with self.teller.chapter("Start the servers", outcome):
            self.teller.say("Built once from pinned modules: twenty minutes the first time.")
            gitea = start_gitea(set_up("gitea"), folder / "gitea", processes)
            host = make_git_host(gitea, PEOPLE)
            self.teller.say(f"Gitea at {gitea.url}")
            signatures = self.product / _ARGOCD / "signatures"
            fleet = start_fleet(
                set_up("cluster"), signatures, folder / "clusters", processes, CLUSTERS,
                given=given,
            )  # fmt: skip
            for name, seconds in fleet.seconds.items():
                self.teller.say(f"{name}: ready after {seconds:.1f} s")
            self._play_kserve(fleet, processes)
            self._watch(fleet, folder / "prometheus", processes)
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
            host.tell(fleet.argocd.webhook)
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
            awaited("Argo CD's own set-up", lambda: _is_synced(fleet, "turnpike-platform"))
            self._ask_for_a_soak("production")

    def propose(self, host: GitHost) -> int:
        """Bring a model: denied, and validated."""
        with self.teller.chapter("Bring a model", "denied with a status and one comment"):
            self.workshop.bring(SAMPLE)
            self.teller.run("register", SAMPLE.folder, shows="sha256:")
            self.workshop.start(SAMPLE.branch)
            self.workshop.commit(SAMPLE, f"Add {SAMPLE.key}")
            number = self._opened(SAMPLE.author)
            self.teller.run("pr", "merge", number, expect=1, shows="approvals-missing")
            self.teller.expect(
                f"open, status failure, comments by ['{BOT}']", host.shown(int(number))
            )
            self._validate(number)
        return int(number)

    def go_round(self, host: GitHost, number: int) -> None:
        """Try every way to main that is not the gate's."""
        outcome = "a late push, a forged status, the merge button, an administrator: refused"
        with self.teller.chapter("Try to get round the gate", outcome):
            self._approve(str(number), SAMPLE.reviewer)
            self.teller.say("A late push voids Lena's approval.")
            card = self.workshop.monorepo / SAMPLE.folder / "card.md"
            card.write_text(card.read_text("utf-8") + "\nReviewed twice.\n", "utf-8")
            self.workshop.commit(SAMPLE, "Say that the card was reviewed twice")
            self.teller.run("pr", "push", str(number), "--as", SAMPLE.author)
            self.teller.run("gate", "--pr", str(number), expect=1, shows="approvals-missing")
            clone = Repository(self.workshop.monorepo)
            head = clone.resolve("HEAD")
            people = {SAMPLE.author: host.tokens[SAMPLE.author],
                      host.gitea.administrator: host.administrator}  # fmt: skip
            for name, token in people.items():
                outsider = Outsider(host, clone, name, token)
                outsider.forge_a_status(head)
                for refusal in outsider.attempts(number, head):
                    self.teller.say(f"{name}, with a forged green status, {refusal}")

    def merge(self, host: GitHost, number: int) -> None:
        """Approve and merge."""
        with self.teller.chapter("Approve and merge", "pushed by the bot; merged in Gitea's eyes"):
            self._approve(str(number), SAMPLE.reviewer)
            self.teller.run("pr", "merge", str(number), shows="merged as")
            self.teller.expect(f"merged, status success, comments by ['{BOT}']",
                               host.shown(number))  # fmt: skip

    def release(self, fleet: Fleet) -> None:
        """Release to dev, staging and production; Argo CD brings it there."""
        outcome = "the same digest, Synced and Healthy in three environments"
        with self.teller.chapter("Release; Argo CD syncs", outcome):
            for name in ("dev", "staging", "production"):
                volume = artifact_volume(name, SAMPLE.key.split("/")[0])
                fleet.objects(f"{name}-local").apply_all(volume)
            self._released("dev", "release", SAMPLE.key, "--to", "dev")
            self._released("staging", "promote", SAMPLE.key, "--to", "staging")
            self.teller.say("Production asks that it was seen healthy in staging, by an observer.")
            self.teller.run("promote", SAMPLE.key, "--to", "production", "--target", "local",
                            "--as", BOT, expect=1, shows="watched by an observer")  # fmt: skip
            self.teller.run("observe", "--environment", "staging", "--prometheus", self.prometheus,
                            "--interval", "10s", "--for", "30s", shows="healthy for")  # fmt: skip
            number = self._change("promote", SAMPLE.key, "--to", "production")
            self.teller.say("And it asks a release manager.")
            self.teller.run("gate", "--pr", number, expect=1, shows="release-managers")
            self._approve(number, RELEASE_MANAGER)
            self._merged("production", number)

    def roll_back(self, seen: Meddling) -> None:
        """Release a second version to dev, and roll it back in Git."""
        with self.teller.chapter("Update and roll back", "dev serves the first digest again"):
            first = seen.artifact()
            self.workshop.start(f"{SAMPLE.branch}-2")
            self.workshop.edit(SAMPLE, "train.py", *_BETTER)
            self.teller.run("register", SAMPLE.folder, shows="sha256:")
            self.workshop.commit(SAMPLE, "Regularise a little less")
            number = self._opened(SAMPLE.author)
            self._validate(number)
            self._approve(number, SAMPLE.reviewer)
            self.teller.run("pr", "merge", number, shows="merged as")
            self._released("dev", "release", SAMPLE.key, "--to", "dev")
            second = seen.artifact()
            self._released("dev", "rollback", SAMPLE.key, "--in", "dev")
            if not first == seen.artifact() != second:
                raise Defect(f"expected {first} in dev again after {second}, got another digest")

    def meddle(self, meddling: Meddling) -> None:
        """Edit the cluster and Argo CD by hand, and main behind the gate's back."""
        outcome = "put back, refused by the project, not synced without the gate's signature"
        with self.teller.chapter("Meddle by hand", outcome):
            meddling.edit_the_cluster()
            self._in_step("dev")
            meddling.point_elsewhere()
            self._in_step("dev")
            meddling.push_unsigned()
            self._in_step("dev")

    def measure(self, processes: Processes) -> None:
        """Say how long and how large everything was, and stop it."""
        sizes = {name: one.memory for name, one in processes.running.items()}
        outcome = f"{sum(sizes.values()) / 2**30:.1f} GiB in {len(sizes)} processes"
        with self.teller.chapter("Measure and stop", outcome):
            for lap in self.laps:
                self.teller.say(lap)
            for name, size in sorted(sizes.items(), key=lambda one: -one[1])[:5]:
                self.teller.say(f"{name}: {size >> 20} MiB")
            processes.stop()

    # --- what is done again and again -------------------------------------------------------

    @contextmanager
    def _given(self, servers: Path) -> Iterator[Mapping[str, Cluster]]:
        """Enter the clusters that are given, and leave them once nothing runs any more."""
        entered: dict[str, GivenCluster] = {}
        try:
            yield self._enter(servers, entered) if self.borrowed.names else {}
        finally:
            with uninterrupted(), ExitStack() as stack:  # each is left, whatever the other does
                for role, one in entered.items():
                    stack.callback(self._leave, role, one)

    def _enter(self, servers: Path, entered: dict[str, GivenCluster]) -> Mapping[str, Cluster]:
        outcome = "an account of the story's own in each; it goes at the end with all that came"
        clusters = {}
        with self.teller.chapter("Enter the given clusters", outcome):
            for role, one in self.borrowed.look(servers / "given", self.product).items():
                entered[role] = one
                clusters[role] = one.enter(servers / "clusters" / role)
                self.teller.say(f"{role}'s is that of the context {one.context.name}.")
        return clusters

    def _leave(self, role: str, one: GivenCluster) -> None:
        with self.teller.chapter(f"Give {one.context.name} back", "as it was before"):
            self.teller.say(f"All that came into {role}'s cluster goes; this takes a moment.")
            for kept in one.leave():
                self.teller.say(f"{kept} stays: others use it by now.")

    def _play_kserve(self, fleet: Fleet, processes: Processes) -> None:
        """Let the tests' stand-in act as KServe's controller in each cluster."""
        self.teller.say("KServe's controller is played by tests/cluster/kserve.py.")
        self._play("kserve", processes, *(one.folder for one in fleet.planes.values()))

    def _watch(self, fleet: Fleet, folder: Path, processes: Processes) -> None:
        """Let Prometheus ask what the tests' stand-in counts for the pods of the first cluster."""
        self.teller.say("What runs in pods, and who asks it, is played by tests/cluster/pods.py.")
        targets, first = folder / "targets.json", next(iter(fleet.planes.values()))
        self._play("pods", processes, targets, first.folder)
        programs = set_up("prometheus")
        self.prometheus = start_prometheus(programs, folder, processes, targets)
        self.teller.say(f"Prometheus at {self.prometheus}")

    def _play(self, name: str, processes: Processes, *words: str | Path) -> None:
        """Start one of the tests' stand-ins; raises Unavailable where there are none."""
        tests = self.workshop.product / "tests"
        if not (tests / "cluster" / f"{name}.py").is_file():
            raise Unavailable(
                f"expected the stand-in {name}.py in {tests / 'cluster'}, found none",
                code="demo.no-stand-in",
                solution="Call ./turnpike demo --cluster from a clone of Turnpike.",
            )
        path = os.pathsep.join((str(tests), str(self.product / "platform")))
        processes.start(
            name, [sys.executable, "-P", "-m", f"cluster.{name}", *words],
            {"PYTHONPATH": path, "PATH": os.environ["PATH"]},
        )  # fmt: skip

    def _ask_for_a_soak(self, environment: str) -> None:
        """Let an environment ask that what comes there was seen healthy where it came from."""
        self.teller.say(f"Sam lets {environment} ask for a soak, of ten seconds here.")
        self.workshop.start("soak")
        file = f"environments/{environment}/environment.yaml"
        place = self.workshop.monorepo / file
        place.write_text(place.read_text("utf-8").replace(*_SOAK), "utf-8")
        self.workshop.git("add", "--", file)
        message = f"Ask for a soak before {environment}"
        self.workshop.git("commit", "--quiet", "--message", message, by=PLATFORM)
        number = self._opened(PLATFORM)
        for person in (PLATFORM_OWNER, RELEASE_MANAGER):
            self._approve(number, person)
        self.teller.run("pr", "merge", number, shows="merged as")

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
            file.write_text(text.replace(_NO_KEY, key).replace(*_LOOK_OFTEN), "utf-8")
        self.workshop.git("add", "--", _ARGOCD)
        message = "Name our repository and our gate's key"
        self.workshop.git("commit", "--quiet", "--message", message, by=PLATFORM)

    def _opened(self, author: str) -> str:
        opened = json.loads(self.teller.run("pr", "open", "--as", author, "--json"))
        return str(opened["number"])

    def _approve(self, number: str, person: str) -> None:
        self.teller.run("pr", "review", number, "--approve", "--as", person)

    def _validate(self, number: str) -> None:
        chosen = ["--sandbox", self.sandbox] if self.sandbox else []
        self.teller.run("validate", "--pr", number, *chosen, shows="platform")

    def _change(self, *words: str) -> str:
        opened = self.teller.run(*words, "--target", "local", "--as", BOT, "--json")
        return str(json.loads(opened)["number"])

    def _released(self, environment: str, *words: str) -> None:
        self._merged(environment, self._change(*words))

    def _merged(self, environment: str, number: str) -> None:
        """Merge a change of releases, and wait until what main says runs in the cluster."""
        self.teller.run("pr", "merge", number, shows="merged as")
        started = time.monotonic()
        self._in_step(environment)
        seconds = time.monotonic() - started
        self.laps.append(f"{environment}: in step {seconds:.1f} s after the merge")
        self.teller.say(f"{self.laps[-1]}: Synced and Healthy at main's revision.")

    def _in_step(self, environment: str) -> None:
        self.teller.run("delivery", "wait", SAMPLE.key, "--environment", environment,
                        "--timeout", "60s", shows="Synced, Healthy")  # fmt: skip


def _is_synced(fleet: Fleet, application: str) -> bool:
    found = fleet.control.find("argoproj.io/v1alpha1", "Application", application, "argocd") or {}
    return bool(found.get("status", {}).get("sync", {}).get("status") == "Synced")
