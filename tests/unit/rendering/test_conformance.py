"""An object that an API server would refuse, or drop a field of, is a problem with a place."""

from __future__ import annotations

import copy
from collections.abc import Callable, Mapping
from typing import Any

import pytest
from pydantic import JsonValue

from turnpike.errors import Unavailable
from turnpike.manifest.model import PredictiveModel
from turnpike.rendering.conformance import Schemas, manifest_problems, schemas_from
from turnpike.rendering.deployment import Deployment
from turnpike.rendering.render import objects_of


@pytest.fixture
def objects(
    deployed: Callable[..., Deployment], predictive: Callable[..., PredictiveModel]
) -> dict[str, Any]:
    rendered = objects_of(deployed(predictive()))
    return {str(item["kind"]): copy.deepcopy(dict(item)) for item in rendered}


def problems(item: Mapping[str, JsonValue], schemas: Schemas) -> str:
    return "\n".join(manifest_problems([item], schemas))


def test_what_is_rendered_has_no_problem(objects: dict[str, Any], schemas: Schemas) -> None:
    assert manifest_problems(list(objects.values()), schemas) == ()


def test_a_misspelt_field_of_a_custom_kind_is_found(
    objects: dict[str, Any], schemas: Schemas
) -> None:
    predictor = objects["InferenceService"]["spec"]["predictor"]
    predictor["minReplica"] = predictor.pop("minReplicas")
    assert "minReplica" in problems(objects["InferenceService"], schemas)


def test_a_misspelt_field_of_a_builtin_kind_is_found(
    objects: dict[str, Any], schemas: Schemas
) -> None:
    spec = objects["NetworkPolicy"]["spec"]
    spec["policyType"] = spec.pop("policyTypes")
    assert "policyType" in problems(objects["NetworkPolicy"], schemas)


def test_a_wrong_type_is_found_with_its_path(objects: dict[str, Any], schemas: Schemas) -> None:
    objects["InferenceService"]["spec"]["predictor"]["maxReplicas"] = "6"
    found = problems(objects["InferenceService"], schemas)
    assert "$.spec.predictor.maxReplicas" in found
    assert "tumour-malignancy" in found


def test_a_missing_part_is_found(objects: dict[str, Any], schemas: Schemas) -> None:
    del objects["ServiceMonitor"]["spec"]["selector"]
    assert "'selector' is a required property" in problems(objects["ServiceMonitor"], schemas)


def test_a_label_that_is_no_text_is_found_in_the_metadata_of_a_custom_kind(
    objects: dict[str, Any], schemas: Schemas
) -> None:
    objects["PrometheusRule"]["metadata"]["labels"]["a"] = 1
    assert "$.metadata.labels.a" in problems(objects["PrometheusRule"], schemas)


def test_an_amount_may_be_a_number_or_a_text(objects: dict[str, Any], schemas: Schemas) -> None:
    model = objects["InferenceService"]["spec"]["predictor"]["model"]
    model["resources"]["limits"]["cpu"] = 1
    assert problems(objects["InferenceService"], schemas) == ""
    model["resources"]["limits"]["cpu"] = True
    assert problems(objects["InferenceService"], schemas) != ""


def test_a_kind_without_a_schema_is_a_problem(schemas: Schemas) -> None:
    item: dict[str, JsonValue] = {"apiVersion": "v1", "kind": "Secret", "metadata": {"name": "a"}}
    assert problems(item, schemas).startswith("v1/Secret: expected one of ")


def test_schemas_other_than_the_pinned_ones_are_not_used() -> None:
    with pytest.raises(Unavailable):
        schemas_from(b"{}")
