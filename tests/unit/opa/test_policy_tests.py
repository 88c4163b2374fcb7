"""A failing test, an unreached line and another layout are found in any set of policies."""

from __future__ import annotations

import pytest

from turnpike.errors import InvalidDocument
from turnpike.opa.policy_tests import PolicyTests, run_policy_tests, unformatted
from unit.opa.small_policies import RULE, policies, program

TEST_PATH = "policies/known_subject/known_subject_test.rego"
HEAD = "package turnpike.rules.known_subject_test\n\nimport data.turnpike.rules.known_subject\n\n"
PASSES = 'test_good if known_subject.deny == set() with input as {"subject": {"id": "good"}}\n'
DENIES = (
    "test_bad if {\n\tdenials := known_subject.deny"
    ' with input as {"subject": {"id": "bad"}}\n\tcount(denials) == 1\n}\n'
)
GATE_TEST = (
    "package turnpike.gate_test\n\nimport data.turnpike.gate\n\n"
    "test_batch if count(gate.batch) == 1"
    ' with input as {"batch": [{"subject": {"id": "bad"}}]}\n'
)


def report_of(*tests: str) -> PolicyTests:
    files = policies() | {TEST_PATH: (HEAD + "\n".join(tests)).encode()}
    return run_policy_tests(files | {"policies/gate/gate_test.rego": GATE_TEST.encode()}, program())


def test_tests_that_pass_and_reach_every_line_are_clean() -> None:
    report = report_of(PASSES, DENIES)
    assert report.is_clean
    assert "rules.known_subject_test.test_bad" in report.passed


def test_a_test_that_fails_is_named() -> None:
    report = report_of(PASSES, DENIES, "test_wrong if 1 == 2\n")
    assert report.failed == ("rules.known_subject_test.test_wrong",)
    assert not report.is_clean


def test_a_line_that_no_test_reaches_is_named() -> None:
    report = run_policy_tests(policies() | {TEST_PATH: (HEAD + PASSES).encode()}, program())
    uncovered = dict(report.uncovered)
    line = RULE[: RULE.index(b"finding := {")].count(b"\n") + 1
    assert line in uncovered["policies/known_subject/known_subject.rego"]


def test_no_tests_at_all_are_not_clean() -> None:
    assert not run_policy_tests(policies(), program()).is_clean


def test_a_test_that_does_not_compile_is_refused() -> None:
    with pytest.raises(InvalidDocument, match="known_subject_test"):
        report_of("test_typo if known_subject.denyy(1)\n")


def test_rego_in_another_layout_is_named() -> None:
    assert unformatted({"policies/a/a.rego": b"package a\nx:=1\n"}, program()) == (
        "policies/a/a.rego",
    )
    assert unformatted({"policies/a/a.rego": b"package a\n\nx := 1\n"}, program()) == ()
