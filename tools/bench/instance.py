"""The instance that is measured: made by ``turnpike init``, then filled in one stroke.

Each model has its statements and its decisions on the record, signed by the instance's own role
keys, and its version in the registry, as if it had come by a pull request of its own.
"""

from __future__ import annotations

import base64
import sqlite3
import subprocess
import tempfile
from collections.abc import Iterable, Iterator, Mapping
from contextlib import closing
from dataclasses import dataclass
from datetime import UTC, datetime
from hashlib import sha256
from multiprocessing import Pool
from pathlib import Path
from typing import Literal

from pydantic import JsonValue
from workload import Sample, codeowners_text, organisation_text, samples

from turnpike.documents.canonical import canonical_document
from turnpike.documents.document import Part
from turnpike.documents.identifiers import Digest, ObjectId, digest_of
from turnpike.documents.reading import read
from turnpike.evidence.envelope import Envelope, envelope_of
from turnpike.evidence.predicates import Check, MetricValue, ScanResult, ValidationResult
from turnpike.evidence.statement import (
    BILL_OF_MATERIALS,
    PROVENANCE,
    SCAN,
    VALIDATION,
    Statement,
    payload_of,
    statement_about,
)
from turnpike.git.repository import Repository
from turnpike.instance.create import Wish, init
from turnpike.instance.instance import Instance
from turnpike.judge.decision import Admission, ChangeClass, Decision, Requirement
from turnpike.judge.facts import Documents, Facts, Merge, PullRequest, RecordTip, Review, Tools
from turnpike.manifest.model import PredictiveModel
from turnpike.manifest.release import Release
from turnpike.record import layout
from turnpike.record.record import RECORD_REF, Record
from turnpike.record.statements import statement_of_decision
from turnpike.registry.interface import DIGEST_TAG
from turnpike.rendering.deployment import Deployment
from turnpike.rendering.derive import derived_files
from turnpike.signing.service import RoleKey, load
from turnpike.topology.environment import ENVIRONMENT, Environment

MAIN = "refs/heads/main"
PRODUCT = Path(__file__).resolve().parents[2]
RUNS: tuple[Literal["platform", "team"], ...] = ("platform", "team")
ENVIRONMENTS = ("dev", "staging", "production")
Files = dict[str, bytes]
Need = tuple[str, str, str]
"""A group, who of it approved, and why it had to."""


def make_instance(folder: Path, count: int) -> Instance:
    """Make an instance with that many models; about seven seconds for each thousand."""
    organisation = folder.parent / "organisation.yaml"
    organisation.write_bytes(organisation_text())
    wish = Wish(folder, PRODUCT, organisation=organisation, with_personas=True)
    instance = init(wish, datetime.now(UTC)).instance
    with Repository(instance.host) as host:
        _Filling(instance, host, samples(count)).fill()
    return instance


@dataclass(frozen=True)
class _Filling:
    """Everything of one instance that comes from the workload."""

    instance: Instance
    host: Repository
    models: list[Sample]

    def fill(self) -> None:
        """Write registry, record and main, the last two as one commit each."""
        _fill_registry(self.instance.registry / "mlflow.db", self.models)
        with Pool(2, _hold_keys, (self.instance.folder / "keys",)) as pool:
            made = pool.map(_statements, self.models, 50)
        said = {one.key: envelopes for one, envelopes in zip(self.models, made, strict=True)}
        chain = _Chain(self.host, load("gate", self.instance.key("gate")))
        main: Files = {"CODEOWNERS": codeowners_text()}
        main_before = self.host.resolve(MAIN)
        environments = _environments(self.host, main_before)
        for one in self.models:
            main |= one.files()
            admitted = chain.admit(one, said[one.key])
            main |= _deployments(one, environments, admitted, chain)
        for envelopes in said.values():
            for envelope in envelopes:
                chain.keep(envelope)
        chain.files[layout.TIP_PATH] = chain.state.content()
        import_files(self.instance.host, MAIN, main_before, main)
        import_files(self.instance.host, RECORD_REF, chain.tip, chain.files)


