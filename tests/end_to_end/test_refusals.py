"""Every rule denies, end to end, a change that the schemas let pass; its like passes."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path

import pytest

from end_to_end import changes, infrastructure
from end_to_end.changes import DESCRIPTION, Bench, Change, edit, in_a_copy, in_this, update
from end_to_end.evidence import Findings
from end_to_end.installed import PRODUCT
from end_to_end.people import RELEASE_MANAGER
from end_to_end.releases import opened, released
from end_to_end.verbs import Told
from end_to_end.watching import SHORT
from turnpike.evidence.statement import BILL_OF_MATERIALS, PROVENANCE
from turnpike.opa.bundle import rules_in


@dataclass(frozen=True, slots=True)
class Row:
    """A change that one rule denies with these codes, and the name of its like, which passes.

    ``also`` are codes of other rules that cannot but deny the same change.
    """

    rule: str
    codes: frozenset[str]
    change: Change
    like: str
    also: frozenset[str] = frozenset()


def row(rule: str, codes: str, change: Change, like: str, also: str = "") -> Row:
    return Row(rule, frozenset(codes.split()), change, like, frozenset(also.split()))


def name_of(one: Row) -> str:
    return f"{one.rule}: {' '.join(sorted(one.codes))}"


# The like of a promotion, "promotion", is judged where the live model is promoted.
LIKES: dict[str, Change] = {
    "edit": edit(DESCRIPTION),
    "update": update(),
    "route": changes.route("better summary", PROVENANCE, BILL_OF_MATERIALS),
    "deletion": changes.deleted("tom-becker", "ida-berg"),
    "release": changes.release_of("summary", "dev", None),
    "release after an edit": changes.release_after(DESCRIPTION),
    "release in spite of a stop": changes.under(
        "environments/stops/outage.yaml", changes.STOP.format(team="oncology")
    ),
    "release in spite of a freeze": changes.under(
        "environments/schedule.yaml", changes.FREEZE.format(team="oncology")
    ),
    "promotion after a soak": changes.soaking(SHORT),
    "promotion of a whole group": changes.grouped(2),
    "step of a rollout": changes.stepping(0),
    "settings": changes.resized(8),
    "infrastructure": infrastructure.planned(infrastructure.good),
    "retirement": changes.retire("production", "staging"),
}

SLICE = """  slices:
    - name: low-body-mass
      column: bmi
      operator: "<"
      value: 28.0
      thresholds: { mae: 51.0 }
"""
ASKING = """revalidation:
  requestedAt: "2199-01-01T00:00:00Z"
  reason: it will be old by then
"""
ON_CALL = """onCall:
  rotation: endocrinology-on-call
  channel: "#endocrinology-models"
"""
SLO = """slo:
  availabilityPercent: 99.0
  latencyP95Milliseconds: 300.0
