"""Collect the facts about one change: everything the judge may know, at one reading of the clock.

Nothing here judges. What cannot be read raises CannotDecide; what does not parse becomes a fact.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from turnpike.approvals.dialects import LOCATIONS
from turnpike.approvals.interface import DialectName
from turnpike.change.earlier import stood_at
from turnpike.change.owed import owed_releases
from turnpike.change.parsing import Known, Side
from turnpike.change.roots import ReadLetIn, changed_roots, let_in
from turnpike.change.secrets import leaks_in
from turnpike.change.topology import topology_blobs
from turnpike.change.touched import path_of, touched
from turnpike.documents.identifiers import Digest, ObjectId
from turnpike.errors import InputError
from turnpike.evidence.envelope import Envelope
from turnpike.git.objects import Entry as TreeEntry
from turnpike.git.objects import TreeChange
from turnpike.git.repository import Repository
from turnpike.judge.facts import (
    Commit,
    EarlierRelease,
    Facts,
    Leak,
    Merge,
    ProposedPolicies,
    PullRequest,
    RegistryAnswer,
    RootInputs,
    Tools,
)
from turnpike.judge.hygiene import MOST_COMMITS, MOST_PATHS, SIZE_LIMIT, is_read, is_too_much
from turnpike.judge.layout import (
    ACCESS_PLACES,
    ORGANISATION_PATH,
    DeploymentKey,
    ModelKey,
    bears_on_access,
    build_path,
    class_of,
    deployment_of,
    model_of,
    waiver_of,
)
from turnpike.record.keys import keys_at
from turnpike.record.record import Record
from turnpike.registry.interface import RegistryReader


@dataclass(frozen=True, slots=True)
class Question:
    """What is to be judged: which head against which base, as told by whom, and when."""

    genesis: ObjectId
    base: ObjectId
    head: ObjectId
    pull_request: PullRequest | None
    attachments: tuple[Envelope, ...]
    clock: datetime
    tools: Tools


ExaminePolicies = Callable[[Mapping[str, bytes]], ProposedPolicies]
"""Compiles policies and runs their tests; ``files`` maps paths from the root to bytes."""


ReadObservations = Callable[[Iterable[Digest]], tuple[Envelope, ...]]
"""Returns what observers published about artifacts, unverified."""


@dataclass(frozen=True, slots=True)
class Sources:
    """Where facts are read from; ``schemas`` is the cached file of Kubernetes' schemas."""

    repository: Repository
    record: Record
    registry: RegistryReader
    examine: ExaminePolicies
    schemas: Path
    observations: ReadObservations
    let_in: ReadLetIn


def collect(sources: Sources, question: Question) -> Facts:
    """Return the facts about one change.

    Raises IntegrityError where the base itself, which was judged, cannot be read.
    """
    return _Collector(sources, question).collect()


