"""An explanation comes back from its file, and says of everything whether it was tried."""

from __future__ import annotations

import json

import pytest
from pydantic import JsonValue, ValidationError

from turnpike.documents.canonical import canonical_document, to_json
from turnpike.documents.identifiers import digest_of
from turnpike.explain.explanation import EXPLANATION, Explanation, Needed
from turnpike.judge.remedy import ContentRemedy, FieldRemedy, WithdrawalRemedy


def explanation(*needed: Needed, flips: bool = True) -> Explanation:
    return Explanation(
        api_version="turnpike.dev/v1",
        kind="Explanation",
        facts=digest_of(b"facts"),
        flips=flips,
        smallest=True,
        hypotheses=3,
        needed=needed,
    )


FIELD = Needed(
    text="model.yaml: riskTier is low",
    subject="oncology/triage",
    remedy=FieldRemedy(kind="field", path=("model", "x", 0), bound="includes", value={"a": None}),
    tried=True,
    solution="Edit it.",
)
WITHDRAWAL = Needed(
    text="tom takes the request for changes back",
    subject="change",
    remedy=WithdrawalRemedy(kind="withdrawal", person="tom"),
    tried=True,
    solution="Settle it.",
)
CONTENT = Needed(
    text="the change itself",
    subject="change",
    remedy=ContentRemedy(kind="content", code="c", subject="s", expected="e"),
    tried=False,
    solution="Rebase it.",
)


def other(**bent: JsonValue) -> JsonValue:
    value = to_json(FIELD)
    assert isinstance(value, dict)
    return value | bent


def fields() -> dict[str, JsonValue]:
    value = to_json(explanation(FIELD, WITHDRAWAL, CONTENT))
    assert isinstance(value, dict)
    return value


def test_an_explanation_comes_back_with_remedies_of_the_core_and_of_rules() -> None:
    whole = explanation(FIELD, WITHDRAWAL, CONTENT)
    assert EXPLANATION.validate_json(canonical_document(whole)) == whole


@pytest.mark.parametrize("name", ["facts", "flips", "smallest", "hypotheses", "needed"])
def test_what_an_explanation_is_worth_is_never_left_to_be_guessed(name: str) -> None:
    rest = {key: value for key, value in fields().items() if key != name}
    with pytest.raises(ValidationError, match=name):
        EXPLANATION.validate_json(json.dumps(rest))


@pytest.mark.parametrize(
    "bent",
    [
        {"flips": "yes"}, {"flips": 1}, {"facts": "sha256:1"}, {"kind": "Decision"},
        {"verdict": "allow"}, {"needed": [other(tried=None)]},
        {"needed": [other(remedy={"kind": "wish"})]},
        {"needed": [other(remedy="approve it")]},
    ],
    ids=str,
)  # fmt: skip
def test_an_explanation_that_could_be_read_otherwise_is_none(bent: dict[str, JsonValue]) -> None:
    with pytest.raises(ValidationError):
        EXPLANATION.validate_json(json.dumps(fields() | bent))
