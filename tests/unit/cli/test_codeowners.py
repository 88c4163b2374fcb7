"""One JSON line a path, exactly as it is promised."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from click.testing import CliRunner

from turnpike.cli.codeowners import command
from unit.cli.calling import at, refused, told


def lines(folder: Path, *words: str) -> list[dict[str, object]]:
    printed = told(folder, "codeowners", *words)
    return [json.loads(line) for line in printed.splitlines() if line.startswith("{")]


def put(folder: Path, place: str, text: str) -> None:
    file = folder / place
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_text(text, encoding="utf-8")


def test_each_path_is_one_line_with_these_keys_in_this_order(tmp_path: Path) -> None:
    put(tmp_path, "CODEOWNERS", "/docs/ @writers docs@example.com\n")
    printed = told(tmp_path, "codeowners", "--dialect", "github", "docs/a.md", "b")
    assert printed.splitlines() == [
        (
            '{"path": "docs/a.md", "line": 1, "pattern": "/docs/",'
            ' "owners": ["@writers", "docs@example.com"], "required": 1, "section": null}'
        ),
        (
            '{"path": "b", "line": null, "pattern": null, "owners": [], "required": 0,'
            ' "section": null}'
        ),
    ]


def test_paths_are_told_as_lines_with_json_as_without(tmp_path: Path) -> None:
    put(tmp_path, "CODEOWNERS", "* @a\n")
    words = ("codeowners", "--dialect", "github", "a", "b")
    assert told(tmp_path, *words, "--json") == told(tmp_path, *words)
    help_ = " ".join(told(tmp_path, "codeowners", "--help").split())
    assert "what is said of PATHs is JSON lines always." in help_


def test_a_path_has_a_line_for_each_section_that_applies(tmp_path: Path) -> None:
    put(tmp_path, "owners", "* @a\n[Docs][2]\n*.md @b\n^[Web]\n*.md @c\n")
    found = lines(tmp_path, "--dialect", "gitlab", "--file", "owners", "x.md")
    assert [(one["section"], one["required"], one["owners"]) for one in found] == [
        (None, 1, ["@a"]), ("Docs", 2, ["@b"]), ("Web", 0, ["@c"]),
    ]  # fmt: skip


def test_the_host_s_order_of_places_decides_which_file_is_read(tmp_path: Path) -> None:
    put(tmp_path, "docs/CODEOWNERS", "* @docs\n")
    put(tmp_path, ".github/CODEOWNERS", "* @github\n")
    assert lines(tmp_path, "--dialect", "github", "x")[0]["owners"] == ["@github"]
    assert lines(tmp_path, "--dialect", "gitlab", "x")[0]["owners"] == ["@docs"]


@pytest.mark.parametrize("path", ["./docs/a", "/docs/a", "docs/a"])
def test_a_path_is_taken_from_the_root_and_told_as_it_was_given(path: str, tmp_path: Path) -> None:
    put(tmp_path, "CODEOWNERS", "/docs/ @a\n")
    (found,) = lines(tmp_path, "--dialect", "github", path)
    assert (found["path"], found["owners"]) == (path, ["@a"])


def test_without_a_dialect_the_organisation_says_it(tmp_path: Path) -> None:
    shipped = Path(__file__).parents[3] / "policies/data/organisation.yaml"
    text = shipped.read_text(encoding="utf-8")
    put(tmp_path, "policies/data/organisation.yaml", text.replace(": github", ": gitea", 1))
    put(tmp_path, "CODEOWNERS", "a.c @x\n")
    assert lines(tmp_path, "abc")[0]["owners"] == ["@x"]


@pytest.mark.parametrize("dialect", ["github", "gitlab", "gitea"])
def test_a_path_that_is_no_text_is_refused(dialect: str, tmp_path: Path) -> None:
    put(tmp_path, "CODEOWNERS", "* @a\n")
    assert refused(tmp_path, "codeowners", "--dialect", dialect, "x\udcff").code == "input.usage"
    assert lines(tmp_path, "--dialect", dialect, "Ä/ü.md")[0]["path"] == "Ä/ü.md"


def test_what_is_missing_is_named(tmp_path: Path) -> None:
    assert refused(tmp_path, "codeowners", "x").code == "input.usage"
    assert refused(tmp_path, "codeowners", "--dialect", "github").code == "input.usage"
    assert refused(tmp_path, "codeowners", "--dialect", "github", "x").code == "codeowners.missing"


def test_lint_names_file_line_code_and_next_step_and_exits_by_it(tmp_path: Path) -> None:
    put(tmp_path, "CODEOWNERS", "* @a\n!x @b\n")
    with at(tmp_path):
        result = CliRunner().invoke(command, ["--dialect", "github", "--lint", "--json"])
        (found,) = json.loads(result.stdout)
        plain = CliRunner().invoke(command, ["--dialect", "github", "--lint"])
        assert CliRunner().invoke(command, ["--dialect", "gitlab", "--lint"]).exit_code == 1
    assert (result.exit_code, plain.exit_code) == (1, 1)
    assert (found["file"], found["line"]) == ("CODEOWNERS", 2)
    assert found["code"] == "codeowners.negation-unsupported"
    assert found["solution"]
    assert plain.stdout.startswith("CODEOWNERS:2: codeowners.negation-unsupported: ")


def test_the_product_s_file_lints_and_is_said_for_gitlab() -> None:
    product = Path(__file__).parents[3]
    assert told(product, "codeowners", "--lint") == "Nothing is wrong.\n"
    said = told(product, "codeowners", "--generate", "gitlab")
    assert "/models/oncology/ @oncology\n" in said
    assert refused(product, "codeowners", "--generate", "gitea").code == "codeowners.cannot-say"


def test_what_the_host_takes_otherwise_is_told_with_its_place_and_what_was_found(
    tmp_path: Path,
) -> None:
    put(tmp_path, "owners", "* @a\n[Docs][0]\nfree/\n")
    words = ["--dialect", "gitlab", "--file", "owners", "free/x"]
    with at(tmp_path):
        result = CliRunner().invoke(command, words)
    assert [json.loads(line)["line"] for line in result.stdout.splitlines()] == [1, 3]
    assert result.stderr.splitlines() == [
        (
            "  .. owners:2: codeowners.invalid-count: expected a count of 1 or more in a required"
            " section, found [Docs][0]"
        ),
        (
            "  .. owners:3: codeowners.no-owner: expected an owner on the line or in its heading,"
            " found free/"
        ),
    ]
