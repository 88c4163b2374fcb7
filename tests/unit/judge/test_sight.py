"""A person sees what some entry of a group of theirs lets them see, and nothing by default."""

from __future__ import annotations

import pytest

from turnpike.judge.sight import Sight, sight_of
from turnpike.topology.organisation import Access, Organisation
from unit.judge.examples import organisation


def company(*entries: Access) -> Organisation:
    return organisation().model_copy(update={"access": entries})


def test_who_is_in_no_group_with_access_sees_nothing() -> None:
    sight = sight_of(company(Access(group="oncology", role="viewer")), "nora")
    assert sight.is_none
    assert not sight.is_everything
    assert not sight.sees("dev", "oncology")


def test_a_person_of_nobody_knows_sees_nothing() -> None:
    assert sight_of(company(Access(group="oncology", role="viewer")), "mallory").is_none


@pytest.mark.parametrize(
    ("environments", "teams", "dev", "production", "other", "everything"),
    [
        ((), (), True, True, True, True),
        (("production",), (), False, True, False, False),
        ((), ("oncology",), True, True, False, False),
        (("production",), ("oncology",), False, True, False, False),
    ],
)
def test_an_entry_is_for_the_environments_and_teams_that_it_names(
    environments: tuple[str, ...],
    teams: tuple[str, ...],
    dev: bool,
    production: bool,
    other: bool,
    everything: bool,
) -> None:
    entry = Access(group="oncology", role="viewer", environments=environments, teams=teams)
    sight = sight_of(company(entry), "maria")
    assert sight.sees("dev", "oncology") is dev
    assert sight.sees("production", "oncology") is production
    assert sight.sees("dev", "cardiology") is other
    assert sight.is_everything is everything


def test_entries_add_up_and_do_not_mix() -> None:
    """Dev of one team and production of another are no production of the first."""
    sight = Sight(
        (
            Access(group="a", role="viewer", environments=("dev",), teams=("oncology",)),
            Access(group="a", role="viewer", environments=("production",), teams=("cardiology",)),
        )
    )
    assert sight.sees("dev", "oncology")
    assert sight.sees("production", "cardiology")
    assert not sight.sees("production", "oncology")


def test_whoever_has_the_clone_sees_everything() -> None:
    whole = Sight(whole=True)
    assert whole.is_everything
    assert not whole.is_none
    assert whole.sees("anywhere", "anybody")


def test_who_only_calls_models_sees_no_pages() -> None:
    assert sight_of(company(Access(group="oncology", role="caller")), "maria").is_none
