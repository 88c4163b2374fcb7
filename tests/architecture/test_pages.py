"""What pages show is there: their links lead somewhere, and verbs take the options they name."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

import click
import pytest

from markdown import Page, anchor, pages
from turnpike.cli.main import root as turnpike

ROOT = Path(__file__).resolve().parents[2]
PAGES = pages(ROOT)
SOURCES = (*(ROOT / "platform").rglob("*.py"), *(ROOT / "policies").rglob("*.rego"))
BY_LAUNCHER = "set-up"
_LINE = re.compile(r"^ *(?:\$ )?(?:\./)?turnpike +(?P<words>(?:[^\n\\]|\\\n)+)", re.MULTILINE)
_SPAN = re.compile(r"`(?:\./)?turnpike (?P<words>[^`]+)`")
_JOINED = re.compile(r'"\s*\n\s*f?"|\\?\n')
_END = re.compile(r" (?:[|<>;#]|&&|2>)")


def named(page: Path) -> str:
    return str(page.relative_to(ROOT))


def shown_in_page(page: Page) -> Iterator[str]:
    for fence in page.fences():
        yield from (found["words"] for found in _LINE.finditer(fence))
    yield from (found["words"] for found in _SPAN.finditer(page.without_fences()))


def shown_in_source(file: Path) -> Iterator[str]:
    yield from (found["words"] for found in _SPAN.finditer(file.read_text("utf-8")))


def verb_of(words: list[str]) -> tuple[click.Command, list[str]]:
    """Return the verb that the words begin with, and the rest; a group where they end there.

    Raises LookupError with the word that is no verb.
    """
    verb: click.Command = turnpike
    context = click.Context(turnpike)
    while isinstance(verb, click.Group) and words and words[0][:1].islower():
        found = [verb.get_command(context, name) for name in words[0].split("|")]
        if None in found:
            raise LookupError(words[0])
        verb, words = found[0] or verb, words[1:]
    return verb, words


def lacking(shown: str) -> str:
    """Return what no verb or option is of a command line that is shown; empty where all are."""
    words = [one.strip("[](),.;") for one in _END.split(_JOINED.sub(" ", shown))[0].split()]
    if words[0] == BY_LAUNCHER:
        return ""
    try:
        verb, rest = verb_of(words)
    except LookupError as unknown:
        return str(unknown)
    known = {one for parameter in verb.params for one in parameter.opts} | {"--help"}
    options = [one.partition("=")[0] for word in rest for one in word.split("|")]
    return " ".join(one for one in options if one.startswith("--") and one not in known)


def test_each_link_leads_to_a_file_and_a_heading_that_are_there() -> None:
    assert len(PAGES) > 100
    assert not [(named(page.file), link) for page in PAGES for link in page.dead()]


def test_each_command_that_a_page_shows_is_a_verb_with_its_options() -> None:
    commands = [(named(page.file), shown) for page in PAGES for shown in shown_in_page(page)]
    assert len(commands) > 200
    assert not [(file, shown, lacking(shown)) for file, shown in commands if lacking(shown)]


def test_each_command_that_a_message_advises_is_a_verb_with_its_options() -> None:
    advised = [(named(file), shown) for file in SOURCES for shown in shown_in_source(file)]
    assert len(advised) > 100
    assert not [(file, shown) for file, shown in advised if lacking(shown)]


def test_each_page_and_each_decision_is_listed_once() -> None:
    index = Page(ROOT / "docs" / "README.md")
    counted = Counter(link for link in index.links())
    files = [*(ROOT / "docs").glob("*.md"), *(ROOT / "docs" / "adr").glob("*.md")]
    wanted = {str(file.relative_to(ROOT / "docs")) for file in files} - {"README.md"}
    assert {link: counted[link] for link in wanted} == dict.fromkeys(wanted, 1)


def test_each_term_of_the_glossary_is_explained_once() -> None:
    text = (ROOT / "docs" / "glossary.md").read_text("utf-8")
    terms = Counter(re.findall(r"^\| \*\*(.+?)\*\*", text, re.MULTILINE))
    assert len(terms) > 100
    assert not [term for term, times in terms.items() if times > 1]


def test_a_page_with_dead_links_is_found(tmp_path: Path) -> None:
    (tmp_path / "other.md").write_text("# One `two`, three!\n\n# Same\n\n# Same\n", "utf-8")
    page = Page(tmp_path / "page.md")
    page.file.write_text(
        "[a](other.md#one-two-three) [b](other.md#same-1) [c](#here) [d](gone.md)\n"
        "[e](other.md#same-2) `[f](code.md)` [g](https://example.org/none) [h](other.md#one)\n"
        "# Here\n```sh\n# comment\n[i](fenced.md)\n```\n[j](#comment)\n",
        "utf-8",
    )
    assert list(page.dead()) == ["gone.md", "other.md#same-2", "other.md#one", "#comment"]
    assert anchor("In a [cluster](x.md#y)") == "in-a-cluster"


@pytest.mark.parametrize(
    ("shown", "missing"),
    [
        ("pr review 1 --approve --as X", ""),
        ("recall --data|--signer|--package X=Y", ""),
        ("delivery status|wait|diff M --environment=E | head --lines 4", ""),
        ("set-up schemas", ""),
        ("pr mend 1", "mend"),
        ("promte", "promte"),
        ("check --strict", "--strict"),
        ("delivery wait M \\\n --enviroment E", "--enviroment"),
    ],
)
def test_a_misspelt_verb_or_option_is_found(shown: str, missing: str) -> None:
    assert lacking(shown) == missing
