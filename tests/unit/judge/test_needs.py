"""What a class of change needs, by one arrangement."""

from __future__ import annotations

import pytest

from turnpike.judge.arrangement import Arrangement
from turnpike.judge.decision import ChangeClass
from turnpike.judge.needs import DERIVED_CLASSES, PLATFORM_CLASSES, needs_on
from unit.judge.examples import CODEOWNERS, environment, organisation

ARRANGEMENT = Arrangement(
    organisation(), CODEOWNERS, {"production": environment("production", approvals=2)}
)
RELEASE = "environments/production/local/oncology/triage/release.yaml"


def groups(kind: ChangeClass, path: str) -> list[tuple[tuple[str, ...], int]]:
    return [(need.groups, need.count) for need in needs_on(ARRANGEMENT, kind, (path,))]


@pytest.mark.parametrize("kind", sorted(DERIVED_CLASSES))
def test_derived_files_need_what_their_environment_says(kind: ChangeClass) -> None:
    assert groups(kind, RELEASE) == [(("release-managers",), 2)]


@pytest.mark.parametrize("kind", sorted(PLATFORM_CLASSES))
def test_whatever_codeowners_says_the_platform_owners_agree(kind: ChangeClass) -> None:
    found = groups(kind, "models/oncology/x")
    assert found[:2] == [(("oncology",), 1), (("platform-owners",), 1)]


def test_a_waiver_needs_the_risk_group_as_well() -> None:
    assert groups("waiver", "policies/waivers/x.yaml")[-1] == (("risk-quorum",), 1)


@pytest.mark.parametrize("kind", ["stop", "settlement"])
def test_who_stops_or_settles_follows_from_the_change_alone(kind: ChangeClass) -> None:
    assert groups(kind, "environments/stops/x.yaml") == []


def test_a_model_needs_the_owners_of_its_paths_alone() -> None:
    assert groups("model", "models/oncology/x") == [(("oncology",), 1)]
