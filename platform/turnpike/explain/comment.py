"""The one comment on a pull request: what a reviewer reads in ten seconds, and what would change.

Markdown. Every text that somebody else wrote is escaped; the marker in the first line is what the
comment is found by again on hosts where an account may have several.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import UTC

from turnpike.documents.identifiers import Digest
from turnpike.evidence.plan import TerraformPlan
from turnpike.evidence.predicates import ValidationResult
from turnpike.explain.decision_text import debt_text, waived_text
from turnpike.explain.escape import for_code_block, for_markdown
from turnpike.explain.explanation import Explanation
from turnpike.explain.plan_text import changes_of, plan_in_words
from turnpike.judge.decision import Decision
from turnpike.judge.facts import Facts
from turnpike.judge.plans import PLAN_COST, plans_in
from turnpike.judge.testimony import Testimony

MARKER = "<!-- turnpike: decision -->"
LONGEST = 20_000
_MOST_ROWS = 12
_LONGEST_DIFF = 6_000
_VERDICTS = {"allow": "**Allowed**", "deny": "**Denied**", "undecided": "**Not decided**"}


@dataclass(frozen=True, slots=True)
class Told:
    """What the comment tells: a decision with its name, and what counted of the evidence.

    ``diffs`` are unified diffs with the deployments that they are of, in their order; of a large
    change most are never asked for.
    """

    facts: Facts
    decision: Decision
    digest: Digest
    explanation: Explanation | None
    testimony: tuple[Testimony, ...]
    diffs: Iterable[tuple[str, str]]


def comment_text(told: Told) -> str:
    """Return the comment; diffs that would make it longer than hosts take are left out."""
    text = "\n".join((MARKER, *_table(told), *_findings(told.decision)))
    for place, diff in told.diffs:
        block = f"\n\n{_collapsed(place, diff)}"
        if len(text) + len(block) > LONGEST - 200:
            text += "\n\nFurther rendered diffs are left out here; Git has them."
            break
        text += block
    return f"{text}\n"


def _table(told: Told) -> Iterator[str]:
    yield "| | |"
    yield "|---|---|"
    for name, value in _rows(told):
        yield f"| {name} | {value} |"


def _rows(told: Told) -> Iterator[tuple[str, str]]:
    decision = told.decision
    yield "verdict", _VERDICTS[decision.verdict]
    yield "class", decision.change_class
    yield "subject", _listed(decision.subjects)
    if told.explanation is not None:
        needed = (one.text for one in told.explanation.needed)
        yield "what is missing", _listed(needed, "<br>")
    yield "who must approve", _listed(_approvers(decision), "<br>")
    if decision.waived:
        yield "waived", _listed(map(waived_text, decision.waived), "<br>")
    if decision.debts:
        yield "owed", _listed(map(debt_text, decision.debts), "<br>")
    yield "evidence", _listed(_evidence(told), "<br>")
    planned = list(_planned(told))
    if planned:
        yield "plan", _listed(planned, "<br>")
    yield "valid until", f"{decision.valid_until.astimezone(UTC):%Y-%m-%d %H:%M:%S} UTC"
    yield "decision", f"`{told.digest}`"


def _approvers(decision: Decision) -> Iterator[str]:
    for one in decision.requirements:
        given = ", ".join(one.approved_by) or "nobody yet"
        mark = "met" if one.is_met else "open"
        yield f"{mark}: {one.count} of {one.group or 'an owner, of which there is none'}: {given}"


def _evidence(told: Told) -> Iterator[str]:
    """Yield each metric of the platform's runs beside its threshold, and other statements."""
    wanted = dict(_thresholds(told.facts))
    for witness in told.testimony:
        said = witness.predicate
        kind = witness.statement.predicate_type.removeprefix("https://")
        yield f"{kind} by {witness.key.name}"
        for one in said.metrics if isinstance(said, ValidationResult) else ():
            threshold = wanted.get((one.slice, one.metric))
            against = f" against {threshold:g}" if threshold is not None else ""
            yield f"{one.metric} {one.value:.5g}{against} on slice {one.slice}"


def _planned(told: Told) -> Iterator[str]:
    """Yield each root's plan in one sentence, then what becomes of which resource."""
    for _, witness in sorted(plans_in(told.facts).items()):
        if isinstance(witness.predicate, TerraformPlan):
            plan = witness.predicate
            yield plan_in_words(plan, told.decision.noted(PLAN_COST, plan.root))
            yield from changes_of(plan)


def _thresholds(facts: Facts) -> Iterator[tuple[tuple[str, str], float]]:
    for model in facts.head.models.values():
        if model.kind != "predictive":
            continue
        for metric, value in model.validation.thresholds.items():
            yield ("overall", metric), value
        for one in model.validation.slices:
            for metric, value in one.thresholds.items():
                yield (one.name, metric), value


def _listed(texts: Iterable[str], between: str = ", ") -> str:
    all_ = list(dict.fromkeys(texts))
    shown = [for_markdown(text[:300]) for text in all_[:_MOST_ROWS]]
    more = [f"and {len(all_) - _MOST_ROWS} more"] if len(all_) > _MOST_ROWS else []
    return between.join((*shown, *more)) or "none"


def _findings(decision: Decision) -> Iterator[str]:
    if decision.findings:
        yield ""
    for one in decision.findings[:_MOST_ROWS]:
        said = (one.code, one.subject, f"expected {one.expected}, found {one.actual}")
        yield "- " + ": ".join(for_markdown(text[:300]) for text in said)
    if len(decision.findings) > _MOST_ROWS:
        yield f"- and {len(decision.findings) - _MOST_ROWS} more: `turnpike explain` lists them"


def _collapsed(place: str, diff: str) -> str:
    is_cut = len(diff) > _LONGEST_DIFF
    shown = f"{diff[:_LONGEST_DIFF]}\n... cut here" if is_cut else diff
    summary = for_markdown(f"rendered for {place}")
    return f"<details><summary>{summary}</summary>\n\n{for_code_block(shown)}\n\n</details>"
