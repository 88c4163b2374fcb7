"""What is owed is found once, and paid by one file."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from turnpike.documents.reading import read
from turnpike.errors import InputError
from turnpike.judge.decision import Debt
from turnpike.promotion.debts import Account, plan_settlement
from turnpike.topology.settlement import SETTLEMENT, Settlement

DEBT = Debt(
    team="oncology",
    deployment="production/local/oncology/triage",
    incident="INC-9",
    reason="the live version answers nonsense",
    commander="sam",
    author="maria",
    due=datetime(2026, 3, 5, tzinfo=UTC),
)
PAYMENT = Settlement(
    api_version="turnpike.dev/v1",
    kind="Settlement",
    name="oncology-inc-9",
    team="oncology",
    incident="INC-9",
    review="It was right.",
)


def test_a_settlement_is_one_file_that_reads_back() -> None:
    plan = plan_settlement(PAYMENT, [Account(DEBT, is_paid=False)])
    ((path, content),) = plan.files.items()
    assert path == "environments/debts/oncology-inc-9.yaml"
    assert content is not None
    assert read(SETTLEMENT, content, path) == PAYMENT


@pytest.mark.parametrize("accounts", [[], [Account(DEBT, is_paid=True)]])
def test_what_is_not_owed_is_not_settled(accounts: list[Account]) -> None:
    with pytest.raises(InputError, match="INC-9"):
        plan_settlement(PAYMENT, accounts)
