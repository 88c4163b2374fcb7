"""What emergencies left to be paid, as the record and main say; and the change that pays."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from turnpike.documents.canonical import to_json
from turnpike.documents.identifiers import ObjectId
from turnpike.documents.reading import read
from turnpike.errors import Defect, InputError
from turnpike.git.repository import Repository
from turnpike.judge.decision import Debt
from turnpike.judge.layout import settlement_of
from turnpike.promotion.plan import ReleasePlan
from turnpike.record.layout import decision_of
from turnpike.record.record import Record
from turnpike.rendering.dump import dump
from turnpike.topology.settlement import SETTLEMENT, Settlement

FOLDER = "environments/debts"
_SCHEMA = "yaml-language-server: $schema=../../docs/schemas/settlement.schema.json"


@dataclass(frozen=True, slots=True)
class Account:
    """A debt, and whether a settlement on main pays it."""

    debt: Debt
    is_paid: bool


def accounts_of(
    repository: Repository, record: Record, commit: ObjectId, teams: Iterable[str]
) -> tuple[Account, ...]:
    """Return the debts of the teams, the first one due first; each incident's place once."""
    paid = {(one.team, one.incident) for one in settlements_on(repository, commit)}
    decisions = (decision_of(envelope) for envelope in record.debts_of(teams))
    debts = [debt for one in decisions if one.verdict == "allow" for debt in one.debts]
    first: dict[tuple[str, str], Debt] = {}
    for debt in sorted(debts, key=lambda debt: debt.due):
        first.setdefault((debt.deployment, debt.incident), debt)
    return tuple(Account(debt, (debt.team, debt.incident) in paid) for debt in first.values())


def settlements_on(repository: Repository, commit: ObjectId) -> Iterable[Settlement]:
    """Yield what is settled on a commit."""
    entries = repository.files(commit, [FOLDER])
    blobs = repository.blobs(entry.object for entry in entries.values())
    for path, entry in sorted(entries.items()):
        if settlement_of(path):
            yield read(SETTLEMENT, blobs[entry.object], path)


def plan_settlement(settlement: Settlement, accounts: Iterable[Account]) -> ReleasePlan:
    """Plan the payment of an incident; raises InputError where nothing is owed for it."""
    owed = {(a.debt.team, a.debt.incident) for a in accounts if not a.is_paid}
    if (settlement.team, settlement.incident) not in owed:
        known = ", ".join(f"{team} {incident}" for team, incident in sorted(owed)) or "none"
        raise InputError(
            f"expected an incident for which something is owed: {known};"
            f" got {settlement.team} {settlement.incident}",
            code="settlement.unknown-debt",
            solution="`turnpike emergency debts` shows what is owed.",
        )
    value = to_json(settlement)
    if not isinstance(value, dict):
        raise Defect("a settlement that is no object")
    path = f"{FOLDER}/{settlement.name}.yaml"
    return ReleasePlan(f"Settle {settlement.incident}", {path: dump([value], _SCHEMA)})
