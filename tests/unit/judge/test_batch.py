"""A batch says each change once, and leaves nothing of its inputs out."""

from __future__ import annotations

import json
from typing import Any

from turnpike.documents.canonical import to_json
from turnpike.judge.batch import batch_json
from turnpike.judge.policy_input import PolicyInput
from turnpike.judge.queries import plan_queries
from unit.judge.deployed import FACTS, PATH, released
from unit.judge.examples import added


def whole(said: bytes) -> list[Any]:
    """Return the inputs that a batch says, each with its change."""
    told = json.loads(said)
    places = zip(told["own"], told["of"], strict=True)
    return [own | told["changes"][place] for own, place in places]


def test_the_inputs_of_one_change_are_told_whole_and_the_change_once() -> None:
    queries = plan_queries(FACTS)
    said = batch_json(queries)
    assert len(queries) > 1
    assert whole(said) == [to_json(one) for one in queries]
    assert len(json.loads(said)["changes"]) == 1


def test_each_input_keeps_the_change_that_it_is_about() -> None:
    first = plan_queries(FACTS)
    other = PATH.replace("release.yaml", "settings.yaml")
    more = FACTS.model_copy(update={"changes": (*released(PATH).changes, added(other))})
    queries: tuple[PolicyInput, ...] = (*first, *plan_queries(more), *first)
    assert whole(batch_json(queries)) == [to_json(one) for one in queries]
    assert len(json.loads(batch_json(queries))["changes"]) == 2


def test_an_empty_batch_says_nothing() -> None:
    assert whole(batch_json(())) == []
