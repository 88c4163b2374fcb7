"""A generative model is its route document, byte for byte what the released digest names."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from turnpike.documents.identifiers import digest_of
from turnpike.manifest.model import GenerativeModel
from turnpike.rendering.deployment import Deployment
from turnpike.rendering.route import route_config_map


def test_the_route_is_what_the_released_digest_is_the_digest_of(
    deployed: Callable[..., Deployment], generative: GenerativeModel
) -> None:
    deployment = deployed(generative)
    document: Any = route_config_map(deployment, generative)
    assert digest_of(document["data"]["route.json"].encode()) == deployment.release.artifact


def test_a_route_without_traffic_says_so(
    deployed: Callable[..., Deployment], generative: GenerativeModel
) -> None:
    document: Any = route_config_map(deployed(generative, traffic=0), generative)
    assert document["data"]["traffic"] == "0"
