"""Every document is frozen, strict and complete."""

from __future__ import annotations

import pytest
from pydantic import ValidationError

from turnpike.documents.document import Part


class Sample(Part):
    """A part with the fields that these tests need."""

    first_value: float
    other: int = 0


@pytest.mark.parametrize("number", ["NaN", "Infinity", "-Infinity"])
def test_numbers_that_are_none_are_refused(number: str) -> None:
    with pytest.raises(ValidationError):
        Sample.model_validate_json(f'{{"firstValue": {number}}}')


@pytest.mark.parametrize("text", ['{"firstValue": "1"}', '{"firstValue": true}', "{}"])
def test_no_type_is_taken_for_another(text: str) -> None:
    with pytest.raises(ValidationError):
        Sample.model_validate_json(text)


def test_an_unknown_field_is_refused() -> None:
    with pytest.raises(ValidationError):
        Sample.model_validate_json('{"firstValue": 1.0, "third": 1}')


def test_a_field_given_under_both_of_its_names_is_refused() -> None:
    with pytest.raises(ValidationError):
        Sample.model_validate_json('{"firstValue": 1.0, "first_value": 2.0}')


def test_a_document_does_not_change() -> None:
    sample = Sample(first_value=1.0)
    with pytest.raises(ValidationError):
        sample.other = 2
