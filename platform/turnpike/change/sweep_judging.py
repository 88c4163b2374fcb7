"""Judge standing models by the judge's own steps, as the change that would write each anew.

Each model, and each of its deployments, gets facts as a pull request would, in which base and head
hold the same; they are weighed, put to OPA and concluded by the code that judges pull requests.
Three things differ, because nothing is proposed: approvals are those of the decisions on the
record that let the thing in, by whom counts today; the schemas of Kubernetes objects, which only a
change of them is held against, are left out; and nobody's review stands against it.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime

from turnpike.change.gate import AskPolicies
from turnpike.change.parsing import Side
from turnpike.change.standing import Place, RecordIndex, Standing, place_of
from turnpike.documents.identifiers import Digest, ObjectId
from turnpike.evidence.envelope import Envelope
from turnpike.git.objects import Entry as TreeEntry
from turnpike.git.repository import Repository
from turnpike.judge.decide import findings_against
from turnpike.judge.decision import ChangeClass, Decision, Finding
from turnpike.judge.deployments import usage_in
from turnpike.judge.facts import (
    Change,
    Documents,
    Entry,
    Facts,
    Merge,
    RecordTip,
    RegistryAnswer,
    Tools,
)
from turnpike.judge.hygiene import SIZE_LIMIT
from turnpike.judge.layout import DeploymentKey
from turnpike.judge.policy_input import Answer, PolicyInput, Usage
from turnpike.judge.queries import queries_about
from turnpike.judge.requirements import requirements_met_by
from turnpike.judge.situation import Situation, situation_of
from turnpike.judge.validity import first_moment
from turnpike.manifest.release import Release
from turnpike.record.record import Record
from turnpike.topology.key import Key


@dataclass(frozen=True, slots=True)
class Ground:
    """What all judgements of one sweep share; ``topology`` is who and where, from main."""

    genesis: ObjectId
    main: ObjectId
    tree: ObjectId
    clock: datetime
    tools: Tools
    topology: Documents
    keys: tuple[Key, ...]
    tip: RecordTip


@dataclass(frozen=True, slots=True)
class Shelves:
    """Where the contents are read from, once they are needed."""

    repository: Repository
    record: Record
    registered: Callable[[str, str], Digest | None]


@dataclass(frozen=True, slots=True)
class Verdict:
    """What stands against one model, by subject, and what its judgement rested on beside Git.

    ``artifacts`` are those whose statements were weighed, ``versions`` what the registry was asked
    of. Nothing stands against it where ``denied`` is empty; ``until`` is the first moment at which
    the clock could change that.
    """

    model: str
    denied: Mapping[str, tuple[Finding, ...]]
    artifacts: tuple[Digest, ...]
    versions: tuple[tuple[str, str], ...]
    until: datetime


@dataclass(slots=True)
class _Case:
    """One subject between its weighing and OPA's answer."""

    model: str
    subject: str
    situation: Situation
    queries: tuple[PolicyInput, ...]


def judge_standing(
    ground: Ground,
    shelves: Shelves,
    wanted: Iterable[Standing],
    neighbours: Iterable[Standing],
    index: RecordIndex,
    ask: AskPolicies,
) -> tuple[Verdict, ...]:
    """Return the verdict on each wanted model, by one question to OPA.

    ``neighbours`` are all models of the same teams, which count towards the same quotas.
    """
    judging = _Judging(ground, shelves, index)
    models = tuple(wanted)
    judging.read(models, tuple(neighbours))
    weighed = [judging.weigh(one) for one in models]
    cases = [case for _, found in weighed for case in found]
    denied = _answered(cases, ask)
    return tuple(replace(verdict, denied=denied.get(verdict.model, {})) for verdict, _ in weighed)


def _answered(cases: list[_Case], ask: AskPolicies) -> dict[str, dict[str, tuple[Finding, ...]]]:
    """Return what stands against each subject, by model and subject."""
    queries = tuple(query for case in cases for query in case.queries)
    results = iter(ask(queries).results if queries else ())
    denied: dict[str, dict[str, tuple[Finding, ...]]] = {}
    for case in cases:
        answer = Answer(results=tuple(next(results) for _ in case.queries))
        if findings := findings_against(case.situation, case.queries, answer):
            denied.setdefault(case.model, {})[case.subject] = findings
    return denied


