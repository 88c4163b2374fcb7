"""Tell a pull request what was decided on it: one comment, updated in place, and a status."""

from __future__ import annotations

from collections.abc import Iterator
from difflib import unified_diff

from turnpike.change.gate import Judged
from turnpike.documents.identifiers import Digest
from turnpike.explain.comment import Told, comment_text
from turnpike.explain.explanation import Explanation
from turnpike.forge.interface import Forge, Report, StatusState
from turnpike.git.repository import Repository
from turnpike.judge.decision import Decision, Verdict
from turnpike.judge.facts import Entry, Facts
from turnpike.judge.hygiene import SIZE_LIMIT
from turnpike.judge.layout import deployment_of
from turnpike.judge.testimony import hear

_STATES: dict[Verdict, StatusState] = {"allow": "success", "deny": "failure", "undecided": "error"}


def report_on(
    forge: Forge,
    repository: Repository,
    judged: Judged,
    digest: Digest,
    explanation: Explanation | None,
) -> None:
    """Report a decision to the pull request that it is about, if it is about one.

    The status is for people: nothing that decides is read from it.
    """
    request = judged.facts.pull_request
    if request is None:
        return
    decision, situation = judged.decision, judged.situation
    hearing = situation.hearing if situation else hear(judged.facts)
    diffs = _rendered(judged.facts, repository)
    told = Told(judged.facts, decision, digest, explanation, hearing.testimony, diffs)
    forge.report(
        request.number,
        Report(request.head, _STATES[decision.verdict], _in_one_line(decision), comment_text(told)),
    )


def _in_one_line(decision: Decision) -> str:
    if decision.verdict == "allow":
        return "Turnpike allows this change"
    codes = sorted({finding.code for finding in decision.findings})
    word = "denied" if decision.verdict == "deny" else "undecided"
    return f"{word}: {len(decision.findings)} findings ({', '.join(codes)})"


def _rendered(facts: Facts, repository: Repository) -> Iterator[tuple[str, str]]:
    """Yield what the change makes of each deployment's manifests, in order, as a unified diff."""
    named = [
        (str(place), change)
        for change in facts.changes
        if change.path.endswith("/manifests.yaml") and (place := deployment_of(change.path))
    ]
    for place_text, change in sorted(named, key=lambda one: one[0]):
        lines = unified_diff(
            _lines(repository, change.old),
            _lines(repository, change.new),
            "main",
            "this change",
            lineterm="",
        )
        yield place_text, "\n".join(lines)


def _lines(repository: Repository, entry: Entry | None) -> list[str]:
    if entry is None or entry.mode != "100644" or entry.size > SIZE_LIMIT:
        return []
    content = repository.blobs([entry.object])[entry.object]
    return content.decode("utf-8", "replace").split("\n")