class _Collector:
    """Reads one change in a fixed order, each object once."""

    def __init__(self, sources: Sources, question: Question) -> None:
        self._git = sources.repository
        self._record = sources.record.at_tip()  # all facts are of one moment of it
        self._registry = sources.registry
        self._examine = sources.examine
        self._observations = sources.observations
        self._read_let_in = sources.let_in
        self._question = question
        known: Known = {}  # what the change leaves as it was is parsed once for both
        self._base = Side("base", known)
        self._head = Side("head", known)
        self._leaks: list[Leak] = []

    def collect(self) -> Facts:
        question = self._question
        base_tree = self._git.commit(question.base).tree
        merge = self._git.merge_tree(question.base, question.head)
        found = self._git.changes(base_tree, merge.tree) if merge.tree else ()
        told = touched(self._git, found[: MOST_PATHS + 1], merge.tree)
        # The judge refuses what is too much by its extent, so that nothing of it is read.
        changes = () if is_too_much(told) else found
        self._read_documents(changes)
        roots = self._changed_roots(changes, base_tree, merge.tree)
        recorded = self._recorded_evidence(roots)
        return Facts(
            api_version="turnpike.dev/v1",
            kind="Facts",
            clock=question.clock,
            tools=question.tools,
            merge=Merge(
                genesis=question.genesis,
                base=question.base,
                head=question.head,
                base_tree=base_tree,
                merge_tree=merge.tree,
                conflicts=tuple(merge.conflicts),
            ),
            commits=tuple(self._commits()),
            changes=told,
            unreadable=tuple(self._head.unreadable),
            base=self._base.documents(self._dialect(self._base)),
            head=self._head.documents(self._dialect(self._head)),
            keys=keys_at(self._git, question.base),
            evidence=self._evidence(recorded),
            admissions=self._admissions(changes),
            pull_request=question.pull_request,
            proposed_policies=self._proposed_policies(changes, merge.tree),
            registry=tuple(self._registry_answers()),
            earlier=tuple(self._earlier()),
            record=self._record.tip(),
            debts=self._debts(changes),
            leaks=tuple(self._leaks),
            roots=roots,
            recorded=tuple(sorted(envelope.digest() for envelope in recorded)),
            let_in=let_in(self._git, merge.tree, map(path_of, changes), self._read_let_in),
        )

    def _read_documents(self, changes: tuple[TreeChange, ...]) -> None:
        """Read both sides of the change, and whatever else of main bears on it."""
        self._read_changes(changes)
        self._read_topology()
        self._keep_owner_files(frozenset(path_of(change) for change in changes))
        self._read_access(changes)
        self._read_related(changes)
        self._read_manifests()
        self._read_companions()
        self._base.require_readable()

    @staticmethod
    def _declared(side: Side) -> DialectName | None:
        return side.organisation.codeowners_dialect if side.organisation else None

    def _dialect(self, side: Side) -> DialectName:
        """Return how a side reads CODEOWNERS; a head that does not say reads it as main does."""
        return self._declared(side) or self._declared(self._base) or "github"

    def _commits(self) -> Iterable[Commit]:
        question = self._question
        for commit in self._git.commits_between(question.base, question.head, MOST_COMMITS + 1):
            yield Commit(
                id=commit.id,
                author=commit.author.email,
                committer=commit.committer.email,
                co_authors=tuple(commit.co_authors),
            )

    def _read_changes(self, changes: tuple[TreeChange, ...]) -> None:
        olds = {path_of(c): c.old.object for c in changes if c.old and _is_read(c.old)}
        news = {path_of(c): c.new.object for c in changes if c.new and _is_read(c.new)}
        blobs = self._git.blobs([*olds.values(), *news.values()])
        self._base.add_all({path: blobs[blob] for path, blob in olds.items()})
        self._head.add_all(self._without_leaks({p: blobs[blob] for p, blob in news.items()}))

    def _without_leaks(self, files: Mapping[str, bytes]) -> dict[str, bytes]:
        """Keep out of the facts, which stay for ever, whatever holds a credential.

        The platform's own code is reviewed by its owners, and its tests hold such forms.
        """
        paths = frozenset(files)
        for path, content in sorted(files.items()):
            if class_of(path, paths) != "platform":
                self._leaks += leaks_in(path, content)
        leaking = {leak.path for leak in self._leaks}
        return {path: content for path, content in files.items() if path not in leaking}

    def _read_topology(self) -> None:
        """Read who and where from the base, whatever the change touches."""
        self._add_to_base(topology_blobs(self._git, self._question.base))

    def _keep_owner_files(self, changed: frozenset[str]) -> None:
        """Where the head reads CODEOWNERS anew it needs every file that it will find."""
        if ORGANISATION_PATH in changed or not changed.isdisjoint(LOCATIONS):
            self._head.keep_owner_files(self._base, changed)

    def _read_access(self, changes: tuple[TreeChange, ...]) -> None:
        """Read what programs are told of access, where the change bears on it."""
        paths = {path_of(change) for change in changes}
        if any(bears_on_access(path) for path in paths):
            listed = self._git.files(self._question.base, ACCESS_PLACES)
            self._add_to_base({path: entry.object for path, entry in listed.items()})

    def _read_related(self, changes: tuple[TreeChange, ...]) -> None:
        """Read the releases that bear on the change.

        Those of its models, of their teams' quotas, and of the debts that it pays.
        """
        paths = [path_of(change) for change in changes]
        models = {key for path in paths if (key := model_of(path))}
        deployments = {place for path in paths if (place := deployment_of(path))}
        models |= {key.model_key for key in deployments}
        wanted = [path for key in models for path in self._deployment_folders(key)]
        wanted += [f"environments/{d.environment}/{d.target}/{d.team}" for d in deployments]
        wanted += [path for key in models for path in _standing_files(key)]
        wanted += owed_releases(self._record, self._head.settlements.values())
        if not wanted:
            return
        listed = self._git.files(self._question.base, wanted)
        self._add_to_base({path: entry.object for path, entry in listed.items()})
        self._keep_unchanged(models, frozenset(paths))

    def _deployment_folders(self, key: ModelKey) -> Iterable[str]:
        for environment in self._base.environments.values():
            for target in environment.targets:
                yield DeploymentKey(environment.name, target.name, key.team, key.model).folder

    def _keep_unchanged(self, models: set[ModelKey], changed: frozenset[str]) -> None:
        """What the change leaves alone of a model's folder belongs to the head as well."""
        paths = [path for key in models for path in _standing_files(key) if path not in changed]
        entries = self._git.files(self._question.base, paths) if paths else {}
        contents = self._git.blobs(entry.object for entry in entries.values())
        self._head.add_all({path: contents[entry.object] for path, entry in entries.items()})

    def _add_to_base(self, blobs: Mapping[str, ObjectId]) -> None:
        new = {path: blob for path, blob in blobs.items() if path not in self._base.contents}
        contents = self._git.blobs(list(new.values()))
        self._base.add_all({path: contents[blob] for path, blob in new.items()})

    def _read_manifests(self) -> None:
        """Read each manifest that a release names by its blob, not the one that stands today."""
        releases = [*self._base.releases.values(), *self._head.releases.values()]
        sizes = self._git.sizes({release.manifest for release in releases})
        wanted = [blob for blob, size in sorted(sizes.items()) if size <= SIZE_LIMIT]
        for blob, content in self._git.blobs(wanted).items():
            self._head.add_manifest(blob, content)

    def _read_companions(self) -> None:
        """Read where the rest of a release group stands: in the stages before, else on main."""
        wanted: set[str] = set()
        for path, release in self._head.releases.items():
            place, model = deployment_of(path), self._head.model_blobs.get(release.manifest)
            if place is not None and model is not None and model.release_group:
                wanted |= self._stages_before(place) or {f"models/{place.team}"}
        if wanted:
            listed = self._git.files(self._question.base, sorted(wanted))
            ends = ("/model.yaml", "/release.yaml")
            self._add_to_base({p: e.object for p, e in listed.items() if p.endswith(ends)})
            self._read_manifests()

    def _stages_before(self, place: DeploymentKey) -> set[str]:
        """Return the team's folders in the stages that an environment promotes from."""
        stages = self._base.environments
        environment = stages.get(place.environment)
        return {
            f"environments/{name}/{target.name}/{place.team}"
            for name in (environment.promotes_from if environment else ())
            for target in (stages[name].targets if name in stages else ())
        }

    def _artifacts(self) -> set[Digest]:
        models = [*self._head.models.values(), *self._head.model_blobs.values()]
        return {model.artifact.digest for model in models if model.artifact}

    def _recorded_evidence(self, roots: tuple[RootInputs, ...]) -> tuple[Envelope, ...]:
        """Return what the record has about the artifacts, and about the roots' inputs."""
        planned = {root.planned for root in roots if root.planned}
        return self._record.statements_about(self._artifacts() | planned)

    def _evidence(self, recorded: tuple[Envelope, ...]) -> tuple[Envelope, ...]:
        said = (*recorded, *self._question.attachments, *self._observed())
        offered = {envelope.digest(): envelope for envelope in said}
        return tuple(offered[digest] for digest in sorted(offered))

    def _observed(self) -> tuple[Envelope, ...]:
        """Read what was seen of what is released, or owes a soak, wherever it runs by now."""
        owed = self._base.releases.values() if self._head.settlements else ()
        artifacts = {release.artifact for release in (*self._head.releases.values(), *owed)}
        return self._observations(artifacts) if artifacts else ()

    def _admissions(self, changes: tuple[TreeChange, ...]) -> tuple[Envelope, ...]:
        """Read the decisions that the releases name: those changed, and those sized or rendered."""
        places = {place for change in changes if (place := deployment_of(path_of(change)))}
        standing = (self._base.releases.get(place.path("release.yaml")) for place in places)
        releases = [*self._head.releases.values(), *(release for release in standing if release)]
        digests = {release.decision for release in releases}
        found = (self._recorded(digest) for digest in sorted(digests))
        return tuple(envelope for envelope in found if envelope is not None)

    def _debts(self, changes: tuple[TreeChange, ...]) -> tuple[Envelope, ...]:
        """Read the decisions that left a debt to a team which the change is about."""
        paths = [path_of(change) for change in changes]
        teams = {key.team for p in paths if (key := model_of(p) or deployment_of(p))}
        teams |= {settlement.team for settlement in self._head.settlements.values()}
        return self._record.debts_of(teams)

    def _recorded(self, decision: Digest) -> Envelope | None:
        try:
            return self._record.decision(decision)
        except InputError:  # a release may name anything; the judge says what is wrong with it
            return None

    def _changed_roots(
        self, changes: tuple[TreeChange, ...], before: ObjectId, after: ObjectId | None
    ) -> tuple[RootInputs, ...]:
        """Read what Terraform would plan from, where the change is about it."""
        paths = frozenset(path_of(change) for change in changes)
        if after is None or not any(class_of(path, paths) == "terraform" for path in paths):
            return ()
        return changed_roots(self._git, before, after)

    def _proposed_policies(
        self, changes: tuple[TreeChange, ...], tree: ObjectId | None
    ) -> ProposedPolicies | None:
        """Examine the policies as they would be: a bad one must not lock out its own repair."""
        if tree is None or not any(_is_policy(path_of(c)) for c in changes):
            return None
        entries = self._git.files(tree, ["policies"])
        plain = {p: e.object for p, e in entries.items() if _is_read(e)}
        contents = self._git.blobs(plain.values())
        return self._examine({path: contents[blob] for path, blob in plain.items()})

    def _registry_answers(self) -> Iterable[RegistryAnswer]:
        for _, model in sorted(self._head.models.items()):
            if model.artifact is None:
                continue
            name, version = model.artifact.registry_model, model.artifact.version
            found = self._registry.find(name, version)
            digest = found.digest if found else None
            yield RegistryAnswer(model=name, version=version, digest=digest)

    def _earlier(self) -> Iterable[EarlierRelease]:
        """Read what stood at a replaced release's path before: a rollback returns to one.

        A rollout also needs to know since when its other targets have what they have.
        """
        replaced = self._head.releases.keys() & self._base.releases.keys()
        for path in sorted(replaced | self._rolled_out_beside()):
            yield from stood_at(self._git, self._question.base, path)

    def _rolled_out_beside(self) -> set[str]:
        """Return the paths that the steps of a changed release look at in the same environment."""
        changed = {key for path in self._head.releases if (key := deployment_of(path))}
        wanted = {
            (key.environment, key.model_key)
            for key in changed
            if (found := self._base.environments.get(key.environment)) and found.rollout
        }
        return {
            path
            for path in self._base.releases
            if (place := deployment_of(path)) and (place.environment, place.model_key) in wanted
        }


def _is_policy(path: str) -> bool:
    return path.startswith("policies/") and waiver_of(path) is None


def _standing_files(key: ModelKey) -> tuple[str, ...]:
    """Return the files of a model's folder that every judgement of it needs."""
    return key.manifest_path, f"{key.folder}/card.md", build_path(key)


def _is_read(entry: TreeEntry) -> bool:
    return is_read(entry.mode, entry.size)