"""
SECRET = (
    ("licence: BSD-3-Clause # that of scikit-learn, with which the records are distributed\n"
     "    classification: public"),
    "licence: BSD-3-Clause\n    classification: confidential",
)  # fmt: skip
ABROAD = (
    "residency: [EU, US]\n  validationFraction", "residency: [US]\n  validationFraction"
)  # fmt: skip
LONG = timedelta(minutes=10)
AS_LIVE = Findings(values={("overall", "r2"): 0.41})

ROWS = [
    row("admission_known", "admission-unknown",
        in_this(changes.release_by_another_decision), "release"),
    row("approvals_given", "approvals-missing", in_this(changes.unapproved), "edit"),
    row("approvals_given", "approvals-missing",
        changes.retire("production", "staging", approvers=(RELEASE_MANAGER,)), "retirement"),
    row("artifact_registered", "artifact-missing", in_this(changes.draft_again), "edit"),
    row("artifact_registered", "registry-digest-differs",
        in_this(changes.unregistered_bytes), "update"),
    row("artifact_registered", "provenance-missing",
        in_this(changes.without_provenance), "update"),
    row("artifact_scanned", "scan-missing", update(found=Findings(left_out={"scan"})), "update"),
    row("artifact_scanned", "scan-failed",
        update(found=Findings(failed={"scan": "formats"})), "update"),
    row("card_complete", "card-section-missing",
        edit(("## Limitations", "## Boundaries"), file="card.md"), "edit"),
    row("card_complete", "card-missing", in_this(changes.without_card), "edit"),
    row("data_classification", "classification-not-admitted",
        changes.release_after(SECRET, found=Findings()), "release after an edit"),
    row("data_licence", "licence-not-allowed",
        edit(("licence: BSD-3-Clause # that", "licence: LicenseRef-found-somewhere # that"),
             found=Findings()), "edit"),
    row("data_residency", "residency-not-allowed",
        changes.release_after(ABROAD, found=Findings()), "release after an edit"),
    # The approval that is missing is one that approvals_given asks for as well.
    row("deletion_approved", "deletion-unapproved",
        changes.deleted("tom-becker"), "deletion", also="approvals-missing"),
    row("deletion_approved", "deletion-too-large",
        changes.retire("dev", "staging", "production"), "retirement"),
    row("environment_order", "promotion-out-of-order",
        changes.release_of("summary", "dev", "staging"), "release"),
    # What skips an environment stands in none that production promotes from: both rules see it.
    row("environment_order", "promotion-out-of-order",
        changes.release_of("summary", "production", "staging"), "promotion",
        also="changed-since-source"),
    row("evidence_current", "release-evidence-failed",
        in_a_copy(changes.disproved), "promotion"),
    row("evidence_current", "release-evidence-expired",
        changes.promotion_after(("seed: 20262", "seed: 20263"), found=Findings(days_ago=400)),
        "promotion"),
    row("evidence_current", "release-evidence-missing",
        in_a_copy(changes.by_a_revoked_validator), "promotion"),
    row("evidence_current", "revalidation-missing",
        edit(("consumers:\n", ASKING + "consumers:\n")), "edit"),
    row("evidence_required", "evidence-missing",
        changes.route("better summary", PROVENANCE), "route"),
    row("lifecycle_active", "model-retired",
        changes.release_after(("lifecycle: active", "lifecycle: retired")),
        "release after an edit"),
    row("line_running", "line-stopped",
        changes.under("environments/stops/outage.yaml",
                      changes.STOP.format(team="endocrinology")), "release in spite of a stop"),
    row("metrics_met", "metric-below-threshold metric-on-too-few-records metric-unmeasured",
        update(("  slices:\n", SLICE), found=Findings(
            values={("overall", "mae"): 48.5}, records=9,
            unmeasured={("low-body-mass", "mae")})), "update"),
    row("no_regression", "metric-regressed",
        update(found=Findings(values={("overall", "rmse"): 59.5})), "update"),
    row("no_regression", "margin-too-wide",
        edit(("    mae: 2.0", "    mae: 20.0"), found=Findings()), "edit",
        also="approvals-missing"),
    row("on_call_present", "on-call-missing", edit((ON_CALL, "")), "edit"),
    row("on_call_present", "on-call-unknown",
        edit(("endocrinology-on-call", "night-owls")), "edit"),
    row("one_class_per_change", "classes-mixed", in_this(changes.with_a_page), "edit"),
    row("plan_destroys", "destruction-unapproved",
        infrastructure.planned(infrastructure.replaced), "infrastructure",
        also="approvals-missing"),
    row("plan_in_region", "region-outside-residency",
        infrastructure.planned(infrastructure.abroad), "infrastructure"),
    row("plan_in_region", "region-left-to-the-cloud",
        infrastructure.planned(infrastructure.copied), "infrastructure"),
    row("plan_made", "plan-missing", infrastructure.planned(None), "infrastructure"),
    row("plan_made", "plan-expired",
        infrastructure.planned(infrastructure.long_ago), "infrastructure"),
    row("plan_pinned", "module-unpinned provider-unknown",
        infrastructure.planned(infrastructure.foreign), "infrastructure", also="plan-unpriced"),
    row("plan_safe", "plan-exposes plan-unencrypted plan-unaudited plan-deletable"
        " plan-wildcard plan-long-lived-key",
        infrastructure.planned(infrastructure.careless), "infrastructure", also="plan-unpriced"),
    row("plan_within_cost", "plan-too-costly plan-unpriced",
        infrastructure.planned(infrastructure.dear), "infrastructure"),
    row("platform_run_clean", "platform-check-failed",
        update(found=Findings(failed={"platform": "latency"})), "update"),
    row("registry_namespace", "registry-name-foreign",
        in_this(changes.foreign_artifact), "edit"),
    row("release_group_whole", "release-group-split",
        changes.grouped(1), "promotion of a whole group"),
    row("resources_within_quota", "quota-exceeded", changes.resized(100), "settings"),
    row("risk_tier_kept", "risk-tier-lowered",
        update(("riskTier: medium", "riskTier: low")), "update"),
    row("route_revision_pinned", "route-revision-mutable",
        changes.route("moving summary", PROVENANCE, BILL_OF_MATERIALS), "route"),
    row("rollout_followed", "step-skipped", changes.stepping(100), "step of a rollout"),
    row("rollout_followed", "rest-differs", changes.stepping(0, rest=False), "step of a rollout"),
    row("schedule_open", "schedule-closed",
        changes.under("environments/schedule.yaml",
                      changes.FREEZE.format(team="endocrinology")), "release in spite of a freeze"),
    row("slo_for_production", "slo-missing",
        changes.promotion_after((SLO, "")), "promotion"),
    row("soak_completed", "soak-incomplete", changes.soaking(LONG), "promotion after a soak"),
    row("team_run_clean", "team-check-failed",
        update(found=Findings(failed={"team": "fairness"})), "update"),
    # Of a low tier no run of the team is demanded, but what the manifest names must have run.
    row("team_run_clean", "team-run-missing",
        edit(("riskTier: medium", "riskTier: low"), ("seed: 20262", "seed: 20263"),
             found=Findings(left_out={"team"})), "edit"),
    row("thresholds_floor", "threshold-below-floor",
        edit(("r2: 0.4", "r2: 0.2"), found=AS_LIVE), "edit", also="approvals-missing"),
    row("thresholds_floor", "threshold-missing",
        edit(("    r2: 0.4\n", ""), found=AS_LIVE), "edit", also="approvals-missing"),
    row("thresholds_kept", "margin-widened slice-redefined threshold-weakened",
        update(("r2: 0.4", "r2: 0.35"), ("    mae: 2.0", "    mae: 2.5"),
               ("value: 28.0", "value: 30.0"), found=AS_LIVE), "update", also="approvals-missing"),
    row("unchanged_since_last_environment", "changed-since-source",
        in_a_copy(changes.untried_manifest), "promotion"),
]  # fmt: skip


@pytest.fixture(scope="module")
def bench(merged: Bench, judged: dict[str, Told]) -> Bench:
    """The live model in every environment and target, the route merged; in a copy of its own."""
    bench = merged.copied()
    bench.admitted(bench.draft("summary"), Findings())
    released(bench.world, bench.draft("diabetes"), "dev")
    released(bench.world, bench.draft("diabetes"), "staging")
    promotion = opened(bench.world, bench.draft("diabetes"), "production")
    judged["promotion"] = bench.world.gate(promotion)
    bench.world.merged(promotion)
    return bench


@pytest.fixture(scope="module")
def judged() -> dict[str, Told]:
    """What the gate said of each good change, so that it is judged once."""
    return {}


@pytest.mark.parametrize("row", ROWS, ids=name_of)
def test_the_gate_denies_what_the_rule_is_for_and_nothing_else(
    row: Row, bench: Bench, judged: dict[str, Told]
) -> None:
    proposal = row.change(bench)
    told = proposal.world.gate(proposal.number)
    assert told.code == 1, str(told)
    findings = told.json()["findings"]
    assert {finding["code"] for finding in findings} == row.codes | row.also, str(told)
    for finding in findings:
        assert all(finding[said].strip() for said in ("expected", "actual", "solution")), finding
    assert_allowed(row.like, bench, judged)


def assert_allowed(name: str, bench: Bench, judged: dict[str, Told]) -> None:
    if name not in judged:
        proposal = LIKES[name](bench)
        judged[name] = proposal.world.gate(proposal.number)
    assert judged[name].code == 0, str(judged[name])
    assert judged[name].json()["verdict"] == "allow"


def test_every_rule_has_a_row() -> None:
    files = dict.fromkeys(policy_files(), b"")
    assert {row.rule for row in ROWS} == set(rules_in(files))


@pytest.mark.parametrize("row", ROWS, ids=name_of)
def test_the_codes_of_a_row_are_those_of_its_rule(row: Row) -> None:
    text = (PRODUCT / "policies" / row.rule / f"{row.rule}.rego").read_text(encoding="utf-8")
    assert row.codes <= set(re.findall(r"^#\s+code: (\S+)$", text, re.MULTILINE))


def policy_files() -> list[str]:
    folder: Path = PRODUCT / "policies"
    return [f"policies/{file.relative_to(folder).as_posix()}" for file in folder.rglob("*.rego")]
