"""Decisions with nothing in them but what a test asks for."""

from __future__ import annotations

from datetime import UTC, datetime

from turnpike.documents.identifiers import ObjectId, digest_of
from turnpike.judge.decision import Admission, ChangeClass, Decision

DIGEST = digest_of(b"envelope")
NAME = DIGEST.removeprefix("sha256:")
ARTIFACT = digest_of(b"artifact")
COMMIT = ObjectId("a" * 40)
NOW = datetime(2026, 3, 2, 9, tzinfo=UTC)


def new_decision(
    change_class: ChangeClass, subjects: tuple[str, ...], admitted: tuple[Admission, ...] = ()
) -> Decision:
    return Decision(
        api_version="turnpike.dev/v1",
        kind="Decision",
        facts=digest_of(b"facts"),
        previous=None,
        genesis=COMMIT,
        base=COMMIT,
        head=COMMIT,
        merge_tree=COMMIT,
        pull_request=1,
        change_class=change_class,
        subjects=subjects,
        verdict="allow",
        findings=(),
        notes=(),
        requirements=(),
        evidence=(),
        admitted=admitted,
        decided_at=NOW,
        valid_until=NOW,
    )
