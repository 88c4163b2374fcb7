from __future__ import annotations

from datetime import UTC, datetime, timedelta, timezone

import pytest
from hypothesis import given
from hypothesis import strategies as st

from turnpike.documents.identifiers import ObjectId
from turnpike.errors import InputError, IntegrityError
from turnpike.git.commit_text import commit_text, parse_commit
from turnpike.git.objects import Identity

TREE = ObjectId("a" * 40)
ID = ObjectId("b" * 40)
ANN = Identity("Ann", "ann@example.com")
NOW = datetime(2026, 3, 2, 9, tzinfo=UTC)
ARMOUR = "-----BEGIN SSH SIGNATURE-----\nU1NIU0lH\n-----END SSH SIGNATURE-----\n"

names = st.text(
    st.characters(codec="utf-8", exclude_characters="<>\n\0", exclude_categories=["Zs", "Cc"]),
    min_size=1,
)


@given(
    name=names,
    email=names,
    seconds=st.integers(0, 2**32),
    minutes=st.integers(-14 * 60, 14 * 60),
    parents=st.lists(st.sampled_from("0123456789").map(lambda c: ObjectId(c * 40)), max_size=3),
    signature=st.sampled_from([None, ARMOUR]),
)
def test_what_is_written_is_read_back(
    name: str,
    email: str,
    seconds: int,
    minutes: int,
    parents: list[ObjectId],
    signature: str | None,
) -> None:
    when = datetime.fromtimestamp(seconds, timezone(timedelta(minutes=minutes)))
    text = commit_text(TREE, tuple(parents), Identity(name, email), ANN, "Say\n", when, signature)
    found = parse_commit(ID, text)
    assert (found.author.name, found.author.email) == (name, email)
    assert found.author.time == when
    assert found.author.time.utcoffset() == timedelta(minutes=minutes)
    assert (found.tree, found.parents, found.signature) == (TREE, tuple(parents), signature)


def test_a_signature_covers_the_commit_without_its_header() -> None:
    plain = commit_text(TREE, (), ANN, ANN, "Say\n\nmore", NOW)
    signed = commit_text(TREE, (), ANN, ANN, "Say\n\nmore", NOW, ARMOUR)
    assert signed != plain
    assert parse_commit(ID, signed).signed == plain


def test_a_commit_with_two_signatures_counts_as_unsigned() -> None:
    signed = commit_text(TREE, (), ANN, ANN, "Say", NOW, ARMOUR)
    head, _, body = signed.partition(b"\n\n")
    twice = head + b"\ngpgsig " + ARMOUR.strip().replace("\n", "\n ").encode() + b"\n\n" + body
    assert parse_commit(ID, twice).signature is None


def test_trailers_are_those_of_the_last_paragraph() -> None:
    message = "Say\n\nNot: this\n\nTurnpike-Decision: sha256:1\nTurnpike-Record: 2\n"
    found = parse_commit(ID, commit_text(TREE, (), ANN, ANN, message, NOW))
    assert found.trailers == {"Turnpike-Decision": "sha256:1", "Turnpike-Record": "2"}


def test_a_paragraph_that_also_says_something_else_has_no_trailers() -> None:
    message = "Say\n\nTurnpike-Decision: sha256:1\nand so on\n"
    assert not parse_commit(ID, commit_text(TREE, (), ANN, ANN, message, NOW)).trailers


def test_a_trailer_that_stands_twice_is_neither_of_its_values() -> None:
    message = "Say\n\nTurnpike-Decision: sha256:1\nTurnpike-Decision: sha256:2\n"
    found = parse_commit(ID, commit_text(TREE, (), ANN, ANN, message, NOW))
    assert found.trailers["Turnpike-Decision"] not in {"sha256:1", "sha256:2"}


def test_a_co_author_counts_wherever_and_however_the_line_is_written() -> None:
    message = "Say\n\n co-authored-BY : Bob <bob@x.org>\n\nmore\nCo-authored-by: eve@x.org\nend"
    found = parse_commit(ID, commit_text(TREE, (), ANN, ANN, message, NOW))
    assert found.co_authors == ("bob@x.org", "eve@x.org")


def test_all_of_a_line_are_co_authors_and_so_is_whoever_developed_with_them() -> None:
    message = "Say\n\n> Co-Developed-by: Bob <bob@x.org> and Eve <eve@x.org>\n"
    found = parse_commit(ID, commit_text(TREE, (), ANN, ANN, message, NOW))
    assert found.co_authors == ("bob@x.org", "eve@x.org")


@pytest.mark.parametrize("name", ["A <b", "A>", "A\nparent x", "A\0"])
def test_a_name_that_would_break_the_header_is_refused(name: str) -> None:
    with pytest.raises(InputError):
        commit_text(TREE, (), Identity(name, "a@x.org"), ANN, "Say", NOW)


def test_a_time_without_offset_is_refused() -> None:
    with pytest.raises(InputError, match="offset"):
        commit_text(TREE, (), ANN, ANN, "Say", NOW.replace(tzinfo=None))


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"tree a\ntree b\n\nx",
        b"tree a\nauthor nobody\ncommitter nobody\n\nx",
        b"tree a\nauthor A <a> 99999999999999 +0000\ncommitter A <a> 1 +0000\n\nx",
        b"tree a\nauthor A <a> 1 +9999\ncommitter A <a> 1 +0000\n\nx",
    ],
)
def test_a_malformed_commit_is_an_integrity_error_that_names_it(content: bytes) -> None:
    with pytest.raises(IntegrityError, match=ID):
        parse_commit(ID, content)