class _Chain:
    """The record's decisions, each naming the one before it, and all files that they bring."""

    def __init__(self, host: Repository, gate: RoleKey) -> None:
        self.files: Files = {}
        self.tip = Record(host).commit()
        self.state = Record(host).state_at(self.tip)
        self._gate = gate
        self._main = host.resolve(MAIN)
        self._tree = host.commit(self._main).tree
        self._moment = datetime.now(UTC).replace(microsecond=0)

    def admit(self, one: Sample, statements: Iterable[Envelope]) -> Digest:
        """Record the decision that let the model in; return its digest."""
        needs = [(one.team, f"{one.team}-reviewer", f"CODEOWNERS on main: {one.folder}/")]
        if one.tier == "high":
            needs.append(("risk-quorum", "risk-quorum-one", f"riskTier high of {one.key} (main)"))
        admission = Admission(
            team=one.team, model=one.name, version="1", artifact=one.artifact, manifest=one.blob
        )
        evidence = tuple(sorted(envelope.digest() for envelope in statements))
        return self._decide(one, "model", one.key, needs, (admission,), evidence)

    def release(self, one: Sample, place: str) -> Digest:
        """Record the decision that released the model into one place."""
        needs = [("release-managers", "release-managers-one", "environment.yaml: approvals")]
        needed = needs if place.startswith(("staging", "production")) else []
        return self._decide(one, "release", f"{place}/{one.key}", needed)

    def keep(self, envelope: Envelope) -> None:
        """Put an envelope and what finds it on the record."""
        statement, digest = layout.statement_of(envelope), envelope.digest()
        self.files[layout.path_of(layout.folder_of(statement), digest)] = layout.content_of(
            envelope
        )
        self.files |= dict.fromkeys(layout.index_paths(digest, statement), layout.EMPTY)

    def _decide(
        self,
        one: Sample,
        class_: ChangeClass,
        subject: str,
        needs: list[Need],
        admitted: tuple[Admission, ...] = (),
        evidence: tuple[Digest, ...] = (),
    ) -> Digest:
        head = ObjectId(sha256(f"{class_} {subject}".encode()).hexdigest()[:40])
        facts = canonical_document(self._facts(one, head, [who for _, who, _ in needs]))
        decision = Decision(
            api_version="turnpike.dev/v1", kind="Decision", facts=digest_of(facts),
            previous=self.state.decision, genesis=self._main, base=self._main, head=head,
            merge_tree=self._tree, pull_request=one.number + 1, change_class=class_,
            subjects=(subject,), verdict="allow", findings=(), notes=(),
            requirements=tuple(
                Requirement(group=group, count=1, reason=reason, approved_by=(who,))
                for group, who, reason in needs
            ),
            evidence=evidence, admitted=admitted, decided_at=self._moment,
            valid_until=self._moment,
        )  # fmt: skip
        envelope = signed(self._gate, statement_of_decision(decision))
        self.files[layout.facts_path(facts)] = facts
        self.keep(envelope)
        self.state = self.state.after(envelope.digest(), decision)
        return envelope.digest()

    def _facts(self, one: Sample, head: ObjectId, approvers: list[str]) -> Facts:
        reviews = tuple(
            Review(account=who, state="approved", commit=head, at=self._moment) for who in approvers
        )
        nothing = digest_of(b"")
        return Facts(
            api_version="turnpike.dev/v1", kind="Facts", clock=self._moment,
            tools=Tools(git="2", opa="1", turnpike=self._tree, policies=nothing,
                        capabilities=nothing, rules=()),
            merge=Merge(genesis=self._main, base=self._main, head=head, base_tree=self._tree,
                        merge_tree=self._tree),
            commits=(), changes=(), unreadable=(), base=Documents(),
            head=Documents(models={f"{one.folder}/model.yaml": one.model}), keys=(), evidence=(),
            admissions=(),
            pull_request=PullRequest(
                host="embedded", number=one.number + 1, title=f"Add {one.key}",
                author=f"{one.team}-author", head=head, pushers=(f"{one.team}-author",),
                reviews=reviews,
            ),
            proposed_policies=None, registry=(), earlier=(),
            record=RecordTip(tip=None, previous=self.state.decision, last_clock=None),
        )  # fmt: skip


