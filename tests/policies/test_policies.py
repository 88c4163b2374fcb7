"""The policies' own checks, run by the real OPA: strict check, format, tests and coverage."""

import json
import os
import subprocess
from pathlib import Path

import pytest

POLICIES = "policies"
RULES = sorted(Path(POLICIES).rglob("*.rego"))


def opa(*words: str) -> subprocess.CompletedProcess[str]:
    program = os.environ["TURNPIKE_OPA"]
    return subprocess.run([program, *words], capture_output=True, text=True, check=False)


def test_the_pinned_opa_is_there() -> None:
    assert opa("version").returncode == 0


def test_policies_pass_the_strict_check() -> None:
    checked = opa("check", "--strict", *schema_option(), *rego_files())
    assert checked.returncode == 0, checked.stderr


def test_policies_are_formatted() -> None:
    formatted = opa("fmt", "--fail", "--diff", *rego_files())
    assert formatted.returncode == 0, formatted.stdout + formatted.stderr


@pytest.mark.skipif(not RULES, reason="there are no policies yet")
def test_the_tests_of_the_policies_pass() -> None:
    tested = opa("test", "--verbose", *schema_option(), POLICIES)
    assert tested.returncode == 0, tested.stdout + tested.stderr


@pytest.mark.skipif(not RULES, reason="there are no policies yet")
def test_every_line_of_every_policy_is_covered() -> None:
    tested = opa("test", "--coverage", *schema_option(), POLICIES)
    report = json.loads(tested.stdout)
    uncovered = {
        name: [span["start"]["row"] for span in file["not_covered"]]
        for name, file in report["files"].items()
        if file.get("not_covered")
    }
    assert not uncovered, f"lines that no test reaches: {uncovered}"


@pytest.mark.skipif(not RULES, reason="there are no policies yet")
def test_every_rule_has_its_test_beside_it() -> None:
    folders = {rule.parent for rule in RULES if not rule.stem.endswith("_test")}
    untested = [str(folder) for folder in folders if not list(folder.glob("*_test.rego"))]
    assert not untested, f"folders without a *_test.rego: {untested}"


def schema_option() -> list[str]:
    schemas = Path(POLICIES) / "schemas"
    return ["--schema", str(schemas)] if schemas.is_dir() else []


def rego_files() -> list[str]:
    return [str(rule) for rule in RULES]
