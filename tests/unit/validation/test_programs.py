"""Parsing what a program printed: one exact document, or a refusal with a code."""

import json
from dataclasses import replace

import pytest

from turnpike.errors import InputError, IntegrityError
from turnpike.sandbox.interface import Limits, Outcome, Stopped
from turnpike.validation.programs import (
    ProgramRequest,
    RequestColumn,
    RobustnessCase,
    parse_platform,
    parse_team,
    refuse_failure,
)

REQUEST = ProgramRequest(
    format="skops",
    columns=(RequestColumn(name="a", type="double", required=True),),
    rows=((1.0,), (2.0,)),
    output_kind="classes",
    robustness=(RobustnessCase(name="missing", rows=((None,),)),),
    repeats=1,
)
PROBE = [{"name": "dns", "refused": True, "detail": "no"}]
ROBUST = {"name": "missing", "outcome": "refused", "finite": True, "detail": "no value"}
GOOD = {
    "probe": PROBE,
    "predictions": [[0.1, 0.9], [1, 0]],
    "classes": [0, 1],
    "robustness": [ROBUST],
    "latencyMilliseconds": [0.5],
    "peakMemoryMebibytes": 100.0,
    "loader": "skops 1",
}
ENDED = Outcome(0, b"", "", "", 1.0, 1.0)


def _bytes(**changes: object) -> bytes:
    return json.dumps(GOOD | changes).encode()


def test_the_expected_document_is_read() -> None:
    output = parse_platform(_bytes(), REQUEST)
    assert output.raw() == ((0.1, 0.9), (1.0, 0.0))
    assert output.classes == (0, 1)


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"{",
        b"hello\n" + _bytes(),
        _bytes() + _bytes(),
        _bytes(passed=True),
        _bytes(predictions="forged"),
        _bytes(predictions=[["0.1", "0.9"], ["1", "0"]]),
        _bytes(probe=[]),
        _bytes(peakMemoryMebibytes=float("nan")),
        b"[" * 100_000,
        b"\xff\xfe",
    ],
    ids=[
        "empty", "cut", "printed before", "twice", "extra field", "wrong type", "text for numbers",
        "no probe", "NaN", "deep", "not UTF-8",
    ],
)  # fmt: skip
def test_anything_else_is_malformed(content: bytes) -> None:
    with pytest.raises(IntegrityError) as caught:
        parse_platform(content, REQUEST)
    assert caught.value.code == "validation.malformed-output"


@pytest.mark.parametrize(
    "changes",
    [
        {"predictions": [[0.1, 0.9]]},
        {"predictions": [[0.1, 0.9], [1, 0], [1, 0]]},
        {"predictions": [[0.1, 0.9], [1]]},
        {"predictions": [[1], [1]]},
        {"latencyMilliseconds": []},
        {"robustness": []},
        {"robustness": [ROBUST | {"name": "other"}]},
    ],
    ids=["fewer", "more", "ragged", "narrow", "untimed", "untried", "other case"],
)
def test_another_number_of_answers_than_asked_for_is_refused(changes: dict[str, object]) -> None:
    with pytest.raises(IntegrityError) as caught:
        parse_platform(_bytes(**changes), REQUEST)
    assert caught.value.code == "validation.wrong-count"


def test_a_prediction_that_is_no_number_is_refused() -> None:
    with pytest.raises(IntegrityError) as caught:
        parse_platform(_bytes(predictions=[[0.1, 0.9], [None, None]]), REQUEST)
    assert caught.value.code == "validation.not-finite"


def test_no_rows_of_predictions_at_all_is_a_wrong_count() -> None:
    with pytest.raises(IntegrityError) as caught:
        parse_platform(_bytes(predictions=[]), REQUEST)
    assert caught.value.code == "validation.wrong-count"


def test_a_listed_check_that_said_nothing_is_noticed() -> None:
    check = {"file": "bias", "name": "bias", "passed": True, "expected": "e", "actual": "a"}
    output = parse_team(json.dumps({"probe": PROBE, "checks": [check]}).encode())
    assert output.unheard(("bias", "drift")) == ("drift",)


def test_a_team_that_forges_its_output_with_a_verdict_of_its_own_is_refused() -> None:
    with pytest.raises(IntegrityError):
        parse_team(json.dumps({"probe": PROBE, "checks": [], "verdict": "allow"}).encode())


@pytest.mark.parametrize("stopped", ["time", "memory", "output", "processes"])
def test_a_broken_limit_names_itself_and_its_size(stopped: Stopped) -> None:
    with pytest.raises(InputError) as caught:
        refuse_failure(replace(ENDED, stopped=stopped, exit_code=-9), Limits())
    assert caught.value.code == f"validation.{stopped}"


def test_a_refused_artifact_keeps_the_code_of_the_refusal() -> None:
    said = {"refused": {"code": "artifact.untrusted-type", "message": "os.system"}}
    with pytest.raises(InputError, match=r"os\.system") as caught:
        refuse_failure(replace(ENDED, exit_code=3, output=json.dumps(said).encode()), Limits())
    assert caught.value.code == "artifact.untrusted-type"


def test_a_crash_is_told_with_the_end_of_its_log() -> None:
    with pytest.raises(InputError, match="Segmentation fault") as caught:
        refuse_failure(replace(ENDED, exit_code=139, log="Segmentation fault"), Limits())
    assert caught.value.code == "validation.crashed"


def test_a_good_end_raises_nothing() -> None:
    refuse_failure(ENDED, Limits())
