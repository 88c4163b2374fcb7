from __future__ import annotations

from datetime import timedelta
from pathlib import Path

import pytest

from turnpike.documents.identifiers import ObjectId
from turnpike.judge.decision import Finding, Requirement
from turnpike.notifying.entry import Decided
from turnpike.notifying.reading import entries_of
from turnpike.notifying.waiting import (
    GATE,
    Open,
    digest_event,
    digest_text,
    is_about_team,
    waits_in,
)
from unit.auditing.small_instance import MODEL, START, SmallInstance

NOW = START + timedelta(hours=5)


@pytest.fixture
def instance(tmp_path: Path) -> SmallInstance:
    return SmallInstance(tmp_path)


def waits(instance: SmallInstance, head: ObjectId) -> list[tuple[str, str]]:
    decided = (one for one in entries_of(instance.record) if isinstance(one, Decided))
    found = waits_in([Open(1, "A change", "ann", head, START)], decided)
    return [(wait.whom, wait.what) for wait in found]


def needs(count: int, *by: str) -> tuple[Requirement, ...]:
    return (Requirement(group="risk", count=count, reason="tier high", approved_by=by),)


def test_a_head_without_a_decision_is_said_to_have_none(instance: SmallInstance) -> None:
    head = instance.branch({"a": b"1"})
    assert waits(instance, head) == [(GATE, "nothing is recorded for its head yet")]


def test_groups_are_waited_for_and_the_author_for_everything_else(
    instance: SmallInstance,
) -> None:
    head = instance.branch({"a": b"1"})
    fields = {"expected": "", "actual": "", "solution": ""}
    findings = (
        Finding(code="approvals-missing", subject="change", message="m", **fields),
        Finding(code="metric-unmeasured", subject=MODEL, message="not measured", **fields),
    )
    decision = instance.decision(
        instance.main(), head, verdict="deny", findings=findings, requirements=needs(2, "bob")
    )
    instance.append(decision)
    assert waits(instance, head) == [
        ("@risk", "1 of 2: tier high"),
        ("author ann", f"metric-unmeasured {MODEL}: not measured"),
    ]


def test_the_newest_decision_on_the_head_counts(instance: SmallInstance) -> None:
    head = instance.branch({"a": b"1"})
    instance.append(instance.decision(instance.main(), head, verdict="deny", requirements=needs(1)))
    instance.append(instance.decision(instance.main(), head))
    ((whom, what),) = waits(instance, head)
    assert (whom, what.partition(":")[0]) == (GATE, "it was allow and is not merged")


def test_the_digest_groups_by_whom_and_tells_the_age(instance: SmallInstance) -> None:
    head = instance.branch({"a": b"1"})
    instance.append(instance.decision(instance.main(), head, verdict="deny", requirements=needs(1)))
    decided = [one for one in entries_of(instance.record) if isinstance(one, Decided)]
    found = waits_in(
        [Open(1, "A", "ann", head, START), Open(2, "B", "ann", ObjectId("1" * 40), None)], decided
    )
    assert digest_text(found, NOW).split("\n") == [
        "@risk",
        f"  pull request 1  model {MODEL}  5 h  1 of 1: tier high",
        GATE,
        "  pull request 2  unknown B  age unknown  nothing is recorded for its head yet",
    ]
    about = [
        [is_about_team(wait, team) for team in ("oncology", "risk", "fraud")] for wait in found
    ]
    assert about == [[True, True, False], [False, False, False]]


def test_nobody_waits_where_nothing_is_open() -> None:
    assert digest_text(waits_in([], []), NOW) == "Nobody waits for anybody."


def test_of_a_path_that_nobody_owns_it_is_said_that_nobody_does(instance: SmallInstance) -> None:
    head = instance.branch({"a": b"1"})
    (unowned,) = needs(1)
    unowned = unowned.model_copy(update={"group": ""})
    instance.append(
        instance.decision(instance.main(), head, verdict="deny", requirements=(unowned,))
    )
    assert [whom for whom, _ in waits(instance, head)] == ["@(nobody owns this)"]


def test_a_digest_of_the_same_waits_is_the_same_event_for_a_day(instance: SmallInstance) -> None:
    request = Open(1, "A change", "ann", instance.branch({"a": b"1"}), START)
    found = waits_in([request], [])
    told = [digest_event(found, "urn:x", NOW + timedelta(hours=h)).id for h in (0, 1, 24)]
    assert told[0] == told[1] != told[2]
    assert digest_event((), "urn:x", NOW).id != told[0]
