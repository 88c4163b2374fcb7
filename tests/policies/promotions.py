"""A bounded world of promotions, whose every step is judged by the real judge and the real rules.

One model with two versions, three environments with one target, a freeze of production, a stop of
the line, soaks and emergencies. A step is an attempt to change one deployment, among them ones that
no verb would write: versions that nobody admitted, stages left out, another version's manifest.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field, replace
from datetime import timedelta
from functools import cache
from pathlib import Path
from typing import Literal

from turnpike.documents.identifiers import Digest, ObjectId, digest_of
from turnpike.errors import InvalidDocument
from turnpike.evidence.envelope import Envelope
from turnpike.evidence.predicates import Check, Observation, ScanResult
from turnpike.evidence.statement import OBSERVATION, SCAN, VALIDATION
from turnpike.judge.decide import decide, findings_against
from turnpike.judge.decision import Admission, Debt
from turnpike.judge.emergencies import debts_of
from turnpike.judge.facts import Change, Documents, EarlierRelease, Entry, Facts
from turnpike.judge.layout import DeploymentKey
from turnpike.judge.policy_input import Answer, PolicyInput, SubjectAnswer
from turnpike.judge.queries import queries_about
from turnpike.judge.situation import Situation, situation_of
from turnpike.judge.waivers import waived_in
from turnpike.manifest.model import GenerativeModel, PredictiveModel
from turnpike.manifest.release import Emergency, Release
from turnpike.manifest.serving import OnCall, ServiceLevel
from turnpike.opa.bundle import policies_in, rules_in
from turnpike.record.statements import statement_of_decision
from turnpike.rendering.deployment import Deployment
from turnpike.rendering.derive import derived_files
from turnpike.topology.environment import Environment
from turnpike.topology.organisation import BreakGlass, Organisation
from turnpike.topology.stop import Stop
from turnpike.topology.window import Freeze
from unit.judge.examples import (
    NOW,
    RoleKey,
    environment,
    model,
    model_facts,
    object_id,
    organisation,
    pull_request,
    review,
    run_of,
)

Stage = Literal["dev", "staging", "production"]
Version = Literal["1", "2"]
STAGES: tuple[Stage, ...] = ("dev", "staging", "production")
VERSIONS: tuple[Version, ...] = ("1", "2")
BEFORE: dict[Stage, Stage | None] = {"dev": None, "staging": "dev", "production": "staging"}
SOAK = 600

GATE, OBSERVER, VALIDATOR = RoleKey("gate"), RoleKey("observer"), RoleKey("validator")
ARTIFACTS: dict[Version, Digest] = {v: digest_of(f"bytes {v}".encode()) for v in VERSIONS}
BLOBS: dict[Version, ObjectId] = {v: object_id(f"manifest {v}") for v in VERSIONS}
PROMISE = ServiceLevel(availability_percent=99.0, latency_p95_milliseconds=200.0)


@dataclass(frozen=True, slots=True)
class Attempt:
    """One change of one deployment, with all that its judgement may depend on.

    ``version`` None retires it; ``manifest`` is the version whose manifest it names; ``claims`` is
    the stage that it says it comes from. ``now`` stands there, ``before`` in the stage before,
    ``stood`` is what lies on one another there, the newest last, and ``left`` what a way back left.
    """

    stage: Stage
    version: Version | None
    manifest: Version
    claims: Stage | None
    urgent: bool
    now: Version | None
    before: Version | None
    stood: tuple[Version, ...]
    left: frozenset[Version]
    admitted: frozenset[Version]
    soaked: frozenset[Version]
    frozen: bool
    stopped: bool


@dataclass(frozen=True, slots=True)
class Judged:
    """An attempt that was judged, with all that it takes to conclude again."""

    attempt: Attempt
    situation: Situation
    queries: tuple[PolicyInput, ...]
    answer: Answer

    def outcome(self, without: frozenset[str] = frozenset()) -> Outcome:
        """Return what is decided; as if denials and findings of some codes did not exist."""
        kept = [tuple(d for d in one.denials if d.code not in without) for one in self._results]
        answer = Answer(
            results=tuple(
                SubjectAnswer(rules=one.rules, denials=denials)
                for one, denials in zip(self._results, kept, strict=True)
            )
        )
        standing = tuple(f for f in self.situation.standing if f.code not in without)
        situation = replace(self.situation, standing=standing)
        findings = findings_against(situation, self.queries, answer)
        waived = waived_in(situation.facts, self.queries, answer)
        debts = debts_of(situation.facts, waived) if not findings else ()
        return Outcome(allowed=not findings, debts=debts)

    @property
    def _results(self) -> tuple[SubjectAnswer, ...]:
        return self.answer.results


@dataclass(frozen=True, slots=True)
class Outcome:
    """Whether an attempt is allowed, which is when nothing stands against it; and what it owes."""

    allowed: bool
    debts: tuple[Debt, ...]


Ask = Callable[[tuple[PolicyInput, ...]], Answer]


def judged(attempts: Iterable[Attempt], ask: Ask) -> Iterator[Judged]:
    """Judge attempts by one question to OPA."""
    weighed = [(one, situation_of(facts_of(one))) for one in attempts]
    asked = [(one, situation, queries_about(situation)) for one, situation in weighed]
    results = iter(ask(tuple(q for _, _, queries in asked for q in queries)).results)
    for one, situation, queries in asked:
        answer = Answer(results=tuple(next(results) for _ in queries))
        yield Judged(one, situation, queries, answer)


# --- facts ----------------------------------------------------------------------------------------


@cache
def manifest_of(version: Version) -> PredictiveModel:
    """Return the manifest of a version, as good as a model of production's must be."""
    plain = model("low")
    assert plain.artifact is not None
    artifact = plain.artifact.model_copy(update={"version": version, "digest": ARTIFACTS[version]})
    on_call = OnCall(rotation="oncology-models", channel="#oncology")
    return plain.model_copy(update={"artifact": artifact, "slo": PROMISE, "on_call": on_call})


