"""A change cannot bring a target or a stop of a cloud that is none."""

from __future__ import annotations

import pytest

from turnpike.judge.clouds import cloud_findings
from turnpike.judge.facts import Documents, Facts
from turnpike.judge.layout import CLOUDS_PATH, class_of
from turnpike.topology.clouds import CloudKind, Clouds, Concern, MayDiffer
from turnpike.topology.stop import STOP, Stop
from unit.judge.examples import environment, model_facts

LOCAL = CloudKind(name="local", regions={"local": "EU"}, storage=("pvc",))
CLOUDS = Clouds(
    api_version="turnpike.dev/v1",
    kind="Clouds",
    clouds=(LOCAL,),
    concerns=(Concern(name="none", reason="None is.", paths=(MayDiffer(path="None"),)),),
)


def facts(head: Documents, clouds: Clouds | None = CLOUDS) -> Facts:
    plain = model_facts()
    base = plain.base.model_copy(update={"clouds": clouds})
    return plain.model_copy(update={"base": base, "head": head})


def stop(cloud: str) -> Stop:
    return STOP.validate_python(
        {
            "apiVersion": "turnpike.dev/v1",
            "kind": "Stop",
            "name": "outage",
            "incident": "INC-7",
            "reason": "down",
            "clouds": [cloud],
        },
        strict=False,
    )


@pytest.mark.parametrize(("clouds", "known"), [(CLOUDS, "local"), (None, "aws, azure, gcp, local")])
def test_a_stop_of_an_unknown_cloud_would_stop_nothing(clouds: Clouds | None, known: str) -> None:
    (finding,) = cloud_findings(facts(Documents(stops={"outage": stop("locall")}), clouds))
    assert (finding.code, finding.subject) == (
        "environment.cloud-mismatch",
        "environments/stops/outage.yaml",
    )
    assert (finding.expected, finding.actual) == (f"clouds.0: one of {known}", "locall")
    assert cloud_findings(facts(Documents(stops={"outage": stop("local")}), clouds)) == ()


def test_a_target_in_an_unknown_region_is_refused() -> None:
    dev = environment("dev")
    (target,) = dev.targets
    moved = dev.model_copy(update={"targets": (target.model_copy(update={"region": "moon"}),)})
    (finding,) = cloud_findings(facts(Documents(environments={"dev": moved})))
    assert finding.subject == "environments/dev/environment.yaml"
    assert (finding.expected, finding.actual) == (
        "targets.0.region: a region of local: local",
        "moon",
    )
    assert cloud_findings(facts(Documents(environments={"dev": dev}))) == ()


def test_clouds_that_no_longer_know_a_region_in_use_are_refused() -> None:
    narrow = CLOUDS.model_copy(
        update={"clouds": (LOCAL.model_copy(update={"regions": {"mars": "EU"}}),)}
    )
    base = model_facts().base
    assert base.environments
    found = cloud_findings(facts(Documents(clouds=narrow)))
    assert {one.actual for one in found} == {"local"}
    assert len(found) == len(base.environments)


def test_a_change_of_clouds_is_one_of_environments() -> None:
    assert class_of(CLOUDS_PATH, frozenset({CLOUDS_PATH})) == "environment"
