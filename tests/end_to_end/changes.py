"""The changes of test_refusals: a bad one breaks one rule; a good one is its like, and passes.

A change is a function that opens a pull request in a world of its own kind and returns its number.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import timedelta
from pathlib import Path

from end_to_end.evidence import GOOD, Findings, statements_on
from end_to_end.people import BOT, PLATFORM_OWNER, RELEASE_MANAGER
from end_to_end.releases import opened, release_on, released, retired, sized, written
from end_to_end.twins import twin_of
from end_to_end.watching import watched
from end_to_end.world import Draft, Signers, World
from turnpike.documents.identifiers import digest_of
from turnpike.evidence.statement import BILL_OF_MATERIALS, PROVENANCE, statement_about
from turnpike.forge.refs import MAIN
from turnpike.judge.layout import DeploymentKey
from turnpike.promotion.standing import standing_of

DIABETES = "endocrinology/diabetes-progression"
AUTHORS = {"endocrinology": "jonas-weber", "oncology": "maria-lopez", "manufacturing": "aisha-khan"}
RISK = "nora-smith"
OWNERS = {"endocrinology": "lena-fischer", "oncology": "tom-becker", "manufacturing": "ravi-patel"}


@dataclass(frozen=True, slots=True)
class Bench:
    """A world in which diabetes-progression is live everywhere, and what is needed to add to it.

    ``folder`` is where copies of the world go; a change that must be merged first gets one.
    """

    world: World
    signers: Signers
    folder: Path

    def draft(self, name: str) -> Draft:
        """Return a registered model."""
        return self.world.drafts[name]

    def copied(self) -> Bench:
        """Return the same world once more, to be merged into."""
        number = sum(1 for _ in self.folder.iterdir())
        return replace(self, world=self.world.copied(self.folder / f"copy-{number}"))

    def proposed(
        self,
        draft: Draft,
        found: Findings | None = None,
        testimony: tuple[str, ...] = (PROVENANCE, BILL_OF_MATERIALS),
    ) -> int:
        """Open a pull request of a model with its owner's approval; ``found`` was validated."""
        team = draft.key.partition("/")[0]
        evidence = [*draft.testified(*testimony)]
        if found is not None:
            evidence += self.signers.sign(*statements_on(draft.model, found))
        return self.world.propose(draft.files, AUTHORS[team], (OWNERS[team],), evidence)

    def admitted(self, draft: Draft, found: Findings | None = None) -> None:
        """Merge a model."""
        self.world.merged(self.proposed(draft, found))


Change = Callable[[Bench], "Proposal"]


@dataclass(frozen=True, slots=True)
class Proposal:
    """A pull request, and the world that it is in."""

    world: World
    number: int


def in_this(change: Callable[[Bench], int]) -> Change:
    """Return the change as it is proposed in the shared world, where nothing is merged."""
    return lambda bench: Proposal(bench.world, change(bench))


def in_a_copy(change: Callable[[Bench], int]) -> Change:
    """Return the change as it is proposed in a world of its own, where others may be merged."""

    def proposed(bench: Bench) -> Proposal:
        own = bench.copied()
        return Proposal(own.world, change(own))

    return proposed


def edit(
    *edits: tuple[str, str], file: str = "model.yaml", found: Findings | None = None
) -> Change:
    """Return an edit of the live model: the same bytes; evidence anew only where it is given."""
    return in_this(
        lambda bench: bench.proposed(bench.draft("diabetes").edited(*edits, file=file), found)
    )


def update(*edits: tuple[str, str], found: Findings = GOOD) -> Change:
    """Return a new version of the live model, with evidence of its own."""
    return in_this(
        lambda bench: bench.proposed(bench.draft("better diabetes").edited(*edits), found)
    )


# --- model changes --------------------------------------------------------------------------------

DESCRIPTION = ("Predicts from ten measurements", "Estimates from ten measurements")


def route(name: str, *testimony: str) -> Change:
    """Return another version of the generative model, with some testimony of the registrar."""
    return in_this(lambda bench: bench.proposed(bench.draft(name), GOOD, testimony))


def unapproved(bench: Bench) -> int:
    """Propose an edit that nobody approves."""
    return bench.world.propose(bench.draft("diabetes").edited(DESCRIPTION).files, "jonas-weber")


