"""Data has a source, terms, a class and places where it may be."""

from __future__ import annotations

import pytest
from pydantic import JsonValue, ValidationError

from turnpike.manifest.data import Data, DataSet

SET = {
    "source": "sklearn:breast_cancer",
    "licence": "CC-BY-4.0",
    "classification": "public",
    "residency": ("EU",),
}


def test_a_set_without_a_digest_is_that_of_a_draft() -> None:
    assert DataSet.model_validate(SET).digest is None


@pytest.mark.parametrize(
    "change",
    [{"residency": ()}, {"classification": "secret"}, {"licence": ""}, {"digest": "sha256:0"}],
    ids=str,
)
def test_a_set_with_less_or_other_than_that_is_refused(change: dict[str, JsonValue]) -> None:
    with pytest.raises(ValidationError):
        DataSet.model_validate(SET | change)


@pytest.mark.parametrize("fraction", [0.0, 0.05, 0.95, 1.0])
def test_neither_part_of_a_split_may_be_next_to_nothing(fraction: float) -> None:
    value = {"label": "y", "training": SET, "validation": SET, "splitSeed": 1}
    with pytest.raises(ValidationError):
        Data.model_validate(value | {"validationFraction": fraction})
