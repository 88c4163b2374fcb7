"""What is done behind the gate's back in the story, and what comes of it."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

from turnpike.cli.story.git_host import GitHost
from turnpike.cli.story.teller import Teller
from turnpike.cli.story.workshop import Workshop
from turnpike.documents.identifiers import ObjectId
from turnpike.errors import Defect, Unavailable
from turnpike.forge.refs import MAIN
from turnpike.forge.remote_git import RemoteGit, authenticated
from turnpike.loopback.fleet import Fleet
from turnpike.loopback.processes import Processes

_APPLICATION = ("argoproj.io/v1alpha1", "Application")
_SERVICE = ("serving.kserve.io/v1beta1", "InferenceService")
_SETS = "argocd-applicationset-controller"
_PATIENCE_SECONDS = 600.0
_WATCHED_SECONDS = 5.0


@dataclass(frozen=True, slots=True)
class Meddling:
    """One model in dev, seen by somebody who may do everything in the clusters and at the host."""

    teller: Teller
    workshop: Workshop
    host: GitHost
    fleet: Fleet
    processes: Processes
    key: str

    @property
    def application(self) -> str:
        """Return the name of the model's Application in dev."""
        return ".".join(("dev", "local", *self.key.split("/")))

    def service(self) -> Any:  # noqa: ANN401 - an object of a cluster
        """Return the InferenceService in dev; raises Defect where there is none."""
        team, model = self.key.split("/")
        found = self.fleet.objects("dev-local").find(*_SERVICE, model, f"dev-{team}")
        if found is None:
            raise Defect(f"{self.key}: expected it in dev, found nothing")
        return found

    def artifact(self) -> str:
        """Return the digest that the InferenceService in dev names."""
        return str(self.service()["metadata"]["annotations"]["turnpike.dev/artifact"])

    def edit_the_cluster(self) -> None:
        """Edit the service by hand; Argo CD puts it back."""
        before = self.service()
        self.teller.say("kubectl patch inferenceservice ...: nine replicas instead of one.")
        objects = self.fleet.objects("dev-local")
        objects.patch(before, {"spec": {"predictor": {"maxReplicas": 9}}})
        healed = awaited("the edit", lambda: self.service()["spec"] == before["spec"])
        self.teller.say(f"Put back by Argo CD after {healed:.1f} s.")

    def point_elsewhere(self) -> None:
        """Point the Application at production's cluster; its project refuses that."""
        self.teller.say("kubectl patch application ...: dev's model into production's cluster.")
        found = self.fleet.control.find(*_APPLICATION, self.application, "argocd")
        if found is None:
            raise Defect(f"{self.application}: expected an Application, found none")
        with self._halted(_SETS):  # which would put it back at once
            elsewhere = {"spec": {"destination": {"name": "production-local"}}}
            self.fleet.control.patch(found, elsewhere)
            awaited("the project's refusal", lambda: "destinations" in self._said("InvalidSpec"))
            self.teller.say(f"Refused: {self._said('InvalidSpec')}")

    def push_unsigned(self) -> None:
        """Let Gitea's administrator unlock main and push; Argo CD does not sync it."""
        self.teller.say("Gitea's administrator takes the lock off, and pushes to main.")
        name, token = self.host.gitea.administrator, self.host.administrator
        clone = self.workshop.monorepo
        remote = RemoteGit(authenticated(clone, name, token), self.host.url)
        judged, before = remote.refs(MAIN)[MAIN], self.service()["spec"]
        with self.host.unlocked():
            remote.clone.push(self.host.url, f"+{self._unsigned()}:{MAIN}", judged)
            forged = remote.refs(MAIN)[MAIN]
            awaited("Argo CD's refusal", lambda: forged in self._said("Comparison"))
            self.teller.say(f"Argo CD: {self._said('Comparison')}")
            time.sleep(_WATCHED_SECONDS)
            if self.service()["spec"] != before:
                raise Defect("expected what was judged in dev, found what was pushed unsigned")
            remote.clone.push(self.host.url, f"+{judged}:{MAIN}", forged)

    def _unsigned(self) -> ObjectId:
        """Commit nine replicas on main, as somebody who has no key of the gate."""
        self.workshop.start("behind-the-gate")
        path = f"environments/dev/local/{self.key}/manifests.yaml"
        file = self.workshop.monorepo / path
        text = file.read_text("utf-8")
        if text.count("maxReplicas: 1\n") != 1:
            raise Defect(f"{path}: expected one line with maxReplicas: 1")
        file.write_text(text.replace("maxReplicas: 1\n", "maxReplicas: 9\n"), "utf-8")
        self.workshop.git("commit", "--quiet", "--message", "More", "--", path, by="sam-rivera")
        return ObjectId(self.workshop.git("rev-parse", "HEAD"))

    def _said(self, kind: str) -> str:
        found = self.fleet.control.find(*_APPLICATION, self.application, "argocd") or {}
        conditions = found.get("status", {}).get("conditions", ())
        return "; ".join(one["message"] for one in conditions if one["type"] == f"{kind}Error")

    @contextmanager
    def _halted(self, process: str) -> Iterator[None]:
        self.processes.pause(process)
        try:
            yield
        finally:
            self.processes.resume(process)


def awaited(what: str, is_so: Callable[[], bool]) -> float:
    """Return after how many seconds something was so; raises Unavailable where it is not."""
    started = time.monotonic()
    while not is_so():
        if time.monotonic() - started > _PATIENCE_SECONDS:
            raise Unavailable(
                f"{what}: expected it within {_PATIENCE_SECONDS:.0f} s",
                code="demo.not-synced",
                solution="A busy machine may be the reason. Run the same command again.",
            )
        time.sleep(0.1)
    return time.monotonic() - started
