"""A settlement names a team, an incident, and what its review found."""

from __future__ import annotations

import pytest
from pydantic import ValidationError

from turnpike.topology.settlement import SETTLEMENT

TEXT = {
    "apiVersion": "turnpike.dev/v1",
    "kind": "Settlement",
    "name": "inc-9",
    "team": "oncology",
    "incident": "INC-9",
    "review": "It was right.",
}


def test_a_review_without_words_is_none() -> None:
    assert SETTLEMENT.validate_python(TEXT).review == "It was right."
    with pytest.raises(ValidationError):
        SETTLEMENT.validate_python({**TEXT, "review": ""})
