from __future__ import annotations

from turnpike.scaffold.card import card
from turnpike.scaffold.subject import Subject


def test_a_card_has_every_section_that_a_high_risk_model_needs() -> None:
    text = card(Subject("oncology", "readmission-risk", "maria-lopez", ""))
    headings = [line.removeprefix("## ") for line in text.splitlines() if line.startswith("## ")]
    assert headings == [
        "Overview", "Intended use", "Out-of-scope use", "Data", "Performance", "Limitations",
        "Ethical considerations", "Contacts",
    ]  # fmt: skip
    assert text.startswith("# Readmission risk\n")
