"""An identifier has one spelling."""

from __future__ import annotations

import hashlib

import pytest
from pydantic import TypeAdapter, ValidationError

from turnpike.documents.identifiers import (
    DigestText,
    Label,
    Name,
    ObjectIdText,
    PlainText,
    ShortText,
    digest_of,
    is_digest,
    is_name,
)

NAME = TypeAdapter(Name)
DIGEST = TypeAdapter(DigestText)
OBJECT_ID = TypeAdapter(ObjectIdText)
PLAIN_TEXT: TypeAdapter[str] = TypeAdapter(PlainText)
SHORT_TEXT: TypeAdapter[str] = TypeAdapter(ShortText)
LABEL: TypeAdapter[str] = TypeAdapter(Label)


@pytest.mark.parametrize("name", ["a", "a1", "tumour-malignancy", "a-1", "a" * 40])
def test_a_name_is_lower_case_words_joined_by_hyphens(name: str) -> None:
    assert NAME.validate_python(name) == name
    assert is_name(name)


@pytest.mark.parametrize(
    "name",
    [
        "",
        "A",
        "1a",
        "-a",
        "a-",
        "a--b",
        "a_b",
        "a.b",
        "a/b",
        "..",
        "a b",
        "ä",
        "a\n",
        "a" * 41,
        "\u0430",
    ],
)
def test_any_other_spelling_is_no_name(name: str) -> None:
    with pytest.raises(ValidationError):
        NAME.validate_python(name)
    assert not is_name(name)


def test_a_digest_is_told_from_part_of_one_and_from_more_than_one() -> None:
    whole = digest_of(b"")
    assert is_digest(whole)
    others = (whole[:-1], whole + "0", whole + "\n", whole.upper(), whole.removeprefix("sha256:"))
    assert not any(map(is_digest, others))


@pytest.mark.parametrize(
    "digest",
    ["", "a" * 64, "sha256:" + "a" * 63, "sha256:" + "A" * 64, "sha512:" + "a" * 64,
     "sha256:" + "a" * 64 + "\n"],
)  # fmt: skip
def test_a_digest_names_its_algorithm_and_is_lower_case_and_whole(digest: str) -> None:
    with pytest.raises(ValidationError):
        DIGEST.validate_python(digest)


@pytest.mark.parametrize("identifier", ["", "a" * 39, "a" * 41, "A" * 40, "main", "a" * 40 + "\n"])
def test_an_object_id_is_whole(identifier: str) -> None:
    with pytest.raises(ValidationError):
        OBJECT_ID.validate_python(identifier)


def test_a_digest_is_that_of_the_bytes() -> None:
    assert digest_of(b"abc") == "sha256:" + hashlib.sha256(b"abc").hexdigest()
    assert DIGEST.validate_python(digest_of(b""))


HIDING = ["\x00", "\x1b", "\r", "\x7f", "\x9b", "\u00ad", "\u200b", "\u200d", "\u202e", "\u2066",
          "\u2028", "\ufeff", "\U000e0041"]  # fmt: skip


@pytest.mark.parametrize("character", HIDING, ids=lambda c: f"U+{ord(c):04X}")
@pytest.mark.parametrize("kind", [PLAIN_TEXT, SHORT_TEXT, LABEL])
def test_no_text_holds_what_hides_or_reorders_others(
    kind: TypeAdapter[str], character: str
) -> None:
    with pytest.raises(ValidationError):
        kind.validate_python(f"approved{character}not")


def test_text_may_be_in_any_language_and_long_text_of_several_lines() -> None:
    assert SHORT_TEXT.validate_python("Łukasz Ωmega 模型 é")
    assert PLAIN_TEXT.validate_python("one\n\ttwo")
    with pytest.raises(ValidationError):
        SHORT_TEXT.validate_python("one\ntwo")


@pytest.mark.parametrize("label", ["v 1", "\u0430.b", "", "a" * 201])
def test_a_label_has_no_double(label: str) -> None:
    with pytest.raises(ValidationError):
        LABEL.validate_python(label)
