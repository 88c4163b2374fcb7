"""What strangers wrote is shown as they wrote it, and does nothing."""

from __future__ import annotations

import unicodedata

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from turnpike.explain.escape import for_markdown, for_terminal


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("\x1b[31mred\x1b[0m", "\\u001b[31mred\\u001b[0m"),
        ("\x9b2J", "\\u009b2J"),
        ("abc\u202edcba", "abc\\u202edcba"),
        ("a\u2066b\u2069", "a\\u2066b\\u2069"),
        ("zero\u200bwidth", "zero\\u200bwidth"),
        ("two\nlines", "two lines"),
        ("over\rwritten", "over\\u000dwritten"),
        ("a\u2028b", "a\\u2028b"),
        ("López €", "López €"),
    ],
)
def test_what_a_terminal_would_obey_is_shown_instead(text: str, shown: str) -> None:
    assert for_terminal(text) == shown


@settings(deadline=None)
@given(st.text())
def test_no_text_brings_a_control_character_to_a_terminal(text: str) -> None:
    for character in for_terminal(text):
        assert unicodedata.category(character) not in {"Cc", "Cf", "Co", "Cs", "Zl", "Zp"}


@settings(deadline=None)
@given(st.text(st.characters(categories=["L", "N", "P", "S"])))
def test_plain_text_stays_as_it_is(text: str) -> None:
    assert for_terminal(text) == text


@pytest.mark.parametrize(
    ("text", "inert"),
    [
        ("@sam please", "@\u200bsam please"),
        ("<img src=x>", "&lt;img src=x\\>"),
        ("&lt;b&gt;", "&amp;lt;b&amp;gt;"),
        ("[a](b)", "\\[a\\]\\(b\\)"),
        ("**bold**", "\\*\\*bold\\*\\*"),
        ("# title", "\\# title"),
        ("`code`", "\\`code\\`"),
        ("a|b", "a\\|b"),
        ("https://evil.example", "https:\u200b//evil.example"),
        ("www.evil.example", "www\u200b.evil.example"),
        ("WWW.evil.example", "WWW\u200b.evil.example"),
        ("one\n\n- two", "one  - two"),
    ],
)
def test_markup_mentions_and_links_do_nothing(text: str, inert: str) -> None:
    assert for_markdown(text) == inert


@settings(deadline=None)
@given(st.text())
def test_no_text_brings_markup_to_a_comment(text: str) -> None:
    shown = for_markdown(text)
    assert "<" not in shown
    assert "://" not in shown
    assert "\n" not in shown
    for place, character in enumerate(shown):
        if character == "@":
            assert shown[place + 1] == "\u200b"
