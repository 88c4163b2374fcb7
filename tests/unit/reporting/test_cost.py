"""Money is replicas times what each asks for times hours; what has no price is in no sum."""

from __future__ import annotations

from dataclasses import replace

import pytest

from turnpike.manifest.model import PredictiveModel
from turnpike.manifest.serving import Accelerator
from turnpike.rendering.deployment import Deployment
from turnpike.reporting.cost import HOURS, Cost, costs_of, page_of, sums_of
from turnpike.topology.clouds import CLOUDS, Clouds
from unit.judge.deployed import RELEASE, settings
from unit.judge.examples import environment, model


def priced(**accelerators: float) -> Clouds:
    prices = {"cpuHour": 2, "memoryHour": 0.5, "acceleratorHour": accelerators}
    cloud = {"name": "local", "regions": {"local": "EU"}, "storage": ["pvc"], "prices": prices}
    value = {"apiVersion": "turnpike.dev/v1", "kind": "Clouds", "clouds": [cloud], "concerns": []}
    return CLOUDS.validate_python(value, strict=False)


def deployment(made: PredictiveModel | None = None, most: int = 4) -> Deployment:
    dev = environment("dev")
    return Deployment(made or model(), RELEASE, dev, dev.targets[0], settings(most))


def asking(kind: str, count: int) -> PredictiveModel:
    plain = model()
    wanted = Accelerator.model_validate({"kind": kind, "count": count})
    serving = plain.serving.model_copy(update={"accelerators": (wanted,)})
    return plain.model_copy(update={"serving": serving})


def of_one_replica() -> float:
    size = deployment().resources
    return size.cpu_millicores / 1000 * 2 + size.memory_mebibytes / 1024 * 0.5


def test_replicas_cost_by_the_month_at_their_least_and_at_their_most() -> None:
    (cost,) = costs_of([deployment()], priced())
    assert cost.least == pytest.approx(HOURS * of_one_replica())
    assert cost.most == pytest.approx(4 * cost.least)


def test_beside_a_share_what_serves_the_rest_costs_as_much() -> None:
    (alone,) = costs_of([deployment()], priced())
    share = RELEASE.model_copy(update={"traffic": 10, "rest": RELEASE.as_rest()})
    (both,) = costs_of([replace(deployment(), release=share)], priced())
    assert (both.least, both.most) == (2 * alone.least, 2 * alone.most)


def test_each_accelerator_of_each_replica_is_reckoned() -> None:
    (cost,) = costs_of([deployment(asking("nvidia-t4", 2))], priced(**{"nvidia-t4": 3.0}))
    assert cost.least == pytest.approx(HOURS * (of_one_replica() + 6.0))


def test_an_accelerator_without_a_price_is_named_and_costs_nothing() -> None:
    (cost,) = costs_of([deployment(asking("nvidia-l4", 1))], priced(**{"nvidia-t4": 3.0}))
    assert cost.missing == ("acceleratorHour of nvidia-l4 in local",)
    assert sums_of([cost], lambda one: one.model) == ()


def test_a_cloud_without_prices_is_named() -> None:
    bare = priced()
    cloud = bare.clouds[0].model_copy(update={"prices": None})
    (cost,) = costs_of([deployment()], bare.model_copy(update={"clouds": (cloud,)}))
    assert cost.missing == ("prices of the cloud local",)
    assert (cost.least, cost.most) == (0.0, 0.0)


def test_sums_put_the_dearest_first() -> None:
    costs = [
        Cost("dev", "local", "a/x", 1, 2),
        Cost("dev", "aws", "a/x", 1, 2),
        Cost("dev", "local", "b/y", 1, 9),
    ]
    found = [(s.name, s.deployments, s.least, s.most) for s in sums_of(costs, lambda c: c.model)]
    assert found == [("b/y", 1, 1, 9), ("a/x", 2, 2, 4)]


def test_the_page_escapes_and_says_what_has_no_price() -> None:
    costs = (Cost("dev", "local", "a/<b>", 1234.5, 2000), Cost("dev", "x", "b/y", 0, 0, ("this",)))
    page = page_of(costs, "EUR", "<c>")
    assert "<b>" not in page
    assert "a/&lt;b&gt;" in page
    assert "1,234.50" in page
    assert "<td>this</td>" in page
