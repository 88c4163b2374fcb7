"""A remedy names the document that people would edit; approvals of one group are one request."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from turnpike.explain.remedy_text import in_words, needed_of
from turnpike.judge.hypothesis import Supposed
from turnpike.judge.policy_input import SubjectInput
from turnpike.judge.queries import CHANGE
from turnpike.judge.remedy import ApprovalRemedy, ContentRemedy, FieldRemedy, PushRemedy
from unit.judge.examples import model_facts

MODEL = SubjectInput(kind="model", id="oncology/triage", team="oncology", model="triage")
OTHER = SubjectInput(kind="model", id="oncology/other", team="oncology", model="other")
PATH = "models/oncology/triage/model.yaml"


def field(*path: str | int) -> FieldRemedy:
    return FieldRemedy(kind="field", path=path, bound="exactly", value="x")


def approval(group: str, *people: str) -> Supposed:
    remedy = ApprovalRemedy(kind="approval", group=group, count=1, people=people)
    return Supposed(CHANGE, remedy)


@pytest.mark.parametrize(
    ("about", "path", "words"),
    [
        (MODEL, ("model", "validation", "slices", 0, "name"),
         f"{PATH}: validation.slices[0].name is x"),
        (MODEL, ("card",), "models/oncology/triage/card.md is x"),
        (MODEL, ("team", "quota", "cpuMillicores"),
         "policies/data/organisation.yaml on main: teams[0].quota.cpuMillicores is x"),
        # What no document holds is told by the subject and the way inside a rule's input.
        (MODEL, ("evidence", 2, "bound"), "oncology/triage: evidence[2].bound is x"),
        (OTHER, ("model", "riskTier"), "oncology/other: model.riskTier is x"),
        (CHANGE, (0, "a"), "change: [0].a is x"),
    ],
)  # fmt: skip
def test_a_field_is_told_by_its_document_and_the_way_inside(
    about: SubjectInput, path: tuple[str | int, ...], words: str
) -> None:
    assert in_words(model_facts(), about, field(*path)) == words


def test_what_a_rule_says_in_its_own_words_is_kept() -> None:
    said = field("model", "riskTier").model_copy(update={"text": "Lower the risk."})
    assert in_words(model_facts(), MODEL, said) == "Lower the risk."


def test_only_what_the_author_alone_knows_is_untried() -> None:
    content = ContentRemedy(kind="content", code="c", subject="s", expected="e")
    chosen = [(Supposed(CHANGE, content), "one"), (Supposed(CHANGE, PushRemedy(kind="push")), "2")]
    found = list(needed_of(model_facts(), chosen))
    assert [(one.tried, one.solution) for one in found] == [(False, "one"), (True, "2")]


def test_approvals_of_one_group_are_one_request_where_the_first_of_them_stood() -> None:
    chosen = [
        (approval("risk", "nora", "sam"), "ask risk"),
        (Supposed(CHANGE, PushRemedy(kind="push")), "push"),
        (approval("oncology", "tom"), "ask oncology"),
        (approval("risk", "ida", "sam"), "ask risk again"),
    ]
    found = list(needed_of(model_facts(), chosen))
    assert [(one.text, one.solution) for one in found] == [
        ("2 approvals from @risk (of nora, ida, sam)", "ask risk"),
        ("a push of the head that somebody known vouches for", "push"),
        ("one approval from @oncology (tom)", "ask oncology"),
    ]


groups = st.sampled_from(("oncology", "risk", "risk and oncology"))


@given(st.lists(st.tuples(groups, st.sampled_from("abcdef")), unique_by=lambda one: one[1]))
def test_as_many_are_asked_for_as_were_chosen_and_they_come_first(
    said: list[tuple[str, str]],
) -> None:
    """The first so many people of a request are those with whom the change was decided again."""
    chosen = [(approval(group, person, "zoe"), "") for group, person in said]
    found = [one.remedy for one in needed_of(model_facts(), chosen)]
    asked = {one.group: one for one in found if isinstance(one, ApprovalRemedy)}
    assert asked.keys() == {group for group, _ in said}
    for group, one in asked.items():
        wanted = [person for of, person in said if of == group]
        assert list(one.people[: one.count]) == wanted
        assert one.people[one.count :] == ("zoe",)
