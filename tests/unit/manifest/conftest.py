"""Manifests as their files say them, for tests that vary one field."""

from __future__ import annotations

import copy
from collections.abc import Callable

import pytest
from pydantic import JsonValue

Value = dict[str, JsonValue]
DIGEST = "sha256:" + "a" * 64


@pytest.fixture(scope="session")
def predictive() -> Callable[..., Value]:
    """Makes the values of a predictive manifest, with some fields replaced."""

    def make(**changes: JsonValue) -> Value:
        return _common() | copy.deepcopy(_PREDICTIVE) | changes

    return make


@pytest.fixture(scope="session")
def generative() -> Callable[..., Value]:
    """Makes the values of a generative manifest, with some fields replaced."""

    def make(**changes: JsonValue) -> Value:
        return _common() | copy.deepcopy(_GENERATIVE) | changes

    return make


def _common() -> Value:
    return {
        "apiVersion": "turnpike.dev/v1",
        "name": "tumour-malignancy",
        "team": "oncology",
        "description": "What it tells.",
        "intendedUse": "A second reading.",
        "outOfScopeUse": "A first reading.",
        "riskTier": "high",
        "contacts": [{"person": "maria-lopez", "role": "data scientist"}],
        "serving": {
            "runtime": "mlserver",
            "resources": {"cpuMillicores": 500, "memoryMebibytes": 1024},
        },
    }


_DATA_SET: Value = {
    "source": "sklearn:breast_cancer",
    "licence": "CC-BY-4.0",
    "classification": "public",
    "residency": ["EU"],
}
_PREDICTIVE: Value = {
    "kind": "predictive",
    "artifact": {
        "registryModel": "oncology.tumour-malignancy",
        "version": "3",
        "digest": DIGEST,
        "format": "skops",
    },
    "signature": {
        "inputs": [{"name": "mean radius", "type": "double", "minimum": 0.0, "maximum": 40.0}],
        "outputs": [{"name": "benign", "type": "long"}],
    },
    "data": {
        "label": "target",
        "training": _DATA_SET,
        "validation": _DATA_SET,
        "validationFraction": 0.3,
        "splitSeed": 7,
    },
    "validation": {
        "task": "binary-classification",
        "thresholds": {"roc_auc": 0.9},
        "slices": [
            {
                "name": "large",
                "column": "mean radius",
                "operator": ">",
                "value": 20.0,
                "thresholds": {"roc_auc": 0.8},
            }
        ],
        "margin": {"roc_auc": 0.01},
        "seed": 7,
        "budget": {"latencyMilliseconds": 50.0, "memoryMebibytes": 512.0},
    },
}
_GENERATIVE: Value = {
    "kind": "generative",
    "artifact": {
        "registryModel": "oncology.discharge-summary",
        "version": "1",
        "digest": DIGEST,
        "format": "route",
    },
    "route": {
        "provider": "anthropic",
        "model": "claude-sonnet-4-5",
        "revision": "20250929",
        "temperature": 0.0,
        "maxTokens": 1200,
        "systemPrompt": "Draft a summary.",
        "tokensPerMinute": 40000,
    },
}
