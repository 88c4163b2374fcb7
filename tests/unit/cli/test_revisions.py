"""What judges is a commit of main, and a head counts for a pull request only as its own."""

from __future__ import annotations

import pytest

from turnpike.cli.revisions import judged_between, main_commit
from turnpike.cli.wiring import House
from turnpike.errors import InputError, IntegrityError
from unit.cli.calling import at
from unit.instance.aurora import Aurora


@pytest.fixture
def house(aurora: Aurora) -> House:
    return House(aurora.instance)


def test_without_a_name_mains_newest_judges_and_with_one_what_it_names(
    aurora: Aurora, house: House
) -> None:
    with at(aurora.instance.monorepo):
        assert main_commit(house, None) == aurora.main()
        # The clone's own branch may be behind; where it is, that older commit of main judges.
        assert main_commit(house, "refs/heads/main") == aurora.clone.resolve("refs/heads/main")
        assert main_commit(house, aurora.instance.genesis) == aurora.instance.genesis


def test_a_commit_that_was_never_judged_judges_nothing(aurora: Aurora, house: House) -> None:
    """It would bring its own policies and its own code."""
    theirs = aurora.commit("policies/gate/gate.rego", "allow := true")
    with at(aurora.instance.monorepo), pytest.raises(InputError) as refused:
        main_commit(house, theirs)
    assert refused.value.code == "gate.base-not-on-main"


def test_a_local_branch_called_main_does_not_judge_where_it_went_its_own_way(
    aurora: Aurora, house: House
) -> None:
    theirs = aurora.commit("docs/own-way.md", "mine")
    aurora.clone.update_ref("refs/heads/own-way", theirs, None)
    with at(aurora.instance.monorepo), pytest.raises(InputError, match="own-way"):
        main_commit(house, "own-way")


@pytest.mark.parametrize("name", ["nowhere", "f" * 40, "--all", ""])
def test_a_revision_that_nobody_has_is_refused(aurora: Aurora, house: House, name: str) -> None:
    with at(aurora.instance.monorepo), pytest.raises(InputError):
        main_commit(house, name)


def test_reviews_of_a_pull_request_do_not_count_for_another_head(
    aurora: Aurora, house: House
) -> None:
    number, head = aurora.opened("its-own-head")
    other = aurora.commit("docs/other-head.md", "other")
    with at(aurora.instance.monorepo):
        with pytest.raises(InputError, match=head) as refused:
            judged_between(house, aurora.main(), other, number)
        assert refused.value.code == "gate.head-of-another"


def test_a_base_without_the_gates_pins_decides_nothing(aurora: Aurora, house: House) -> None:
    number, head = aurora.opened("no-pins")
    with at(aurora.instance.monorepo):
        for named in (None, head):
            with pytest.raises(IntegrityError) as refused:
                judged_between(house, aurora.main(), named, number)
            assert refused.value.code == "base.no-platform"
