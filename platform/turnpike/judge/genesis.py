"""The first decision of an instance: its genesis stands because the root key signed it."""

from __future__ import annotations

from turnpike.documents.canonical import digest_of_document
from turnpike.judge.decision import Decision
from turnpike.judge.facts import Facts


def is_genesis(facts: Facts) -> bool:
    """Tell whether facts are about a genesis: it stands on itself, and nothing was before it."""
    merge, record = facts.merge, facts.record
    alone = merge.genesis == merge.base == merge.head and facts.pull_request is None
    return alone and record.tip is None and record.previous is None and not facts.changes


def genesis_decision(facts: Facts) -> Decision:
    """Return the decision that lets a genesis stand; it never holds for anything else."""
    return Decision(
        api_version="turnpike.dev/v1",
        kind="Decision",
        facts=digest_of_document(facts),
        previous=None,
        genesis=facts.merge.genesis,
        base=facts.merge.base,
        head=facts.merge.head,
        merge_tree=facts.merge.merge_tree,
        pull_request=None,
        change_class="genesis",
        subjects=("genesis",),
        verdict="allow",
        findings=(),
        notes=(),
        requirements=(),
        evidence=(),
        admitted=(),
        decided_at=facts.clock,
        valid_until=facts.clock,
    )
