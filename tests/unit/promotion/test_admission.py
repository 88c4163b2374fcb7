"""A release names the newest decision that let in what stands on main, or there is no release."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from turnpike.documents.identifiers import Digest, ObjectId, digest_of
from turnpike.errors import InputError
from turnpike.evidence.envelope import statement_in
from turnpike.judge.decision import DECISION, Admission
from turnpike.judge.layout import ModelKey
from turnpike.promotion.admission import admitted_on
from unit.auditing.small_instance import SmallInstance
from unit.promotion.monorepo import manifest_text
from unit.promotion.world import KEY, version_of


@pytest.fixture
def instance(tmp_path: Path) -> SmallInstance:
    return SmallInstance(tmp_path)


def admission(blob: ObjectId, artifact: Digest | None = None) -> Admission:
    known = version_of(1).artifact
    assert known is not None
    return Admission(
        team=KEY.team,
        model=KEY.model,
        version="1",
        artifact=artifact or known.digest,
        manifest=blob,
    )


def merged(instance: SmallInstance, artifact: Digest | None = None) -> ObjectId:
    """Merge the manifest by a decision that admits it; return main."""
    text = manifest_text(1)
    blob = instance.repository.write_blob(text)
    one = admission(blob, artifact)
    return instance.merge({KEY.manifest_path: text}, subjects=(str(KEY),), admitted=(one,))


def test_the_decision_that_let_it_in_is_named(instance: SmallInstance) -> None:
    main = merged(instance)
    found = admitted_on(instance.repository, instance.record, main, KEY)
    statement = statement_in(instance.record.decision(found.decision))
    assert statement is not None
    (told,) = DECISION.validate_json(json.dumps(statement.predicate)).admitted
    assert told.manifest == found.blob
    assert found.model == version_of(1)


def test_of_several_decisions_the_newest_counts(instance: SmallInstance) -> None:
    main = merged(instance)
    first = admitted_on(instance.repository, instance.record, main, KEY)
    again = instance.decision(
        main,
        instance.branch({"docs/a.md": b"a\n"}),
        subjects=(str(KEY),),
        admitted=(admission(first.blob),),
    )
    newest = instance.append(again)
    assert admitted_on(instance.repository, instance.record, main, KEY).decision == newest


def test_a_decision_about_other_bytes_admits_nothing(instance: SmallInstance) -> None:
    main = merged(instance, digest_of(b"other bytes"))
    with pytest.raises(InputError) as error:
        admitted_on(instance.repository, instance.record, main, KEY)
    assert error.value.code == "release.not-admitted"


def test_a_model_that_main_does_not_have_is_unknown(instance: SmallInstance) -> None:
    with pytest.raises(InputError) as error:
        admitted_on(instance.repository, instance.record, instance.main(), ModelKey("a", "b"))
    assert error.value.code == "release.unknown-model"