@cache
def place_of(stage: Stage, *, frozen: bool) -> Environment:
    """Return an environment; staging and production demand a soak in the stage before."""
    before = BEFORE[stage]
    plain = environment(stage, (before,) if before else (), approvals=int(stage == "production"))
    close = Freeze(name="close", start="2026-01-01T00:00", end="2027-01-01T00:00")
    freezes = (close,) if frozen and stage == "production" else ()
    soak = SOAK if stage == "production" else 0
    return plain.model_copy(update={"freezes": freezes, "soak_seconds": soak})


def key_of(stage: Stage) -> DeploymentKey:
    return DeploymentKey(stage, "local", "oncology", "triage")


def path_of(stage: Stage) -> str:
    return key_of(stage).path("release.yaml")


@cache
def admission_of(version: Version) -> Envelope:
    """Return the signed allow that let a version in."""
    admitted = Admission(
        team="oncology",
        model="triage",
        version=version,
        artifact=ARTIFACTS[version],
        manifest=BLOBS[version],
    )
    plain = decide(model_facts(), Answer(results=()))
    update = {"verdict": "allow", "findings": (), "admitted": (admitted,)}
    return GATE.sign(statement_of_decision(plain.model_copy(update=update)))


@cache
def seen_of(version: Version) -> Envelope:
    """Return what an observer saw of a version in staging: healthy, for as long as is demanded."""
    seen = Observation(
        environment="staging",
        target="local",
        healthy=True,
        error_rate=0.0,
        latency_p95_milliseconds=1.0,
        requests=9,
        started_at=NOW - timedelta(seconds=SOAK),
        finished_at=NOW,
    )
    return OBSERVER.state(OBSERVATION, seen, ARTIFACTS[version])


@cache
def validated_of(version: Version) -> Envelope:
    """Return what the platform's own run found in a version: nothing to complain about."""
    view = manifest_of(version).validation_view()
    assert view is not None
    return VALIDATOR.state(VALIDATION, run_of(view, NOW), ARTIFACTS[version])


@cache
def scanned_of(version: Version) -> Envelope:
    """Return what the scan found in a version's files: formats that are allowed."""
    view = manifest_of(version).validation_view()
    assert view is not None
    check = Check(name="formats", passed=True, expected="allowed", actual="allowed")
    found = ScanResult(validation_view=view, checks=(check,), finished_at=NOW)
    return VALIDATOR.state(SCAN, found, ARTIFACTS[version])


def release_of(
    stage: Stage,
    version: Version,
    manifest: Version | None = None,
    claims: Stage | None = None,
    *,
    urgent: bool = False,
) -> Release:
    """Return the release of a version; what is left out is as the verbs would write it."""
    emergency = Emergency(
        reason="it answers nonsense",
        incident="INC-9",
        commander="grace",
        expires_at=NOW + timedelta(hours=1),
    )
    return Release(
        api_version="turnpike.dev/v1",
        kind="Release",
        team="oncology",
        model="triage",
        version=version,
        artifact=ARTIFACTS[version],
        manifest=BLOBS[manifest or version],
        decision=admission_of(version).digest(),
        promoted_from=claims,
        traffic=100,
        emergency=emergency if urgent else None,
    )


