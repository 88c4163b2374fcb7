"""What runs is compared with what was released, by digest, whoever put it there."""

from __future__ import annotations

import pytest

from turnpike.cluster.objects_seen import Pod
from turnpike.delivery.cluster_gaps import cluster_gaps
from turnpike.delivery.snapshot import Snapshot
from turnpike.documents.identifiers import digest_of
from unit.delivery.looks import EARLIER, carrier, pod, release, snapshot, wanted, workload

STRANGE = digest_of(b"from somewhere else")


def codes(snapshot: Snapshot, *, nothing: bool = False) -> set[str]:
    return {gap.code for gap in cluster_gaps(wanted(nothing=nothing), snapshot)}


def test_what_was_released_and_nothing_else_is_no_gap() -> None:
    assert codes(snapshot()) == set()
    assert codes(snapshot(carriers=(carrier(), carrier(name="lesion")))) == set()


def test_bytes_of_an_earlier_release_are_stale_and_others_foreign() -> None:
    assert codes(snapshot(carriers=(carrier(EARLIER),))) == {"stale"}
    assert codes(snapshot(carriers=(carrier(STRANGE),))) == {"foreign"}
    assert codes(snapshot(carriers=(carrier(""),))) == {"foreign"}


def test_what_a_pod_verifies_counts_and_not_what_its_owner_says() -> None:
    assert codes(snapshot(pods=(pod(EARLIER),))) == {"stale"}
    assert codes(snapshot(pods=(pod(STRANGE),))) == {"foreign"}


def test_a_verifying_step_that_is_not_as_rendered_verifies_nothing() -> None:
    """Of two digests the last one would count, and another program need not compare at all."""
    assert codes(snapshot(pods=(pod(more=("--digest", STRANGE)),))) == {"foreign"}
    assert codes(snapshot(pods=(pod(program="this"),))) == {"foreign"}


def test_beside_a_share_pods_of_what_serves_the_rest_are_no_gap() -> None:
    share = release().model_copy(update={"traffic": 10, "rest": release(EARLIER).as_rest()})
    there = snapshot(pods=(pod(), pod(EARLIER)))
    assert cluster_gaps(wanted(share), there) == ()
    (gap,) = cluster_gaps(wanted(share), snapshot(pods=(pod(STRANGE),)))
    assert gap.code == "foreign"
    (gap,) = cluster_gaps(wanted(share), snapshot(carriers=(carrier(EARLIER),)))
    assert gap.code == "stale"


def test_what_is_released_and_not_there_is_missing() -> None:
    assert codes(snapshot(carriers=())) == {"missing"}


def test_what_stands_although_nothing_is_released_is_left() -> None:
    assert codes(snapshot(pods=(), workloads=()), nothing=True) == {"left"}
    assert codes(snapshot(carriers=(), pods=(), workloads=()), nothing=True) == set()


def test_what_no_release_of_the_team_names_is_foreign() -> None:
    assert codes(snapshot(carriers=(carrier(), carrier(name="shadow")))) == {"foreign"}


def test_workloads_and_pods_made_by_hand_are_foreign() -> None:
    assert codes(snapshot(workloads=(workload(owned=False),))) == {"foreign"}
    assert codes(snapshot(pods=(pod(owned=False),))) == {"foreign"}


def beside(**labels: str) -> Pod:
    named = {f"turnpike.dev/{name}": value for name, value in labels.items()}
    metadata = {"name": "beside", "labels": named}
    return Pod.model_validate({"apiVersion": "v1", "kind": "Pod", "metadata": metadata})


@pytest.mark.parametrize(
    ("labels", "words"),
    [
        ({}, "one of no model"),
        ({"team": "oncology"}, "one of no model"),
        ({"model": "lesion"}, "one of no model"),
        ({"team": "oncology", "model": "gone"}, "one that says it is of oncology/gone"),
        ({"team": "miners", "model": "lesion"}, "one that says it is of miners/lesion"),
    ],
)
def test_a_pod_of_no_model_that_is_released_here_is_foreign(
    labels: dict[str, str], words: str
) -> None:
    (gap,) = cluster_gaps(wanted(), snapshot(beside=(beside(**labels),)))
    assert (gap.code, gap.subject, gap.found) == ("foreign", "Pod/beside", words)


def test_a_pod_of_a_neighbour_is_its_own_affair() -> None:
    assert codes(snapshot(beside=(beside(team="oncology", model="lesion"),))) == set()


def test_pods_that_a_quota_refuses_are_told_by_its_words() -> None:
    refusal = {"type": "ReplicaFailure", "status": "True", "message": "exceeded quota: models"}
    (gap,) = cluster_gaps(wanted(), snapshot(workloads=(workload(refusal),)))
    assert (gap.code, gap.found) == ("pods-refused", "exceeded quota: models")
