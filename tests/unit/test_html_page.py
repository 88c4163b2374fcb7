"""A page is one whole file that asks nobody for anything, and whatever it shows is text."""

from __future__ import annotations

from html.parser import HTMLParser

import pytest
from hypothesis import given
from hypothesis import strategies as st

from contrast import contrast, faint, schemes
from turnpike.html_page import CLOSED, STYLE, opened, table

EVIL = (
    "<script>alert(1)</script>", "</title><script>", "</td></tr></table><img src=x onerror=y>",
    '" onmouseover="x', "' onfocus='x", "&lt;b&gt;", "</style><script>", "<!--", "]]>",
    "javascript:alert(1)",
)  # fmt: skip
VOID = {"meta"}
hostile = st.sampled_from(EVIL) | st.text("<>&\"'/ab-!", max_size=12)


class Page(HTMLParser):
    """A page as a browser takes it apart: its tags, with attributes, and the text of each cell."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.open: list[str] = []
        self.tags: list[str] = []
        self.attributes: list[tuple[str, str | None]] = []
        self.texts: dict[str, list[str]] = {}
        self.feed(text)
        self.close()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append(tag)
        self.attributes += attrs
        self.texts.setdefault(tag, []).append("")
        if tag not in VOID:
            self.open.append(tag)

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag

    def handle_data(self, data: str) -> None:
        if self.open:
            self.texts[self.open[-1]][-1] += data


def page(title: str, *parts: str) -> Page:
    return Page("\n".join((opened(title), *parts, CLOSED)))


@given(hostile, hostile, st.lists(hostile, max_size=3), st.data())
def test_whatever_people_wrote_is_shown_as_they_wrote_it(
    title: str, heading: str, columns: list[str], data: st.DataObject
) -> None:
    row = st.tuples(*(hostile for _ in columns))
    rows = data.draw(st.lists(row, max_size=3))
    found = page(title, table(heading, columns, rows))
    assert found.open == []
    assert found.texts["title"] == found.texts["h1"] == [title]
    assert found.texts["h2"] == [heading]
    if rows:
        assert found.texts.get("th", []) == columns
        assert found.texts.get("td", []) == [cell for one in rows for cell in one]
    else:
        assert "None." in found.texts["p"]
    allowed = {"html", "head", "meta", "title", "style", "body", "main", "h1", "h2", "p", "table",
               "thead", "tbody", "tr", "th", "td"}  # fmt: skip
    assert set(found.tags) <= allowed
    assert {name for name, _ in found.attributes} <= {"lang", "charset", "name", "content", "scope"}


def test_a_page_fetches_nothing_and_runs_nothing() -> None:
    found = page("A page", table("a", ["b"], [["c"]]))
    assert not {"script", "link", "img", "iframe", "base", "form"} & set(found.tags)
    assert not any(word in STYLE for word in ("url(", "@import", "http", "expression("))


def test_a_page_says_its_encoding_before_any_text_of_people() -> None:
    """Without it a browser guesses, and text of another encoding may turn into tags."""
    text = opened("Äé")
    assert text.index('charset="utf-8"') < text.index("<title>")
    assert text.encode().index(b"charset") < 1024


@pytest.mark.parametrize("rows", [[], iter(())])
def test_a_table_of_nothing_says_so_and_has_no_empty_head(rows: list[list[str]]) -> None:
    text = table("Waits", ["who"], rows)
    assert "None." in text
    assert "<th" not in text


def test_rows_may_come_one_by_one() -> None:
    found = page("a", table("b", ["c"], ([str(number)] for number in range(3))))
    assert found.texts["td"] == ["0", "1", "2"]


def test_letters_are_seen_by_day_and_by_night() -> None:
    light, dark = schemes(STYLE).values()
    assert set(light) == set(dark)
    assert not list(faint(STYLE, ("text", "quiet")))
    assert round(contrast("#000000", "#ffffff")) == 21
