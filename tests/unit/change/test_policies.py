"""Policies are a commit's own, and what a change proposes is tried out with main's built-ins."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from turnpike.change.policies import Policies, asking_of, files_at, opa_program, policies_at
from turnpike.documents.identifiers import digest_of
from turnpike.errors import InputError, IntegrityError, InvalidDocument, Unavailable
from turnpike.judge.facts import Facts
from turnpike.opa.bundle import CAPABILITIES, digest_of_policies, packed_policies
from turnpike.opa.capabilities import capabilities_of
from turnpike.opa.program import Program
from unit.auditing.small_instance import SmallInstance
from unit.change.monorepo import Monorepo
from unit.change.recording import recorded
from unit.judge.examples import model_facts, review
from unit.opa.small_policies import (
    DATA_PATH,
    GATE_PATH,
    RULE,
    RULE_PATH,
    policies,
    policy_input,
    program,
)

RULE_TEST = "policies/known_subject/known_subject_test.rego"
TESTS = {
    RULE_TEST: (
        b"package turnpike.rules.known_subject_test\n\n"
        b"import data.turnpike.rules.known_subject\n\n"
        b'test_good if known_subject.deny == set() with input as {"subject": {"id": "good"}}\n\n'
        b"test_bad if {\n\tdenials := known_subject.deny"
        b' with input as {"subject": {"id": "bad"}}\n\tcount(denials) == 1\n}\n'
    ),
    "policies/gate/gate_test.rego": (
        b"package turnpike.gate_test\n\nimport data.turnpike.gate\n\n"
        b"test_batch if count(gate.batch) == 1"
        b' with input as {"batch": [{"subject": {"id": "x"}}]}\n'
        b"test_whole if gate.decision with input as {}\n"
    ),
}
UNREACHED = b"package turnpike.rules.known_subject_test\n"
WHOLE = policies() | TESTS
EVERYTHING = json.dumps(capabilities_of(program())).encode()


@pytest.fixture
def mains(tmp_path: Path) -> Policies:
    return Policies(WHOLE, program(), tmp_path / "cache")


@pytest.fixture
def instance(tmp_path: Path) -> SmallInstance:
    return SmallInstance(tmp_path / "instance")


def test_policies_whose_tests_pass_are_examined_without_a_problem(
    mains: Policies, instance: SmallInstance
) -> None:
    proposed = WHOLE | {RULE_TEST: TESTS[RULE_TEST] + b"\n# Run once more.\n"}
    examined = mains.examine(proposed, instance.record)
    assert (examined.problems, examined.digest) == ((), digest_of_policies(WHOLE))


@pytest.mark.parametrize(
    ("proposed", "told"),
    [
        ({RULE_PATH: b"package turnpike.rules.known_subject\n\ndeny contains if"}, RULE_PATH),
        ({RULE_TEST: TESTS[RULE_TEST] + b"\ntest_wrong if 1 == 2\n"}, "test_wrong: the test fails"),
        ({RULE_TEST: UNREACHED}, "may never deny"),
    ],
    ids=["does not compile", "a test fails", "a rule that no test reaches"],
)
def test_what_is_wrong_with_proposed_policies_is_a_problem_and_not_an_exception(
    mains: Policies, instance: SmallInstance, proposed: dict[str, bytes], told: str
) -> None:
    examined = mains.examine(WHOLE | proposed, instance.record)
    assert any(told in problem for problem in examined.problems), examined.problems


def test_policies_without_any_test_are_a_problem(mains: Policies, instance: SmallInstance) -> None:
    examined = mains.examine(policies(), instance.record)
    assert "policies/: there are no tests" in examined.problems


MISSING = Program(Path("/nowhere/opa"), program().version)


def test_where_people_or_keys_change_no_test_of_the_policies_is_run(
    instance: SmallInstance, tmp_path: Path
) -> None:
    others = {"policies/data/organisation.yaml": b"{}", "policies/keys/new.yaml": b"{}"}
    mains = Policies(WHOLE | {"policies/keys/old.yaml": b"{}"}, MISSING, tmp_path)
    examined = mains.examine(WHOLE | others, instance.record)
    assert (examined.problems, examined.digest) == ((), digest_of_policies(WHOLE))


@pytest.mark.parametrize(
    "path", ["policies/keys/late.rego", RULE_TEST, DATA_PATH, "policies/testing/more.rego"]
)
def test_where_what_tests_depend_on_changes_they_are_run(
    instance: SmallInstance, tmp_path: Path, path: str
) -> None:
    changed = WHOLE | {path: WHOLE.get(path, b"") + b"\n# more\n"}
    with pytest.raises(Unavailable):
        Policies(WHOLE, MISSING, tmp_path).examine(changed, instance.record)
    fewer = {name: content for name, content in changed.items() if name != path}
    with pytest.raises(Unavailable):
        Policies(changed, MISSING, tmp_path).examine(fewer, instance.record)


@pytest.mark.parametrize("allowed", [policies()[CAPABILITIES], EVERYTHING], ids=["mains", "all"])
def test_a_change_cannot_lend_itself_a_built_in_that_main_lacks(
    mains: Policies, instance: SmallInstance, allowed: bytes
) -> None:
    called = RULE.replace(b"finding := {", b'http.send({"url": "http://x"}).ok; finding := {')
    proposed = WHOLE | {RULE_PATH: called, CAPABILITIES: allowed}
    examined = mains.examine(proposed, instance.record)
    assert any("http.send" in problem for problem in examined.problems), examined.problems


def test_policies_that_cannot_answer_the_past_are_a_problem(
    mains: Policies, instance: SmallInstance
) -> None:
    recorded(instance, model_facts(review("tom")))
    broken = WHOLE[GATE_PATH].replace(b"answer := decision with", b"answer := 1 with")
    examined = mains.examine(WHOLE | {GATE_PATH: broken}, instance.record)
    (problem,) = examined.problems
    assert problem.startswith("past facts: ")


def test_what_else_is_answered_of_the_past_is_told(
    mains: Policies, instance: SmallInstance
) -> None:
    digest = recorded(instance, model_facts(review("tom")))
    stricter = WHOLE | {DATA_PATH: b"subjects:\n  - bad\n  - oncology/triage\n"}
    examined = mains.examine(stricter, instance.record)
    assert (examined.problems, examined.past is not None) == ((), True)
    assert examined.past is not None
    assert [one.decision for one in examined.past.differences] == [digest]


def test_policies_that_do_not_compile_stop_only_who_asks_them(tmp_path: Path) -> None:
    broken = Policies(policies(rule=b"package x\n\ny if"), program(), tmp_path)
    with pytest.raises(InvalidDocument):
        broken.ask((policy_input(),))


def test_one_run_and_a_child_that_stays_answer_alike(mains: Policies) -> None:
    batch = (policy_input("good"), policy_input("bad"))
    with mains.asking(1) as once, mains.asking(2) as often:
        assert once(batch) == often(batch) == mains.ask_soon(batch)
    assert [len(one.denials) for one in mains.ask(batch).results] == [0, 1]


def test_a_base_without_the_gates_code_or_its_pin_judges_nothing(tmp_path: Path) -> None:
    monorepo = Monorepo(tmp_path)
    with pytest.raises(IntegrityError, match=r"tools/opa/go\.mod") as no_pin:
        policies_at(monorepo.repository, monorepo.base, tmp_path)
    with pytest.raises(IntegrityError, match="platform/turnpike") as no_code:
        Policies({}, program(), tmp_path).tools(monorepo.repository, monorepo.base)
    assert {no_pin.value.code, no_code.value.code} == {"base.no-platform"}


def test_an_opa_of_another_version_than_the_base_pins_answers_nothing() -> None:
    assert opa_program(program().version).version == program().version
    with pytest.raises(Unavailable, match=r"0\.0\.1"):
        opa_program("0.0.1")


def test_only_policies_are_read_and_those_of_the_commit(tmp_path: Path) -> None:
    monorepo = Monorepo(tmp_path)
    head = monorepo.head({"policies/a/a.rego": b"a", "docs/policies/b.rego": b"b"})
    before = set(files_at(monorepo.repository, monorepo.base))
    assert set(files_at(monorepo.repository, head)) == before | {"policies/a/a.rego"}


def facts_of(files: dict[str, bytes], **tools: str) -> Facts:
    named: dict[str, str] = {
        "opa": program().version,
        "policies": digest_of_policies(files),
        "capabilities": digest_of(files[CAPABILITIES]),
    }
    facts = model_facts()
    return facts.model_copy(update={"tools": facts.tools.model_copy(update=named | tools)})


def test_a_bundle_answers_as_the_policies_did_that_it_was_packed_from(
    mains: Policies, tmp_path: Path
) -> None:
    batch = (policy_input("bad"),)
    ask = asking_of(facts_of(WHOLE), packed_policies(WHOLE), "b.json", tmp_path)
    assert ask(batch) == mains.ask(batch)


def test_another_bundle_than_the_facts_name_is_not_asked(tmp_path: Path) -> None:
    other = packed_policies(policies(data=b"subjects: []\n"))
    with pytest.raises(InputError, match=r"b\.json"):
        asking_of(facts_of(WHOLE), other, "b.json", tmp_path)


def test_a_bundle_whose_built_ins_reach_outside_is_refused_though_the_facts_name_it(
    tmp_path: Path,
) -> None:
    wide = WHOLE | {CAPABILITIES: EVERYTHING}
    with pytest.raises(InvalidDocument, match=r"b\.json"):
        asking_of(facts_of(wide), packed_policies(wide), "b.json", tmp_path)


def test_a_bundle_with_other_built_ins_than_the_facts_name_is_refused(tmp_path: Path) -> None:
    facts = facts_of(WHOLE, capabilities=digest_of(b"others"))
    with pytest.raises(InvalidDocument, match=CAPABILITIES):
        asking_of(facts, packed_policies(WHOLE), "b.json", tmp_path)