# --- statements -----------------------------------------------------------------------------------

_KEYS: dict[str, RoleKey] = {}


def _hold_keys(folder: Path) -> None:
    _KEYS.update({role: load(role, folder / f"{role}.key") for role in ("registrar", "validator")})


def _statements(one: Sample) -> list[Envelope]:
    """Return what register and validate state of a model, signed by their roles."""
    registrar = {PROVENANCE: _provenance(one), BILL_OF_MATERIALS: _materials(one)}
    said = [(_KEYS["registrar"], kind, predicate) for kind, predicate in registrar.items()]
    said += [(_KEYS["validator"], SCAN, _plain(_scan(one)))]
    said += [(_KEYS["validator"], VALIDATION, _plain(_run(one, run))) for run in RUNS]
    return [signed(key, statement_about(one.key, one.artifact, k, p)) for key, k, p in said]


def _plain(said: Part) -> dict[str, JsonValue]:
    value: dict[str, JsonValue] = said.model_dump(mode="json", by_alias=True)
    return value


def _held_out(one: Sample) -> Digest:
    held = one.model.data.validation if isinstance(one.model, PredictiveModel) else None
    if held is None or held.digest is None:
        raise ValueError(f"{one.key}: expected a manifest with a digest of its held-out records")
    return held.digest


def _view(one: Sample) -> Digest:
    view = one.model.validation_view()
    if view is None:
        raise ValueError(f"{one.key}: expected a manifest with an artifact")
    return view


def signed(key: RoleKey, statement: Statement) -> Envelope:
    """Return the envelope of a statement, signed here."""
    signature = base64.b64decode(key.sign_statement(payload_of(statement)))
    return envelope_of(statement, digest_of(key.public), signature)


def _moment() -> datetime:
    return datetime.now(UTC).replace(hour=0, minute=0, second=0, microsecond=0)


def _check(name: str) -> Check:
    return Check(name=name, passed=True, expected="as it must be", actual="as it must be")


def _scan(one: Sample) -> ScanResult:
    checks = tuple(map(_check, ("formats", "no-code", "no-pickle")))
    return ScanResult(validation_view=_view(one), checks=checks, finished_at=_moment())


def _run(one: Sample, run: Literal["platform", "team"]) -> ValidationResult:
    values = (("overall", "roc_auc", 0.9537), ("overall", "balanced_accuracy", 0.8871),
              ("elderly", "balanced_accuracy", 0.8412))  # fmt: skip
    metrics = [MetricValue(slice=s, metric=m, value=v, records=400) for s, m, v in values]
    return ValidationResult(
        run=run, validation_view=_view(one), inputs=digest_of(b"inputs"),
        data=_held_out(one), sandbox="container", isolated=True,
        checks=tuple(map(_check, ("isolation", "latency", "memory", "repeatability"))),
        metrics=tuple(metrics) if run == "platform" else (), finished_at=_moment(),
    )  # fmt: skip


def _provenance(one: Sample) -> dict[str, JsonValue]:
    inputs: list[JsonValue] = [
        {"name": n, "digest": {"sha256": sha256(f"{n} {one.key}".encode()).hexdigest()}}
        for n in ("train.py", "data.py", "training", "validation")
    ]
    return {
        "buildDefinition": {"buildType": "https://turnpike.dev/register/v1",
                            "externalParameters": {"model": one.key, "seed": one.number},
                            "resolvedDependencies": inputs},
        "runDetails": {"builder": {"id": "https://turnpike.dev/registrar"}},
    }  # fmt: skip


