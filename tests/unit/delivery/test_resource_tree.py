from __future__ import annotations

import json
from collections.abc import Mapping

from hypothesis import given
from hypothesis import strategies as st
from pydantic import JsonValue

from turnpike.cluster.argocd_api import Managed, Parent, Resource
from turnpike.delivery.resource_tree import Branch, branches


def resource(kind: str, name: str, uid: str, *parents: str) -> Resource:
    refs = tuple(Parent(uid=one) for one in parents) or None
    return Resource(kind=kind, name=name, namespace="n", uid=uid, parent_refs=refs)


def managed(
    kind: str, name: str, wanted: Mapping[str, JsonValue] | None, found: Mapping[str, JsonValue]
) -> Managed:
    return Managed(
        kind=kind,
        name=name,
        namespace="n",
        target_state=json.dumps(wanted),
        predicted_live_state=json.dumps(wanted),
        normalized_live_state=json.dumps(found),
    )


SERVICE = resource("InferenceService", "triage", "1")
DEPLOYMENT = resource("Deployment", "triage-predictor", "2", "1")
POD = resource("Pod", "triage-predictor-a", "3", "2")


def shape(branch: Branch) -> tuple[str, list[object]]:
    return branch.resource.kind, [shape(child) for child in branch.children]


def test_what_was_made_stands_below_what_made_it() -> None:
    (root,) = branches([POD, DEPLOYMENT, SERVICE], ())
    assert shape(root) == ("InferenceService", [("Deployment", [("Pod", [])])])
    assert not root.differs


def test_who_lost_its_maker_is_a_root() -> None:
    found = branches([POD, SERVICE], ())
    assert [one.resource.kind for one in found] == ["InferenceService", "Pod"]


def test_fields_that_a_sync_would_set_change_or_take_away_are_told_once() -> None:
    wanted: dict[str, JsonValue] = {"data": {"a": "1", "b": "2"}, "only": {"git": "here"}}
    found: dict[str, JsonValue] = {"data": {"a": "1", "b": "3", "c": "4"}}
    (one,) = branches([resource("ConfigMap", "m", "9")], [managed("ConfigMap", "m", wanted, found)])
    told = {f.path: (f.wanted, f.found) for f in one.fields}
    assert told == {"data.b": ("2", "3"), "only": ({"git": "here"}, None), "data.c": (None, "4")}
    assert one.differs


def test_what_only_git_has_is_missing_and_what_only_the_cluster_has_is_extra() -> None:
    found = branches(
        [resource("ConfigMap", "old", "9")],
        [managed("ConfigMap", "old", None, {"a": 1}), managed("Role", "new", {"a": 1}, {})],
    )
    assert [(one.resource.name, one.missing, one.extra) for one in found] == [
        ("old", False, True), ("new", True, False),
    ]  # fmt: skip
    assert all(one.differs for one in found)


def test_a_difference_below_is_one_of_the_whole() -> None:
    other = managed("Deployment", "triage-predictor", {"replicas": 2}, {"replicas": 1})
    (root,) = branches([SERVICE, DEPLOYMENT], [other])
    assert root.differs
    assert not root.fields


@given(st.lists(st.tuples(st.integers(0, 6), st.integers(0, 6)), max_size=12))
def test_every_object_is_told_and_none_for_ever(made: list[tuple[int, int]]) -> None:
    """Whatever a server says of who made whom: circles are no trees, and are cut off whole."""
    seen = {uid: resource("Kind", f"o{uid}", str(uid), str(parent)) for uid, parent in made}

    def names(branch: Branch) -> list[str]:
        return [branch.resource.name, *(n for child in branch.children for n in names(child))]

    told = [name for root in branches(tuple(seen.values()), ()) for name in names(root)]
    assert len(told) == len(set(told))
    assert set(told) <= {one.name for one in seen.values()}
