"""What holds for every policy engine: one whole answer for each input, or a failure."""

from __future__ import annotations

import os
import signal
import threading
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import AbstractContextManager, contextmanager, nullcontext
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from turnpike.errors import Unavailable
from turnpike.judge.policy_input import Answer, PolicyInput
from turnpike.opa.bundle import Bundle
from turnpike.opa.engine import Engine
from turnpike.opa.evaluation import Evaluation
from turnpike.opa.interface import PolicyEngine
from turnpike.opa.plain_client import PlainClient
from turnpike.opa.program import Program
from unit.opa.small_policies import RULE, bundle, policy_input, program

Adapter = Callable[[Bundle, Program, float], AbstractContextManager[PolicyEngine]]

CONDITION = b"input.subject.id in data.turnpike.data.unwanted.subjects"
NEVER_ENDS = (
    b"some i in numbers.range(1, 30000)\n    some j in numbers.range(1, 30000)\n"
    b"    i + j == 1\n    " + CONDITION
)


def served(rules: Bundle, opa: Program, patience: float) -> AbstractContextManager[PolicyEngine]:
    return Engine(rules, opa, patience=patience)


@contextmanager
def asked_plainly(rules: Bundle, opa: Program, patience: float) -> Iterator[PolicyEngine]:
    with Engine(rules, opa, patience=patience, connect=PlainClient) as engine:
        engine.prepare()  # as for whoever waits
        yield engine


def evaluated(rules: Bundle, opa: Program, patience: float) -> AbstractContextManager[PolicyEngine]:
    return nullcontext(Evaluation(rules, opa, patience))


@pytest.fixture(params=[served, asked_plainly, evaluated])
def adapter(request: pytest.FixtureRequest) -> Adapter:
    chosen: Adapter = request.param
    return chosen


@pytest.fixture
def engine(adapter: Adapter, tmp_path: Path) -> Iterator[PolicyEngine]:
    with adapter(bundle(tmp_path), program(), 60.0) as started:
        yield started


def said(answer: Answer) -> list[list[str]]:
    return [[denial.actual for denial in result.denials] for result in answer.results]


def failure(
    adapter: Adapter, rules: Bundle, batch: Sequence[PolicyInput], patience: float = 60.0
) -> str:
    with adapter(rules, program(), patience) as started, pytest.raises(Unavailable) as caught:
        started.decide(batch)
    assert caught.value.solution
    return caught.value.code


def test_each_input_is_answered_in_the_order_of_the_batch(engine: PolicyEngine) -> None:
    batch = [policy_input(name) for name in ("good", "bad", "good", "bad")]
    assert said(engine.decide(batch)) == [[], ["bad"], [], ["bad"]]


def test_every_answer_lists_the_rules_that_were_asked(engine: PolicyEngine) -> None:
    answer = engine.decide([policy_input(), policy_input("bad")])
    assert [result.rules for result in answer.results] == [("known_subject",)] * 2


def test_an_empty_batch_has_an_empty_answer(engine: PolicyEngine) -> None:
    assert engine.decide([]) == Answer(results=())


def test_a_large_batch_keeps_its_order(engine: PolicyEngine) -> None:
    names = ["bad" if number % 3 == 0 else "good" for number in range(1200)]
    answers = said(engine.decide([policy_input(name) for name in names]))
    assert [bool(answer) for answer in answers] == [name == "bad" for name in names]


def test_deciding_twice_gives_the_same(engine: PolicyEngine) -> None:
    batch = [policy_input("bad"), policy_input()]
    assert engine.decide(batch) == engine.decide(batch)


@pytest.mark.parametrize("adapter", [evaluated, served, asked_plainly])
def test_text_of_any_kind_reaches_the_rules_unchanged(adapter: Adapter, tmp_path: Path) -> None:
    everyone = RULE.replace(CONDITION, b'input.subject.id != "good"')
    rules = bundle(tmp_path, rule=everyone)
    with adapter(rules, program(), 60.0) as started:

        @given(st.lists(st.text(max_size=20).filter(lambda text: text != "good"), max_size=5))
        def check(names: list[str]) -> None:
            answer = started.decide([policy_input(name) for name in names])
            assert said(answer) == [[name] for name in names]

        if adapter is not evaluated:  # a process for each example would only be slow
            check()
        else:
            odd = ["\x00", "\u202e", "\U0001f600", '"{{ x }}"', "\\", "\n", "\u2028", ""]
            answer = started.decide([policy_input(name) for name in odd])
            assert said(answer) == [[name] for name in odd]


def test_each_input_is_asked_about_with_the_change_that_it_is_about(
    adapter: Adapter, tmp_path: Path
) -> None:
    """What inputs share is sent once; each rule sees all of it, and nothing of another change."""
    own = RULE.replace(CONDITION, b"input.subject.id in input.change.paths")
    whole = policy_input("docs/a.md").model_dump(mode="json", by_alias=True)
    changes = [
        policy_input().change.model_copy(update={"paths": paths})
        for paths in (("docs/a.md", "docs/b.md"), ("docs/c.md",))
    ]
    names = ["docs/a.md", "docs/b.md", "docs/c.md"]
    batch = [
        policy_input(name).model_copy(update={"change": change})
        for change in changes
        for name in names
    ]
    with adapter(bundle(tmp_path, rule=own), program(), 60.0) as started:
        answers = said(started.decide(batch))
    assert answers == [["docs/a.md"], ["docs/b.md"], [], [], [], ["docs/c.md"]]
    fields = b"count(input) == %d" % len(whole)
    everything = bundle(tmp_path, rule=RULE.replace(CONDITION, fields))
    with adapter(everything, program(), 60.0) as started:
        assert said(started.decide([policy_input()])) == [["good"]]


