from __future__ import annotations

import json
from pathlib import Path

import pytest

from turnpike.judge.decision import Debt, Finding, Requirement
from turnpike.notifying.event import Event
from turnpike.notifying.events import events_of
from turnpike.notifying.reading import entries_of
from turnpike.rendering.dump import dump
from unit.auditing.small_instance import ARTIFACT, MODEL, START, SmallInstance

DEPLOYMENT = f"production/local/{MODEL}"
STOP = "environments/stops/outage.yaml"


@pytest.fixture
def instance(tmp_path: Path) -> SmallInstance:
    return SmallInstance(tmp_path)


def newest(instance: SmallInstance, most: int) -> list[Event]:
    return [event for _, event in events_of(entries_of(instance.record))][-most:]


def finding(number: int) -> Finding:
    return Finding(
        code="rule", subject=f"s{number}", expected="", actual="", message="m" * 900, solution="s"
    )


def test_a_refusal_says_why_and_what_is_waited_for(instance: SmallInstance) -> None:
    needs = Requirement(group="risk", count=2, reason="tier high", approved_by=("bob",))
    decision = instance.decision(
        instance.main(), instance.branch({"a": b"1"}), verdict="deny",
        findings=(finding(0),), requirements=(needs,),
    )  # fmt: skip
    digest = instance.append(decision)
    (event,) = newest(instance, 1)
    assert (event.kind, event.id, event.subject) == ("decision.denied", digest, MODEL)
    assert event.data["waitingFor"] == [{"group": "risk", "missing": 1, "reason": "tier high"}]
    assert event.data["approvedBy"] == ["bob"]
    assert event.text == f"DENIED: model {MODEL} (pull request 1): rule; waits for 1 of @risk"


def test_an_event_stays_below_64_kib_however_many_findings_there_are(
    instance: SmallInstance,
) -> None:
    many = tuple(finding(number) for number in range(5000))
    subjects = tuple(f"team/{'m' * 30}{number}" for number in range(5000))
    decision = instance.decision(
        instance.main(), instance.branch({"a": b"1"}), verdict="deny",
        findings=many, subjects=subjects,
    )  # fmt: skip
    instance.append(decision)
    (event,) = newest(instance, 1)
    assert len(json.dumps(event.envelope())) < 64 * 1024
    assert (event.data["findingsInAll"], event.data["subjectsInAll"]) == (5000, 5000)


def release_yaml() -> bytes:
    return dump(
        [
            {
                "apiVersion": "turnpike.dev/v1", "kind": "Release", "team": "oncology",
                "model": "tumour-malignancy", "version": "3", "artifact": ARTIFACT,
                "manifest": "a" * 40, "decision": ARTIFACT, "promotedFrom": "staging",
                "traffic": 100,
            }
        ],
        "A release.",
    )  # fmt: skip


def test_a_release_that_changed_is_told_for_each_deployment(instance: SmallInstance) -> None:
    other = DEPLOYMENT.replace("production", "staging")
    path = f"environments/{DEPLOYMENT}/release.yaml"
    merge = instance.merge(
        {path: release_yaml()}, change_class="release", subjects=(DEPLOYMENT, other)
    )
    merged, released, retired = newest(instance, 3)
    assert (merged.kind, merged.data["merge"]) == ("change.merged", merge)
    assert (released.kind, released.subject) == ("release.changed", DEPLOYMENT)
    assert (released.data["version"], released.data["artifact"]) == ("3", ARTIFACT)
    assert (retired.subject, retired.data["retired"]) == (other, True)
    assert len({merged.id, released.id, retired.id}) == 3


def test_a_stop_is_told_when_it_comes_and_when_it_goes(instance: SmallInstance) -> None:
    instance.merge({STOP: b"x"}, change_class="stop", subjects=(STOP,))
    assert newest(instance, 1)[0].kind == "line.stopped"
    instance.merge({STOP: None}, change_class="stop", subjects=(STOP,))
    assert newest(instance, 1)[0].kind == "line.lifted"


def test_a_debt_is_told_with_the_decision_that_left_it(instance: SmallInstance) -> None:
    debt = Debt(
        team="oncology", deployment=DEPLOYMENT, incident="INC-7", reason="r", commander="bob",
        author="ann", due=START,
    )  # fmt: skip
    head = instance.branch({"a": b"1"})
    digest = instance.append(instance.decision(instance.main(), head, debts=(debt,)))
    decided, opened = newest(instance, 2)
    assert (decided.kind, opened.kind) == ("decision.allowed", "debt.opened")
    assert (opened.id, opened.subject) == (f"{digest}/debt/{DEPLOYMENT}", DEPLOYMENT)
    assert opened.data["incident"] == "INC-7"


def test_no_attribute_holds_a_control_character(instance: SmallInstance) -> None:
    subjects = ("a\u202e/b\x07",)
    head = instance.branch({"a": b"1"})
    instance.append(instance.decision(instance.main(), head, subjects=subjects))
    assert newest(instance, 1)[0].subject == "a\\u202e/b\\u0007"


def test_a_release_of_another_form_is_still_told(instance: SmallInstance) -> None:
    path = f"environments/{DEPLOYMENT}/release.yaml"
    instance.merge({path: b"kind: Other"}, change_class="release", subjects=(DEPLOYMENT,))
    (event,) = newest(instance, 1)
    assert (event.kind, event.data["retired"]) == ("release.changed", False)