@cache
def rules() -> tuple[str, ...]:
    return rules_in(policies_in(Path.cwd()))


@cache
def company() -> Organisation:
    glass = BreakGlass(commanders="release-managers")
    return organisation().model_copy(update={"break_glass": glass})


def facts_of(attempt: Attempt) -> Facts:
    """Return the facts of an attempt, approved by whoever could approve it."""
    stage, path = attempt.stage, path_of(attempt.stage)
    releases = dict(_standing(attempt))
    head, changes = _head(attempt)
    base = model_facts().base.model_copy(
        update={
            "organisation": company(),
            "environments": {s: place_of(s, frozen=attempt.frozen) for s in STAGES},
            "releases": releases,
            "stops": {"outage": _stop()} if attempt.stopped else {},
            "contents": {p: digest_of(b"there") for r in releases for p in _both(r)},
        }
    )
    request = pull_request(*(review(name) for name in ("tom", "nora", "grace", "sam")))
    first = attempt.stood[:1] if attempt.left else ()
    history = (*first, *sorted(attempt.left), *attempt.stood) if attempt.now else ()
    once = (EarlierRelease(path=path, commit=object_id("once"), release=release_of(stage, v))
            for v in reversed(history))  # fmt: skip
    plain = model_facts()
    return plain.model_copy(
        update={
            "tools": plain.tools.model_copy(update={"rules": rules()}),
            "base": base,
            "head": head,
            "changes": changes,
            "keys": (GATE.public, OBSERVER.public, VALIDATOR.public),
            "evidence": (
                *(validated_of(v) for v in VERSIONS),
                *(scanned_of(v) for v in VERSIONS),
                *(seen_of(v) for v in sorted(attempt.soaked)),
            ),
            "admissions": tuple(admission_of(v) for v in sorted(attempt.admitted)),
            "earlier": tuple(once),
            "pull_request": request,
            "registry": (),
        }
    )


def _standing(attempt: Attempt) -> Iterator[tuple[str, Release]]:
    before = BEFORE[attempt.stage]
    if before and attempt.before:
        yield path_of(before), release_of(before, attempt.before)
    if attempt.now:
        yield path_of(attempt.stage), release_of(attempt.stage, attempt.now)


def _both(path: str) -> tuple[str, str]:
    return path, path.replace("release.yaml", "manifests.yaml")


def _stop() -> Stop:
    return Stop(
        api_version="turnpike.dev/v1", kind="Stop", name="outage", reason="down", incident="INC-7"
    )


def _head(attempt: Attempt) -> tuple[Documents, tuple[Change, ...]]:
    path = path_of(attempt.stage)
    manifests: dict[ObjectId, PredictiveModel | GenerativeModel] = {
        BLOBS[v]: manifest_of(v) for v in VERSIONS
    }
    old = Entry(mode="100644", object=object_id("old"), size=9) if attempt.now else None
    new = Entry(mode="100644", object=object_id("new"), size=9) if attempt.version else None
    changes = tuple(Change(path=p, plain=True, old=old, new=new) for p in sorted(_both(path)))
    if attempt.version is None:
        return Documents(model_blobs=manifests), changes
    release = release_of(
        attempt.stage, attempt.version, attempt.manifest, attempt.claims, urgent=attempt.urgent
    )
    contents = _derived(attempt, release)
    return Documents(releases={path: release}, model_blobs=manifests, contents=contents), changes


def _derived(attempt: Attempt, release: Release) -> dict[str, Digest]:
    """Return what the change would write; of what cannot be derived, somebody's own text."""
    place = place_of(attempt.stage, frozen=attempt.frozen)
    manifest = manifest_of(attempt.manifest)
    try:
        files = derived_files(Deployment(manifest, release, place, place.targets[0], None))
    except InvalidDocument:
        return {path: digest_of(b"forged") for path in _both(path_of(attempt.stage))}
    return {path: digest_of(content) for path, content in files.items()}


