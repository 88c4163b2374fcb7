"""What a manifest asks for and promises has units and limits."""

from __future__ import annotations

import pytest
from pydantic import JsonValue, ValidationError

from turnpike.manifest.serving import Decay, DriftFeature, Monitoring, ServiceLevel, Serving

SIZE: dict[str, JsonValue] = {"cpuMillicores": 500, "memoryMebibytes": 1024}


def test_a_manifest_names_a_runtime_family_and_never_an_image() -> None:
    assert Serving.model_validate({"runtime": "mlserver", "resources": SIZE}).runtime == "mlserver"
    for value in ({"runtime": "mine"}, {"runtime": "mlserver", "image": "mine:latest"}):
        with pytest.raises(ValidationError):
            Serving.model_validate({"resources": SIZE} | value)


@pytest.mark.parametrize("percent", [0.0, 100.0, 100.1, -1.0])
def test_nobody_can_promise_all_or_nothing(percent: float) -> None:
    with pytest.raises(ValidationError):
        ServiceLevel(availability_percent=percent, latency_p95_milliseconds=100.0)


@pytest.mark.parametrize("count", [0, 9])
def test_accelerators_are_counted(count: int) -> None:
    value = {"runtime": "mlserver", "resources": SIZE}
    accelerators = ({"kind": "nvidia-t4", "count": count},)
    with pytest.raises(ValidationError):
        Serving.model_validate(value | {"accelerators": accelerators})


def test_nothing_is_watched_unless_it_is_named() -> None:
    assert Monitoring() == Monitoring(drift=(), decay=None)


def test_drift_and_decay_have_thresholds() -> None:
    assert DriftFeature(feature="a", statistic="psi", threshold=0.2).threshold == 0.2
    assert Decay(metric="roc_auc", threshold=0.9, label_delay_days=0).label_delay_days == 0
    for threshold in (0.0, 1.1):
        with pytest.raises(ValidationError):
            DriftFeature(feature="a", statistic="psi", threshold=threshold)
