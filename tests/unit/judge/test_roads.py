"""Every kind of change that acts on production is among the ways, by the rule that decides it."""

from __future__ import annotations

from turnpike.approvals.required import Need
from turnpike.judge.arrangement import Arrangement
from turnpike.judge.layout import class_of
from turnpike.judge.roads import people_of, ways_to_production
from unit.judge.examples import environment, organisation

OWNERS = """\
* @platform-owners
/models/oncology/ @oncology
/models/oncology/special/ @risk-quorum
/environments/*/*/oncology/ @oncology
"""
STAGES = {
    "dev": environment("dev"),
    "staging": environment("staging", ("dev",), 2),
    "production": environment("production", ("staging", "dev"), 1),
}


def arranged(owners: str = OWNERS, dialect: str = "github") -> Arrangement:
    company = organisation().model_copy(update={"codeowners_dialect": dialect})
    return Arrangement(company, owners, STAGES)


def test_a_model_goes_through_every_chain_of_stages() -> None:
    chains = {
        tuple(leg.path.split("/")[1] for leg in way.legs[1:])
        for way in ways_to_production(arranged())
        if len(way.legs) > 1
    }
    assert chains == {("dev", "production"), ("dev", "staging", "production")}


def test_each_rule_that_decides_a_model_gives_a_way_of_its_own() -> None:
    firsts = {way.legs[0].path for way in ways_to_production(arranged()) if len(way.legs) > 1}
    assert "models/oncology/special/model.yaml" in firsts
    assert len(firsts) == 2


def test_every_own_change_is_of_the_class_that_it_is_said_to_be() -> None:
    for dialect, owners in (("github", OWNERS), ("gitea", ".* @platform-owners\n")):
        ways = ways_to_production(arranged(owners, dialect))
        assert ways
        for way in ways:
            path = way.legs[0].path
            assert class_of(path, frozenset((path,))) == way.legs[0].change_class


def test_settings_whose_manifests_another_rule_decides_are_a_way_of_their_own() -> None:
    owners = (
        "* @platform-owners\n/environments/ @risk-quorum\n/environments/*/*/oncology/?/\n"
        "settings.yaml @release-managers\n"
    )
    asked = {
        frozenset(quorum.need.groups for quorum in way.legs[0].quorums)
        for way in ways_to_production(arranged(owners))
        if way.legs[0].change_class == "settings"
    }
    assert frozenset({("release-managers",), ("risk-quorum",)}) in asked


def test_a_high_risk_way_asks_the_risk_group_as_well() -> None:
    ways = [way for way in ways_to_production(arranged()) if way.high_risk]
    assert ways
    for way in ways:
        assert ("risk-quorum",) in {quorum.need.groups for quorum in way.legs[0].quorums}


def test_who_is_barred_is_none_of_the_people_of_a_need() -> None:
    need = Need(("platform-owners",), 1, "x", barred=("sam",))
    assert people_of(arranged(), need) == {"ida"}
