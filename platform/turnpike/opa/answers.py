"""What OPA said to an Answer, or a failure: nothing undefined or partial is ever a no or a yes."""

from __future__ import annotations

import json
from collections.abc import Sequence

from pydantic import JsonValue, ValidationError

from turnpike.errors import Unavailable
from turnpike.judge.policy_input import ANSWER, Answer, SubjectAnswer

AGAIN = "Run the same command again; `./turnpike doctor` shows whether OPA is well."


def unavailable(code: str, message: str) -> Unavailable:
    """Return the failure of one code, with the next step."""
    return Unavailable(message, solution=AGAIN, code=f"opa.{code}")


def whole_answer(value: JsonValue, count: int, rules: Sequence[str]) -> Answer:
    """Return the answer that the value of ``data.turnpike.gate.batch`` holds.

    Raises Unavailable unless it has one result for each of ``count`` inputs, and in each of them
    exactly the rules that the bundle holds.
    """
    try:
        answer = ANSWER.validate_json(json.dumps({"results": value}))
    except ValidationError as error:
        first = error.errors(include_url=False)[0]
        place = ".".join(str(step) for step in first["loc"])
        message = f"expected an answer for each input, got a wrong shape at {place}: {first['msg']}"
        raise unavailable("wrong-shape", message) from error
    if len(answer.results) != count:
        message = f"expected {count} answers from OPA, got {len(answer.results)}"
        raise unavailable("incomplete", message)
    for number, result in enumerate(answer.results):
        _require_rules(number, result, rules)
    return answer


def _require_rules(number: int, result: SubjectAnswer, rules: Sequence[str]) -> None:
    odd = set(rules) ^ set(result.rules)
    if odd or len(result.rules) != len(rules):
        named = ", ".join(sorted(odd)) or "one of them twice"
        message = f"expected every rule to answer for input {number}, differing: {named}"
        raise unavailable("incomplete", message)
