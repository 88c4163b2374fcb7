"""What must be approved is never weakened by how it is put together."""

from __future__ import annotations

from hypothesis import given, settings
from hypothesis import strategies as st

from turnpike.approvals.required import DELETION, Need, merged, owners_needed
from unit.judge.examples import organisation

needs = st.lists(
    st.builds(
        Need,
        st.sampled_from(((), ("a",), ("b",), ("a", "b"))),
        st.integers(1, 4),
        st.sampled_from(("owners", "risk", f"{DELETION}x", f"{DELETION}y")),
    ),
    max_size=8,
)


def counts(found: tuple[Need, ...]) -> set[tuple[tuple[str, ...], int, bool]]:
    return {(need.groups, need.count, need.reason.startswith(DELETION)) for need in found}


@settings(deadline=None)
@given(needs, st.randoms())
def test_the_order_of_needs_never_matters(said: list[Need], chance: object) -> None:
    shuffled = sorted(said, key=lambda _: chance.random())  # type: ignore[attr-defined]
    assert counts(merged(said)) == counts(merged(shuffled))


@settings(deadline=None)
@given(needs)
def test_each_set_of_groups_is_asked_once_and_for_the_most(said: list[Need]) -> None:
    found = [need for need in merged(said) if not need.reason.startswith(DELETION)]
    assert len(found) == len({need.groups for need in found})
    for need in found:
        alike = [o for o in said if o.groups == need.groups and not o.reason.startswith(DELETION)]
        assert need.count == max(one.count for one in alike)


@settings(deadline=None)
@given(needs)
def test_no_need_is_lost(said: list[Need]) -> None:
    found = merged(said)
    for need in said:
        assert any(o.groups == need.groups and o.count >= need.count for o in found)


@settings(deadline=None)
@given(needs)
def test_a_deletion_keeps_a_need_of_its_own(said: list[Need]) -> None:
    reasons = {need.reason for need in said if need.reason.startswith(DELETION)}
    assert reasons == {n.reason for n in merged(said) if n.reason.startswith(DELETION)}


@settings(deadline=None)
@given(needs)
def test_merging_again_changes_nothing(said: list[Need]) -> None:
    assert merged(merged(said)) == merged(said)


def test_an_owner_of_the_same_group_does_not_swallow_a_deletion() -> None:
    owner = Need(("platform-owners",), 2, "CODEOWNERS line 1 (main): *")
    deletion = Need(("platform-owners",), 1, f"{DELETION}models/a/b/model.yaml")
    assert set(merged([owner, deletion])) == set(merged([deletion, owner])) == {owner, deletion}


@settings(deadline=None)
@given(
    st.lists(
        st.builds(
            Need,
            st.just(("commanders",)),
            st.integers(1, 2),
            st.sampled_from(("emergency INC-1", "owners")),
            st.sampled_from(((), ("sam",), ("ida",))),
            st.booleans(),
        )
    )
)
def test_whoever_is_barred_from_a_need_cannot_meet_it_by_way_of_another(said: list[Need]) -> None:
    found = merged(said)
    for need in said:
        assert any(
            (o.groups, o.barred, o.own_word) == (need.groups, need.barred, need.own_word)
            and o.count >= need.count
            for o in found
        )


def test_a_path_without_owner_is_a_need_that_nobody_can_meet() -> None:
    (need,) = owners_needed("/models/ @oncology\n", organisation(), ["docs/a.md"], "main")
    assert (need.groups, need.count, need.name) == ((), 1, "")
    assert "docs/a.md" in need.reason


def test_without_codeowners_every_path_is_unowned() -> None:
    assert [need.groups for need in owners_needed(None, organisation(), ["a", "b"], "main")] == [
        (),
        (),
    ]


def test_all_owners_of_a_line_are_one_need_that_says_where_it_comes_from() -> None:
    (need,) = owners_needed(
        "* @risk-quorum @oncology @oncology\n", organisation(), ["x"], "this change"
    )
    assert (need.groups, need.name) == (("oncology", "risk-quorum"), "oncology or risk-quorum")
    assert need.reason == "CODEOWNERS line 1 (this change): *"


def test_an_owner_whom_nobody_knows_leaves_a_need_that_nobody_can_meet() -> None:
    (need,) = owners_needed("* @nobody\n", organisation(), ["x"], "main")
    assert (need.groups, need.count) == ((), 1)


def test_each_section_of_gitlab_is_a_need_with_its_own_count() -> None:
    company = organisation().model_copy(update={"codeowners_dialect": "gitlab"})
    text = "* @platform-owners\n[Risk][2] @risk-quorum\nx\n^[Watchers]\nx @oncology\n"
    found = {need.groups: need.count for need in owners_needed(text, company, ["x"], "main")}
    assert found == {("platform-owners",): 1, ("risk-quorum",): 2}


def test_a_path_that_only_an_optional_section_owns_needs_nobody() -> None:
    company = organisation().model_copy(update={"codeowners_dialect": "gitlab"})
    assert not list(owners_needed("^[Watchers]\nx @oncology\n", company, ["x"], "main"))