@dataclass(slots=True)
class _Judging:
    ground: Ground
    shelves: Shelves
    index: RecordIndex
    side: Side = field(default_factory=lambda: Side("head"))
    envelopes: dict[Digest, Envelope] = field(default_factory=dict)
    releases: dict[Place, dict[str, Release]] = field(default_factory=dict)
    usages: dict[Place, Usage] = field(default_factory=dict)

    # --- reading --------------------------------------------------------------------------------

    def read(self, models: tuple[Standing, ...], neighbours: tuple[Standing, ...]) -> None:
        """Read all that the models and their quotas rest on, each kind in one go."""
        entries = {path: e for one in models for path, e in one.files.items()}
        for one in models:
            entries |= {path: e for files in one.deployments.values() for path, e in files.items()}
        places = {place for one in models for place in one.places()}
        for one in neighbours:
            entries |= {
                path: entry
                for key, files in one.deployments.items()
                if place_of(key) in places
                for path, entry in files.items()
                if not path.endswith("manifests.yaml")
            }
        wanted = {p: e for p, e in entries.items() if e.mode == "100644" and e.size <= SIZE_LIMIT}
        blobs = self.shelves.repository.blobs(entry.object for entry in wanted.values())
        self.side.add_all({path: blobs[entry.object] for path, entry in wanted.items()})
        self._read_manifests()
        for one in neighbours:
            self._place_releases(one)
        self._read_record(models)

    def _read_manifests(self) -> None:
        """Read each manifest that a release names by its blob; most are those that stand."""
        named = {release.manifest for release in self.side.releases.values()}
        sizes = self.shelves.repository.sizes(named)
        small = [blob for blob, size in sorted(sizes.items()) if size <= SIZE_LIMIT]
        for blob, content in self.shelves.repository.blobs(small).items():
            self.side.add_manifest(blob, content)

    def _place_releases(self, one: Standing) -> None:
        for key in one.deployments:
            release = self.side.releases.get(key.path("release.yaml"))
            if release is not None:
                place = self.releases.setdefault(place_of(key), {})
                place[key.path("release.yaml")] = release

    def _read_record(self, models: tuple[Standing, ...]) -> None:
        artifacts = {a for one in models for a in self.artifacts_of(one)}
        statements = {s for a in artifacts for s in self.index.statements.get(a, ())}
        decisions = {d for one in models for d in self.index.decisions.get(str(one.key), ())}
        record = self.shelves.record
        self.envelopes = {
            **record.by_digest("statements", statements),
            **record.by_digest("decisions", decisions),
        }

    # --- weighing -------------------------------------------------------------------------------

    def weigh(self, one: Standing) -> tuple[Verdict, list[_Case]]:
        """Return what the judgement of a model rests on, and its subjects, still to be asked."""
        whole = situation_of(self._facts_of_model(one))
        cases = [self._case(one, str(one.key), whole, whole)] if one.files else []
        for key, files in sorted(one.deployments.items()):
            derived = {p: e for p, e in files.items() if not p.endswith("settings.yaml")}
            own = situation_of(self._facts(one, (key,), derived or files))
            cases.append(self._case(one, str(key), own, whole, key))
        versions = tuple((a.model, a.version) for a in whole.facts.registry)
        artifacts = tuple(sorted(self.artifacts_of(one)))
        moments = [first_moment(case.situation.facts, case.queries) for case in cases]
        return Verdict(str(one.key), {}, artifacts, versions, min(moments)), cases

    def _case(
        self,
        one: Standing,
        subject: str,
        own: Situation,
        whole: Situation,
        key: DeploymentKey | None = None,
    ) -> _Case:
        """Return a subject with what is weighed once for its model, and who approved it."""
        approvers = _approvers(whole.decisions.values(), subject, own.change_class)
        situation = replace(
            own,
            hearing=whole.hearing,
            decisions=whole.decisions,
            requirements=requirements_met_by(own.facts, own.change_class, approvers),
            doubts=(),
            reviews=(),
        )
        queries = queries_about(situation)
        return _Case(str(one.key), subject, situation, self._with_usage(queries, key))

    def _with_usage(
        self, queries: tuple[PolicyInput, ...], key: DeploymentKey | None
    ) -> tuple[PolicyInput, ...]:
        """Put in what the whole place uses, which is counted once for all that stand in it."""
        if key is None:
            return queries
        usage = self._usage(key)
        return tuple(
            query.model_copy(
                update={"deployment": query.deployment.model_copy(update={"usage": usage})}
            )
            if query.deployment
            else query
            for query in queries
        )

    def _usage(self, key: DeploymentKey) -> Usage:
        place = place_of(key)
        if place not in self.usages:
            base = self.ground.topology.model_copy(
                update={"releases": self.releases.get(place, {}), "settings": self.side.settings}
            )
            head = Documents(model_blobs=self.side.model_blobs)
            facts = self._no_facts().model_copy(update={"base": base, "head": head})
            self.usages[place] = usage_in(facts, key)
        return self.usages[place]

    # --- facts ----------------------------------------------------------------------------------

    def artifacts_of(self, one: Standing) -> frozenset[Digest]:
        """Return the artifacts of the manifest that stands and of those that are released."""
        models = [self.side.models.get(one.key.manifest_path)]
        models += [self.side.model_blobs.get(blob) for blob in self._blobs(one.deployments)]
        return frozenset(m.artifact.digest for m in models if m is not None and m.artifact)

    def _blobs(self, keys: Iterable[DeploymentKey]) -> frozenset[ObjectId]:
        found = (self.side.releases.get(key.path("release.yaml")) for key in keys)
        return frozenset(release.manifest for release in found if release)

    def _evidence(self, one: Standing) -> tuple[Envelope, ...]:
        named = {s for a in self.artifacts_of(one) for s in self.index.statements.get(a, ())}
        return tuple(self.envelopes[digest] for digest in sorted(named))

    def _decided(self, one: Standing) -> tuple[Envelope, ...]:
        named = self.index.decisions.get(str(one.key), ())
        return tuple(self.envelopes[digest] for digest in sorted(named))

    def _facts_of_model(self, one: Standing) -> Facts:
        """Return the facts about the model itself, with all evidence and decisions about it."""
        facts = self._facts(one, (), one.files)
        return facts.model_copy(
            update={
                "evidence": self._evidence(one),
                "admissions": self._decided(one),
                "registry": tuple(self._registered(facts)),
            }
        )

    def _facts(
        self, one: Standing, keys: tuple[DeploymentKey, ...], changed: Mapping[str, TreeEntry]
    ) -> Facts:
        """Return facts of which base is all of the model, and head its folder and what changes."""
        side, blobs = self.side, self._blobs(one.deployments)
        own = frozenset((*one.files, *changed))
        every = own.union(*one.deployments.values())
        shown = {*changed, *(p for key in keys for p in one.deployments[key])}
        shown |= {f"manifest {blob[:12]}" for blob in self._blobs(keys)}
        # `turnpike equivalence` compares targets for all that stands in one go.
        base = self.ground.topology.model_copy(update={**_among(side, every), "clouds": None})
        manifests = {blob: side.model_blobs[blob] for blob in blobs if blob in side.model_blobs}
        head = Documents().model_copy(update={**_among(side, own), "model_blobs": manifests})
        return self._no_facts().model_copy(
            update={
                "changes": tuple(_change(path, entry) for path, entry in changed.items()),
                "unreadable": tuple(u for u in side.unreadable if u.path in shown),
                "base": base,
                "head": head,
            }
        )

    def _registered(self, facts: Facts) -> Iterator[RegistryAnswer]:
        blobs = {release.manifest for release in facts.base.releases.values()}
        released = (self.side.model_blobs.get(blob) for blob in blobs)
        models = (*facts.head.models.values(), *released)
        artifacts = [model.artifact for model in models if model and model.artifact]
        for name, version in sorted({(a.registry_model, a.version) for a in artifacts}):
            digest = self.shelves.registered(name, version)
            yield RegistryAnswer(model=name, version=version, digest=digest)

    def _no_facts(self) -> Facts:
        ground = self.ground
        return Facts(
            api_version="turnpike.dev/v1",
            kind="Facts",
            clock=ground.clock,
            tools=ground.tools,
            merge=Merge(
                genesis=ground.genesis,
                base=ground.main,
                head=ground.main,
                base_tree=ground.tree,
                merge_tree=ground.tree,
            ),
            commits=(),
            changes=(),
            unreadable=(),
            base=ground.topology,
            head=Documents(),
            keys=ground.keys,
            evidence=(),
            admissions=(),
            pull_request=None,
            proposed_policies=None,
            registry=(),
            earlier=(),
            record=ground.tip,
        )


