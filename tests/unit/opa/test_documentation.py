"""The pages say what METADATA says, and METADATA must say enough."""

from __future__ import annotations

from pathlib import Path

import pytest

from turnpike.errors import InvalidDocument
from turnpike.opa.bundle import compile_bundle
from turnpike.opa.documentation import documentation
from unit.opa.small_policies import RULE, policies, program

TEST = b"package x\n\ntest_a_bad_subject_is_denied if true\n\ntest_a_good_one_passes if true\n"


def pages(cache: Path, rule: bytes = RULE) -> dict[str, str]:
    written = policies(rule=rule)
    tested = written | {"policies/known_subject/known_subject_test.rego": TEST}
    return documentation(compile_bundle(written, program(), cache), program(), tested)


def test_each_rule_has_a_page_and_stands_in_the_index(tmp_path: Path) -> None:
    written = pages(tmp_path)
    assert sorted(written) == ["docs/policies/README.md", "docs/policies/known_subject.md"]
    row = "| [Known subjects](known_subject.md) | change | `subject-unwanted` |"
    assert row in written["docs/policies/README.md"]


def test_a_page_says_what_is_denied_and_what_to_do(tmp_path: Path) -> None:
    page = pages(tmp_path)["docs/policies/known_subject.md"]
    assert page.startswith("# Known subjects\n\nNobody unwanted passes.\n")
    assert "### `subject-unwanted`\n\nThe subject is unwanted.\n" in page
    assert "Next step: Choose another one." in page


def test_a_page_lists_what_the_tests_show(tmp_path: Path) -> None:
    page = pages(tmp_path)["docs/policies/known_subject.md"]
    assert "- a bad subject is denied\n- a good one passes\n" in page


@pytest.mark.parametrize(
    "left_out",
    [
        b"# title: Known subjects\n",
        b"# description: Nobody unwanted passes.\n",
        b"#   severity: blocking\n",
        b"#   applies_to: [change]\n",
        b"# title: The subject is unwanted\n",
        b"#   code: subject-unwanted\n",
        b"#   solution: Choose another one.\n",
    ],
)
def test_metadata_that_lacks_a_part_is_refused_with_its_file(
    tmp_path: Path, left_out: bytes
) -> None:
    assert left_out in RULE
    with pytest.raises(InvalidDocument, match=r"policies/known_subject/known_subject\.rego"):
        pages(tmp_path, RULE.replace(left_out, b""))
