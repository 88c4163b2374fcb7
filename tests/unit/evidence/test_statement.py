"""The in-toto statement: its shape, its subjects and who may issue it."""

from __future__ import annotations

import json
from typing import get_args

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import JsonValue, ValidationError

from turnpike.documents.identifiers import digest_of
from turnpike.evidence.statement import (
    ISSUED_BY,
    STATEMENT,
    STATEMENT_TYPE,
    VALIDATION,
    payload_of,
    statement_about,
)
from turnpike.topology.key import Role

ARTIFACT = digest_of(b"artifact")

SAFE = 2**53 - 1
"""The largest integer that every reader of JSON keeps (RFC 8785, appendix D)."""

VALUES: st.SearchStrategy[JsonValue] = st.recursive(
    st.none() | st.booleans() | st.integers(-SAFE, SAFE) | st.text(max_size=10),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=5), inner),
    max_leaves=8,
)


def test_a_statement_is_shaped_as_in_toto_says() -> None:
    body = json.loads(payload_of(statement_about("a/b", ARTIFACT, VALIDATION, {})))
    assert body == {
        "_type": STATEMENT_TYPE,
        "subject": [{"name": "a/b", "digest": {"sha256": ARTIFACT.removeprefix("sha256:")}}],
        "predicateType": VALIDATION,
        "predicate": {},
    }


@given(st.dictionaries(st.text(max_size=5), VALUES))
def test_what_is_signed_reads_back_as_the_same_statement(predicate: dict[str, JsonValue]) -> None:
    statement = statement_about("a/b", ARTIFACT, VALIDATION, predicate)
    again = STATEMENT.validate_json(payload_of(statement))
    assert again == statement
    assert payload_of(again) == payload_of(statement)


def test_a_digest_decides_what_a_statement_is_about_and_not_the_name() -> None:
    statement = statement_about("a/b", ARTIFACT, VALIDATION, {})
    assert statement.is_about(ARTIFACT)
    assert not statement.is_about(digest_of(b"another"))


@pytest.mark.parametrize(
    "change",
    [
        {"_type": "https://in-toto.io/Statement/v0.1"},
        {"subject": []},
        {"subject": [{"name": "a", "digest": {}}]},
        {"subject": [{"name": "a", "digest": {"md5": "0"}}]},
        {"predicate": []},
        {"extra": 1},
    ],
)
def test_another_shape_is_refused(change: dict[str, JsonValue]) -> None:
    body = json.loads(payload_of(statement_about("a/b", ARTIFACT, VALIDATION, {})))
    with pytest.raises(ValidationError):
        STATEMENT.validate_json(json.dumps(body | change))


def test_every_predicate_is_issued_by_one_role_that_exists() -> None:
    assert set(ISSUED_BY.values()) <= set(get_args(Role))