def unregistered_bytes(bench: Bench) -> int:
    """Name bytes that the registry does not have, with all the evidence that there could be."""
    draft = bench.draft("better diabetes")
    artifact = draft.model.artifact
    assert artifact is not None
    forged = digest_of(b"bytes from somewhere else")
    named = draft.edited((artifact.digest, forged))
    said = statement_about(named.key, forged, PROVENANCE, {"buildDefinition": {}, "runDetails": {}})
    evidence = bench.signers.sign(said, *statements_on(named.model))
    return bench.world.propose(named.files, "jonas-weber", ("lena-fischer",), evidence)


def draft_again(bench: Bench) -> int:
    """Take the artifact block out of the manifest."""
    draft = bench.draft("diabetes")
    path = draft.path("model.yaml")
    bare, count = re.subn(rb"(?m)^artifact:\n(?:  .*\n)+", b"", draft.files[path])
    assert count == 1
    return bench.proposed(replace(draft, files={**draft.files, path: bare}))


def without_provenance(bench: Bench) -> int:
    """Bring a version about which the registrar says what it is made of, not where it is from."""
    return bench.proposed(bench.draft("better diabetes"), GOOD, (BILL_OF_MATERIALS,))


def foreign_artifact(bench: Bench) -> int:
    """Bring, as another team, a model that names the live model's registered version."""
    draft = bench.draft("diabetes").edited(
        ("name: diabetes-progression", "name: borrowed"),
        ("team: endocrinology", "team: manufacturing"),
        ("endocrinology-on-call", "manufacturing-on-call"),
    )
    files = {p.replace(DIABETES, "manufacturing/borrowed"): c for p, c in draft.files.items()}
    return bench.proposed(Draft("manufacturing/borrowed", files, draft.testimony))


def without_card(bench: Bench) -> int:
    """Delete the card."""
    files = {bench.draft("diabetes").path("card.md"): None}
    return bench.world.propose(files, "jonas-weber", ("lena-fischer",))


def with_a_page(bench: Bench) -> int:
    """Bring a page of documentation together with an edit of the model."""
    files = {**bench.draft("diabetes").edited(DESCRIPTION).files, "docs/page.md": b"# A page\n"}
    approvers = ("lena-fischer", PLATFORM_OWNER)
    return bench.world.propose(files, "jonas-weber", approvers)


def deleted(*approvers: str) -> Change:
    """Return the deletion of a model's folder."""

    def proposed(bench: Bench) -> int:
        files = dict.fromkeys(bench.draft("summary").files)
        return bench.world.propose(files, "maria-lopez", approvers)

    return in_this(proposed)


# --- releases -------------------------------------------------------------------------------------


CONSUMER = "lena-fischer"
"""Whom the live model's manifest names for the one application that uses it."""


def retire(*environments: str, approvers: tuple[str, ...] = (RELEASE_MANAGER, CONSUMER)) -> Change:
    """Return the end of the live model in some environments."""

    def proposed(bench: Bench) -> int:
        files = retired(bench.world, bench.draft("diabetes"), environments)
        return bench.world.propose(files, BOT, approvers)

    return in_this(proposed)


def release_of(name: str, environment: str, promoted_from: str | None) -> Change:
    """Return a release that says where it was promoted from, written by hand."""

    def proposed(bench: Bench) -> int:
        release = release_on(bench.world, bench.draft(name))
        claimed = release.model_copy(update={"promoted_from": promoted_from})
        files = written(bench.world, claimed, environment)
        return bench.world.propose(files, BOT, (RELEASE_MANAGER,))

    return in_this(proposed)


def release_by_another_decision(bench: Bench) -> int:
    """Release the route by the decision that admitted another model."""
    allowed = release_on(bench.world, bench.draft("diabetes")).decision
    release = release_on(bench.world, bench.draft("summary"))
    files = written(bench.world, release.model_copy(update={"decision": allowed}), "dev")
    return bench.world.propose(files, BOT)


LOCAL = ("--target", "local")


