"""The page is whole, well formed, and shows text as text."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from html.parser import HTMLParser

from contrast import faint, schemes
from turnpike.html_page import STYLE as SHARED
from turnpike.promotion.calendar import Event
from turnpike.promotion.calendar_html import STYLE, html_of
from unit.judge.examples import NOW

START = NOW.replace(hour=0)
END = START + timedelta(days=28)
EVIL = "</td><script>alert(1)</script>"
_VOID = {"meta", "br"}


class Tags(HTMLParser):
    """Keeps the tags that were opened, and those that are open."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.seen: list[str] = []
        self.open: list[str] = []
        self.feed(text)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.seen.append(tag)
        self.seen += [name for name, _ in attrs]
        if tag not in _VOID:
            self.open.append(tag)

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag


def event(day: int, name: str = "close", days: int = 1) -> Event:
    start = START + timedelta(days=day, hours=9)
    end = start + timedelta(days=days)
    return Event("freeze", name, start, end, "all", "books", "Europe/Berlin", "a.yaml")


def test_the_page_is_well_formed_and_asks_for_nothing_else() -> None:
    page = html_of([event(0), event(5)], START, END, NOW)
    tags = Tags(page)
    assert tags.open == []
    assert not {"script", "link", "img", "iframe", "src", "href", "onclick"} & set(tags.seen)
    assert "http" not in page


def test_text_of_a_file_is_never_a_tag() -> None:
    page = html_of([event(0, EVIL)], START, END, NOW)
    assert "script" not in Tags(page).seen
    assert "&lt;script&gt;" in page


def test_an_event_stands_on_each_of_its_days_and_once_in_the_list() -> None:
    page = html_of([event(2, "three-days", days=2)], START, END, NOW)
    grid, _, rest = page.partition('<table class="list">')
    assert grid.count("three-days") == 3
    assert rest.count("three-days") == 1
    assert "Europe/Berlin" in rest


def test_what_closes_the_road_is_not_hidden_by_what_soaks() -> None:
    soaks = [replace(event(1, f"s{n}", days=0), kind="soak") for n in range(9)]
    page = html_of([*soaks, event(1, "the-freeze", days=0)], START, END, NOW)
    assert "the-freeze" in page.partition('<table class="list">')[0]


def test_a_full_day_says_how_many_more_there_are() -> None:
    page = html_of([event(1, f"e{n}", days=0) for n in range(9)], START, END, NOW)
    assert "and 3 more" in page


def test_letters_are_seen_by_day_and_by_night() -> None:
    style = SHARED + STYLE
    light, dark = schemes(style).values()
    assert set(light) == set(dark)
    assert {"paper", "stop-paper"} < set(light)
    assert not list(faint(style, ("text", "quiet")))


def test_today_is_marked_for_who_does_not_see_the_frame() -> None:
    assert html_of([], START, END, NOW).count('aria-current="date"') == 1


def test_a_calendar_of_nothing_says_so_and_has_no_empty_list() -> None:
    page = html_of([], START, END, NOW)
    assert "<p>Nothing.</p>" in page
    assert '<table class="list">' not in page
