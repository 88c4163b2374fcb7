"""A target that its cloud cannot have is told by file, field, what was expected and what found."""

from __future__ import annotations

from pathlib import Path

import pytest

from turnpike.documents.reading import read
from turnpike.topology.clouds import CLOUDS, Clouds
from turnpike.topology.environment import ENVIRONMENT, Environment, Network
from turnpike.topology.target import target_problems

ROOT = Path(__file__).parents[3] / "environments"
CLOUDS_FILE = read(CLOUDS, (ROOT / "clouds.yaml").read_bytes(), "clouds.yaml")
DEV = read(ENVIRONMENT, (ROOT / "dev" / "environment.yaml").read_bytes(), "environment.yaml")
AWS = 1


def saying(**changes: object) -> Environment:
    """Return dev with an AWS target that says something else."""
    targets = list(DEV.targets)
    targets[AWS] = targets[AWS].model_copy(update=changes)
    return DEV.model_copy(update={"targets": tuple(targets)})


@pytest.mark.parametrize(
    ("changes", "field", "expected", "found"),
    [
        ({"cloud": "awss"}, "cloud", "one of aws, azure, gcp, local", "awss"),
        ({"region": "eu-central-9"}, "region",
         "a region of aws: eu-central-1, eu-north-1, eu-west-1", "eu-central-9"),
        ({"residency": "US"}, "residency", "EU, where eu-central-1 lies", "US"),
        ({"storage": "gs://store"}, "storage", "a store of aws: s3://", "gs://store"),
        ({"identity": None}, "identity", "what every target of aws has", "nothing"),
        ({"network": Network()}, "egress", "what every target of aws has", "nothing"),
    ],
)  # fmt: skip
def test_a_misfit_is_told_at_its_place(
    changes: dict[str, object], field: str, expected: str, found: str
) -> None:
    (problem,) = target_problems(saying(**changes), CLOUDS_FILE)
    assert problem.file == "environments/dev/environment.yaml"
    assert problem.field == f"targets.{AWS}.{field}"
    assert (problem.expected, problem.actual) == (expected, found)


def test_the_products_targets_are_what_their_clouds_ask_for() -> None:
    for file in ROOT.glob("*/environment.yaml"):
        assert target_problems(read(ENVIRONMENT, file.read_bytes(), str(file)), CLOUDS_FILE) == ()


@pytest.mark.parametrize("clouds", [CLOUDS_FILE, None])
def test_an_unknown_cloud_is_refused_with_and_without_the_file(clouds: Clouds | None) -> None:
    (problem,) = target_problems(saying(cloud="oracle"), clouds)
    assert problem.actual == "oracle"


def test_without_the_file_regions_are_not_known() -> None:
    assert target_problems(saying(region="eu-central-9"), None) == ()