def release_after(*edits: tuple[str, str], found: Findings | None = None) -> Change:
    """Return the release to dev of an edit of the live model, which is merged before."""

    def proposed(bench: Bench) -> int:
        draft = bench.draft("diabetes").edited(*edits)
        bench.admitted(draft, found)
        return opened(bench.world, draft, "dev", *LOCAL)

    return in_a_copy(proposed)


def group_in_dev(bench: Bench) -> tuple[Draft, Draft]:
    """Bring two models of one release group into dev."""
    group = ("lifecycle: active\n", "lifecycle: active\nreleaseGroup: progression\n")
    first = bench.draft("diabetes").edited(group)
    drafts = (first, twin_of(bench.world, first, "second"))
    for draft in drafts:
        bench.admitted(draft, GOOD)
    words = ("release", *(draft.key for draft in drafts), "--to", "dev", *LOCAL, "--as", BOT)
    bench.world.merged(bench.world.change(*words))
    return drafts


def grouped(moved: int) -> Change:
    """Return the promotion to staging of so many models of a release group of two."""

    def proposed(bench: Bench) -> int:
        files: dict[str, bytes | None] = {}
        for draft in group_in_dev(bench)[:moved]:
            release = release_on(bench.world, draft)
            promoted = release.model_copy(update={"promoted_from": "dev"})
            files |= written(bench.world, promoted, "staging")
        return bench.world.propose(files, BOT)

    return in_a_copy(proposed)


def promotion_after(*edits: tuple[str, str], found: Findings | None = None) -> Change:
    """Return the promotion to production of an edit that has come as far as staging."""

    def proposed(bench: Bench) -> int:
        draft = bench.draft("diabetes").edited(*edits)
        bench.admitted(draft, found)
        released(bench.world, draft, "dev", *LOCAL)
        released(bench.world, draft, "staging", *LOCAL)
        return opened(bench.world, draft, "production", *LOCAL)

    return in_a_copy(proposed)


def by_a_revoked_validator(bench: Bench) -> int:
    """Promote what is in staging after the key was revoked by which it was validated."""
    draft = bench.draft("diabetes").edited(("seed: 20262", "seed: 20263"))
    bench.admitted(draft, Findings())
    released(bench.world, draft, "dev", *LOCAL)
    released(bench.world, draft, "staging", *LOCAL)
    revoke_validator(bench.world)
    return opened(bench.world, draft, "production", *LOCAL)


def disproved(bench: Bench) -> int:
    """Promote what is in staging after a new run of the same version failed, and was recorded."""
    draft = bench.draft("diabetes").edited(("seed: 20262", "seed: 20264"))
    bench.admitted(draft, Findings())
    released(bench.world, draft, "dev", *LOCAL)
    released(bench.world, draft, "staging", *LOCAL)
    ask_again(bench, draft, Findings(failed={"platform": "latency"}))
    return opened(bench.world, draft, "production", *LOCAL)


def ask_again(bench: Bench, draft: Draft, found: Findings) -> int:
    """Ask to validate what is released again, let that find something, and have it judged."""
    number = bench.world.change_of("revalidate", draft.key, "--as", "jonas-weber")
    bench.world.attach(number, bench.signers.sign(*statements_on(draft.model, found)))
    bench.world.approve(number, OWNERS["endocrinology"])
    bench.world.merge(number)
    return number


def text_at(world: World, path: str) -> str:
    """Return what a file says on main."""
    return world.git("show", f"{world.main}:{path}", at=world.host) + "\n"


def revoke_validator(world: World) -> None:
    """Let main say that the validator's key has counted for nothing from its first moment on."""
    listed = world.git("ls-tree", "-r", "--name-only", MAIN, "policies/keys", at=world.host)
    (path,) = [p for p in listed.splitlines() if "validator" in p]
    key = re.sub(r"(?m)^revokedAt:.*\n", "", text_at(world, path))
    valid_from = re.search(r"(?m)^validFrom: (.*)$", key)
    assert valid_from
    revoked = f"{key}revokedAt: {valid_from[1]}\n".encode()
    world.merged(world.propose({path: revoked}, "sam-rivera", ("ida-berg", RISK)))