def _materials(one: Sample) -> dict[str, JsonValue]:
    packages = ("scikit-learn", "numpy", "scipy", "skops", "pandas", "joblib")
    return {
        "bomFormat": "CycloneDX", "specVersion": "1.6",
        "metadata": {"component": {"type": "machine-learning-model", "name": one.key}},
        "components": [{"type": "library", "name": name, "version": "1.0"} for name in packages],
    }  # fmt: skip


# --- main -----------------------------------------------------------------------------------------


def _environments(host: Repository, main: ObjectId) -> Mapping[str, Environment]:
    paths = {name: f"environments/{name}/environment.yaml" for name in ENVIRONMENTS}
    contents = host.read_all(main, paths.values())
    return {name: read(ENVIRONMENT, contents[path], path) for name, path in paths.items()}


def _deployments(
    one: Sample, environments: Mapping[str, Environment], admitted: Digest, chain: _Chain
) -> Files:
    """Return the derived files of every deployment of a model, each recorded as released."""
    files: Files = {}
    for name, target in one.places():
        environment = environments[name]
        release = Release(
            api_version="turnpike.dev/v1", kind="Release", team=one.team, model=one.name,
            version="1", artifact=one.artifact, manifest=one.blob, decision=admitted,
            promoted_from=environment.promotes_from[0] if environment.promotes_from else None,
            traffic=100,
        )  # fmt: skip
        place = next(one for one in environment.targets if one.name == target)
        derived = derived_files(Deployment(one.model, release, environment, place))
        chain.release(one, f"{name}/{target}")
        files |= derived
    return files


def import_files(host: Path, ref: str, parent: ObjectId | None, files: Files) -> None:
    """Write files as one commit on a branch, by one stream to ``git fast-import``."""
    command = ["git", f"--git-dir={host}", "fast-import", "--quiet", "--force"]
    with tempfile.TemporaryFile() as stream:
        stream.writelines(_stream(ref, parent, files))
        stream.seek(0)
        subprocess.run(command, stdin=stream, check=True)


def _stream(ref: str, parent: ObjectId | None, files: Files) -> Iterator[bytes]:
    message = b"Fill the instance for a measurement\n"
    yield b"commit %s\n" % ref.encode()
    yield b"committer Turnpike gate <gate@turnpike.dev> %d +0000\n" % datetime.now(UTC).timestamp()
    yield b"data %d\n%s\n" % (len(message), message)
    yield b"from %s\n" % parent.encode() if parent else b""
    for path, content in files.items():
        yield b"M 100644 inline %s\ndata %d\n%s\n" % (path.encode(), len(content), content)


# --- registry -------------------------------------------------------------------------------------

_TABLES = """
CREATE TABLE model_versions (name, version INTEGER, status, current_stage, source, storage_location,
    workspace, PRIMARY KEY (workspace, name, version));
CREATE TABLE model_version_tags (key, value, name, version INTEGER, workspace,
    PRIMARY KEY (workspace, key, name, version));
"""


def _fill_registry(file: Path, models: list[Sample]) -> None:
    """Write the two tables that the embedded registry's reader reads, with MLflow's keys."""
    names = [f"{one.team}.{one.name}" for one in models]
    versions = [(name, 1, "READY", "None", "file:///store", None, "default") for name in names]
    tags = [(DIGEST_TAG, m.artifact, n, 1, "default") for m, n in zip(models, names, strict=True)]
    with closing(sqlite3.connect(file)) as database, database:
        database.executescript(_TABLES)
        database.executemany("INSERT INTO model_versions VALUES (?, ?, ?, ?, ?, ?, ?)", versions)
        database.executemany("INSERT INTO model_version_tags VALUES (?, ?, ?, ?, ?)", tags)
