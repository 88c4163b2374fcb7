"""Facts that lack a statement which the record had are noticed, as are merges on them."""

from __future__ import annotations

from pathlib import Path

import pytest
from pydantic import JsonValue

from turnpike.auditing.commit import check_merge, ground_of
from turnpike.auditing.omission import left_out_of
from turnpike.documents.canonical import canonical, to_json
from turnpike.documents.identifiers import digest_of
from turnpike.errors import InputError
from turnpike.evidence.envelope import Envelope
from turnpike.record.keys import keys_at
from unit.auditing.small_instance import ARTIFACT, SmallInstance

OTHER = digest_of(b"another artifact")


@pytest.fixture
def instance(tmp_path: Path) -> SmallInstance:
    return SmallInstance(tmp_path)


def facts(
    instance: SmallInstance, *evidence: Envelope, artifact: str = ARTIFACT, tip: bool = True
) -> bytes:
    model: JsonValue = {"kind": "predictive", "artifact": {"digest": artifact, "format": "skops"}}
    return canonical(
        {
            "kind": "Facts",
            "head": {"models": {}, "modelBlobs": {"a" * 40: model, "b" * 40: {"artifact": None}}},
            "evidence": [to_json(one) for one in evidence],
            "record": {"tip": instance.record_tip() if tip else None},
        }
    )


def test_what_was_read_is_not_left_out(instance: SmallInstance) -> None:
    said = instance.validation(), instance.validation(said="failed")
    instance.add(*said)
    assert left_out_of(facts(instance, *said), instance.repository) == ()


def test_what_the_record_had_and_facts_lack_is_named(instance: SmallInstance) -> None:
    good, bad = instance.validation(), instance.validation(said="failed")
    instance.add(good, bad)
    assert left_out_of(facts(instance, good), instance.repository) == (bad.digest(),)


def test_what_came_later_was_not_there_to_be_read(instance: SmallInstance) -> None:
    read = facts(instance)
    instance.add(instance.validation())
    assert left_out_of(read, instance.repository) == ()


def test_what_is_about_something_else_is_not_asked_for(instance: SmallInstance) -> None:
    instance.add(instance.validation())
    assert left_out_of(facts(instance, artifact=OTHER), instance.repository) == ()


def test_before_there_was_a_record_nothing_was_left_out(instance: SmallInstance) -> None:
    instance.add(instance.validation())
    assert left_out_of(facts(instance, tip=False), instance.repository) == ()


@pytest.mark.parametrize("odd", [b"", b"[]", b'{"head": "0cc8"}', b'{"evidence": [1]}'])
def test_facts_that_are_none_are_named_and_let_nothing_in(
    instance: SmallInstance, odd: bytes
) -> None:
    with pytest.raises(InputError, match="its facts: "):
        left_out_of(odd, instance.repository)


class Withholding(SmallInstance):
    """Collects facts without what speaks against the version, once there is something."""

    withheld = False

    def facts(self) -> bytes:
        return facts(self) if self.withheld else super().facts()


def test_a_merge_that_rests_on_such_facts_is_refused(tmp_path: Path) -> None:
    instance = Withholding(tmp_path)
    bad = instance.validation(said="failed")
    instance.add(bad)
    instance.withheld = True
    decision = instance.decision(instance.main(), instance.branch({"a": b"1"}))
    old, new = instance.main(), instance.merge_commit(decision, instance.append(decision))
    ground = ground_of(instance.repository, instance.genesis, instance.record_tip())
    keys = keys_at(instance.repository, old)
    (fault,) = check_merge(instance.repository, old, new, ground, keys)
    assert bad.digest() in fault
