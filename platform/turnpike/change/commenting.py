"""Tell a pull request what was decided on it: one comment, updated in place."""

from __future__ import annotations

from collections.abc import Iterator
from difflib import unified_diff

from turnpike.change.gate import Judged
from turnpike.documents.identifiers import Digest
from turnpike.explain.comment import Told, comment_text
from turnpike.explain.explanation import Explanation
from turnpike.forge.interface import Forge
from turnpike.git.repository import Repository
from turnpike.judge.facts import Entry, Facts
from turnpike.judge.hygiene import SIZE_LIMIT
from turnpike.judge.layout import deployment_of


def comment_on(
    forge: Forge,
    repository: Repository,
    judged: Judged,
    digest: Digest,
    explanation: Explanation | None,
) -> None:
    """Write the comment of a decision on the pull request that it is about, if it is about one."""
    request = judged.facts.pull_request
    if request is None:
        return
    diffs = dict(_rendered(judged.facts, repository))
    told = Told(judged.facts, judged.decision, digest, explanation, diffs)
    forge.comment(request.number, comment_text(told))


def _rendered(facts: Facts, repository: Repository) -> Iterator[tuple[str, str]]:
    """Yield what the change makes of each deployment's manifests, as a unified diff."""
    for change in facts.changes:
        place = deployment_of(change.path)
        if place is None or not change.path.endswith("/manifests.yaml"):
            continue
        lines = unified_diff(
            _lines(repository, change.old),
            _lines(repository, change.new),
            "main",
            "this change",
            lineterm="",
        )
        yield str(place), "\n".join(lines)


def _lines(repository: Repository, entry: Entry | None) -> list[str]:
    if entry is None or entry.mode != "100644" or entry.size > SIZE_LIMIT:
        return []
    content = repository.blobs([entry.object])[entry.object]
    return content.decode("utf-8", "replace").split("\n")
