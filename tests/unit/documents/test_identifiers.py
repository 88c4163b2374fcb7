"""An identifier has one spelling."""

from __future__ import annotations

import hashlib

import pytest
from pydantic import TypeAdapter, ValidationError

from turnpike.documents.identifiers import DigestText, Name, ObjectIdText, digest_of

NAME = TypeAdapter(Name)
DIGEST = TypeAdapter(DigestText)
OBJECT_ID = TypeAdapter(ObjectIdText)


@pytest.mark.parametrize("name", ["a", "a1", "tumour-malignancy", "a-1", "a" * 40])
def test_a_name_is_lower_case_words_joined_by_hyphens(name: str) -> None:
    assert NAME.validate_python(name) == name


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
