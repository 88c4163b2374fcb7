"""Facts about a part of a change: what would have been read, had only some models been in it.

Everything that belongs to the other models is left out; main stays whole, so that quotas and
stages are those of the whole. Nobody merges by it: it tells which part of a change is the bad one.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from typing import TypeVar

from turnpike.documents.identifiers import Digest
from turnpike.evidence.envelope import Envelope, statement_in
from turnpike.judge.facts import Facts
from turnpike.judge.layout import ModelKey, deployment_of

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Whole:
    """The facts of a change of deployments, with its evidence by artifact."""

    facts: Facts
    evidence: Mapping[Digest, tuple[Envelope, ...]]

    @classmethod
    def of(cls, facts: Facts) -> Whole:
        """Sort the evidence once; what is no statement is evidence of nothing."""
        found: dict[Digest, list[Envelope]] = defaultdict(list)
        for envelope in facts.evidence:
            statement = statement_in(envelope)
            for subject in statement.subject if statement else ():
                if digest := subject.digest.get("sha256"):
                    found[Digest(f"sha256:{digest}")].append(envelope)
        return cls(facts, {artifact: tuple(said) for artifact, said in found.items()})

    def part(self, models: Collection[ModelKey]) -> Facts:
        """Return the facts as if only these models were in the change."""
        facts, wanted = self.facts, frozenset(models)
        base, head = facts.base, facts.head
        releases = [*_of(base.releases, wanted).values(), *_of(head.releases, wanted).values()]
        artifacts = sorted({release.artifact for release in releases})
        decisions = {release.decision for release in releases}
        documents = {
            "releases": _of(head.releases, wanted),
            "settings": _of(head.settings, wanted),
            "contents": _of(head.contents, wanted),
        }
        return facts.model_copy(
            update={
                "changes": tuple(one for one in facts.changes if _is_of(one.path, wanted)),
                "head": head.model_copy(update=documents),
                "evidence": tuple(e for a in artifacts for e in self.evidence.get(a, ())),
                "admissions": tuple(e for e in facts.admissions if e.digest() in decisions),
                "earlier": tuple(one for one in facts.earlier if _is_of(one.path, wanted)),
            }
        )


def _of(documents: Mapping[str, T], models: frozenset[ModelKey]) -> dict[str, T]:
    return {path: document for path, document in documents.items() if _is_of(path, models)}


def _is_of(path: str, models: frozenset[ModelKey]) -> bool:
    """Tell whether a path is a file of one of the models' deployments, or of none at all."""
    place = deployment_of(path)
    return place is None or place.model_key in models
