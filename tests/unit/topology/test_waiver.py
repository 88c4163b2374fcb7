"""A waiver excuses one code of one subject, until it expires."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from pydantic import ValidationError

from turnpike.topology.waiver import WAIVER

END = datetime(2026, 3, 1, tzinfo=UTC)
TEXT = {
    "apiVersion": "turnpike.dev/v1",
    "kind": "Waiver",
    "name": "no-slo",
    "code": "slo-missing",
    "subject": "production/local/oncology/triage",
    "reason": "it is being measured",
    "approver": "nora",
    "expiresAt": END,
}


def test_the_end_is_exclusive() -> None:
    waiver = WAIVER.validate_python(TEXT)
    subject = "production/local/oncology/triage"
    assert waiver.excuses("slo-missing", subject, END - timedelta(microseconds=1))
    assert not waiver.excuses("slo-missing", subject, END)


@pytest.mark.parametrize("subject", ["triage", "*", "oncology/*", "a/b/c/d/e", "Oncology/triage"])
def test_a_subject_is_one_model_or_one_deployment(subject: str) -> None:
    with pytest.raises(ValidationError):
        WAIVER.validate_python({**TEXT, "subject": subject})
