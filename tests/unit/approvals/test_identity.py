"""Nobody is two, and no two are one."""

from __future__ import annotations

import pytest

from turnpike.approvals.identity import contradictions
from turnpike.topology.organisation import Bot, BreakGlass, Group, Machine, Organisation
from unit.judge.examples import organisation


def fields(company: Organisation) -> list[str]:
    return [problem.field for problem in contradictions(company)]


def with_maria(**update: object) -> Organisation:
    company = organisation()
    maria, *others = company.people
    return company.model_copy(update={"people": (maria.model_copy(update=update), *others)})


def test_an_organisation_in_which_all_are_known_once_has_none() -> None:
    assert fields(organisation()) == []


@pytest.mark.parametrize(
    ("update", "field"),
    [
        ({"accounts": {"embedded": "Tom"}}, "people.accounts"),
        ({"other_accounts": {"embedded": ("tom",)}}, "people.accounts"),
        ({"other_accounts": {"embedded": ("maria",)}}, "people.accounts"),
        ({"other_emails": ("TOM@example.org",)}, "people.email"),
        ({"email": "tom@example.org"}, "people.email"),
        ({"id": "tom"}, "people"),
    ],
)
def test_one_identity_of_two_people_is_found(update: dict[str, object], field: str) -> None:
    assert field in fields(with_maria(**update))


@pytest.mark.parametrize(
    ("update", "field"),
    [
        ({"bots": (Bot(id="maria", email="b@example.org"),)}, "people"),
        ({"machines": (Machine(id="web", email="maria@example.org"),)}, "people.email"),
        ({"groups": (*organisation().groups, Group(name="maria", members=("tom",)))}, "groups"),
        ({"groups": (*organisation().groups, Group(name="oncology", members=("tom",)))}, "groups"),
        ({"groups": (*organisation().groups, Group(name="x", members=("ghost",)))},
         "groups.4.members"),
        ({"codeowners_roles": {"owner": "nobody"}}, "codeownersRoles.owner"),
        ({"roles": organisation().roles.model_copy(update={"on_call": "nobody"})}, "roles.onCall"),
        ({"break_glass": BreakGlass(commanders="maria")}, "breakGlass.commanders"),
    ],
)  # fmt: skip
def test_a_name_of_nobody_or_of_two_things_is_found(update: dict[str, object], field: str) -> None:
    assert field in fields(organisation().model_copy(update=update))
