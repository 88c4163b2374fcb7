"""Every grant names its people and its source; what a path needs is what the judge would ask."""

from __future__ import annotations

import pytest

from turnpike.judge.access import ACTIONS, Grant, grants_of, grants_on, grants_to
from turnpike.judge.arrangement import Arrangement
from turnpike.topology.organisation import Access, BreakGlass
from unit.judge.examples import environment, organisation

OWNERS = "*  @platform-owners\n/models/oncology/  @oncology @tom\n"


def arrangement(*access: Access) -> Arrangement:
    stages = {one.name: one for one in (environment("dev"), environment("production", (), 1))}
    people = organisation().model_copy(
        update={"access": access, "break_glass": BreakGlass(commanders="release-managers")}
    )
    return Arrangement(people, OWNERS, stages)


def only(action: str, *access: Access) -> list[Grant]:
    return [one for one in grants_of(arrangement(*access)) if one.action == action]


def test_each_line_of_codeowners_is_a_grant_with_its_number() -> None:
    found = {one.about: one for one in only("approve")}
    assert found["*"].source == "CODEOWNERS line 1"
    team = found["/models/oncology/"]
    assert (team.groups, team.count) == (("oncology", "tom"), 1)
    assert set(team.people) == organisation().group("oncology") | {"tom"}


def test_an_environment_grants_what_its_approvals_say() -> None:
    (found,) = only("approve-release")
    assert (found.about, found.groups, found.count) == ("production", ("release-managers",), 1)
    assert found.source == "environments/production/environment.yaml: approvals"


@pytest.mark.parametrize(
    ("action", "count"),
    [
        ("approve-high-risk", 1), ("approve-platform", 1), ("stop", 1), ("lift-stop", 2),
        ("command-emergency", 1), ("settle-emergency", 2),
    ],
)  # fmt: skip
def test_each_office_says_how_many_it_takes(action: str, count: int) -> None:
    (found,) = only(action)
    assert found.count == count
    assert found.people


def test_a_group_that_operates_also_views() -> None:
    entry = Access(group="oncology", role="operator", environments=("dev",), teams=("oncology",))
    assert [one.about for one in only("view", entry)] == ["Argo CD: dev, oncology"]
    assert [one.groups for one in only("operate", entry)] == [("oncology",)]
    assert only("administer", entry) == []


def test_a_group_that_calls_does_nothing_else() -> None:
    entry = Access(group="oncology", role="caller", environments=("dev",))
    (found,) = only("call", entry)
    assert found.about == "models through the gateway: dev, every team"
    assert (found.groups, found.count) == (("oncology",), 1)
    assert only("view", entry) == only("operate", entry) == []


def test_a_path_needs_what_its_class_needs() -> None:
    model = grants_on(arrangement(), "models/oncology/triage/model.yaml")
    assert [one.groups for one in model] == [("oncology", "tom")]
    policy = grants_on(arrangement(), "policies/a/a.rego")
    assert {one.groups for one in policy} == {("platform-owners",)}
    assert len(policy) == 2
    release = grants_on(arrangement(), "environments/production/local/oncology/triage/release.yaml")
    assert [one.groups for one in release] == [("release-managers",)]


def test_what_somebody_may_do_is_every_grant_that_names_them() -> None:
    grants = grants_of(arrangement())
    mine = grants_to(grants, "tom")
    assert mine
    assert all("tom" in one.people for one in mine)
    assert grants_to(grants, "nobody") == ()
    assert {one.action for one in grants} <= set(ACTIONS)
