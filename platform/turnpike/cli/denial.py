"""A decision as every verb that judges tells it: the reasons, and what a denial takes to flip."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from pydantic import JsonValue

from turnpike.documents.canonical import to_json
from turnpike.explain.decision_text import decision_lines
from turnpike.explain.explanation_text import explanation_lines

if TYPE_CHECKING:
    from turnpike.explain.explanation import Explanation
    from turnpike.judge.decision import Decision


def told_lines(decision: Decision, explanation: Explanation | None) -> Iterator[str]:
    """Yield a decision for people; a denial ends with what would turn it into an allow."""
    yield from decision_lines(decision)
    if explanation is not None:
        yield from explanation_lines(explanation)


def told_value(decision: Decision, explanation: Explanation | None) -> JsonValue:
    """Return the fields of a decision, with the explanation of a denial beside them."""
    value = to_json(decision)
    if explanation is None or not isinstance(value, dict):
        return value
    return {**value, "explanation": to_json(explanation)}
