"""Every attack and fault that the gate must stand has a row, and every row a test that exists."""

from __future__ import annotations

import re
import subprocess

import pytest

from end_to_end.threat_model import PRODUCT, Row, rows

ROWS = tuple(rows())
ATTACKS = (
    "edits policies", "edits thresholds", "edits the organisation", "edits keys",
    "edits CODEOWNERS", "edits CI", "edits locks", "edits macros", "edits gate code",
    "policy and model in one change", "a second CODEOWNERS", "approve, then push",
    "the head moves", "the base moves", "membership moves", "force-push on main",
    "force-push on the record", "rewritten history", "forged green status",
    "push to main around the gate", "decision for another commit", "decision for another model",
    "decision for another environment", "approval by the author", "approval by a committer",
    "approval by a co-author", "approval by a removed member", "two accounts of one person",
    "approval by a bot", "symbolic link", "submodule", "executable bit", ".gitattributes",
    "directory rename", "case-fold twins", "newline, quote", "bidi", "confusable letters",
    "`a-b`+`c`", "BUILD of one's own", "conftest.py", "pants.toml", "Dockerfile", "YAML bomb",
    "duplicate keys", "YAML 1.1 and 1.2", "NaN", "infinities", "huge integers",
    "numbers as strings", "booleans as numbers", "`{{ }}`", "Markdown", "ANSI",
    "workflow commands", "mutable tags", "another team's registry name", "another team's image",
    "another team's identity", "evidence expired", "evidence for another digest", "revoked key",
    "unknown key", "wrong role", "duplicated to reach a quorum", "a failing statement left out",
    "thresholds lowered", "differ from their derivation", "mass deletion", "secrets",
    "rules that can't fire", "fills a pull request",
)  # fmt: skip
FAULTS = (
    "OPA killed before", "OPA killed during", "OPA killed after", "OPA slow", "OPA truncated",
    "OPA answers HTML", "OPA answers wrongly", "MLflow slow", "MLflow truncated", "MLflow answers",
    "disk full", "clock moved back", "shallow clone", "kill -9",
)  # fmt: skip


@pytest.mark.parametrize(("kind", "listed"), [("attack", ATTACKS), ("fault", FAULTS)])
def test_each_of_the_list_has_a_row(kind: str, listed: tuple[str, ...]) -> None:
    told = [row.what for row in ROWS if row.kind == kind]
    assert [one for one in listed if not any(one in what for what in told)] == []


@pytest.mark.parametrize("row", ROWS, ids=lambda row: row.what[:60])
def test_each_row_names_a_code_of_the_product_and_a_test_that_exists(row: Row) -> None:
    assert row.tests, row.what
    for test in row.tests:
        text = (PRODUCT / test.file).read_text(encoding="utf-8")
        assert re.search(rf"(?m)^\s*def {test.name}\(", text), test
    assert row.codes or row.kind == "fault", row.what
    for code in row.codes:
        assert stands_in_the_product(code), code


def stands_in_the_product(code: str) -> bool:
    words = ["git", "grep", "--quiet", "--fixed-strings", code, "--", "platform", "policies"]
    # The codes of OPA's adapters are put together; the tests that ask for them spell them out.
    words.append("tests/end_to_end/test_broken_parts.py")
    return subprocess.run(words, cwd=PRODUCT, check=False, timeout=300).returncode == 0
