"""A review has everybody in it, and says first what deserves a look."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from turnpike.cli.arrangement_here import arrangement_in
from turnpike.judge.arrangement import Arrangement
from turnpike.reporting.access_review import review_of, state_of
from turnpike.topology.key import Key
from turnpike.topology.organisation import Group, Person
from unit.judge.examples import NOW, RoleKey

PRODUCT = Path(__file__).parents[3]
GATE = RoleKey("gate").public


@pytest.fixture(scope="module")
def product() -> Arrangement:
    """Who decides about what in the product itself."""
    return arrangement_in(PRODUCT)


def notices(arrangement: Arrangement, *keys: Key, at: datetime = NOW) -> set[str]:
    return set(review_of(arrangement, keys, (), at).notices)


def test_everybody_is_in_it_with_their_groups_and_grants(product: Arrangement) -> None:
    review = review_of(product, (GATE,), (), NOW)
    assert [one.person for one in review.people] == list(product.organisation.people)
    (grace,) = [one for one in review.people if one.person.id == "grace-lee"]
    assert grace.groups == ("release-managers",)
    assert "command-emergency" in {grant.action for grant in grace.grants}
    assert all("grace-lee" in path.people for path in grace.paths)


def test_who_belongs_nowhere_and_a_group_that_may_do_nothing_are_noticed(
    product: Arrangement,
) -> None:
    organisation = product.organisation
    stray = Person(id="stray", name="A Stray", email="stray@example.org")
    idle = Group(name="idle", members=("grace-lee",))
    changed = organisation.model_copy(
        update={
            "people": (*organisation.people, stray),
            "groups": (*organisation.groups, idle),
        }
    )
    found = notices(Arrangement(changed, product.codeowners, product.environments))
    assert {
        "stray belongs to no group",
        "stray has no account on any host",
        "stray has no SSH key, and can sign nothing",
        "group idle may do nothing",
        "group idle has one member, whose own changes nobody else approves",
    } <= found


def test_keys_that_end_soon_or_have_ended_are_noticed(product: Arrangement) -> None:
    soon = GATE.valid_until - timedelta(days=10)
    assert f"key {GATE.name} of the gate ends within 30 days" in notices(product, GATE, at=soon)
    late = datetime(2100, 1, 1, tzinfo=UTC)
    assert "no key of the gate is valid" in notices(product, GATE, at=late)
    assert not {one for one in notices(product, GATE) if "key " in one and "gate" in one}


def test_a_key_is_not_yet_valid_valid_or_ended() -> None:
    early, late = GATE.valid_from - timedelta(1), GATE.valid_until
    assert [state_of(GATE, at) for at in (early, NOW, late)] == ["not yet", "valid", "ended"]
