"""The comment tells a decision, and nothing that strangers wrote does anything in it."""

from __future__ import annotations

from collections.abc import Iterator

from hypothesis import given, settings
from hypothesis import strategies as st
from markdown_it import MarkdownIt

from turnpike.documents.identifiers import digest_of
from turnpike.explain.comment import LONGEST, MARKER, Told, comment_text
from turnpike.judge.decision import Finding, Requirement
from turnpike.judge.testimony import hear
from unit.explain.test_decision_text import FINDING, decision
from unit.judge.examples import model_facts

DIGEST = digest_of(b"the decision")
MARKDOWN = MarkdownIt("commonmark").enable("table")


def comment(diffs: dict[str, str] | None = None, **changes: object) -> str:
    said, facts = decision(**changes), model_facts()
    return comment_text(
        Told(facts, said, DIGEST, None, hear(facts).testimony, (diffs or {}).items())
    )


def test_it_begins_with_its_marker_and_a_table_of_the_decision() -> None:
    need = Requirement(group="oncology", count=1, reason="line 3", approved_by=("tom",))
    said = comment(requirements=(need,))
    assert said.startswith(MARKER)
    for row in (
        "| verdict | **Allowed** |",
        "met: 1 of oncology: tom",
        f"| decision | `{DIGEST}` |",
    ):
        assert row in said


def test_rendered_diffs_are_collapsed_and_capped() -> None:
    said = comment({f"dev/t{n}/oncology/triage": "+x\n" * 3_000 for n in range(9)})
    assert "<details><summary>rendered for dev/t0/oncology/triage</summary>" in said
    assert "cut here" in said
    assert "left out here" in said
    assert len(said) <= LONGEST


def test_of_a_large_change_no_more_diffs_are_made_than_are_shown() -> None:
    asked: list[int] = []

    def diffs() -> Iterator[tuple[str, str]]:
        for number in range(1_000):
            asked.append(number)
            yield f"dev/t{number}/oncology/triage", "+x\n" * 1_000

    said = comment_text(Told(model_facts(), decision(), DIGEST, None, (), diffs()))
    assert 0 < said.count("rendered for") < len(asked) < 20


@settings(deadline=None, max_examples=200)
@given(st.text(st.sampled_from("-+*_=#>`~|!:.\\()[]{}<>&@/ \n\r1a$^\u202ew"), max_size=30))
def test_hostile_text_adds_no_markup(text: str) -> None:
    finding = Finding.model_validate(dict.fromkeys(Finding.model_fields, text))
    need = Requirement(group="g", count=1, reason=text, approved_by=())
    plain = comment(verdict="deny", findings=(FINDING,), requirements=(need,))
    said = comment(verdict="deny", findings=(finding,), requirements=(need,), subjects=(text,))
    assert kinds(said) <= kinds(plain)
    assert "@g" not in said


def kinds(source: str) -> set[str]:
    """Return the kinds of everything that a parser makes of it, but for plain text."""
    tokens = MARKDOWN.parse(source)
    inner = [child for token in tokens for child in token.children or ()]
    return {t.type for t in (*tokens, *inner)} - {"text", "text_special"}
