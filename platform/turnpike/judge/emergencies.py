"""Break-glass: what an emergency may leave out, who answers for it, and what it owes afterwards.

An emergency release stands in place of the environment's approvals, and of the rules that say of
themselves that they yield to one. It never skips a digest, a signature or isolation: nothing of the
core yields. Its debt is part of the decision; paid too late, it blocks the team's ordinary changes.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from shlex import quote

from turnpike.approvals.owners import members_of
from turnpike.approvals.required import Need
from turnpike.judge.decision import ChangeClass, Debt, Finding, Waived
from turnpike.judge.facts import Facts
from turnpike.judge.layout import DeploymentKey, deployment_of, model_of, settlement_of
from turnpike.judge.rollback import is_rollback
from turnpike.judge.testimony import debts_in, indebted_in
from turnpike.manifest.release import Emergency
from turnpike.topology.organisation import Organisation
from turnpike.topology.settlement import Settlement

ROLLBACK = "rollback"
"""What takes away, at the price of a debt, that the evidence of an earlier release has expired."""

_DEBT_HOURS = 72  # where the organisation arranges no break-glass, as its default
_ORDINARY: frozenset[ChangeClass] = frozenset(("model", "settings", "release"))


def emergencies_in(facts: Facts) -> dict[DeploymentKey, Emergency]:
    """Return the emergencies that the change declares, by deployment."""
    found: dict[DeploymentKey, Emergency] = {}
    for path, release in sorted(facts.head.releases.items()):
        key = deployment_of(path)
        if key and release.emergency and release != facts.base.releases.get(path):
            found[key] = release.emergency
    return found


def emergency_needs(facts: Facts, organisation: Organisation) -> Iterator[Need]:
    """Yield, for each emergency, the word of the one incident commander that it names."""
    glass = organisation.break_glass
    for key, emergency in emergencies_in(facts).items():
        group = glass.commanders if glass else organisation.roles.platform_owners
        others = set(members_of(organisation, group)) - {emergency.commander}
        reason = f"emergency {emergency.incident} in {key.environment}: {emergency.commander}"
        yield Need((group,), 1, reason, barred=tuple(sorted(others)))


@dataclass(frozen=True, slots=True)
class Unfit:
    """What is wrong with one field of an emergency."""

    code: str
    field: str
    expected: str
    actual: str


def emergency_findings(facts: Facts) -> Iterator[Finding]:
    """Yield what is wrong with the emergencies that a change declares."""
    settled = tuple(facts.base.settlements.values())
    for key, emergency in emergencies_in(facts).items():
        path = key.path("release.yaml")
        found = unfit_in(emergency, key.team, facts.base.organisation, settled, facts.clock)
        for one in found:
            wanted = f"{one.field}: {one.expected}" if one.field else one.expected
            yield _finding(one.code, path, wanted, one.actual)


def unfit_in(
    emergency: Emergency,
    team: str,
    organisation: Organisation | None,
    settled: Iterable[Settlement],
    at: datetime,
) -> Iterator[Unfit]:
    """Yield what main does not let an emergency of a team say at a moment.

    An incident that is settled already would pay what nobody has looked at.
    """
    glass = organisation.break_glass if organisation else None
    if organisation is None or glass is None:
        wanted = "breakGlass in policies/data/organisation.yaml on main"
        yield Unfit("emergency.not-arranged", "", wanted, "none")
        return
    commanders = members_of(organisation, glass.commanders)
    if emergency.commander not in commanders:
        wanted = f"one of {', '.join(sorted(commanders)) or 'nobody'}"
        field = "emergency.commander"
        yield Unfit("emergency.unknown-commander", field, wanted, emergency.commander)
    latest = at + timedelta(hours=glass.longest_hours)
    if not at < emergency.expires_at <= latest:
        wanted = f"after {at.isoformat()}, by {latest.isoformat()}"
        ends = emergency.expires_at.isoformat()
        yield Unfit("emergency.expired", "emergency.expiresAt", wanted, ends)
    for one in settled:
        if (one.team, one.incident) == (team, emergency.incident):
            wanted = f"an incident that environments/debts/{one.name}.yaml does not settle already"
            field = "emergency.incident"
            yield Unfit("emergency.incident-settled", field, wanted, emergency.incident)


def debts_of(facts: Facts, waived: Iterable[Waived]) -> tuple[Debt, ...]:
    """Return what the change owes once it is merged.

    One debt for each emergency, and one for each rollback to evidence that has expired.
    """
    organisation = facts.base.organisation
    author, due = author_of(facts), debt_due(facts)
    glass = organisation.break_glass if organisation else None
    emergencies = (
        Debt(
            team=key.team,
            deployment=str(key),
            incident=emergency.incident,
            reason=emergency.reason,
            commander=emergency.commander,
            author=author,
            due=due,
        )
        for key, emergency in (emergencies_in(facts) if glass else {}).items()
    )
    expired = sorted({one.subject for one in waived if one.waiver == ROLLBACK})
    return (*emergencies, *(_debt_of_rollback(facts, place, author, due) for place in expired))


def _debt_of_rollback(facts: Facts, place: str, author: str, due: datetime) -> Debt:
    key = DeploymentKey.parse(place)
    release = facts.head.releases[key.path("release.yaml")]
    return Debt(
        team=key.team,
        deployment=place,
        incident=f"{key.model}-{release.version}-evidence-{facts.clock:%Y-%m-%d}",
        reason="rolled back to a release whose evidence has expired",
        commander="",
        author=author,
        due=due,
    )


def author_of(facts: Facts) -> str:
    """Return the person who opened the change, or the account where it is nobody's; else empty."""
    organisation, request = facts.base.organisation, facts.pull_request
    if request is None:
        return ""
    person = organisation.person_of_account(request.host, request.author) if organisation else None
    return person or request.author


