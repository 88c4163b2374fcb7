"""Who waits for whom: open pull requests, and what the newest decision on each head says."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from pydantic import JsonValue

from turnpike.documents.canonical import canonical
from turnpike.documents.identifiers import Digest, ObjectId, digest_of
from turnpike.judge.decision import Decision
from turnpike.notifying.entry import Decided
from turnpike.notifying.event import Event
from turnpike.notifying.wording import group_text

_APPROVALS = "approvals-missing"
GATE = "the gate"


@dataclass(frozen=True, slots=True)
class Open:
    """An open pull request as its host lists it; ``since`` is when its head was committed."""

    number: int
    title: str
    author: str
    head: ObjectId
    since: datetime | None


@dataclass(frozen=True, slots=True)
class Wait:
    """A pull request that waits for somebody: ``@group``, ``author NAME``, or the gate."""

    request: Open
    whom: str
    what: str
    change_class: str
    subjects: tuple[str, ...]
    decision: Digest | None


def waits_in(requests: Iterable[Open], decided: Iterable[Decided]) -> tuple[Wait, ...]:
    """Return who waits for whom, by whom and number; ``decided`` are in the record's order."""
    newest = {(one.decision.pull_request, one.decision.head): one for one in decided}
    found = [
        wait
        for request in requests
        for wait in _waits(request, newest.get((request.number, request.head)))
    ]
    return tuple(sorted(found, key=lambda wait: (wait.whom, wait.request.number)))


def is_about_team(wait: Wait, team: str) -> bool:
    """Tell whether a team waits, or is waited for."""
    named = (subject.split("/") for subject in wait.subjects)
    teams = {steps[-2] for steps in named if len(steps) in {2, 4}}
    return team in teams or wait.whom == f"@{team}"


def _waits(request: Open, decided: Decided | None) -> tuple[Wait, ...]:
    if decided is None:
        return (Wait(request, GATE, "nothing is recorded for its head yet", "unknown", (), None),)
    decision = decided.decision
    said = [*_groups(decision), *_author(request, decision)]
    if not said:
        # An undecided change has findings that are the gate's to repeat, an allowed one none.
        said = [(GATE, f"it was {decision.verdict} and is not merged: merge it again")]
    return tuple(
        Wait(request, whom, what, decision.change_class, decision.subjects, decided.digest)
        for whom, what in said
    )


def _groups(decision: Decision) -> list[tuple[str, str]]:
    return [
        (group_text(one.group), f"{one.count - len(one.approved_by)} of {one.count}: {one.reason}")
        for one in decision.requirements
        if not one.is_met
    ]


def _author(request: Open, decision: Decision) -> list[tuple[str, str]]:
    whom = GATE if decision.verdict == "undecided" else f"author {request.author}"
    return [
        (whom, f"{one.code} {one.subject}: {one.message}")
        for one in decision.findings
        if one.code != _APPROVALS
    ]


def waiting_value(wait: Wait, now: datetime) -> dict[str, JsonValue]:
    """Return one wait as plain JSON values."""
    since = wait.request.since
    return {
        "waitingFor": wait.whom,
        "what": wait.what,
        "pullRequest": wait.request.number,
        "title": wait.request.title,
        "author": wait.request.author,
        "head": wait.request.head,
        "class": wait.change_class,
        "subjects": list(wait.subjects),
        "decision": wait.decision,
        "since": since.isoformat() if since else None,
        "ageSeconds": int((now - since).total_seconds()) if since else None,
    }


def digest_text(waits: Iterable[Wait], now: datetime) -> str:
    """Return the digest for people, not escaped: whom is waited for, and below it by what."""
    lines: list[str] = []
    whom = ""
    for wait in waits:
        lines += [wait.whom] if wait.whom != whom else []
        whom = wait.whom
        lines.append(_line(wait, now))
    return "\n".join(lines) or "Nobody waits for anybody."


def _line(wait: Wait, now: datetime) -> str:
    subject = ", ".join(wait.subjects[:2]) or wait.request.title
    more = f" and {len(wait.subjects) - 2} more" if len(wait.subjects) > 2 else ""
    number, kind = wait.request.number, wait.change_class
    return f"  pull request {number}  {kind} {subject}{more}  {_age(wait, now)}  {wait.what}"


def _age(wait: Wait, now: datetime) -> str:
    if wait.request.since is None:
        return "age unknown"
    minutes = max(0, int((now - wait.request.since).total_seconds() // 60))
    if minutes < 120:
        return f"{minutes} min"
    return f"{minutes // 60} h" if minutes < 48 * 60 else f"{minutes // (24 * 60)} days"


def digest_event(waits: tuple[Wait, ...], source: str, now: datetime) -> Event:
    """Return the digest as an event: that of the same waits within one day is the same one."""
    same = [waiting_value(wait, now) | {"ageSeconds": None} for wait in waits]
    digest = digest_of(canonical([now.date().isoformat(), *same]))
    data: dict[str, JsonValue] = {"waits": [waiting_value(wait, now) for wait in waits]}
    return Event(digest, source, "waiting.digest", "waiting", now, data, digest_text(waits, now))
