"""A remedy reads as one plain sentence; no rule may name one that only the core can vouch for."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta, timezone

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import JsonValue, TypeAdapter, ValidationError

from turnpike.documents.identifiers import digest_of
from turnpike.evidence.statement import OBSERVATION, SCAN, VALIDATION
from turnpike.judge.remedy import (
    ApprovalRemedy,
    FieldRemedy,
    FileRemedy,
    Remedy,
    RuleRemedy,
    StatementRemedy,
    TimeRemedy,
)

REMEDY: TypeAdapter[Remedy] = TypeAdapter(Remedy)
RULE_REMEDY: TypeAdapter[RuleRemedy] = TypeAdapter(RuleRemedy)

NAMED_BY_RULES: tuple[dict[str, JsonValue], ...] = (
    {"kind": "field", "path": ["model", "tags", 0], "bound": "exactly", "value": {"a": [None]}},
    {"kind": "statement", "predicateType": SCAN, "run": "none"},
    {"kind": "check", "predicateType": VALIDATION, "run": "team", "name": "n", "expected": "e"},
    {"kind": "metric", "slice": "s", "metric": "m", "bound": "at-least", "value": 0.5},
    {"kind": "records", "slice": "s", "metric": "m", "value": 5},
    {"kind": "approval", "group": "g", "count": 1},
    {"kind": "time", "until": "2026-03-02T10:00:00+01:00"},
    {"kind": "leave-out", "under": "docs"},
    {"kind": "class", "class": "model"},
)
ONLY_OF_THE_CORE: tuple[dict[str, JsonValue], ...] = (
    {"kind": "withdrawal", "person": "tom"},
    {"kind": "push"},
    {"kind": "keep", "under": "models/a/b/"},
    {"kind": "file", "path": "x", "mode": "100644", "content": digest_of(b"")},
    {"kind": "rename", "path": "x", "to": "y"},
    {"kind": "derivation", "deployment": "dev/local/a/b"},
    {"kind": "content", "code": "c", "subject": "s", "expected": "e"},
)


def kind_of(value: dict[str, JsonValue]) -> str:
    return str(value["kind"])


@pytest.mark.parametrize("value", [*NAMED_BY_RULES, *ONLY_OF_THE_CORE], ids=kind_of)
def test_every_kind_comes_back_from_its_file_as_it_was(value: dict[str, JsonValue]) -> None:
    remedy = REMEDY.validate_python(value, strict=False)
    text = REMEDY.dump_json(remedy, by_alias=True)
    assert REMEDY.validate_json(text) == remedy


@pytest.mark.parametrize("value", ONLY_OF_THE_CORE, ids=kind_of)
def test_no_rule_may_name_what_only_the_core_finds(value: dict[str, JsonValue]) -> None:
    with pytest.raises(ValidationError, match="kind"):
        RULE_REMEDY.validate_python(value, strict=False)


@pytest.mark.parametrize("value", NAMED_BY_RULES, ids=kind_of)
def test_a_field_that_is_misspelt_or_missing_is_refused(value: dict[str, JsonValue]) -> None:
    with pytest.raises(ValidationError, match="Extra inputs"):
        RULE_REMEDY.validate_python({**value, "reason": "because"}, strict=False)
    for name in value.keys() - {"kind"}:
        with pytest.raises(ValidationError, match="Field required"):
            RULE_REMEDY.validate_python({k: v for k, v in value.items() if k != name}, strict=False)


@pytest.mark.parametrize(
    "value",
    [
        {**NAMED_BY_RULES[0], "path": []},
        {**NAMED_BY_RULES[0], "bound": "at least"},
        {**NAMED_BY_RULES[1], "run": "any"},
        {**NAMED_BY_RULES[3], "bound": "exactly"},
        {**NAMED_BY_RULES[3], "value": float("nan")},
        {**NAMED_BY_RULES[6], "until": "2026-03-02T10:00:00"},
        {"kind": "wish"},
        {},
    ],
    ids=str,
)
def test_what_could_mean_anything_is_no_remedy(value: dict[str, JsonValue]) -> None:
    with pytest.raises(ValidationError):
        RULE_REMEDY.validate_python(value, strict=False)


@pytest.mark.parametrize(
    ("bound", "value", "words"),
    [
        ("exactly", "skops", "x is skops"),
        ("such-as", {"a": "ü"}, 'x is such as {"a": "ü"}'),
        ("at-least", 0.9, "x at least 0.9"),
        ("at-most", 5, "x at most 5"),
        ("includes", "Data", "x includes Data"),
        ("one-of", ["a", 2, True], "x is one of a, 2, true"),
        ("one-of", "a", "x is one of a"),
        ("exactly", None, "x is null"),
        ("exactly", "", "x is "),
    ],
)
def test_a_field_is_told_by_its_bound(bound: str, value: JsonValue, words: str) -> None:
    said = {"kind": "field", "path": ("x",), "bound": bound, "value": value}
    remedy = FieldRemedy.model_validate(said)
    assert remedy.in_words("x") == words
    assert remedy.model_copy(update={"text": "do that"}).in_words("x") == "do that"


@pytest.mark.parametrize(
    ("group", "count", "words"),
    [
        ("risk", 1, "one approval from @risk (a or b)"),
        ("risk or owners", 1, "one approval from @risk or @owners (a or b)"),
        ("risk and owners", 1, "one approval from somebody in all of @risk and @owners (a or b)"),
        ("risk", 2, "2 approvals from @risk (of a, b)"),
        # A name that holds these letters is still one group.
        ("oregon-android", 1, "one approval from @oregon-android (a or b)"),
    ],
)
def test_each_group_is_named_as_hosts_mention_it(group: str, count: int, words: str) -> None:
    remedy = ApprovalRemedy(kind="approval", group=group, count=count, people=("a", "b"))
    assert remedy.in_words() == words


@given(st.integers(-14 * 60, 14 * 60))
def test_a_moment_is_told_in_utc_wherever_it_was_written(minutes: int) -> None:
    moment = datetime(2026, 12, 31, 23, 30, tzinfo=UTC)
    there = moment.astimezone(timezone(timedelta(minutes=minutes)))
    assert TimeRemedy(kind="time", until=there).in_words() == "after 2026-12-31 23:30 UTC"


def test_a_statement_of_an_unknown_kind_is_told_by_its_name() -> None:
    known = StatementRemedy(kind="statement", predicate_type=SCAN, run="none").in_words()
    assert known == "a clean scan of the artifact"
    other = StatementRemedy(kind="statement", predicate_type=OBSERVATION, run="none").in_words()
    assert OBSERVATION in other
    crossed = StatementRemedy(kind="statement", predicate_type=SCAN, run="team").in_words()
    assert (SCAN in crossed, "team" in crossed) == (True, True)


def test_a_file_says_all_that_it_must_be() -> None:
    whole = FileRemedy(kind="file", path="a", mode="100644", size=0, content=digest_of(b""))
    wanted = f"a is a regular file: mode 100644, at most 0 bytes, the content {digest_of(b'')}"
    assert whole.in_words() == wanted
    assert whole.model_copy(update={"gone": True}).in_words() == "a is deleted"
