"""What stands is judged as if it were written today: approvals of the record, people of main."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from pathlib import Path

import pytest

from turnpike.change.standing import index_of, standing_at
from turnpike.change.sweep import ground_at
from turnpike.change.sweep_judging import Shelves, Verdict, judge_standing
from turnpike.documents.canonical import canonical, canonical_document
from turnpike.documents.identifiers import Digest, ObjectId, digest_of
from turnpike.judge.decision import Decision, Requirement
from turnpike.judge.hygiene import SIZE_LIMIT
from turnpike.judge.layout import ORGANISATION_PATH, key_path
from turnpike.record.record import Record
from turnpike.record.statements import statement_of_decision
from turnpike.signing.keys import key_yaml
from unit.auditing.small_instance import GATE, InProcessSigner, new_signer
from unit.change.gates import TOOLS, ask
from unit.change.monorepo import BUILD, Monorepo
from unit.judge.deployed import KEY, PATH, RELEASE, SETTINGS_PATH, settings
from unit.judge.examples import ARTIFACT, NOW, model, object_id, organisation

MODEL = "oncology/triage"
MANIFEST = f"models/{MODEL}/model.yaml"


@dataclass
class World:
    """One model on main, and a record of who approved it."""

    folder: Path
    monorepo: Monorepo = field(init=False)
    gate: InProcessSigner = field(init=False)
    main: ObjectId = field(init=False)

    def __post_init__(self) -> None:
        self.monorepo = Monorepo(self.folder)
        self.gate = new_signer("gate", self.folder / "keys")
        keys = {key_path(self.gate.key.name): key_yaml(self.gate.key)}
        self.main = self.monorepo.head({MANIFEST: canonical_document(model()), **BUILD, **keys})

    def write(self, files: dict[str, bytes | None]) -> None:
        self.main = self.monorepo.head(files, self.main)

    def record(
        self,
        *people: str,
        at: datetime = NOW,
        by: InProcessSigner | None = None,
        bent: dict[str, object] | None = None,
    ) -> None:
        """Put an allow on the record that these people approved; ``by`` signs it."""
        record = Record(self.monorepo.repository)
        facts = canonical({"at": at.isoformat(), "people": list(people)})
        need = Requirement(group="oncology", count=1, reason="owners", approved_by=people)
        fields: dict[str, object] = {
            "api_version": "turnpike.dev/v1",
            "kind": "Decision",
            "facts": digest_of(facts),
            "previous": record.tip().previous,
            "genesis": self.monorepo.base,
            "base": self.monorepo.base,
            "head": self.main,
            "merge_tree": object_id("tree"),
            "pull_request": 1,
            "change_class": "model",
            "subjects": (MODEL,),
            "verdict": "allow",
            "findings": (),
            "notes": (),
            "requirements": (need,),
            "evidence": (),
            "admitted": (),
            "decided_at": at,
            "valid_until": at + timedelta(minutes=10),
        }
        decision = Decision.model_validate({**fields, **(bent or {})})
        envelope = (by or self.gate).sign(statement_of_decision(decision))
        tip = record.commit()
        record.append([envelope], tip, GATE, at, self.gate.sign_commit, facts=facts)

    def verdict(self, registered: Callable[[str, str], Digest | None] | None = None) -> Verdict:
        """Return what is said of the one model by rules that ask for approvals alone."""
        repository = self.monorepo.repository
        record = Record(repository)
        shelves = Shelves(repository, record, registered or (lambda *_: ARTIFACT))
        clock = NOW + timedelta(hours=1)
        ground = ground_at(repository, self.monorepo.base, self.main, shelves, TOOLS, clock)
        standing = standing_at(repository, self.main)
        (verdict,) = judge_standing(ground, shelves, standing, standing, index_of(record), ask)
        return verdict

    def codes(self) -> dict[str, set[str]]:
        return {s: {one.code for one in f} for s, f in self.verdict().denied.items()}


MISSING = {MODEL: {"approvals-missing"}}


@pytest.fixture
def world(tmp_path: Path) -> World:
    return World(tmp_path)


def test_what_nobody_on_the_record_approved_is_denied(world: World) -> None:
    assert world.codes() == MISSING


def test_the_approvals_of_the_decision_that_let_it_in_count(world: World) -> None:
    world.record("tom", "nora")
    assert world.codes() == {}


def test_an_approver_whom_main_no_longer_lists_counts_no_more(world: World) -> None:
    world.record("tom", "nora")
    company = organisation()
    left = [
        group.model_copy(update={"members": tuple(m for m in group.members if m != "nora")})
        for group in company.groups
    ]
    left = [g if g.members else g.model_copy(update={"members": ("grace",)}) for g in left]
    today = company.model_copy(update={"groups": tuple(left)})
    world.write({ORGANISATION_PATH: canonical_document(today)})
    assert world.codes() == MISSING


def test_an_allow_that_the_gate_did_not_sign_counts_for_nothing(world: World) -> None:
    world.record("tom", "nora", by=new_signer("gate", world.folder / "others", "other"))
    assert world.codes() == MISSING


@pytest.mark.parametrize(
    "bent",
    [{"verdict": "deny"}, {"change_class": "settings"}, {"subjects": ("oncology/other",)}],
    ids=lambda bent: next(iter(bent)),
)
def test_approvals_of_something_else_than_an_allow_of_this_are_none(
    world: World, bent: dict[str, object]
) -> None:
    world.record("tom", "nora", bent=bent)
    assert world.codes() == MISSING


def test_the_newest_allow_is_the_one_whose_approvals_count(world: World) -> None:
    world.record("tom", "nora")
    world.record("tom", at=NOW + timedelta(minutes=1))
    assert world.codes() == MISSING


def test_a_deployment_is_denied_in_its_own_name(world: World) -> None:
    world.record("tom", "nora")
    world.write({PATH: canonical_document(RELEASE)})
    assert set(world.codes()) == {str(KEY)}


def test_settings_without_a_release_are_judged_too(world: World) -> None:
    world.record("tom", "nora")
    world.write({SETTINGS_PATH: canonical_document(settings(2))})
    assert "approvals-missing" in world.codes()[str(KEY)]


@pytest.mark.parametrize(
    "content", [b"kind: predictive\n", b"\xff", b"#" * (SIZE_LIMIT + 1)], ids=["x", "bytes", "big"]
)
def test_a_manifest_that_cannot_be_read_is_denied_and_stops_no_sweep(
    world: World, content: bytes
) -> None:
    world.record("tom", "nora")
    world.write({MANIFEST: content})
    assert MODEL in world.codes()


def test_a_verdict_names_what_it_rests_on_and_until_when(world: World) -> None:
    asked: list[tuple[str, str]] = []

    def registered(name: str, version: str) -> Digest | None:
        asked.append((name, version))
        return None

    verdict = world.verdict(registered)
    assert verdict.artifacts == (ARTIFACT,)
    assert verdict.versions == (("oncology.triage", "1"),)
    assert set(asked) == set(verdict.versions)
    assert verdict.until > NOW + timedelta(hours=1)
