from __future__ import annotations

from turnpike.evidence import statement
from turnpike.signing.duties import DUTIES, PAYLOAD_TYPE, STATEMENT_TYPE


def test_the_signers_sign_exactly_what_the_judge_accepts_from_their_roles() -> None:
    assert {kind: role for role, kinds in DUTIES.items() for kind in kinds} == statement.ISSUED_BY


def test_the_signers_sign_statements_of_the_one_type() -> None:
    assert (PAYLOAD_TYPE, STATEMENT_TYPE) == (statement.PAYLOAD_TYPE, statement.STATEMENT_TYPE)
