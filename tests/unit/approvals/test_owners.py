"""An owner is a group or one person of organisation.yaml, or nobody."""

from __future__ import annotations

import pytest

from turnpike.approvals.owners import members_of, owner_in
from turnpike.topology.organisation import Bot, Organisation
from unit.judge.examples import organisation


def company() -> Organisation:
    known = organisation()
    maria, *others = known.people
    twice = maria.model_copy(
        update={"accounts": {"github": "MariaL"}, "other_emails": ("m@home.example",)}
    )
    return known.model_copy(
        update={
            "people": (twice, *others),
            "bots": (Bot(id="robot", email="robot@example.org"),),
            "codeowners_roles": {"maintainer": "platform-owners"},
        }
    )


@pytest.mark.parametrize(
    ("owner", "name"),
    [
        ("@oncology", "oncology"),
        ("@Aurora/Oncology", "oncology"),
        ("@maria", None),
        ("@marial", "maria"),
        ("@tom", "tom"),
        ("tom", "tom"),
        ("@aurora/tom", None),
        ("M@Home.example", "maria"),
        ("maria@example.org", "maria"),
        ("robot@example.org", None),
        ("@robot", None),
        ("@@maintainers", "platform-owners"),
        ("@@owner", None),
        ("@nobody", None),
    ],
)
def test_an_owner_is_who_the_organisation_says(owner: str, name: str | None) -> None:
    assert owner_in(company(), "github", owner) == name


def test_behind_a_group_are_its_members_and_behind_a_person_that_person() -> None:
    assert members_of(company(), "oncology") == {"maria", "tom"}
    assert members_of(company(), "tom") == {"tom"}
    assert members_of(company(), "robot") == frozenset()
