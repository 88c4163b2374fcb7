"""The policies' own checks, run by the real OPA: strictness, format, tests, coverage, METADATA."""

from __future__ import annotations

import json
import os
import re
from functools import cache
from pathlib import Path

import pytest
import yaml

from turnpike.change.sweep import reads_the_clock
from turnpike.documents.reading import read
from turnpike.errors import InvalidDocument
from turnpike.evidence.statement import ISSUED_BY
from turnpike.manifest.validation import LOWER_IS_BETTER
from turnpike.opa.bundle import compile_bundle, policies_in, rules_in
from turnpike.opa.documentation import documented_rules
from turnpike.opa.generated import generated_files, stale_pages
from turnpike.opa.policy_tests import PolicyTests, run_policy_tests, unformatted
from turnpike.opa.program import Program, find_program, version_of
from turnpike.topology.plan_table import PLAN_TABLE, PLAN_TABLE_PATH

ROOT = Path.cwd()
POLICIES = policies_in(ROOT)
RULES = rules_in(POLICIES)


def text(path: str) -> str:
    return POLICIES[path].decode()


@cache
def program() -> Program:
    path = find_program(os.environ)
    return Program(path, version_of(path))


@cache
def report() -> PolicyTests:
    return run_policy_tests(POLICIES, program())


def test_there_are_at_least_fifteen_rules() -> None:
    assert len(RULES) >= 15


def test_policies_pass_the_strict_check_with_schemas_and_capabilities(tmp_path: Path) -> None:
    assert compile_bundle(POLICIES, program(), tmp_path).rules == RULES


def test_policies_are_formatted() -> None:
    assert unformatted(POLICIES, program()) == ()


def test_the_tests_of_the_policies_pass() -> None:
    assert report().failed == ()
    assert report().passed


def test_every_line_of_every_policy_is_covered() -> None:
    assert report().uncovered == ()


@pytest.mark.parametrize("rule", RULES)
def test_every_rule_is_tested_where_it_passes_where_it_denies_and_where_a_field_is_null(
    rule: str,
) -> None:
    tests = text(f"policies/{rule}/{rule}_test.rego")
    assert f"{rule}.deny == set()" in tests
    assert re.search(r"testing\.(said|codes)\(", tests)
    assert re.search(r"null|\[\]", tests)


@pytest.mark.parametrize("rule", RULES)
def test_every_denial_of_a_rule_is_shown_by_one_of_its_tests(rule: str) -> None:
    codes = re.findall(r"^#   code: (\S+)$", text(f"policies/{rule}/{rule}.rego"), re.MULTILINE)
    assert codes
    assert all(f'"{code}"' in text(f"policies/{rule}/{rule}_test.rego") for code in codes)


def test_every_rule_has_whole_metadata_and_codes_of_its_own(tmp_path: Path) -> None:
    bundle = compile_bundle(POLICIES, program(), tmp_path)
    rules = documented_rules(bundle, program(), POLICIES)
    codes = [denial.custom.code for rule in rules for denial in rule.denials]
    assert len(codes) == len(set(codes))
    assert all(re.fullmatch(r"[a-z]+(-[a-z]+)+", code) for code in codes)
    asked = {kind for rule in rules for kind in rule.about.custom.applies_to}
    assert asked == {"model", "deployment", "root", "change"}


def test_rules_hold_no_numbers_that_belong_into_data() -> None:
    for rule in RULES:
        code = re.sub(r"(?m)^\s*#.*$|\"[^\"]*\"", "", text(f"policies/{rule}/{rule}.rego"))
        assert set(re.findall(r"\b\d+(?:\.\d+)?\b", code)) <= {"0", "1", "2", "3"}, rule


def test_rules_compare_the_clock_with_dates_alone_so_that_sweeps_may_be_kept() -> None:
    assert not reads_the_clock(POLICIES)


@pytest.mark.parametrize("rule", RULES)
def test_a_misspelt_path_in_any_rule_fails(rule: str, tmp_path: Path) -> None:
    path = f"policies/{rule}/{rule}.rego"
    place = re.search(r"^[^#\n]*\binput\.[A-Za-z.]*[A-Za-z]", text(path), re.MULTILINE)
    assert place is not None
    misspelt = text(path)[: place.end()] + "x" + text(path)[place.end() :]
    with pytest.raises(InvalidDocument, match=re.escape(path)):
        compile_bundle(POLICIES | {path: misspelt.encode()}, program(), tmp_path)


def test_the_predicates_and_roles_are_those_of_the_evidence() -> None:
    named = yaml.safe_load(POLICIES["policies/data/evidence.yaml"])["predicates"].values()
    assert {one["type"]: one["role"] for one in named}.items() <= ISSUED_BY.items()


def test_the_metrics_of_which_less_is_better_are_those_of_the_manifest() -> None:
    data = yaml.safe_load(POLICIES["policies/data/metrics.yaml"])
    assert set(data["lowerIsBetter"]) == LOWER_IS_BETTER


def test_every_type_of_the_modules_has_one_price_or_is_free() -> None:
    table = read(PLAN_TABLE, POLICIES[PLAN_TABLE_PATH], PLAN_TABLE_PATH)
    known = [*table.free, *(price.type for price in table.prices)]
    assert len(known) == len(set(known))
    texts = [file.read_text("utf-8") for file in sorted((ROOT / "terraform").rglob("*.tf"))]
    used = set(re.findall(r'(?m)^resource "([a-z0-9_]+)"', "\n".join(texts)))
    assert used
    assert used <= set(known), used - set(known)


def test_a_higher_tier_never_asks_for_less() -> None:
    tiers = yaml.safe_load(POLICIES["policies/data/floors.yaml"])["tiers"]
    for lower, higher in (("low", "medium"), ("medium", "high")):
        for task, floors in tiers[lower].items():
            for metric, floor in floors.items():
                assert tiers[higher][task][metric] >= floor
    for name, kinds in (("card", "sections"), ("evidence", "required")):
        for by_tier in yaml.safe_load(POLICIES[f"policies/data/{name}.yaml"])[kinds].values():
            asked = [{json.dumps(one) for one in by_tier[t]} for t in ("low", "medium", "high")]
            assert asked[0] <= asked[1] <= asked[2]


def test_schema_capabilities_and_pages_are_what_would_be_generated_now(tmp_path: Path) -> None:
    wanted = generated_files(ROOT, program(), tmp_path)
    stale = [path for path, content in wanted.items() if (ROOT / path).read_bytes() != content]
    assert not stale, "run `turnpike policy docs`"
    assert stale_pages(ROOT, wanted) == ()
