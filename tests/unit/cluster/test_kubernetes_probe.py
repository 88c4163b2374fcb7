"""A look at a cluster: what serves, what its pods counted, or why nobody knows."""

from __future__ import annotations

from typing import Any

import pytest

from turnpike.cluster.interface import Look
from turnpike.cluster.kubernetes_probe import KubernetesProbe
from turnpike.cluster.tally import Scraped
from turnpike.errors import Unavailable
from unit.cluster.serving import (
    COUNTED,
    EARLIER,
    JUST_NOW,
    NOW,
    Metrics,
    Objects,
    pod,
    service,
    watched,
)

AWAY = Unavailable("nobody answers")


def look(objects: Objects | None = None, metrics: Metrics | None = None, **more: Any) -> Look:
    probe = KubernetesProbe(
        objects or Objects(service(), [pod()]), metrics or Metrics(), lambda: NOW
    )
    return probe.look(watched(**more))


def test_what_serves_as_released_is_counted() -> None:
    assert look() == Look(NOW, NOW, 0.0, "", "", {"one": COUNTED})


def test_a_fault_is_told_and_nothing_counted() -> None:
    found = look(Objects(service(EARLIER), [pod()]))
    assert EARLIER in found.fault
    assert (found.unread, found.tally) == ("", {})


@pytest.mark.parametrize(
    ("objects", "metrics"),
    [(Objects(None, [], AWAY), None), (None, Metrics(error=AWAY))],
)
def test_who_does_not_answer_is_neither_well_nor_ill(
    objects: Objects | None, metrics: Metrics | None
) -> None:
    found = look(objects, metrics)
    assert (found.fault, found.unread, found.tally) == ("", "nobody answers", {})


def test_an_object_that_cannot_be_read_is_no_answer() -> None:
    assert "as Kubernetes and KServe write them" in look(Objects({"kind": 1}, [])).unread


def test_a_pod_whose_counts_are_old_or_missing_is_not_known() -> None:
    old = look(metrics=Metrics({"one": Scraped(90.5, COUNTED)}))
    assert "pod one" in old.unread
    assert "90 s old" in old.unread
    missing = look(metrics=Metrics({"another": Scraped(1.0, COUNTED)}))
    assert "pod one" in missing.unread
    assert "found none" in missing.unread
    assert look(metrics=Metrics({"one": Scraped(90.0, COUNTED)})).unread == ""


def test_a_pod_that_is_ready_since_a_moment_may_not_be_read_yet() -> None:
    pods = Objects(service(), [pod(), pod("two", since=JUST_NOW)])
    assert look(pods).tally == {"one": COUNTED}
    assert "any pod" in look(Objects(service(), [pod(since=JUST_NOW)]), Metrics({})).unread
    old = Metrics({"one": Scraped(1.0, COUNTED), "two": Scraped(91.0, COUNTED)})
    assert "pod two" in look(pods, old).unread


def test_only_pods_of_the_released_digest_are_counted() -> None:
    pods = Objects(service(), [pod(), pod("rest", EARLIER)])
    both = Metrics({"one": Scraped(1.0, COUNTED), "rest": Scraped(1.0, COUNTED)})
    assert look(pods, both, beside=EARLIER).tally == {"one": COUNTED}


def test_nobody_is_asked_for_predictions() -> None:
    probe = KubernetesProbe(Objects(service(), [pod()]), Metrics(), lambda: NOW)
    assert probe.answers(watched(), ({"a": 1.0},)) == ()
