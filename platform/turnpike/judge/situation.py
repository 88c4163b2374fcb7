"""Facts weighed once: everything that needs no answer of the policies.

``situation_of(facts)`` does the costly part (signatures, owners, derivations) a single time;
``queries_about(situation)`` is what the policies are asked, ``conclude(situation, queries,
answer)`` decides. To ask "what if", take what is different and ask and conclude again:

- what people say: ``with_people``, which costs no signature and no rendering;
- the statements that count: ``dataclasses.replace`` of ``hearing``, which costs none either;
- anything else of the facts, the clock included: ``situation_of`` once more.

A hypothesis about what a policy sees is a ``model_copy`` of one of the queries.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace

from turnpike.documents.identifiers import Digest
from turnpike.judge.access_files import misrendered_access
from turnpike.judge.conformance import nonconforming, unchecked
from turnpike.judge.consistency import consistency
from turnpike.judge.decision import ChangeClass, Decision, Finding, Requirement
from turnpike.judge.derivation import derivation
from turnpike.judge.emergencies import debt_findings
from turnpike.judge.equivalence import inequivalent
from turnpike.judge.facts import Facts
from turnpike.judge.hygiene import hygiene
from turnpike.judge.let_in import left_behind
from turnpike.judge.owed_evidence import evidence_owed
from turnpike.judge.owed_soak import soaks_owed
from turnpike.judge.ownership import ownership
from turnpike.judge.plans import plans_in
from turnpike.judge.proposed import broken_policies, past_notes
from turnpike.judge.render_order import render_order
from turnpike.judge.requirements import agreement_on
from turnpike.judge.subjects import class_of_change
from turnpike.judge.testimony import Hearing, Testimony, decisions_in, hear

CLOCK_BACKWARDS = "clock.backwards"
"""How the doubt is called that leaves everything undecided until the clock is right."""


@dataclass(frozen=True, slots=True)
class Situation:
    """Facts with what follows from them before any policy is asked.

    ``doubts`` leave the change undecided. ``standing`` stands against it whatever people or
    policies say (steps 1, 2 and 6), ``reviews`` is what reviewers have against it. ``notes`` tell
    what does not count, and what changed policies would have made of the past. ``decisions`` are
    earlier ones, rightly signed, that the changed releases name; ``plans`` the newest one of each
    root of Terraform that the change touches, by its path.
    """

    facts: Facts
    change_class: ChangeClass
    hearing: Hearing
    decisions: Mapping[Digest, Decision]
    plans: Mapping[str, Testimony]
    requirements: tuple[Requirement, ...]
    doubts: tuple[Finding, ...]
    standing: tuple[Finding, ...]
    reviews: tuple[Finding, ...]
    notes: tuple[Finding, ...]


def situation_of(facts: Facts, like: Situation | None = None) -> Situation:
    """Return the facts, weighed: steps 1 to 6 of the judge.

    ``like`` is a situation that was weighed before: where its evidence, keys and clock are the very
    same, no signature is checked again.
    """
    change_class = class_of_change(facts)
    agreement = agreement_on(facts, change_class)
    hearing = like.hearing if like and _offers_the_same(facts, like.facts) else hear(facts)
    return Situation(
        facts=facts,
        change_class=change_class,
        hearing=hearing,
        decisions=decisions_in(facts),
        plans=plans_in(facts),
        requirements=agreement.requirements,
        doubts=(*_clock_doubts(facts), *unchecked(facts, change_class)),
        standing=(
            *hygiene(facts, change_class),
            *consistency(facts),
            *ownership(facts),
            *misrendered_access(facts),
            *left_behind(facts),
            *broken_policies(facts),
            *derivation(facts, change_class),
            *render_order(facts, change_class),
            *nonconforming(facts),
            *inequivalent(facts, change_class),
            *debt_findings(facts, change_class),
            *evidence_owed(facts, hearing),
            *soaks_owed(facts, hearing),
        ),
        reviews=agreement.findings,
        notes=(*agreement.notes, *past_notes(facts)),
    )


def _offers_the_same(facts: Facts, earlier: Facts) -> bool:
    return (
        facts.evidence is earlier.evidence
        and facts.keys is earlier.keys
        and facts.clock == earlier.clock
    )


def with_people(situation: Situation, facts: Facts) -> Situation:
    """Return the situation after people have said something else: who pushed, reviewed, approves.

    ``facts`` may differ from the situation's own in the pull request alone. What follows from
    anything else, signatures and derivations above all, is not weighed again.
    """
    agreement = agreement_on(facts, situation.change_class)
    return replace(
        situation,
        facts=facts,
        requirements=agreement.requirements,
        reviews=agreement.findings,
        notes=(*agreement.notes, *past_notes(facts)),
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
