"""What the quick way reads, the slow and strict way reads alike, and refuses none of it."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from turnpike.documents.quick_yaml import quick
from turnpike.documents.strict_yaml import by_events

ROOT = Path(__file__).resolve().parents[3]
PIECES = (
    " ", "  ", "\n", "\n  ", "\n    ", "\n- ", "\n  - ", ": ", ":", ",", ", ", "- ", "? ", "[", "]",
    "{", "}", "#", " # ", "'", '"', "''", "|", ">-", "\n---\n", "...", "%", "&x", "*x", "!!str ",
    "<<", "a", "b", "key", "no", "On", "y", "true", "True", "null", "~", "0", "-1", "1.5", "010",
    "1e3", "0x1f", "12:30", "1_000", ".5", "5.", "+1", ".inf", "2026-03-02", "9007199254740993",
    "1" * 17,
    "=", "@", "`", "\t", "\\", "\u00e9", "\u0085", "\u2028", "a: 1", "\nb: ",
    "\nc:\n  ", "text no ",
)  # fmt: skip
soups = st.lists(st.sampled_from(PIECES), max_size=14).map("".join)
lines = st.lists(
    st.tuples(
        st.sampled_from(
            ("", "  ", "- ", "  - ", "a: ", "b:\n  c: ", "- d: ", "e: [", "f: {g: ", '"h": ')
        ),
        soups,
    ).map("".join),
    max_size=5,
).map("\n".join)


quoted = st.lists(
    st.sampled_from(
        (*PIECES, "'no', ", '"&x", ', "'it''s'", "- 'a: b'", ', "\\"", ', "['", "']", "{}")
    ),
    max_size=14,
).map("".join)


@given(soups | lines | quoted)
@example("a: ['x &y', \"b, 'c\", &z 1, \"d', e\"]\n")
@example("a: [b\n  - 'c, &x 1, d'\n  ]\n")
@example("{a: \"b\n c, 'd\", e: &x 1, f: ', g: ', h: '\n i'}\n")
@example("a: {'b': no, c: '[*?]'}\n")
@example("a: 'b' # don't\nc: '&d'\n")
@example("a: b, 'c: &x', d\n")
@example("a: b] [c, '{2}', &d e\n")
@example('a: ["x\n  # y", no]\n')
@example("a: {b:no}\n")
@example('{"a":no}\n')
@example("a:\n  no\n")
@example("[a]: b\n")
@example("f: {g: , 1.5, true\n- }\n")
@example("{~}\n")
@example("a: b\n  # c\n  12:30\n")
@example("a: 'x\n  # y' \nb: 1e3\n")
def test_what_is_read_quickly_is_read_alike_by_the_strict_reader(text: str) -> None:
    value = quick(text)
    if value is not None:
        assert json.dumps(value) == json.dumps(by_events("f", text))


@pytest.mark.parametrize(
    "text",
    [
        "a: text, with 12 words and no doubt\n",
        "a: 1 # no comment stands in the way\n",
        "a:\n  - {b: 0.5, c: true}\n  - d: \"no\"\n",
        "a: [':[*?]', \"in *[\"]\nb:\n  - {c: '^[0-9]{2}$', d: {}} # that's 'it'\n  - '&'\n",
        "a: >-\n  Of 12:30 and 2026-03-02 in prose.\nb: sha256:00000000000000000000\n",
    ],
)  # fmt: skip
def test_ordinary_documents_take_the_quick_way(text: str) -> None:
    assert quick(text) is not None


def test_what_every_gate_reads_takes_it() -> None:
    for file in (ROOT / "policies" / "data").glob("*.yaml"):
        assert quick(file.read_text("utf-8")) is not None, file


def test_nesting_that_the_profile_refuses_does_not_take_it() -> None:
    assert quick("a: " + "[" * 41 + "]" * 41 + "\n") is None
    assert quick("".join(" " * depth + "a:\n" for depth in range(41)) + " " * 41 + "b\n") is None
