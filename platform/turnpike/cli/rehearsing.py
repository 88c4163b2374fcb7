"""A recall carried out in a throw-away copy: the real judge, real merges, nobody's real keys."""

from __future__ import annotations

import time
from collections.abc import Iterable, Iterator, Sequence
from contextlib import ExitStack, contextmanager
from typing import TYPE_CHECKING

from turnpike.approvals.owners import members_of
from turnpike.change.gate import Judged
from turnpike.change.merge import Gate, judge_pull_request, merge_pull_request
from turnpike.cli.output import progress, table
from turnpike.cli.recall import ground_of
from turnpike.cli.releasing import open_plan
from turnpike.cli.site import Site
from turnpike.cli.wiring import House, now
from turnpike.documents.identifiers import Digest
from turnpike.errors import InputError
from turnpike.explain.escape import for_terminal
from turnpike.instance.rehearsal import rehearsal_of
from turnpike.judge.requirements import APPROVALS_MISSING
from turnpike.judge.suspect import Suspect
from turnpike.promotion.former import Unexamined
from turnpike.promotion.plan import ReleasePlan
from turnpike.promotion.recall import blast_radius, plan_recall
from turnpike.promotion.rehearsal import Carried, Cleared, Step, cleared_by
from turnpike.promotion.standing import environments_on, standing_of_all
from turnpike.signing.process import SigningProcess

if TYPE_CHECKING:
    from turnpike.cluster.local import LocalServer

Rehearsed = tuple[tuple[Carried, ...], tuple[Cleared, ...], tuple[Unexamined, ...]]


def rehearsed(house: House, suspect: Suspect, *, by_team: bool, serve: bool) -> Rehearsed:
    """Recall a suspect in a copy of an instance.

    Return each change, when each place was clear, and what nobody could examine. Nothing of the
    real instance is written. With ``serve`` each site that was reached is served meanwhile. The
    clock starts once the copy stands and serves, so that reading the blast radius and planning
    count. Raises InputError without a bot that could open changes.
    """
    with rehearsal_of(house.instance, now()) as instance, ExitStack() as stack:
        copy = House(instance)
        bot = _bot(copy)
        servers = stack.enter_context(_serving(copy, suspect)) if serve else ()
        signer = stack.enter_context(copy.signer("gate"))
        began = time.monotonic()
        ground = ground_of(copy, copy.main)
        radius = blast_radius(suspect, ground)
        plans = plan_recall(suspect, radius, ground, by_team=by_team)
        steps = tuple(_carried_out(copy, signer, bot, plans, servers, began))
        carried = tuple(step.carried for step in steps)
        return carried, cleared_by(radius, steps), ground.unexamined


@contextmanager
def _serving(copy: House, suspect: Suspect) -> Iterator[tuple[tuple[Site, LocalServer], ...]]:
    """Serve each local target that a suspect reached, by a server of its own, as main says.

    Raises InputError where it reached none.
    """
    from turnpike.cli.serving_environment import serving_python
    from turnpike.cluster.local import LocalServer

    reached = blast_radius(suspect, ground_of(copy, copy.main)).deployments
    places = {(one.key.environment, one.key.target) for one in reached}
    sites = [Site(copy, *place) for place in sorted(places & _local_targets(copy))]
    if not sites:
        raise InputError(
            "--serve: expected a target of the cloud local among what was reached, found none",
            code="rehearsal.nothing-local",
            solution="Rehearse without --serve: what is measured then is until main releases it no"
            " more.",
        )
    python = serving_python()
    with ExitStack() as stack:
        servers = []
        for site in sites:
            progress(f"rehearsing: a server for {site}")
            server = stack.enter_context(LocalServer(python, site.state))
            site.serve(site.said(), server)
            servers.append((site, server))
        yield tuple(servers)


def _local_targets(copy: House) -> frozenset[tuple[str, str]]:
    environments = environments_on(copy.host, copy.main).values()
    return frozenset(
        (e.name, t.name) for e in environments for t in e.targets if t.cloud == "local"
    )


def _served(site: Site, server: LocalServer) -> frozenset[Digest]:
    """Let a server follow main, and return what it serves then."""
    return frozenset(one.artifact for one in site.serve(site.said(), server).running)


def rehearsed_lines(steps: Iterable[Carried], places: Sequence[Cleared]) -> list[str]:
    """Return a rehearsal for people: what each change asked for, and when each place was clear."""
    lines = []
    for one in steps:
        state = f"denied: {', '.join(one.codes)}" if one.codes else f"after {one.seconds:.1f} s"
        lines.append(for_terminal(f"{one.title}: {'merged ' if not one.codes else ''}{state}"))
        lines += [for_terminal(f"  next: {way}") for way in one.solutions]
        lines += [for_terminal(f"  would ask for {asked}") for asked in one.approvals]
    found = [
        (
            f"{one.key.environment}/{one.key.target}",
            str(one.key.model_key),
            one.artifact[:19],
            "still released" if one.seconds is None else f"{one.seconds:.1f} s",
            _unserved(one),
        )
        for one in places
    ]
    if not found:
        return ["Nothing that is released says that it was reached."]
    head = ("where", "model", "artifact", "clear after", "not served after")
    columns = len(head) if any(map(_unserved, places)) else len(head) - 1
    return [*lines, *table(head[:columns], [row[:columns] for row in found])]


def _unserved(one: Cleared) -> str:
    if one.unserved is not None:
        return f"{one.unserved:.1f} s"
    return "still served" if one.still_serves else ""


def _carried_out(
    copy: House,
    signer: SigningProcess,
    bot: str,
    plans: Iterable[ReleasePlan],
    servers: Iterable[tuple[Site, LocalServer]],
    began: float,
) -> Iterator[Step]:
    for plan in plans:
        progress(f"rehearsing: {plan.title}")
        opened = open_plan(copy, bot, plan, copy.main)
        policies = copy.policies()
        gate = copy.gate(policies, policies.ask, bot)
        asked = tuple(_approved(copy, gate, opened.number))
        merged = merge_pull_request(gate, signer, opened.number)
        findings = merged.judged.decision.findings
        codes = tuple(sorted({one.code for one in findings}))
        ways = tuple(dict.fromkeys(one.solution for one in findings))
        seconds = time.monotonic() - began
        carried = Carried(plan.title, opened.number, asked, codes, seconds, ways)
        serving = {(s.environment, s.target): _served(s, at) for s, at in servers}
        releases = standing_of_all(copy.host, copy.main).releases
        yield Step(carried, releases, serving, time.monotonic() - began)


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
