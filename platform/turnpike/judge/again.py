"""What was rolled back goes forward again once a person says so, under a name of their own.

Whoever took a version back did so for a reason, which no bot knows. So a release that brings the
same bytes to the same place again is opened by a person; what others must approve stays as it is.
An emergency has its commander's word already, and a way back is no way forward.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime

from turnpike.judge.decision import Finding
from turnpike.judge.facts import EarlierRelease, Facts
from turnpike.judge.layout import DeploymentKey, deployment_of
from turnpike.judge.rollback import is_rollback, taken_back

ROLLED_BACK = "release.rolled-back"
"""How it is called that a place was rolled back from the very bytes that would come again."""


def brought_by_nobody(facts: Facts) -> Iterator[Finding]:
    """Yield each release of such bytes where no person opened the change."""
    if facts.pull_request is not None and _person_of(facts) is None:
        yield from _brought_again(facts)


def brought_by_a_person(facts: Facts) -> Iterator[Finding]:
    """Yield, for those who approve it, each release of such bytes that a person opened."""
    if _person_of(facts) is not None:
        yield from _brought_again(facts)


def told_of(at: datetime | None) -> str:
    """Return in words that it was rolled back, and when."""
    return f"rolled back on {at.astimezone(UTC):%Y-%m-%d %H:%M} UTC" if at else "rolled back"


def _person_of(facts: Facts) -> str | None:
    organisation, request = facts.base.organisation, facts.pull_request
    if organisation is None or request is None:
        return None
    return organisation.person_of_account(request.host, request.author)


def _brought_again(facts: Facts) -> Iterator[Finding]:
    for path, release in sorted(facts.head.releases.items()):
        key, stands = deployment_of(path), facts.base.releases.get(path)
        if key is None or stands is None or stands.artifact == release.artifact:
            continue
        if release.emergency or is_rollback(facts, path, release):
            continue
        stood = [one for one in facts.earlier if one.path == path]
        number = taken_back([one.release for one in stood]).get(release.artifact)
        if number is not None:
            yield _finding(key, release.version, stood[number])


def _finding(key: DeploymentKey, version: str, back: EarlierRelease) -> Finding:
    return Finding(
        code=ROLLED_BACK,
        subject=str(key),
        expected="bytes that were not taken back here, or a person who opens the change",
        actual=f"version {version}, {told_of(back.at)} by {back.commit[:12]}",
        message="What was rolled back from comes again only where a person says so.",
        solution=f"Bring a new version, or `turnpike promote {key.model_key} --to"
        f" {key.environment} --as YOU` (`turnpike release` into a first environment).",
    )
