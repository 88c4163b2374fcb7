"""What strangers wrote is shown as they wrote it, and does nothing."""

from __future__ import annotations

import json
import re
import unicodedata

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from markdown_it import MarkdownIt

from turnpike.explain.escape import for_code_block, for_json, for_markdown, for_terminal


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
        ("<img src=x>", "&lt;img src\\=x\\>"),
        ("&lt;b&gt;", "&amp;\u200blt;b&amp;\u200bgt;"),
        ("[a](b)", "\\[a\\]\\(b\\)"),
        ("**bold**", "\\*\\*bold\\*\\*"),
        ("# title", "\\# title"),
        ("`code`", "\\`code\\`"),
        ("a|b", "a\\|b"),
        ("{{ secrets }}", "\\{\\{ secrets \\}\\}"),
        ("$x^2$", "\\$\u200bx\\^\u200b2\\$"),
        ("https://evil.example", "https:\u200b//evil.example"),
        ("www.evil.example", "www\u200b.evil.example"),
        ("WWW.evil.example", "WWW\u200b.evil.example"),
        ("see #12 or GH-12", "see \\#\u200b12 or GH\u200b-12"),
        (":tada:", ":\u200btada:"),
        ("- a list", "\\- a list"),
        ("1. a list", "1\\. a list"),
        ("1) a list", "1\\) a list"),
        ("---", "\\---"),
        ("    code", "&nbsp;&nbsp;&nbsp;&nbsp;code"),
        ("one\n\n- two", "one  - two"),
        ("0.83 of a-b", "0\\.83 of a-b"),
    ],
)
def test_markup_mentions_and_links_do_nothing(text: str, inert: str) -> None:
    assert for_markdown(text) == inert


MARKDOWN = MarkdownIt("commonmark").enable("table").enable("strikethrough")
HOSTILE = st.one_of(
    st.text(),
    st.text(st.sampled_from("-+*_=#>`~|!:.\\\\()[]{}<>&@/ \t\n\r1a$^\u202e\u200bw")),
)
_OWN_BREAK = "\u200b"


def shown_by(source: str) -> tuple[set[str], str]:
    """Return the kinds of everything that a parser makes of Markdown, and its text."""
    tokens = MARKDOWN.parse(source)
    inner = [child for token in tokens for child in token.children or ()]
    kinds = {token.type for token in (*tokens, *inner)}
    return kinds, "".join(token.content for token in inner)


@settings(deadline=None, max_examples=1000)
@given(HOSTILE)
def test_a_parser_of_markdown_finds_nothing_but_the_text(text: str) -> None:
    kinds, shown = shown_by(for_markdown(text))
    plain = {"paragraph_open", "paragraph_close", "inline", "text", "text_special"}
    assert kinds <= plain
    shown = re.sub(r"\s", " ", shown.replace(_OWN_BREAK, ""))
    assert shown.rstrip() == re.sub(r"\s", " ", for_terminal(text)).rstrip()


@settings(deadline=None, max_examples=1000)
@given(HOSTILE)
def test_a_text_in_a_table_stays_in_its_cell(text: str) -> None:
    cell = for_markdown(text)
    tokens = MARKDOWN.parse(f"| a | b |\n|---|---|\n| {cell} | end |\n")
    cells = [t.content for t in tokens if t.type == "inline"]
    assert len(cells) == 4
    assert cells[3] == "end"


@settings(deadline=None, max_examples=300)
@given(HOSTILE)
def test_a_text_after_a_line_of_ours_makes_no_heading_of_it(text: str) -> None:
    kinds, _ = shown_by(f"ours\n{for_markdown(text)}")
    assert not kinds & {"heading_open", "hr", "bullet_list_open", "table_open", "code_block"}


@settings(deadline=None, max_examples=300)
@given(HOSTILE)
def test_a_diff_stays_in_its_block(text: str) -> None:
    tokens = MARKDOWN.parse(f"{for_code_block(text)}\nafter")
    assert [token.type for token in tokens] == [
        "fence", "paragraph_open", "inline", "paragraph_close"
    ]  # fmt: skip


@settings(deadline=None)
@given(HOSTILE)
def test_no_text_mentions_links_or_refers(text: str) -> None:
    shown = for_markdown(text)
    assert "<" not in shown
    assert "://" not in shown
    assert "\n" not in shown
    assert not re.search(r"[@#]\w|www\.|GH-\d", shown, re.IGNORECASE)


@pytest.mark.parametrize(
    "command",
    ["::set-output name=x::y", "  ::add-mask::x", "##vso[task.setvariable]x", "a ##[error]b",
     "##VSO[x]"],
)  # fmt: skip
def test_no_text_is_a_command_to_a_runner_of_workflows(command: str) -> None:
    shown = for_terminal(command)
    assert not shown.lstrip().startswith("::")
    assert "##[" not in shown
    assert "##vso[" not in shown.casefold()


@pytest.mark.parametrize("text", ["a::b", "# heading", "## two", "std::vector"])
def test_text_that_no_runner_obeys_stays_as_it_is(text: str) -> None:
    assert for_terminal(text) == text


@given(st.text())
def test_a_json_document_stays_the_same_and_brings_nothing_to_a_terminal(text: str) -> None:
    shown = for_json(json.dumps({"a": [text]}, indent=2, ensure_ascii=False))
    assert json.loads(shown) == {"a": [text]}
    hidden = [c for c in shown if unicodedata.category(c) in {"Cc", "Cf", "Co", "Cs", "Zl", "Zp"}]
    assert set(hidden) <= {"\n"}


def test_a_json_document_keeps_the_letters_of_every_language() -> None:
    assert for_json('"Zo\u00eb \x7f\u202e\U000e0041"') == '"Zo\u00eb \\u007f\\u202e\\udb40\\udc41"'
