"""Entries of the record become events: pure, in the order of the record."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from pydantic import JsonValue

from turnpike.explain.escape import for_terminal
from turnpike.judge.decision import ChangeClass, Debt, Decision, Finding, Waived
from turnpike.notifying.entry import CarriedOut, Decided, Entry
from turnpike.notifying.event import Event
from turnpike.notifying.wording import decided_text, merged_text, release_text, subjects_text

_VERDICTS = {"allow": "allowed", "deny": "denied", "undecided": "undecided"}
_MOST = 20  # CloudEvents asks for events below 64 KiB
_LONGEST = 500


@dataclass(frozen=True, slots=True)
class _Kinds:
    """What the merge of a class means where its file stands afterwards, and where it is gone."""

    standing: str
    gone: str


_FILES: dict[ChangeClass, _Kinds] = {
    "stop": _Kinds("line.stopped", "line.lifted"),
    "waiver": _Kinds("waiver.granted", "waiver.withdrawn"),
    "settlement": _Kinds("debt.settled", "settlement.withdrawn"),
}


def events_of(entries: Iterable[Entry]) -> Iterator[tuple[Entry, Event]]:
    """Yield the events of each entry beside it, in the order of the entries."""
    for entry in entries:
        found = _of_decision(entry) if isinstance(entry, Decided) else _of_outcome(entry)
        yield from ((entry, event) for event in found)


def _of_decision(entry: Decided) -> Iterator[Event]:
    decision = entry.decision
    kind = f"decision.{_VERDICTS[decision.verdict]}"
    data = {"decision": entry.digest, **_about(decision)}
    yield _event(entry, kind, subjects_text(decision), data, decided_text(decision))
    for debt in decision.debts:
        text = (
            f"Debt: {debt.team} owes the review of {debt.incident} in {debt.deployment}"
            f" until {debt.due:%Y-%m-%d %H:%M %Z}"
        )
        owed = {"decision": entry.digest, **_debt(debt)}
        suffix = f"/debt/{debt.deployment}"
        yield _event(entry, "debt.opened", debt.deployment, owed, text, suffix)


def _of_outcome(entry: CarriedOut) -> Iterator[Event]:
    decision = entry.decision
    data = {"decision": entry.outcome.decision, "merge": entry.outcome.merge, **_about(decision)}
    text = merged_text(decision, entry.outcome.merge)
    yield _event(entry, "change.merged", subjects_text(decision), data, text)
    if decision.change_class == "release":
        yield from (_release(entry, subject) for subject in decision.subjects)
    if kinds := _FILES.get(decision.change_class):
        yield from (_file(entry, kinds, subject) for subject in decision.subjects)


def _release(entry: CarriedOut, deployment: str) -> Event:
    release = entry.releases.get(deployment)
    data: dict[str, JsonValue] = {
        "deployment": deployment,
        "decision": entry.outcome.decision,
        "merge": entry.outcome.merge,
        "pullRequest": entry.decision.pull_request,
        "retired": deployment not in entry.standing,
        "version": release.version if release else None,
        "artifact": release.artifact if release else None,
        "traffic": release.traffic if release else None,
        "promotedFrom": release.promoted_from if release else None,
    }
    text = release_text(deployment, release, is_retired=deployment not in entry.standing)
    suffix = f"/release/{deployment}"
    return _event(entry, "release.changed", deployment, data, text, suffix)


def _file(entry: CarriedOut, kinds: _Kinds, path: str) -> Event:
    kind = kinds.standing if path in entry.standing else kinds.gone
    data: dict[str, JsonValue] = {
        "path": path,
        "decision": entry.outcome.decision,
        "merge": entry.outcome.merge,
        "pullRequest": entry.decision.pull_request,
        "approvedBy": [*_approvers(entry.decision)],
    }
    text = f"{kind.replace('.', ' ').capitalize()}: {path}"
    return _event(entry, kind, path, data, text, f"/{kind}/{path}")


def _event(
    entry: Entry,
    kind: str,
    subject: str,
    data: dict[str, JsonValue],
    text: str,
    suffix: str = "",
) -> Event:
    time = entry.decision.decided_at if isinstance(entry, Decided) else entry.outcome.finished_at
    source = f"urn:turnpike:{entry.decision.genesis}"
    # A context attribute must not hold control characters (section 1.1 of the specification).
    return Event(
        for_terminal(entry.digest + suffix), source, kind, for_terminal(subject), time, data, text
    )


def _about(decision: Decision) -> dict[str, JsonValue]:
    return {
        "class": decision.change_class,
        "verdict": decision.verdict,
        "subjects": list(decision.subjects[:_MOST]),
        "subjectsInAll": len(decision.subjects),
        "findings": [_finding(one) for one in decision.findings[:_MOST]],
        "findingsInAll": len(decision.findings),
        "pullRequest": decision.pull_request,
        "base": decision.base,
        "head": decision.head,
        "approvedBy": [*_approvers(decision)],
        "waitingFor": [
            {"group": r.group, "missing": r.count - len(r.approved_by), "reason": r.reason}
            for r in decision.requirements
            if not r.is_met
        ],
        "waived": [_waived(one) for one in decision.waived[:_MOST]],
        "debts": [_debt(one) for one in decision.debts[:_MOST]],
    }


def _approvers(decision: Decision) -> tuple[str, ...]:
    return tuple(dict.fromkeys(who for one in decision.requirements for who in one.approved_by))


def _finding(one: Finding) -> JsonValue:
    return {
        "code": one.code,
        "subject": one.subject,
        "message": one.message[:_LONGEST],
        "solution": one.solution[:_LONGEST],
    }


def _waived(one: Waived) -> JsonValue:
    return {
        "code": one.code,
        "subject": one.subject,
        "waiver": one.waiver,
        "approver": one.approver,
        "expiresAt": one.expires_at.isoformat(),
    }


def _debt(one: Debt) -> dict[str, JsonValue]:
    return {
        "team": one.team,
        "deployment": one.deployment,
        "incident": one.incident,
        "reason": one.reason,
        "commander": one.commander,
        "due": one.due.isoformat(),
    }
