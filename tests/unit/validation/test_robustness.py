"""Every input is tried missing, out of range and mistyped, and every sloppy answer fails."""

from __future__ import annotations

import pytest

from turnpike.manifest.signature import Column, Signature
from turnpike.validation.programs import RobustnessResult
from turnpike.validation.robustness import robustness_cases, robustness_checks
from unit.registration.manifests import predictive

_SIGNATURE = predictive().signature
_ROW = (700.0, 13.0)


def _results(**outcomes: tuple[str, bool]) -> list[RobustnessResult]:
    names = {"missing": "missing", "far": "out-of-range", "mistyped": "mistyped"}
    return [
        RobustnessResult.model_validate(
            {"name": f"{names[kind]}:1", "outcome": outcome, "finite": finite, "detail": "d"}
        )
        for kind, (outcome, finite) in outcomes.items()
    ]


def test_each_input_is_tried_in_each_way_and_the_others_stay_sound() -> None:
    cases = {case.name: case.rows for case in robustness_cases(_SIGNATURE, _ROW)}
    assert cases == {
        "missing:0": ((None, 13.0),),
        "missing:1": ((700.0, None),),
        "out-of-range:0": ((-2001.0, 13.0), (4001.0, 13.0)),
        "out-of-range:1": ((700.0, -1e12), (700.0, 1e12)),
        "mistyped:0": (("not a number", 13.0),),
        "mistyped:1": ((700.0, "not a number"),),
    }


def test_values_out_of_range_lie_beyond_the_bounds_and_keep_the_type() -> None:
    column = Column(name="n", type="long", minimum=0.0, maximum=9.0)
    signature = Signature(inputs=(column,), outputs=_SIGNATURE.outputs)
    rows = {case.name: case.rows for case in robustness_cases(signature, (3,))}
    assert rows["out-of-range:0"] == ((-1,), (10,))
    assert rows["mistyped:0"] == ((0.5,),)


def test_text_and_truth_have_no_range() -> None:
    columns = (Column(name="t", type="string"), Column(name="b", type="boolean"))
    signature = Signature(inputs=columns, outputs=_SIGNATURE.outputs)
    names = {case.name.partition(":")[0] for case in robustness_cases(signature, ("x", True))}
    assert names == {"missing", "mistyped"}


def test_refusals_and_finite_answers_pass() -> None:
    results = _results(
        missing=("refused", True), far=("answered", True), mistyped=("refused", True)
    )
    assert all(check.passed for check in robustness_checks(_SIGNATURE, results))


@pytest.mark.parametrize("kind", ["missing", "far"])
def test_an_answer_that_is_not_finite_fails_and_names_the_input(kind: str) -> None:
    checks = robustness_checks(_SIGNATURE, _results(**{kind: ("answered", False)}))
    failed = [check for check in checks if not check.passed]
    assert len(failed) == 1
    assert "alcohol was answered" in failed[0].actual


def test_a_mistyped_value_that_is_answered_fails_even_if_finite() -> None:
    checks = robustness_checks(_SIGNATURE, _results(mistyped=("answered", True)))
    assert [check.name for check in checks if not check.passed] == ["robustness mistyped"]
