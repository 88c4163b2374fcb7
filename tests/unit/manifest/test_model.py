"""A manifest says one thing of one model, and evidence is bound to the part of it that matters."""

from __future__ import annotations

import json
from collections.abc import Callable

import pytest
from pydantic import JsonValue, ValidationError

from turnpike.documents.canonical import canonical_document
from turnpike.documents.identifiers import digest_of
from turnpike.manifest.model import MODEL, GenerativeModel, PredictiveModel

Values = Callable[..., dict[str, JsonValue]]


def model(value: dict[str, JsonValue]) -> PredictiveModel | GenerativeModel:
    return MODEL.validate_json(json.dumps(value))


def view(value: dict[str, JsonValue]) -> str | None:
    return model(value).validation_view()


def replaced(value: dict[str, JsonValue], part: str, **changes: JsonValue) -> dict[str, JsonValue]:
    inner = value[part]
    assert isinstance(inner, dict)
    return value | {part: inner | changes}


def test_the_kind_decides_what_a_manifest_holds(predictive: Values, generative: Values) -> None:
    assert isinstance(model(predictive()), PredictiveModel)
    assert isinstance(model(generative()), GenerativeModel)


def test_a_model_is_found_by_team_and_name(predictive: Values) -> None:
    assert model(predictive()).key == "oncology/tumour-malignancy"


@pytest.mark.parametrize(
    "change",
    [
        {"description": "A typo corrected."},
        {"intendedUse": "Anything else."},
        {"riskTier": "low"},
        {"slo": {"availabilityPercent": 99.0, "latencyP95Milliseconds": 100.0}},
        {"contacts": [{"person": "tom-becker", "role": "owner"}]},
        {"consumers": [{"application": "ward", "contact": "tom", "purpose": "Shows it."}]},
    ],
    ids=lambda change: next(iter(change)),
)
def test_a_change_of_what_was_not_validated_voids_no_evidence(
    predictive: Values, change: dict[str, JsonValue]
) -> None:
    assert view(predictive(**change)) == view(predictive())


@pytest.mark.parametrize(
    ("part", "change"),
    [
        ("artifact", {"digest": "sha256:" + "b" * 64}),
        ("artifact", {"version": "4"}),
        ("data", {"splitSeed": 8}),
        ("data", {"label": "other"}),
        ("signature", {"outputs": [{"name": "benign", "type": "double"}]}),
        ("validation", {"thresholds": {"roc_auc": 0.5}}),
        ("validation", {"slices": []}),
        ("validation", {"seed": 8}),
    ],
    ids=str,
)
def test_a_change_of_what_was_validated_voids_the_evidence(
    predictive: Values, part: str, change: dict[str, JsonValue]
) -> None:
    assert view(replaced(predictive(), part, **change)) != view(predictive())


def test_every_word_of_a_route_is_part_of_what_was_validated(generative: Values) -> None:
    other = replaced(generative(), "route", systemPrompt="Draft a summary!")
    assert view(other) != view(generative())


@pytest.mark.parametrize("kind", ["predictive", "generative"])
def test_a_draft_has_nothing_that_evidence_could_be_bound_to(
    predictive: Values, generative: Values, kind: str
) -> None:
    values = {"predictive": predictive, "generative": generative}[kind]
    draft = model(values(artifact=None))
    assert draft.artifact is None
    assert draft.validation_view() is None


def test_what_is_released_of_a_generative_model_is_its_canonical_route(generative: Values) -> None:
    found = model(generative())
    assert isinstance(found, GenerativeModel)
    assert found.route_digest() == digest_of(canonical_document(found.route))


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("name", "Tumour"), ("name", "../escape"), ("team", ""), ("riskTier", "none"),
        ("contacts", []), ("kind", "oracle"), ("apiVersion", "turnpike.dev/v2"),
        ("description", ""), ("image", "mine:latest"), ("namespace", "kube-system"),
        ("artifact", {"registryModel": "m", "version": "1", "digest": "latest", "format": "onnx"}),
    ],
    ids=str,
)  # fmt: skip
def test_a_manifest_that_says_anything_else_is_refused(
    predictive: Values, field: str, value: JsonValue
) -> None:
    with pytest.raises(ValidationError):
        model(predictive(**{field: value}))


@pytest.mark.parametrize("format_", ["pickle", "joblib", "route"])
def test_a_predictive_artifact_has_one_of_the_formats_that_run_no_code(
    predictive: Values, format_: str
) -> None:
    with pytest.raises(ValidationError):
        model(replaced(predictive(), "artifact", format=format_))
