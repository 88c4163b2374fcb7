"""A witness is one; where there is none, no path is."""

from __future__ import annotations

from itertools import product

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from turnpike.approvals.github import glob_of
from turnpike.approvals.glob import Glob
from turnpike.approvals.language import automaton_of, before, layout, witness

patterns = st.text(st.sampled_from("ab/*?"), min_size=1, max_size=6).map(glob_of)
NAMES = ("a", "b", "c", "ab", "ba")
PATHS = ["/".join(names) for depth in (1, 2, 3) for names in product(NAMES, repeat=depth)]


@settings(deadline=None, max_examples=300)
@given(patterns, st.lists(patterns, max_size=3))
def test_a_path_is_found_exactly_where_there_is_one(
    wanted: Glob | None, avoided: list[Glob | None]
) -> None:
    if wanted is None:
        return
    others = [glob for glob in avoided if glob is not None]
    found = witness([automaton_of(wanted)], [automaton_of(glob) for glob in others])
    if found is None:
        assert all(any(o.matches(p) for o in others) for p in PATHS if wanted.matches(p))
    else:
        assert wanted.matches(found)
        assert not any(glob.matches(found) for glob in others)


@pytest.mark.parametrize(
    ("pattern", "covered_by"),
    [("/docs/*", "/docs/"), ("*", "**"), ("/a/b", "/a/"), ("a*b", "*b"), ("docs/**", "docs/")],
)
def test_a_pattern_within_another_leaves_no_witness(pattern: str, covered_by: str) -> None:
    inner, outer = glob_of(pattern), glob_of(covered_by)
    assert inner
    assert outer
    assert witness([automaton_of(inner)], [automaton_of(outer)]) is None


def test_a_layout_is_met_by_paths_that_turnpike_knows() -> None:
    model = layout("models/oncology/{name}/model.yaml")
    rule = glob_of("/models/*/special-*/")
    assert rule
    found = witness([model, automaton_of(rule)])
    assert found is not None
    assert found.startswith("models/oncology/special-")
    assert witness([layout("terraform/{rest}")], [model]) == "terraform/x"


@settings(deadline=None)
@given(patterns, st.sampled_from(["/a", "/b/a"]))
def test_what_stands_before_a_suffix_is_what_makes_a_path_with_it(
    glob: Glob | None, suffix: str
) -> None:
    if glob is None:
        return
    found = witness([before(automaton_of(glob), suffix)])
    if found is None:
        assert not any(glob.matches(f"{path}{suffix}") for path in PATHS)
    else:
        assert glob.matches(f"{found}{suffix}")
