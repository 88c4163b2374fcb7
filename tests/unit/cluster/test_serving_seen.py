"""Nothing but the released artifact, by digest, is what serves as released."""

from __future__ import annotations

from typing import Any

import pytest

from turnpike.cluster.serving_seen import fault_of, stands_of
from unit.cluster.serving import ARTIFACT, EARLIER, pod, service, watched


def fault(found: object, *pods: object, **more: Any) -> str:
    return fault_of(watched(**more), stands_of(found, pods))


def test_what_serves_as_released_has_no_fault() -> None:
    assert fault(service(), pod(), pod("two", ready="False")) == ""


def test_a_service_that_is_not_there_is_a_fault() -> None:
    assert "has no InferenceService" in fault(None, pod())


@pytest.mark.parametrize("said", [EARLIER, ""])
@pytest.mark.parametrize("where", ["artifact", "verified"])
def test_a_service_of_another_digest_is_a_fault(said: str, where: str) -> None:
    found = fault(service(**{where: said}), pod())
    assert f"{said or 'no digest'}, released is {ARTIFACT}" in found


@pytest.mark.parametrize(
    ("status", "why"),
    [
        ({"observedGeneration": 2}, "has not looked at its last change"),
        ({"conditions": []}, "has said nothing of it"),
        (
            {"conditions": [{"type": "Ready", "status": "False", "reason": "R", "message": "m"}]},
            "Ready is False, R: m",
        ),
        ({"conditions": [{"type": "Ready", "status": "Unknown"}]}, "Ready is Unknown"),
    ],
)
def test_a_service_that_is_not_ready_is_a_fault(status: dict[str, Any], why: str) -> None:
    assert why in fault(service(status=status), pod())


@pytest.mark.parametrize("state", [{}, {"ready": "False", "deleted": "2026-11-28T05:59:00Z"}])
def test_a_pod_of_another_digest_that_may_answer_is_a_fault(state: dict[str, Any]) -> None:
    assert f"pod old serves {EARLIER}" in fault(service(), pod(), pod("old", EARLIER, **state))


def test_a_pod_made_by_hand_is_a_fault() -> None:
    assert "pod mine was made by hand" in fault(service(), pod(), pod("mine", owned=False))


@pytest.mark.parametrize("pods", [(), (pod(ready="False"),)])
def test_no_pod_that_is_ready_is_a_fault(pods: tuple[object, ...]) -> None:
    assert f"no pod that serves {ARTIFACT} is ready" in fault(service(), *pods)


def test_beside_a_share_the_rest_may_stand_and_does_not_count_for_it() -> None:
    both = (pod(), pod("rest", EARLIER))
    assert fault(service(), *both, beside=EARLIER) == ""
    assert [p.metadata.name for p in stands_of(service(), both).of(watched())] == ["one"]
    only_the_rest = fault(service(), pod("rest", EARLIER), beside=EARLIER)
    assert only_the_rest == f"no pod that serves {ARTIFACT} is ready"