def _among(side: Side, paths: frozenset[str]) -> dict[str, object]:
    """Return the documents of a side that stand at the paths, as fields of ``Documents``."""
    return {
        "models": {p: side.models[p] for p in paths & side.models.keys()},
        "cards": {p: side.cards[p] for p in paths & side.cards.keys()},
        "settings": {p: side.settings[p] for p in paths & side.settings.keys()},
        "releases": {p: side.releases[p] for p in paths & side.releases.keys()},
        "contents": {p: side.contents[p] for p in paths & side.contents.keys()},
    }


def _approvers(
    decisions: Iterable[Decision], subject: str, change_class: ChangeClass | None
) -> frozenset[str]:
    """Return who approved the newest change of that class of a subject that was allowed.

    Settings of a release, or a new rendering of it, ask others than the release itself did.
    """
    about = [
        decision
        for decision in decisions
        if decision.verdict == "allow"
        and subject in decision.subjects
        and decision.change_class == change_class
    ]
    newest = max(about, key=lambda decision: decision.decided_at, default=None)
    given = newest.requirements if newest else ()
    return frozenset(person for one in given for person in one.approved_by)


def _change(path: str, entry: TreeEntry) -> Change:
    """Return the change that would write what stands at a path."""
    plain = path.isprintable() and path.isascii()
    told = path.encode("utf-8", "surrogateescape").decode("utf-8", "backslashreplace")
    same = Entry(mode=entry.mode, object=entry.object, size=entry.size)
    return Change(path=told, plain=plain, old=same, new=same)
