"""A cloud, a region and a difference are entries of one file, each named once."""

from __future__ import annotations

from pathlib import Path

import pytest

from turnpike.documents.reading import read
from turnpike.errors import InvalidDocument
from turnpike.topology.clouds import CLOUDS, CLOUDS_WITHOUT_FILE, Clouds, MayDiffer, names_of

FILE = Path(__file__).parents[3] / "environments" / "clouds.yaml"


def parsed(old: str = "", new: str = "") -> Clouds:
    text = FILE.read_text("utf-8")
    assert old in text
    return read(CLOUDS, text.replace(old, new, 1).encode(), "clouds.yaml")


def test_the_products_file_names_its_clouds_and_seven_concerns() -> None:
    clouds = parsed()
    assert names_of(clouds) == sorted(CLOUDS_WITHOUT_FILE)
    assert [one.name for one in clouds.concerns] == [
        "storage", "registry-host", "identity", "placement", "network", "traffic", "observability",
    ]  # fmt: skip
    assert all(one.reason for one in clouds.concerns)


def test_without_the_file_the_four_clouds_of_the_product_are_known() -> None:
    assert names_of(None) == CLOUDS_WITHOUT_FILE


@pytest.mark.parametrize(
    ("old", "new", "field", "found"),
    [
        ("only: images", "only: image", "concerns.1.paths.0.only", '"image"'),
        ("name: gcp", "name: aws", "clouds", "..."),
        ("requires: [identity", "requires: [gpu", "clouds.1.requires.0", '"gpu"'),
        ("path: InferenceService.spec.predictor.nodeSelector", "path: 'a b'",
         "concerns.3.paths.0.path", '"a b"'),
    ],
)  # fmt: skip
def test_what_cannot_be_meant_is_refused_with_its_field(
    old: str, new: str, field: str, found: str
) -> None:
    with pytest.raises(InvalidDocument) as refused:
        parsed(old, new)
    (problem,) = refused.value.problems
    assert (problem.file, problem.field) == ("clouds.yaml", field)
    assert problem.actual.endswith(found)


def test_a_path_is_a_kind_and_steps() -> None:
    path = "InferenceService.spec.initContainers[storage-initializer].args[0]"
    steps = ("InferenceService", "spec", "initContainers", "storage-initializer", "args", "0")
    assert MayDiffer(path=path).steps() == steps
