"""A part of a change is judged as if nothing else had been in it."""

from __future__ import annotations

from turnpike.documents.identifiers import Digest, digest_of
from turnpike.evidence.statement import SCAN, statement_about
from turnpike.judge.facts import EarlierRelease, Facts
from turnpike.judge.layout import ModelKey
from turnpike.judge.portion import Whole
from turnpike.judge.queries import plan_queries
from unit.judge.deployed import BLOB, FACTS, KEY, MANIFESTS, PATH, RELEASE
from unit.judge.examples import ARTIFACT, RoleKey, added, model, object_id

OTHER = ModelKey("oncology", "other")
OTHER_ARTIFACT = digest_of(b"other bytes")
OTHER_PATH = PATH.replace("/triage/", "/other/")
VALIDATOR = RoleKey("validator")


def both() -> Facts:
    """Return the facts of a change that releases two models of one team."""
    artifact = Digest(OTHER_ARTIFACT)
    changes = {"model": "other", "artifact": artifact, "manifest": object_id("other manifest")}
    other = RELEASE.model_copy(update=changes)
    head = FACTS.head.model_copy(
        update={
            "releases": {PATH: RELEASE, OTHER_PATH: other},
            "model_blobs": {BLOB: model(), other.manifest: model(name="other")},
        }
    )
    said = [statement_about(f"oncology/{n}", a, SCAN, {})
            for n, a in (("triage", Digest(ARTIFACT)), ("other", artifact))]  # fmt: skip
    return FACTS.model_copy(
        update={
            "changes": (*FACTS.changes, added(OTHER_PATH)),
            "head": head,
            "evidence": tuple(map(VALIDATOR.sign, said)),
            "earlier": tuple(
                EarlierRelease(path=path, commit=object_id("earlier"), release=one)
                for path, one in ((PATH, RELEASE), (OTHER_PATH, other))
            ),
        }
    )


def test_only_what_belongs_to_the_chosen_models_is_left() -> None:
    part = Whole.of(both()).part([KEY.model_key])
    assert [change.path for change in part.changes] == [PATH, MANIFESTS]
    assert list(part.head.releases) == [PATH]
    assert [one.path for one in part.earlier] == [PATH]
    assert [one.payload for one in part.evidence] == [both().evidence[0].payload]


def test_the_policies_are_asked_about_the_part_alone() -> None:
    subjects = [query.subject.id for query in plan_queries(Whole.of(both()).part([OTHER]))]
    assert subjects == ["change", "dev/local/oncology/other"]


def test_main_stays_whole() -> None:
    facts = both()
    assert Whole.of(facts).part([OTHER]).base == facts.base


def test_a_part_that_is_all_of_it_is_judged_as_the_whole() -> None:
    facts = both()
    part = Whole.of(facts).part([KEY.model_key, OTHER])
    assert plan_queries(part) == plan_queries(facts)


def test_evidence_of_nothing_is_left_out() -> None:
    broken = both().evidence[0].model_copy(update={"payload": "bm90IGpzb24="})
    facts = both().model_copy(update={"evidence": (broken, *both().evidence)})
    assert len(Whole.of(facts).part([KEY.model_key, OTHER]).evidence) == 2
