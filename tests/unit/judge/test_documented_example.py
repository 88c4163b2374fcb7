"""The example in docs/facts-and-decisions.md is what the judge reads and says today.

Write it anew with ``python tests/unit/judge/test_documented_example.py`` in the root.
"""

from __future__ import annotations

import json
import re
from pathlib import Path

from pydantic import BaseModel

from turnpike.documents.canonical import to_json
from turnpike.judge.decide import decide
from turnpike.judge.facts import FACTS, Documents, Facts
from turnpike.judge.policy_input import Answer
from turnpike.judge.queries import plan_queries
from unit.judge.examples import added, base_documents, model_facts, review, with_changes

PAGE = Path(__file__).resolve().parents[3] / "docs" / "facts-and-decisions.md"


def facts() -> Facts:
    """Return the facts of a change of the organisation, which one platform owner has approved."""
    change = with_changes(model_facts(review("sam")), added("policies/data/organisation.yaml"))
    main = base_documents()
    base = Documents(organisation=main.organisation, codeowners=main.codeowners)
    return change.model_copy(update={"base": base, "head": Documents(), "registry": ()})


def blocks() -> dict[str, str]:
    """Return the text of both examples by their names on the page."""
    example = facts()
    assert plan_queries(example) == ()
    return {"facts": _shown(example), "decision": _shown(decide(example, Answer(results=())))}


def _shown(document: BaseModel) -> str:
    return json.dumps(to_json(document), indent=2, ensure_ascii=False)


def _pattern(name: str) -> re.Pattern[str]:
    return re.compile(rf"(<!-- example: {name} -->\n```json\n)(.*?)(\n```)", re.DOTALL)


def test_the_page_shows_what_the_judge_reads_and_says() -> None:
    page = PAGE.read_text("utf-8")
    for name, text in blocks().items():
        found = _pattern(name).search(page)
        assert found, name
        assert found[2] == text, "run python tests/unit/judge/test_documented_example.py"


def test_the_example_is_read_back_from_the_page() -> None:
    found = _pattern("facts").search(PAGE.read_text("utf-8"))
    assert found
    assert FACTS.validate_json(found[2]) == facts()


def _write() -> None:
    page = PAGE.read_text("utf-8")
    for name, text in blocks().items():
        found = _pattern(name).search(page)
        assert found, name
        page = page[: found.start(2)] + text + page[found.end(2) :]
    PAGE.write_text(page, "utf-8")


if __name__ == "__main__":
    _write()
