"""Every runbook of a fault is carried out by a test, in the form in which it is read."""

from __future__ import annotations

import ast
import re
from pathlib import Path

import pytest

from runbooks import SECTIONS, assigned, blocks_of

ROOT = Path(__file__).resolve().parents[2]
FOLDER = ROOT / "runbooks"
FAULTS = sorted(
    file.stem for file in FOLDER.glob("*.md") if not file.stem.startswith(("Model", "README"))
)
TESTS = sorted((ROOT / "tests").glob("*/test_*.py"))


def carried_out_by_tests() -> set[str]:
    """Return the pages that a test opens with ``carried_out("NAME", ...)``."""
    return {
        str(call.args[0].value)
        for file in TESTS
        for function in ast.walk(ast.parse(file.read_text("utf-8")))
        if isinstance(function, ast.FunctionDef) and function.name.startswith("test_")
        for call in ast.walk(function)
        if isinstance(call, ast.Call)
        and isinstance(call.func, ast.Name)
        and call.func.id == "carried_out"
        and isinstance(call.args[0], ast.Constant)
    }


def test_each_page_of_a_fault_is_carried_out_by_a_test_and_there_is_no_other() -> None:
    assert carried_out_by_tests() == set(FAULTS)


def test_the_list_of_pages_is_whole() -> None:
    named = re.findall(r"\[(\w+)\]\(\1\.md\)", (FOLDER / "README.md").read_text("utf-8"))
    assert sorted(named) == sorted(one.stem for one in FOLDER.glob("*.md") if one.stem != "README")


def test_argo_cds_objects_are_read_where_argo_cd_keeps_them() -> None:
    """A page may have made the target's cluster the current one."""
    lines = [line for page in FOLDER.glob("*.md") for line in page.read_text("utf-8").splitlines()]
    asked = [line for line in lines if "kubectl" in line and "-n argocd" in line]
    assert asked
    assert not [line for line in asked if "--context" not in line]


@pytest.mark.parametrize("name", FAULTS)
def test_a_page_tells_what_it_means_and_has_commands_for_each_step(name: str) -> None:
    text = (FOLDER / f"{name}.md").read_text("utf-8")
    assert text.startswith(f"# {name}\n\n**Means**: ")
    assert "\n**You notice**: " in text
    assert re.findall(r"^## (.+)$", text, re.MULTILINE) == list(SECTIONS)
    blocks = blocks_of(text)
    assert text.count("```") == 2 * len(blocks), "a fence that is not of sh runs nowhere"
    assert {one.section for one in blocks} == {"", *SECTIONS}
    first, *rest = [one.commands for one in blocks if not one.section]
    assert not rest
    variables = [assigned(word)[0] for word in first.split()]
    commands = "\n".join(one.commands for one in blocks if one.section)
    unused = [name for name in variables if f"${name}" not in commands + first]
    assert not unused
