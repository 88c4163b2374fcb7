"""A denial tells what would turn it, for people and machines alike; nothing else does."""

from __future__ import annotations

import pytest

from turnpike.change.gate import Judged, explained, judge_facts
from turnpike.cli.denial import told_lines, told_value
from turnpike.documents.canonical import to_json
from unit.change.gates import ask
from unit.change.recording import answering
from unit.judge.examples import model_facts, review

RULES = ("approvals_given",)


def judged(*people: str) -> Judged:
    facts = model_facts(*(review(person) for person in people))
    tools = facts.tools.model_copy(update={"rules": RULES})
    return judge_facts(facts.model_copy(update={"tools": tools}), ask)


def test_a_denial_ends_with_what_would_turn_it() -> None:
    denied = judged("tom")
    explanation = explained(denied, ask)
    assert explanation is not None
    lines = list(told_lines(denied.decision, explanation))
    bare = list(told_lines(denied.decision, None))
    assert lines[: len(bare)] == bare
    assert any("risk-quorum" in line for line in lines[len(bare) :])
    value = told_value(denied.decision, explanation)
    assert isinstance(value, dict)
    assert value.pop("explanation") == to_json(explanation)
    assert value == to_json(denied.decision)


def test_an_allow_has_no_explanation_not_even_an_empty_one() -> None:
    allowed = judged("tom", "nora")
    value = told_value(allowed.decision, explained(allowed, ask))
    assert isinstance(value, dict)
    assert (value["verdict"], "explanation" in value) == ("allow", False)


@pytest.mark.parametrize("verdict", ["allow", "deny"])
def test_no_text_of_a_change_moves_the_terminal(verdict: str) -> None:
    facts = model_facts(review("tom"), review("nora"))
    assert facts.pull_request is not None
    evil = facts.pull_request.model_copy(update={"title": "x\x1b[2J\r\nALLOWED"})
    tools = facts.tools.model_copy(update={"rules": RULES})
    facts = facts.model_copy(update={"pull_request": evil, "tools": tools})
    rules = answering(*(() if verdict == "allow" else ("model",)), rules=RULES).ask
    told = judge_facts(facts, rules)
    assert told.decision.verdict == verdict
    for line in told_lines(told.decision, explained(told, rules)):
        assert line.isprintable()
