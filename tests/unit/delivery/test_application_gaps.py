"""Argo CD is in step exactly when it is Synced, Healthy and done, at main as it is."""

from __future__ import annotations

from typing import Any

import pytest

from turnpike.cluster.objects_seen import Application
from turnpike.delivery.application_gaps import application_gaps, revisions_of
from turnpike.delivery.wanted import Standing
from unit.delivery.looks import MAIN, application, wanted

OTHER = "c" * 40
CURRENT: dict[str, Standing] = {MAIN: "current"}


def codes(application: Application | None, standings: dict[str, Standing] = CURRENT) -> set[str]:
    return {gap.code for gap in application_gaps(wanted(), application, standings)}


def test_in_step_is_no_gap() -> None:
    assert codes(application()) == set()


def test_both_revisions_are_looked_at() -> None:
    written = {"phase": "Succeeded", "syncResult": {"revision": OTHER}}
    seen = application(operationState=written)
    assert revisions_of(seen) == {MAIN, OTHER}
    assert codes(seen, {**CURRENT, OTHER: "current"}) == set()
    assert codes(seen, {**CURRENT, OTHER: "older"}) == {"revision-old"}
    assert codes(seen) == {"revision-foreign"}


@pytest.mark.parametrize(
    ("status", "expected"),
    [
        ({"sync": {"status": "OutOfSync", "revision": MAIN}}, {"out-of-sync"}),
        ({"sync": {"status": "Unknown"}}, {"out-of-sync"}),
        ({"sync": None}, {"out-of-sync"}),
        # As one of several sources says it, which is none of ours.
        ({"sync": {"status": "Synced", "revisions": [MAIN]}}, {"revision-foreign"}),
        ({"health": {"status": "Degraded"}}, {"unhealthy"}),
        ({"health": None}, {"unhealthy"}),
        ({"operationState": {"phase": "Running"}}, {"syncing"}),
        ({"operationState": {"phase": "Error", "message": "no"}}, {"sync-failed"}),
        ({"conditions": [{"type": "InvalidSpecError", "message": "no"}]},
         {"argocd-invalid-spec-error"}),
        ({"conditions": [{"type": "OrphanedResourceWarning", "message": "hm"}]}, set()),
    ],
)  # fmt: skip
def test_whatever_is_missing_is_a_gap(status: dict[str, Any], expected: set[str]) -> None:
    assert codes(application(**status)) == expected


def test_what_the_cluster_refused_is_told_by_its_own_words() -> None:
    refused = {"kind": "InferenceService", "name": "tumour", "status": "SyncFailed",
               "message": "ValidatingAdmissionPolicy 'x' denied request"}  # fmt: skip
    taken = {"kind": "Service", "name": "tumour", "status": "Synced", "message": "created"}
    state = {"phase": "Failed", "syncResult": {"revision": MAIN, "resources": [refused, taken]}}
    (gap,) = application_gaps(wanted(), application(operationState=state), CURRENT)
    assert (gap.code, gap.subject) == ("sync-refused", "InferenceService/tumour")
    assert gap.found == refused["message"]
    assert "admission" in gap.solution


def test_the_object_that_differs_is_named() -> None:
    resources = [
        {"kind": "Service", "name": "tumour", "status": "Synced"},
        {"kind": "InferenceService", "name": "tumour", "status": "OutOfSync"},
    ]
    seen = application(sync={"status": "OutOfSync", "revision": MAIN}, resources=resources)
    (gap,) = application_gaps(wanted(), seen, CURRENT)
    assert gap.subject == "InferenceService/tumour"


def test_no_application_is_a_gap_exactly_where_something_is_released() -> None:
    assert codes(None) == {"application-missing"}
    assert application_gaps(wanted(nothing=True), None, {}) == ()


def test_an_application_of_what_is_retired_is_a_gap() -> None:
    (gap,) = application_gaps(wanted(nothing=True), application(), CURRENT)
    assert gap.code == "application-left"
