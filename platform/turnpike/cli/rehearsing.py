"""A recall carried out in a throw-away copy: the real judge, real merges, nobody's real keys."""

from __future__ import annotations

import time
from collections.abc import Iterable, Iterator, Mapping

from turnpike.approvals.owners import members_of
from turnpike.change.gate import Judged
from turnpike.change.merge import Gate, judge_pull_request, merge_pull_request
from turnpike.cli.output import progress, table
from turnpike.cli.recall import ground_of
from turnpike.cli.releasing import open_plan
from turnpike.cli.wiring import House, now
from turnpike.errors import InputError
from turnpike.explain.escape import for_terminal
from turnpike.instance.rehearsal import rehearsal_of
from turnpike.judge.requirements import APPROVALS_MISSING
from turnpike.judge.suspect import Suspect
from turnpike.manifest.release import Release
from turnpike.promotion.plan import ReleasePlan
from turnpike.promotion.recall import blast_radius, plan_recall
from turnpike.promotion.rehearsal import Carried, Cleared, cleared_by
from turnpike.promotion.standing import standing_of_all
from turnpike.signing.process import SigningProcess

Rehearsed = tuple[tuple[Carried, ...], tuple[Cleared, ...]]


def rehearsed(house: House, suspect: Suspect, *, by_team: bool) -> Rehearsed:
    """Recall a suspect in a copy of an instance; return each change, and when each place was clear.

    Nothing of the real instance is written. The clock starts once the copy stands, so that reading
    the blast radius and planning count. Raises InputError without a bot that could open changes.
    """
    with rehearsal_of(house.instance, now()) as instance:
        copy = House(instance)
        bot = _bot(copy)
        began = time.monotonic()
        ground = ground_of(copy, copy.main)
        radius = blast_radius(suspect, ground)
        plans = plan_recall(suspect, radius, ground, by_team=by_team)
        with copy.signer("gate") as signer:
            steps = tuple(_carried_out(copy, signer, bot, plans, began))
        return tuple(carried for carried, _ in steps), cleared_by(radius, steps)


def rehearsed_lines(steps: Iterable[Carried], places: Iterable[Cleared]) -> list[str]:
    """Return a rehearsal for people: what each change asked for, and when each place was clear."""
    lines = []
    for one in steps:
        state = f"denied: {', '.join(one.codes)}" if one.codes else f"after {one.seconds:.1f} s"
        lines.append(for_terminal(f"{one.title}: {'merged ' if not one.codes else ''}{state}"))
        lines += [for_terminal(f"  would ask for {asked}") for asked in one.approvals]
    found = [
        (
            f"{one.key.environment}/{one.key.target}",
            str(one.key.model_key),
            one.artifact[:19],
            "still released" if one.seconds is None else f"{one.seconds:.1f} s",
        )
        for one in places
    ]
    if not found:
        return ["Nothing that is released says that it was reached."]
    return [*lines, *table(("where", "model", "artifact", "clear after"), found)]


def _carried_out(
    copy: House, signer: SigningProcess, bot: str, plans: Iterable[ReleasePlan], began: float
) -> Iterator[tuple[Carried, Mapping[str, Release]]]:
    for plan in plans:
        progress(f"rehearsing: {plan.title}")
        opened = open_plan(copy, bot, plan, copy.main)
        policies = copy.policies()
        gate = copy.gate(policies, policies.ask, bot)
        asked = tuple(_approved(copy, gate, opened.number))
        merged = merge_pull_request(gate, signer, opened.number)
        codes = sorted({one.code for one in merged.judged.decision.findings})
        seconds = time.monotonic() - began
        carried = Carried(plan.title, opened.number, asked, tuple(codes), seconds)
        yield carried, standing_of_all(copy.host, copy.main).releases


def _approved(copy: House, gate: Gate, number: int) -> Iterator[str]:
    """Let everybody approve whom the change needs; yield what it needs, in words."""
    judged = judge_pull_request(gate, number)
    for one in judged.decision.requirements:
        yield f"{one.count} of {one.group or 'nobody'} ({one.reason})"
    for person in sorted(_asked_people(copy, judged)):
        copy.forge(person).review(number, "approved", judged.facts.merge.head)


def _asked_people(copy: House, judged: Judged) -> frozenset[str]:
    """Return all members of the groups that are asked; whose word does not count adds nothing."""
    unmet = any(one.code == APPROVALS_MISSING for one in judged.decision.findings)
    groups = {
        group
        for one in judged.decision.requirements
        if not one.is_met
        for group in one.group.split(" or ")
    }
    people = (members_of(copy.organisation, group) for group in groups)
    return frozenset[str]().union(*people) if unmet else frozenset()


def _bot(copy: House) -> str:
    bots = copy.organisation.bots
    if not bots:
        raise InputError(
            "organisation.yaml: expected a bot that opens the changes of a rehearsal, found none",
            code="rehearsal.no-bot",
            solution="Add a bot to policies/data/organisation.yaml.",
        )
    return bots[0].id
