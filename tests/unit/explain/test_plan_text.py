"""A plan in words says how many and which, and what is lost first."""

from __future__ import annotations

from turnpike.explain.comment import Told, comment_text
from turnpike.explain.plan_text import changes_of, plan_in_words
from turnpike.judge.decision import Finding
from turnpike.judge.plans import PLAN_COST
from turnpike.judge.testimony import hear
from unit.explain.test_decision_text import decision
from unit.judge.planned import AT, plan, resource, signed, terraform_facts

PLAN = plan(
    resource("aws_vpc.new"),
    resource("aws_vpc.same", "no-op"),
    resource("aws_vpc.other", "update"),
    resource("aws_s3_bucket.lost", "delete", stateful=True),
    resource("aws_eip.again", "create", "delete"),
    resource("aws_kms_key.again", "delete", "create", stateful=True),
    resource("aws_eip.left", "forget"),
)


def cost(said: str) -> Finding:
    """Return what the rules tell of the cost of the root."""
    return Finding(
        code=PLAN_COST,
        subject=AT,
        expected="at most 200 a month",
        actual=said,
        message="m",
        solution="s",
    )


def test_one_sentence_counts() -> None:
    assert plan_in_words(PLAN) == f"{AT}: 3 to add, 1 to change, 3 to destroy; 2 of them keep state"
    assert plan_in_words(plan()) == f"{AT}: 0 to add, 0 to change, 0 to destroy"


def test_what_it_costs_stands_behind_where_that_is_known() -> None:
    said = plan_in_words(plan(), "170 a month, of 200 at most")
    assert said.endswith("0 to destroy; costs 170 a month, of 200 at most")


def test_each_change_has_a_line_and_what_goes_comes_first() -> None:
    assert list(changes_of(PLAN)) == [
        "-/+ replace aws_kms_key.again (keeps state)",
        "+/- replace aws_eip.again",
        "- destroy aws_s3_bucket.lost (keeps state)",
        ". forget aws_eip.left",
        "+ add aws_vpc.new",
        "~ change aws_vpc.other",
    ]


def test_data_that_is_read_is_no_change() -> None:
    read = resource("data.aws_iam_policy_document.this", "read")
    assert list(changes_of(plan(read.model_copy(update={"mode": "data"})))) == []


def test_the_comment_shows_the_plan_of_each_root() -> None:
    facts = terraform_facts(signed(PLAN))
    said = comment_text(Told(facts, decision(), PLAN.plan, None, hear(facts).testimony, ()))
    row = next(line for line in said.splitlines() if line.startswith("| plan |"))
    assert "3 to add, 1 to change, 3 to destroy" in row
    assert "costs" not in row
    priced = decision().model_copy(update={"notes": (cost("170 a month, of 200 at most"),)})
    said = comment_text(Told(facts, priced, PLAN.plan, None, hear(facts).testimony, ()))
    assert "2 of them keep state; costs 170 a month, of 200 at most" in said
    assert "destroy aws" in row
    assert "| plan |" not in comment_text(
        Told(terraform_facts(), decision(), PLAN.plan, None, (), ())
    )
