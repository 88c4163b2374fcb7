"""One manifest renders for every target, always the same, as a cluster accepts it."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
import yaml
from hypothesis import given, settings
from hypothesis import strategies as st
from pydantic import TypeAdapter, ValidationError
from ruamel.yaml import YAML

from turnpike.documents.identifiers import ShortText
from turnpike.manifest.model import GenerativeModel, PredictiveModel
from turnpike.rendering.conformance import Schemas, manifest_problems
from turnpike.rendering.deployment import Deployment
from turnpike.rendering.render import HEADER, objects_of, render

Deployed = Callable[..., Deployment]
Predictive = Callable[..., PredictiveModel]
EVERYWHERE = ("local", "aws-eu", "gcp-eu", "azure-eu")
WATCHING = ["Service", "ServiceMonitor", "PrometheusRule"]
SERVING = ["ServiceAccount", "NetworkPolicy", "InferenceService", "Role", "RoleBinding"]

SHORT_TEXT: TypeAdapter[str] = TypeAdapter(ShortText)


def is_short_text(text: str) -> bool:
    """Tell whether a manifest may say it: nothing that hides, on one line."""
    try:
        return SHORT_TEXT.validate_python(text) == text
    except ValidationError:
        return False


ODD = ["no", "1e3", "{{ . }}", "a: b", "- x", '"', "0o10", "12:30:45", "\u00a0", "\U0001f600"]
texts = st.text(st.characters(codec="utf-8"), min_size=1, max_size=30).filter(
    is_short_text
) | st.sampled_from(ODD)
labels = st.text(st.characters(min_codepoint=0x21, max_codepoint=0x7E), min_size=1, max_size=30)


def kinds(deployment: Deployment) -> list[Any]:
    return [item["kind"] for item in objects_of(deployment)]


@pytest.mark.parametrize("target", EVERYWHERE)
def test_a_predictive_model_is_served_and_watched(
    deployed: Deployed, predictive: Predictive, target: str
) -> None:
    assert kinds(deployed(predictive(), target)) == SERVING + WATCHING


def test_a_model_without_traffic_is_not_watched(deployed: Deployed, predictive: Predictive) -> None:
    assert kinds(deployed(predictive(), traffic=0)) == SERVING


def test_what_watches_comes_before_the_service_and_goes_after_it(
    deployed: Deployed, predictive: Predictive
) -> None:
    """Argo CD writes waves in order, and prunes them in the opposite one."""
    waves: dict[str, int] = {}
    objects: tuple[Any, ...] = objects_of(deployed(predictive(), "local"))
    for one in objects:
        annotations = one["metadata"]["annotations"]
        waves[one["kind"]] = int(annotations.get("argocd.argoproj.io/sync-wave", "0"))
    assert {waves[kind] for kind in (*WATCHING, "Role", "RoleBinding")} == {-1}
    assert waves["InferenceService"] == 0


def test_a_generative_model_is_a_route_of_the_shared_gateway(
    deployed: Deployed, generative: GenerativeModel
) -> None:
    assert kinds(deployed(generative)) == ["ConfigMap"]


@pytest.mark.parametrize("target", EVERYWHERE)
def test_the_same_deployment_gives_the_same_bytes(
    deployed: Deployed, predictive: Predictive, target: str
) -> None:
    assert render(deployed(predictive(), target)) == render(deployed(predictive(), target))


def test_the_first_line_says_that_the_file_is_derived(
    deployed: Deployed, predictive: Predictive
) -> None:
    assert render(deployed(predictive())).startswith(f"# {HEADER}\n---\n".encode())


@pytest.mark.parametrize("target", EVERYWHERE)
def test_an_environment_changes_neither_the_artifact_nor_how_it_is_verified(
    deployed: Deployed, predictive: Predictive, target: str
) -> None:
    def verifying(environment: str) -> list[Any]:
        service: Any = objects_of(deployed(predictive(), target, environment))[2]
        last = service["spec"]["predictor"]["initContainers"][-1]
        return [last["command"], last["args"]]

    assert verifying("dev") == verifying("staging") == verifying("production")


@settings(deadline=None, max_examples=50)
@given(text=texts, version=labels, target=st.sampled_from(EVERYWHERE))
def test_any_text_of_a_manifest_conforms_and_reads_back_alike(
    deployed: Deployed,
    predictive: Predictive,
    schemas: Schemas,
    text: str,
    version: str,
    target: str,
) -> None:
    model = predictive(
        onCall={"rotation": text, "channel": text},
        monitoring={
            "drift": [{"feature": text, "statistic": "psi", "threshold": 0.1}],
            "decay": {"metric": text, "threshold": 0.5, "labelDelayDays": 1},
        },
    )
    deployment = deployed(model, target, version=version)
    objects = [dict(item) for item in objects_of(deployment)]
    content = render(deployment)
    assert list(yaml.load_all(content, Loader=yaml.CSafeLoader)) == objects
    assert list(YAML(typ="safe", pure=True).load_all(content)) == objects
    assert manifest_problems(objects, schemas) == ()


@pytest.mark.parametrize("target", EVERYWHERE)
@pytest.mark.parametrize("environment", ["dev", "staging", "production"])
def test_every_rendering_is_what_kubernetes_and_the_crds_allow(
    deployed: Deployed,
    predictive: Predictive,
    generative: GenerativeModel,
    schemas: Schemas,
    environment: str,
    target: str,
) -> None:
    for model in (predictive(), generative):
        for traffic in (0, 100):
            objects = objects_of(deployed(model, target, environment, traffic=traffic))
            assert manifest_problems(objects, schemas) == ()
