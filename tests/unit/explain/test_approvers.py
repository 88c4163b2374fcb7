"""Who is asked to approve could do so, is enough, and nobody is asked without need."""

from __future__ import annotations

from collections.abc import Mapping
from itertools import combinations

from hypothesis import given, settings
from hypothesis import strategies as st

from turnpike.explain.approvers import Approvers, missing_approvals
from turnpike.judge.facts import Facts
from turnpike.judge.situation import situation_of
from turnpike.judge.supposed_people import with_approvals
from turnpike.topology.organisation import Group
from unit.judge.examples import (
    added,
    deleted,
    model,
    model_facts,
    organisation,
    review,
    with_changes,
)
from unit.judge.test_emergencies import EMERGENCY, urgent

PEOPLE = ("maria", "tom", "nora", "grace", "sam", "ida")
GROUPS = ("oncology", "risk-quorum", "release-managers", "platform-owners")
MANIFEST = "models/oncology/triage/model.yaml"


def arranged(
    facts: Facts, members: Mapping[str, tuple[str, ...]], owners: str | None = None
) -> Facts:
    groups = tuple(Group(name=name, members=who) for name, who in members.items())
    company = organisation().model_copy(update={"groups": groups})
    update: dict[str, object] = {"organisation": company}
    if owners is not None:
        update["codeowners"] = owners
    return facts.model_copy(update={"base": facts.base.model_copy(update=update)})


def asked(facts: Facts) -> Approvers:
    return missing_approvals(situation_of(facts))


def people(found: Approvers) -> set[str]:
    return {one.people[0] for one in found.approvals}


members = st.fixed_dictionaries(
    {
        name: st.lists(st.sampled_from(PEOPLE), min_size=1, max_size=4, unique=True).map(tuple)
        for name in GROUPS
    }
)
rows = st.tuples(
    st.sampled_from(("*", "/models/", "/models/oncology/", "BUILD")),
    st.lists(st.sampled_from(GROUPS), max_size=2, unique=True),
)
owners = st.lists(rows, max_size=3).map(
    lambda lines: "".join(f"{p} {' '.join(f'@{g}' for g in who)}\n" for p, who in lines)
)


@settings(deadline=None, max_examples=60)
@given(members, owners, st.sets(st.sampled_from(PEOPLE), max_size=2), st.booleans())
def test_as_few_as_can_be_are_asked_and_they_are_enough(
    groups: dict[str, tuple[str, ...]], lines: str, given_by: set[str], gone: bool
) -> None:
    """Against every set of people there is, by the judge's own count of their approvals."""
    facts = model_facts(*(review(one) for one in sorted(given_by)))
    facts = with_changes(facts, *facts.changes[1:], deleted(MANIFEST)) if gone else facts
    facts = arranged(facts, groups, lines)
    found = asked(facts)

    def unmet(chosen: tuple[str, ...]) -> set[str]:
        after = situation_of(with_approvals(facts, chosen))
        return {one.group for one in after.requirements if not one.is_met}

    everybody = unmet(PEOPLE)
    assert set(found.short) == everybody
    assert unmet(tuple(sorted(people(found)))) == everybody
    for size in range(len(people(found))):
        assert all(unmet(chosen) != everybody for chosen in combinations(PEOPLE, size))


@settings(deadline=None, max_examples=30)
@given(members)
def test_whoever_is_named_in_the_place_of_another_is_as_good(
    groups: dict[str, tuple[str, ...]],
) -> None:
    facts = arranged(model_facts(), groups)
    found = asked(facts)
    chosen = [one.people[0] for one in found.approvals]
    for number, one in enumerate(found.approvals):
        for other in one.people[1:]:
            instead = {*chosen[:number], *chosen[number + 1 :], other}
            if len(instead) == len(chosen):
                after = situation_of(with_approvals(facts, sorted(instead))).requirements
                assert {need.group for need in after if not need.is_met} == set(found.short)


def test_nobody_who_wrote_the_change_is_asked() -> None:
    assert "maria" not in {p for one in asked(model_facts()).approvals for p in one.people}


def test_one_person_in_both_groups_is_asked_once_for_both() -> None:
    both = {"oncology": ("maria", "tom", "nora"), "risk-quorum": ("nora",),
            "release-managers": ("grace",), "platform-owners": ("sam",)}  # fmt: skip
    found = asked(arranged(model_facts(), both))
    assert [(one.group, one.people) for one in found.approvals] == [
        ("oncology and risk-quorum", ("nora",))
    ]


def test_a_group_that_its_own_author_empties_is_said_to_be_short() -> None:
    few = {"oncology": ("maria",), "risk-quorum": ("nora",),
           "release-managers": ("grace",), "platform-owners": ("sam",)}  # fmt: skip
    found = asked(arranged(model_facts(), few))
    assert people(found) == {"nora"}
    assert "1 more of @oncology must approve" in found.short["oncology"]
    assert "none of those who may are left" in found.short["oncology"]


def test_a_path_without_owner_is_told_without_a_group_that_does_not_exist() -> None:
    facts = model_facts(review("tom"), review("nora"))
    base = facts.base.model_copy(update={"codeowners": "/docs/ @oncology\n"})
    found = asked(facts.model_copy(update={"base": base}))
    assert "an owner (the path has none)" in found.short[""]
    assert "@" not in found.short[""].split("(")[0]


def test_whoever_objects_is_asked_before_others_who_could_as_well() -> None:
    company = {"oncology": ("maria", "ida", "tom"), "risk-quorum": ("nora",),
               "release-managers": ("grace",), "platform-owners": ("sam",)}  # fmt: skip
    low = model_facts(manifest=model("low"))
    assert people(asked(arranged(low, company))) == {"ida"}
    facts = model_facts(review("tom", "changes-requested"), manifest=model("low"))
    assert people(asked(arranged(facts, company))) == {"tom"}


def test_in_an_emergency_only_the_commander_that_it_names_is_asked() -> None:
    (one,) = asked(urgent(EMERGENCY)).approvals
    assert one.people == ("sam",)


def test_a_change_with_every_approval_asks_nobody() -> None:
    found = asked(model_facts(review("tom"), review("nora")))
    assert (found.approvals, dict(found.short)) == ((), {})


def test_of_more_than_can_be_tried_enough_are_asked_all_the_same() -> None:
    """Twelve groups of one person each are more than the search looks through."""
    company = organisation()
    person = company.people[0]
    names = [f"p{number}" for number in range(12)]
    everybody = [
        person.model_copy(
            update={"id": n, "email": f"{n}@example.org", "accounts": {"embedded": n}}
        )
        for n in names
    ]
    wide = company.model_copy(
        update={
            "people": (*company.people, *everybody),
            "groups": (*company.groups, *(Group(name=f"g-{n}", members=(n,)) for n in names)),
        }
    )
    lines = "* @platform-owners\n" + "".join(f"/docs/{n}.md @g-{n}\n" for n in names)
    facts = with_changes(model_facts(), *(added(f"docs/{n}.md") for n in names))
    base = facts.base.model_copy(update={"organisation": wide, "codeowners": lines})
    assert people(asked(facts.model_copy(update={"base": base}))) == set(names)