# --- the world ------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Pile:
    """What was let into a stage and lies on one another there, and what a way back took off."""

    stood: tuple[Version, ...] = ()
    left: frozenset[Version] = frozenset()

    def after(self, version: Version) -> Pile:
        """Return the pile once a version stands there."""
        if version not in self.stood:
            return Pile((*self.stood, version), self.left - {version})
        kept = self.stood[: self.stood.index(version) + 1]
        return Pile(kept, self.left | {*self.stood[len(kept) :]})


@dataclass(frozen=True, slots=True)
class State:
    """What stands where, what stood there, and what holds."""

    standing: tuple[Version | None, Version | None, Version | None] = (None, None, None)
    stood: tuple[Pile, Pile, Pile] = (Pile(), Pile(), Pile())
    admitted: frozenset[Version] = frozenset()
    soaked: frozenset[Version] = frozenset()
    frozen: bool = False
    stopped: bool = False

    def at(self, stage: Stage) -> Version | None:
        return self.standing[STAGES.index(stage)]

    def attempts(self) -> Iterator[Attempt]:
        """Yield every change that anybody could propose, right ones and wrong ones."""
        for stage in STAGES:
            if self.at(stage):
                yield self._attempt(stage, None, "1", None, urgent=False)
            for version in VERSIONS:
                for claims in dict.fromkeys((BEFORE[stage], None)):
                    for urgent in (False, True):
                        yield self._attempt(stage, version, version, claims, urgent=urgent)
            yield self._attempt(stage, "2", "1", BEFORE[stage], urgent=False)

    def _attempt(
        self,
        stage: Stage,
        version: Version | None,
        manifest: Version,
        claims: Stage | None,
        *,
        urgent: bool,
    ) -> Attempt:
        before = BEFORE[stage]
        return Attempt(
            stage=stage,
            version=version,
            manifest=manifest,
            claims=claims,
            urgent=urgent,
            now=self.at(stage),
            before=self.at(before) if before else None,
            stood=self.stood[STAGES.index(stage)].stood,
            left=self.stood[STAGES.index(stage)].left,
            admitted=self.admitted,
            soaked=self.soaked if stage == "production" else frozenset(),
            frozen=self.frozen and stage == "production",
            stopped=self.stopped,
        )

    def after(self, attempt: Attempt) -> State:
        """Return the state once an attempt is merged."""
        standing, piles = list(self.standing), list(self.stood)
        place = STAGES.index(attempt.stage)
        standing[place] = attempt.version
        if attempt.version:
            piles[place] = piles[place].after(attempt.version)
        first, second, third = standing
        dev, staging, production = piles
        return replace(self, standing=(first, second, third), stood=(dev, staging, production))

    def events(self) -> Iterator[State]:
        """Yield what happens beside releases: admissions, soaks, freezes, stops."""
        for version in VERSIONS:
            if version not in self.admitted:
                yield replace(self, admitted=self.admitted | {version})
        seen = self.at("staging")
        if seen and seen not in self.soaked:
            yield replace(self, soaked=self.soaked | {seen})
        yield replace(self, frozen=not self.frozen)
        yield replace(self, stopped=not self.stopped)


@dataclass(frozen=True, slots=True)
class Step:
    """A merged attempt: from where to where, and by which decision."""

    state: State
    attempt: Attempt
    outcome: Outcome
    after: State


@dataclass(slots=True)
class World:
    """Judges each attempt once, however often the world comes to it."""

    ask: Ask
    known: dict[Attempt, Judged] = field(default_factory=dict)

    def learn(self, attempts: Iterable[Attempt]) -> None:
        new = [one for one in dict.fromkeys(attempts) if one not in self.known]
        if new:
            self.known |= {one.attempt: one for one in judged(new, self.ask)}

    def explore(
        self, depth: int, without: frozenset[str] = frozenset()
    ) -> tuple[dict[State, int], list[Step]]:
        """Return each reachable state with its distance, and every step that was allowed."""
        outcomes: dict[Attempt, Outcome] = {}
        reached: dict[State, int] = {State(): 0}
        steps: list[Step] = []
        level = [State()]
        for distance in range(1, depth + 1):
            self.learn(one for state in level for one in state.attempts())
            following: list[State] = []
            for state in level:
                following += state.events()
                for one in state.attempts():
                    if one not in outcomes:
                        outcomes[one] = self.known[one].outcome(without)
                    if outcomes[one].allowed:
                        after = state.after(one)
                        steps.append(Step(state, one, outcomes[one], after))
                        following.append(after)
            level = [s for s in dict.fromkeys(following) if s not in reached]
            reached |= dict.fromkeys(level, distance)
        return reached, steps
