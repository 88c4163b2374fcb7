"""The page says all that the review says, and no text of Git becomes markup."""

from __future__ import annotations

from html.parser import HTMLParser
from pathlib import Path

from turnpike.cli.arrangement_here import arrangement_in
from turnpike.judge.arrangement import Arrangement
from turnpike.reporting.access_page import page_of
from turnpike.reporting.access_review import review_of
from turnpike.topology.organisation import Person
from turnpike.topology.stop import STOP
from unit.judge.examples import NOW, RoleKey

PRODUCT = Path(__file__).parents[3]
EVIL = '<script>alert("x")</script>&'


class Reader(HTMLParser):
    """Keeps the tags, and the text of a page."""

    def __init__(self) -> None:
        super().__init__()
        self.tags: set[str] = set()
        self.text = ""

    def handle_starttag(self, tag: str, _: list[tuple[str, str | None]]) -> None:
        self.tags.add(tag)

    def handle_data(self, data: str) -> None:
        self.text += data


def read_page(arrangement: Arrangement, reason: str = "down") -> Reader:
    stop = STOP.validate_python(
        {"apiVersion": "turnpike.dev/v1", "kind": "Stop", "name": "outage", "incident": "INC-7",
         "reason": reason},
        strict=False,
    )  # fmt: skip
    review = review_of(arrangement, (RoleKey("gate").public,), (stop,), NOW)
    reader = Reader()
    reader.feed(page_of(review, "c" * 40))
    return reader


def test_everybody_every_group_key_and_stop_is_on_the_page() -> None:
    product = arrangement_in(PRODUCT)
    page = read_page(product)
    wanted = [person.name for person in product.organisation.people]
    wanted += [group.name for group in product.organisation.groups]
    wanted += ["gate-1", "outage", "INC-7", "c" * 40, "approve-release", "turnpike-bot"]
    assert [text for text in wanted if text not in page.text] == []
    assert not page.tags & {"script", "link", "img", "a"}


def test_no_text_of_git_becomes_markup() -> None:
    product = arrangement_in(PRODUCT)
    organisation = product.organisation
    mallory = Person(id="mallory", name=EVIL, email="m@example.org", accounts={"embedded": EVIL})
    people = (*organisation.people, mallory)
    changed = organisation.model_copy(update={"people": people, "name": EVIL})
    page = read_page(Arrangement(changed, product.codeowners, product.environments), EVIL)
    assert "script" not in page.tags
    assert page.text.count(EVIL) >= 4
