"""Each way in which a pod does not serve has words of its own."""

from __future__ import annotations

from typing import Any

import pytest

from turnpike.delivery.pod_troubles import trouble_of
from unit.delivery.looks import pod


def container(name: str = "kserve-container", **state: Any) -> dict[str, Any]:
    return {"name": name, "image": "registry.local/x@sha256:1", "state": state}


UNSCHEDULED = {"type": "PodScheduled", "status": "False", "message": "0/1 nodes: Insufficient cpu"}
PULL = container(waiting={"reason": "ImagePullBackOff", "message": "not found"})
CRASH = {
    **container(waiting={"reason": "CrashLoopBackOff", "message": "back-off"}),
    "lastState": {"terminated": {"exitCode": 137, "reason": "OOMKilled"}},
}
UNVERIFIED = container("verify-artifact", terminated={"exitCode": 1, "reason": "Error"})
CREATING = container(waiting={"reason": "ContainerCreating"})


@pytest.mark.parametrize(
    ("status", "code", "words"),
    [
        ({"phase": "Failed", "reason": "Evicted", "message": "disk"}, "pod-gone", "Evicted: disk"),
        ({"phase": "Pending", "conditions": [UNSCHEDULED]}, "pod-unschedulable", "Insufficient"),
        ({"phase": "Pending", "containerStatuses": [PULL]}, "image-unpullable", "sha256:1"),
        ({"phase": "Running", "containerStatuses": [CRASH]}, "container-failing", "137 OOMKilled"),
        ({"phase": "Pending", "initContainerStatuses": [UNVERIFIED]}, "artifact-unverified", "1"),
        ({"phase": "Pending", "containerStatuses": [CREATING]}, "pod-starting", "Pending"),
    ],
)
def test_what_keeps_a_pod_from_serving_is_named(
    status: dict[str, Any], code: str, words: str
) -> None:
    trouble = trouble_of(pod(**status))
    assert trouble
    assert trouble.code == code
    assert words in trouble.found
    assert trouble.solution


def test_a_pod_that_serves_has_none() -> None:
    assert trouble_of(pod()) is None
