"""All records and every slice are scored, each by its own records."""

from __future__ import annotations

from turnpike.scoring.answers import class_answers
from turnpike.scoring.records import Records
from turnpike.scoring.score import OVERALL, score
from unit.registration.manifests import WINE_MANIFEST, predictive

_LABELS = (0, 1, 2, 0)
_RECORDS = Records({"alcohol": (12.0, 13.5, 14.0, 12.5)}, _LABELS)
_ANSWERS = class_answers([[0.0], [1.0], [0.0], [1.0]], None, _LABELS)


def test_the_slice_is_scored_by_its_own_records() -> None:
    values = score(predictive().validation, _RECORDS, _ANSWERS)
    found = {(v.slice, v.metric): (v.value, v.records) for v in values}
    assert found[OVERALL, "accuracy"] == (0.5, 4)
    assert found["strong", "accuracy"] == (0.5, 2)


def test_a_slice_without_records_has_no_metrics() -> None:
    model = predictive(WINE_MANIFEST.replace("value: 13.0", "value: 99.0"))
    assert {v.slice for v in score(model.validation, _RECORDS, _ANSWERS)} == {OVERALL}
