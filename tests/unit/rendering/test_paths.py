"""A declared path covers its place and all below, and nothing beside it."""

from __future__ import annotations

import pytest

from turnpike.rendering.paths import Path, Place, declared, keyed, shown
from turnpike.topology.clouds import MayDiffer


def place(path: Path, *patterns: str, only: str | None = None) -> Place:
    found = declared([MayDiffer.model_validate({"path": p, "only": only}) for p in patterns])
    for step in path:
        found = found.below(step)
    return found


@pytest.mark.parametrize(
    ("pattern", "path"),
    [
        ("Service.spec.ports", ("Service", "spec", "ports")),
        ("Service.spec", ("Service", "spec", "ports", "0")),
        ("*.metadata.labels[a.b/c]", ("Pod", "metadata", "labels", "a.b/c")),
        ("Pod.spec.containers[*].image", ("Pod", "spec", "containers", "server", "image")),
        ("NetworkPolicy.spec.egress[1..]", ("NetworkPolicy", "spec", "egress", "12", "to")),
    ],
)
def test_a_path_covers_its_place_and_all_below(pattern: str, path: Path) -> None:
    assert place(path, pattern).is_free


@pytest.mark.parametrize(
    ("pattern", "path"),
    [
        ("Service.spec.ports", ("Service", "spec")),
        ("Service.spec.ports", ("Service", "spec", "selector")),
        ("Service.spec.ports", ("ServiceMonitor", "spec", "ports")),
        ("NetworkPolicy.spec.egress[1..]", ("NetworkPolicy", "spec", "egress", "0")),
        ("NetworkPolicy.spec.egress[1..]", ("NetworkPolicy", "spec", "egress", "first")),
        ("Pod.spec.containers[*].image", ("Pod", "spec", "containers", "server", "args")),
    ],
)
def test_it_covers_nothing_beside_it(pattern: str, path: Path) -> None:
    assert not place(path, pattern).is_free


def test_a_text_that_may_differ_frees_nothing_else() -> None:
    found = place(("Pod", "spec", "image"), "Pod.spec.image", only="images")
    assert (found.is_free, found.texts, found.is_silent) == (False, ("images",), False)
    assert place(("Pod", "spec", "name"), "Pod.spec.image", only="images").is_silent


def test_places_of_which_the_same_is_declared_are_one() -> None:
    rules = place(("Rule", "spec"), "Rule.spec[*].expr", only="name")
    assert rules.below("one") is rules.below("another")


def test_a_path_is_shown_as_it_would_be_declared() -> None:
    path = ("InferenceService", "spec", "labels", "turnpike.dev/target", "0")
    assert shown(path) == "InferenceService.spec.labels[turnpike.dev/target][0]"
    assert MayDiffer(path=shown(path)).steps() == path


def test_items_are_known_by_name_only_where_each_has_one_of_its_own() -> None:
    assert keyed([{"name": "a"}, {"name": "b"}]) == {"a": {"name": "a"}, "b": {"name": "b"}}
    assert keyed([{"name": "a"}, {"name": "a"}]) is None
    assert keyed([{"name": "a"}, "b"]) is None
