"""Facts weighed once: everything that needs no answer of the policies.

``situation_of(facts)`` does the costly part (signatures, owners, derivations) a single time;
``queries_about(situation)`` is what the policies are asked, ``conclude(situation, queries,
answer)`` decides. To ask "what if", take ``dataclasses.replace`` of what is different and ask and
conclude again, which costs no signature and no rendering:

- ``requirements``: approvals given or missing (each carries who approved it);
- ``hearing``: the statements that count;
- ``standing``, ``reviews``: findings that neither policies nor approvals take away;
- ``facts``: another clock; what depends on it is weighed by ``situation_of`` once more.

A hypothesis about what a policy sees is a ``model_copy`` of one of the queries.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from turnpike.documents.identifiers import Digest
from turnpike.judge.conformance import nonconforming, unchecked
from turnpike.judge.consistency import consistency
from turnpike.judge.decision import ChangeClass, Decision, Finding, Requirement
from turnpike.judge.derivation import derivation
from turnpike.judge.emergencies import debt_findings
from turnpike.judge.equivalence import inequivalent
from turnpike.judge.facts import Facts
from turnpike.judge.hygiene import hygiene
from turnpike.judge.ownership import ownership
from turnpike.judge.proposed import broken_policies, past_notes
from turnpike.judge.render_order import render_order
from turnpike.judge.requirements import requirements_of, review_findings, review_notes
from turnpike.judge.subjects import class_of_change
from turnpike.judge.testimony import Hearing, decisions_in, hear

CLOCK_BACKWARDS = "clock.backwards"
"""How the doubt is called that leaves everything undecided until the clock is right."""


@dataclass(frozen=True, slots=True)
class Situation:
    """Facts with what follows from them before any policy is asked.

    ``doubts`` leave the change undecided. ``standing`` stands against it whatever people or
    policies say (steps 1, 2 and 6), ``reviews`` is what reviewers have against it. ``notes`` tell
    what does not count, and what changed policies would have made of the past. ``decisions`` are
    earlier ones, rightly signed, that the changed releases name.
    """

    facts: Facts
    change_class: ChangeClass
    hearing: Hearing
    decisions: Mapping[Digest, Decision]
    requirements: tuple[Requirement, ...]
    doubts: tuple[Finding, ...]
    standing: tuple[Finding, ...]
    reviews: tuple[Finding, ...]
    notes: tuple[Finding, ...]


def situation_of(facts: Facts) -> Situation:
    """Return the facts, weighed: steps 1 to 6 of the judge."""
    change_class = class_of_change(facts)
    return Situation(
        facts=facts,
        change_class=change_class,
        hearing=hear(facts),
        decisions=decisions_in(facts),
        requirements=requirements_of(facts, change_class),
        doubts=(*_clock_doubts(facts), *unchecked(facts, change_class)),
        standing=(
            *hygiene(facts, change_class),
            *consistency(facts),
            *ownership(facts),
            *broken_policies(facts),
            *derivation(facts, change_class),
            *render_order(facts, change_class),
            *nonconforming(facts),
            *inequivalent(facts, change_class),
            *debt_findings(facts, change_class),
        ),
        reviews=review_findings(facts, change_class),
        notes=(*review_notes(facts), *past_notes(facts)),
    )


def _clock_doubts(facts: Facts) -> tuple[Finding, ...]:
    last = facts.record.last_clock
    if last is None or facts.clock >= last:
        return ()
    return (
        Finding(
            code=CLOCK_BACKWARDS,
            subject="clock",
            expected=f"a time not before the last decision, {last.isoformat()}",
            actual=facts.clock.isoformat(),
            message="This machine's clock stands earlier than the record's last entry.",
            solution="Set the clock right, then decide again.",
        ),
    )