def untried_manifest(bench: Bench) -> int:
    """Bring into production a manifest that is not the one in staging."""
    draft = bench.draft("diabetes").edited(DESCRIPTION)
    bench.admitted(draft)
    release = release_on(bench.world, draft).model_copy(update={"promoted_from": "staging"})
    files = written(bench.world, release, "production")
    return bench.world.propose(files, BOT, (RELEASE_MANAGER,))


def resized(replicas: int) -> Change:
    """Return settings of the live model in one target of production."""

    def proposed(bench: Bench) -> int:
        place = DeploymentKey("production", "local", *DIABETES.split("/"))
        files = sized(bench.world, place, replicas)
        return bench.world.propose(files, "jonas-weber", ("lena-fischer",))

    return in_this(proposed)


# --- what main says of times ----------------------------------------------------------------------

FREEZE = """apiVersion: turnpike.dev/v1
kind: Schedule
freezes:
  - name: stock-taking
    start: "2026-01-01T00:00"
    end: "2199-12-31T00:00"
    reason: all is counted
    teams: [{team}]
"""
STOP = """apiVersion: turnpike.dev/v1
kind: Stop
name: outage
reason: the cluster is down
incident: INC-7
teams: [{team}]
"""


def ruled(bench: Bench, path: str, text: str) -> None:
    """Merge a file of an environment's rules, as the platform's people would."""
    number = bench.world.propose({path: text.encode()}, "sam-rivera", (PLATFORM_OWNER,))
    bench.world.merged(number)


def under(path: str, text: str) -> Change:
    """Return the release to dev of an edit, while main has a file of that text."""

    def proposed(bench: Bench) -> int:
        ruled(bench, path, text)
        draft = bench.draft("diabetes").edited(DESCRIPTION)
        bench.admitted(draft)
        return opened(bench.world, draft, "dev", *LOCAL)

    return in_a_copy(proposed)


STEPS = """rollout:
  onFailure: rollback
  steps:
    - traffic: 0
      targets: [local]
      analysis: {ANALYSIS}
    - traffic: 10
      targets: [local]
      analysis: {ANALYSIS}
    - traffic: 100
"""
ANALYSIS = "{durationSeconds: 2, minimumRequests: 10, maximumErrorRate: 0.2}"


def with_steps(plain: str, steps: str = STEPS.replace("{ANALYSIS}", ANALYSIS)) -> str:
    """Return an environment whose target on this machine takes what is new by steps."""
    split = plain.replace("  - name: local\n", "  - name: local\n    deploymentMode: Knative\n", 1)
    assert split != plain
    return split + steps


def stepping(traffic: int, *, rest: bool = True) -> Change:
    """Return a release to dev beside the live model, with a share of the traffic."""

    def proposed(bench: Bench) -> int:
        path = "environments/dev/environment.yaml"
        plain = bench.world.house.host.read(bench.world.main, path)
        assert plain is not None
        ruled(bench, path, with_steps(plain.decode()))
        draft = bench.draft("diabetes").edited(DESCRIPTION)
        bench.admitted(draft)
        place = DeploymentKey("dev", "local", *DIABETES.split("/"))
        stands = standing_of(bench.world.house.host, bench.world.main, (place.model_key,))
        before = stands.releases[place.path("release.yaml")]
        share = {"traffic": traffic, "rest": before.as_rest() if rest and traffic < 100 else None}
        release = release_on(bench.world, draft).model_copy(update=share)
        files = written(bench.world, release, "dev", "local")
        return bench.world.propose(files, BOT)

    return in_a_copy(proposed)


def soaking(soak: timedelta) -> Change:
    """Return the promotion to staging, after such a soak, of what was watched for some seconds."""

    def proposed(bench: Bench) -> int:
        path = "environments/staging/environment.yaml"
        plain = bench.world.house.host.read(bench.world.main, path)
        assert plain is not None
        wanted = f"soakSeconds: {int(soak.total_seconds())}"
        ruled(bench, path, plain.decode().replace("soakSeconds: 0", wanted))
        draft = bench.draft("diabetes").edited(DESCRIPTION)
        bench.admitted(draft)
        released(bench.world, draft, "dev", *LOCAL)
        number = opened(bench.world, draft, "staging", *LOCAL)
        watched(bench.world, draft)
        return number

    return in_a_copy(proposed)