def test_an_undefined_gate_is_a_failure(adapter: Adapter, tmp_path: Path) -> None:
    undefined = b"package turnpike.gate\n\nbatch := [] if input.batch == 7\n"
    assert failure(adapter, bundle(tmp_path, gate=undefined), [policy_input()]) == "opa.undefined"


def test_a_gate_that_leaves_out_an_input_is_a_failure(adapter: Adapter, tmp_path: Path) -> None:
    nothing = b"package turnpike.gate\n\nbatch := []\n"
    assert failure(adapter, bundle(tmp_path, gate=nothing), [policy_input()]) == "opa.incomplete"


def test_a_gate_that_answers_something_else_is_a_failure(adapter: Adapter, tmp_path: Path) -> None:
    allow = b"package turnpike.gate\n\nbatch := true\n"
    assert failure(adapter, bundle(tmp_path, gate=allow), [policy_input()]) == "opa.wrong-shape"


def test_a_rule_that_is_never_asked_is_a_failure(adapter: Adapter, tmp_path: Path) -> None:
    elsewhere = RULE.replace(b"deny contains", b"denied contains")
    code = failure(adapter, bundle(tmp_path, rule=elsewhere), [policy_input()])
    assert code == "opa.incomplete"


def test_an_error_inside_a_rule_is_a_failure_and_not_a_pass(
    adapter: Adapter, tmp_path: Path
) -> None:
    broken = RULE.replace(CONDITION, b"to_number(input.subject.id) > 1")
    assert failure(adapter, bundle(tmp_path, rule=broken), [policy_input()]) == "opa.refused"


def test_a_rule_that_contradicts_itself_is_a_failure(adapter: Adapter, tmp_path: Path) -> None:
    broken = RULE + b"\nx := 1 if input.team == null\nx := 2 if input.model == null\n"
    broken = broken.replace(b"== null", b"!= 7").replace(CONDITION, b"x == 1")
    assert failure(adapter, bundle(tmp_path, rule=broken), [policy_input()]) == "opa.refused"


def test_a_rule_that_never_ends_is_a_failure_once_patience_ends(
    adapter: Adapter, tmp_path: Path
) -> None:
    endless = bundle(tmp_path, rule=RULE.replace(CONDITION, NEVER_ENDS))
    assert failure(adapter, endless, [policy_input()], patience=0.5) == "opa.slow"


@pytest.mark.skipif(not Path("/proc").is_dir(), reason="finds the process in /proc")
def test_an_engine_that_is_killed_while_it_decides_is_a_failure(
    adapter: Adapter, tmp_path: Path
) -> None:
    endless = bundle(tmp_path, rule=RULE.replace(CONDITION, NEVER_ENDS))
    killing = threading.Thread(target=kill_opa_of, args=(endless,))
    killing.start()
    assert failure(adapter, endless, [policy_input()]) == "opa.stopped"
    killing.join()


def test_a_program_that_is_not_there_is_a_failure(adapter: Adapter, tmp_path: Path) -> None:
    gone = Program(tmp_path / "opa", "1.0.0")
    with (
        pytest.raises(Unavailable) as caught,
        adapter(bundle(tmp_path), gone, 5.0) as started,
    ):
        started.decide([policy_input()])
    assert caught.value.code == "opa.missing"


@pytest.mark.parametrize("words", ["<html>Welcome</html>", '{"result": ', "", "true", "{}"])
def test_a_program_that_says_something_else_is_a_failure(
    adapter: Adapter, tmp_path: Path, words: str
) -> None:
    portal = tmp_path / "opa"
    portal.write_text(f"#!/bin/sh\nprintf '%s' '{words}'\n", encoding="utf-8")
    portal.chmod(0o755)
    with (
        pytest.raises(Unavailable) as caught,
        adapter(bundle(tmp_path), Program(portal, "1.0.0"), 5.0) as started,
    ):
        started.decide([policy_input()])
    assert caught.value.code.startswith("opa.")


def kill_opa_of(rules: Bundle) -> None:
    """Kill the OPA that has loaded the bundle, once it has had time to begin."""
    deadline = time.monotonic() + 300
    while time.monotonic() < deadline:
        for process in Path("/proc").glob("[0-9]*"):
            if str(rules.policies) in words_of(process):
                time.sleep(1.0)
                os.kill(int(process.name), signal.SIGKILL)
                return
        time.sleep(0.02)


def words_of(process: Path) -> str:
    try:
        return process.joinpath("cmdline").read_bytes().decode(errors="replace")
    except OSError:
        return ""
