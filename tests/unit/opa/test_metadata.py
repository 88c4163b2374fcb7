"""Codes that yield to a waiver are read from the rules' text as OPA itself reads them."""

from __future__ import annotations

from pathlib import Path

import pytest

from turnpike.opa.bundle import compile_bundle
from turnpike.opa.documentation import documented_rules
from turnpike.opa.metadata import waivable_codes
from unit.opa.small_policies import RULE, policies, program

CODE = b"#   code: subject-unwanted\n"
PRODUCT = Path(__file__).resolve().parents[3] / "policies"


def yielding(line: bytes) -> tuple[str, ...]:
    assert RULE.count(CODE) == 1
    return waivable_codes(policies(rule=RULE.replace(CODE, CODE + line)))


def test_a_code_yields_where_its_rule_says_so() -> None:
    assert yielding(b"#   yields_to: [waiver]\n") == ("subject-unwanted",)
    assert yielding(b"#   yields_to:\n#     - emergency\n#     - waiver\n") == ("subject-unwanted",)


@pytest.mark.parametrize(
    "line",
    [b"", b"#   yields_to: []\n", b"#   yields_to: [emergency, rollback]\n",
     b"#   yields_to: waiver\n", b"#   yields_to: [waiver\n", b"#   also: yields_to\n"],
)  # fmt: skip
def test_a_code_of_which_nobody_says_so_does_not(line: bytes) -> None:
    assert yielding(line) == ()


def test_what_stands_beside_the_rules_is_not_read() -> None:
    rule = RULE.replace(CODE, CODE + b"#   yields_to: [waiver]\n")
    for path in ("policies/known_subject/known_subject_test.rego", "policies/testing/x/y.rego"):
        assert waivable_codes({path: rule}) == ()


def test_the_products_own_are_those_that_opa_finds(tmp_path: Path) -> None:
    files = {
        f"policies/{path.relative_to(PRODUCT)}": path.read_bytes()
        for path in PRODUCT.rglob("*")
        if path.is_file()
    }
    rules = documented_rules(compile_bundle(files, program(), tmp_path), program(), files)
    denials = [denial.custom for rule in rules for denial in rule.denials]
    expected = {one.code for one in denials if "waiver" in one.yields_to}
    assert set(waivable_codes(files)) == expected
    assert {"slo-missing", "schedule-closed", "soak-incomplete"} <= expected