def debt_due(facts: Facts) -> datetime:
    """Return until when a debt that this decision leaves must be paid."""
    organisation = facts.base.organisation
    glass = organisation.break_glass if organisation else None
    return facts.clock + timedelta(hours=glass.debt_hours if glass else _DEBT_HOURS)


def unpaid_debts(facts: Facts) -> tuple[Debt, ...]:
    """Return the debts that no settlement on main pays, the earliest of each incident."""
    paid = {(one.team, one.incident) for one in facts.base.settlements.values()}
    open_: dict[tuple[str, str, str], Debt] = {}
    for debt in sorted(debts_in(facts), key=lambda debt: debt.due):
        if (debt.team, debt.incident) not in paid:
            open_.setdefault((debt.team, debt.incident, debt.deployment), debt)
    return tuple(open_.values())


def debt_findings(facts: Facts, change_class: ChangeClass) -> Iterator[Finding]:
    """Yield a finding for each incident that is overdue, where a team goes on as if none were."""
    if change_class not in _ORDINARY:
        return
    teams = {team for change in facts.changes if (team := _ordinary_team(facts, change.path))}
    overdue: dict[tuple[str, str], list[Debt]] = defaultdict(list)
    for debt in unpaid_debts(facts):
        if debt.team in teams and debt.due <= facts.clock:
            overdue[debt.team, debt.incident].append(debt)
    yield from (_overdue(*incident, debts) for incident, debts in overdue.items())


def _overdue(team: str, incident: str, debts: list[Debt]) -> Finding:
    places = ", ".join(debt.deployment for debt in debts)
    due = min(debt.due for debt in debts)
    return Finding(
        code="debt.unpaid",
        subject=team,
        expected=f"a settlement of {incident}, due {due.isoformat()}",
        actual="none on main",
        message=f"{team} owes the review of an emergency in {places}.",
        solution=f"`{settling(team, incident)}` opens the change that pays it.",
    )


def settling(team: str, incident: str) -> str:
    """Return the command that settles an incident."""
    return f"turnpike emergency settle {quote(incident)} --team {team} --review TEXT"


def _ordinary_team(facts: Facts, path: str) -> str | None:
    """Return whose ordinary change a path is.

    That of an emergency, a rollback, an end, or a request for new evidence is nobody's.
    """
    key = deployment_of(path)
    if key is None:
        model = model_of(path)
        return model.team if model and not _asks_for_evidence(facts, path) else None
    release = facts.head.releases.get(key.path("release.yaml"))
    if release is None:
        return key.team if path.endswith("/settings.yaml") else None
    if release.emergency or is_rollback(facts, key.path("release.yaml"), release):
        return None
    return key.team


def _asks_for_evidence(facts: Facts, path: str) -> bool:
    """Tell whether a change of a manifest does nothing but ask to validate the version again."""
    before, after = facts.base.models.get(path), facts.head.models.get(path)
    if before is None or after is None or after.revalidation is None:
        return False
    return after == before.model_copy(update={"revalidation": after.revalidation})


def settlement_needs(facts: Facts, organisation: Organisation) -> Iterator[Need]:
    """Yield who reviews an emergency afterwards: two others, and whoever would have approved it."""
    roles = organisation.roles
    groups = tuple(sorted({roles.release_managers, roles.risk, roles.platform_owners}))
    for name, settlement in settlements_in(facts):
        for debt in debts_in(facts):
            if (debt.team, debt.incident) != (settlement.team, settlement.incident):
                continue
            barred = tuple(sorted({debt.commander, debt.author} - {""}))
            yield Need(groups, 2, f"review of {debt.incident} ({name})", barred=barred)
            environment = facts.base.environments.get(debt.deployment.partition("/")[0])
            for approval in environment.approvals if environment else ():
                reason = f"what {debt.incident} left out in {debt.deployment}"
                yield Need((approval.group,), approval.count, reason, barred=barred)


def owed_since(facts: Facts) -> datetime | None:
    """Return since when all that a change settles could be looked at; None where it settles none.

    Whoever reviewed an incident has not reviewed what was released by it afterwards.
    """
    settlements = tuple(one for _, one in settlements_in(facts))
    left = (
        decision.decided_at
        for decision in indebted_in(facts)
        if settled_by(settlements, decision.debts)
    )
    return max(left, default=None)


def settlement_findings(facts: Facts) -> Iterator[Finding]:
    """Yield each settlement of the change that does not say what it is, or that pays nothing."""
    known = {(debt.team, debt.incident) for debt in debts_in(facts)}
    for name, settlement in settlements_in(facts):
        path = f"environments/debts/{name}.yaml"
        if settlement.name != name:
            yield _finding("document.path-and-name-disagree", path, name, settlement.name)
        if (settlement.team, settlement.incident) not in known:
            wanted = f"the incident of a debt of {settlement.team} on the record"
            yield _finding("settlement.unknown-debt", path, wanted, settlement.incident)


def settled_by(settlements: Iterable[Settlement], debts: Iterable[Debt]) -> tuple[Debt, ...]:
    """Return the debts of the incidents that settlements name."""
    incidents = {(one.team, one.incident) for one in settlements}
    return tuple(debt for debt in debts if (debt.team, debt.incident) in incidents)


def settlements_in(facts: Facts) -> Iterator[tuple[str, Settlement]]:
    """Yield the settlements that a change brings, by the names of their files."""
    names = {settlement_of(change.path) for change in facts.changes if change.new}
    for name, settlement in sorted(facts.head.settlements.items()):
        if name in names:
            yield name, settlement


def _finding(code: str, path: str, expected: str, actual: str) -> Finding:
    return Finding(
        code=code,
        subject=path,
        expected=expected,
        actual=actual,
        message=f"{path} says {actual}, but {expected} is what may stand here.",
        solution="Correct the file; docs/exceptions.md says what an emergency needs.",
    )
