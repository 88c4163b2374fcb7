"""What the programs inside the validation containers are asked, and what they may answer.

An answer comes from a process that held an untrusted artifact or ran untrusted checks: it is
parsed strictly, and anything else than the one expected document is a refusal with a code.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Literal, TypeVar

from pydantic import Field, TypeAdapter, ValidationError

from turnpike.documents.document import Part
from turnpike.documents.identifiers import ShortText
from turnpike.errors import InputError, IntegrityError
from turnpike.manifest.signature import ColumnType
from turnpike.sandbox.interface import Limits, Outcome, Stopped

Cell = float | int | bool | str | None
Label = int | float | bool | str
OutputKind = Literal["classes", "values"]

_Output = TypeVar("_Output", bound=Part)


class RequestColumn(Part):
    """One named input of the model, as its signature has it."""

    name: ShortText
    type: ColumnType
    required: bool


class RobustnessCase(Part):
    """Rows that are not as they should be, under the name that the answer repeats."""

    name: ShortText
    rows: tuple[tuple[Cell, ...], ...] = Field(min_length=1)


class Bait(Part):
    """What a leak would find: listeners of this machine, a key file, engine sockets."""

    listeners: tuple[tuple[str, int], ...] = ()
    key: str = ""
    sockets: tuple[str, ...] = ()


class ProgramRequest(Part):
    """What a program is asked: ``rows`` without labels, in the order of ``columns``.

    ``repeats`` single predictions are timed. A team run ignores robustness and repeats.
    """

    format: Literal["skops", "onnx"]
    columns: tuple[RequestColumn, ...] = Field(min_length=1)
    rows: tuple[tuple[Cell, ...], ...] = Field(min_length=1)
    output_kind: OutputKind
    robustness: tuple[RobustnessCase, ...] = ()
    repeats: int = Field(default=50, ge=1, le=1000)
    bait: Bait = Bait()


class ProbeResult(Part):
    """One attempt to get out; ``refused`` is true when it failed, as it must."""

    name: ShortText
    refused: bool
    detail: str = Field(max_length=200)


class RobustnessResult(Part):
    """How the model took a case; ``finite`` is true of a refusal as well."""

    name: ShortText
    outcome: Literal["answered", "refused"]
    finite: bool
    detail: str = Field(max_length=200)


class PlatformOutput(Part):
    """What the platform run says: raw predictions, one list a row, and what was measured.

    For classes a list holds probabilities in the order of ``classes``, where the artifact names
    them; for values it holds the values. Times are of single predictions.
    """

    probe: tuple[ProbeResult, ...] = Field(min_length=1)
    predictions: tuple[tuple[float | None, ...], ...]
    classes: tuple[Label, ...] | None
    robustness: tuple[RobustnessResult, ...]
    latency_milliseconds: tuple[float, ...]
    peak_memory_mebibytes: float = Field(ge=0)
    loader: ShortText

    def raw(self) -> tuple[tuple[float, ...], ...]:
        """Return the predictions as numbers; the parser has let no missing one pass."""
        return tuple(tuple(v for v in row if v is not None) for row in self.predictions)


class TeamCheck(Part):
    """What one check of the team said; ``file`` is the name that the manifest lists."""

    file: ShortText
    name: ShortText
    passed: bool
    expected: str = Field(max_length=500)
    actual: str = Field(max_length=500)


class TeamOutput(Part):
    """What the team run says: it shares a process with the checks, so it can only deny."""

    probe: tuple[ProbeResult, ...] = Field(min_length=1)
    checks: tuple[TeamCheck, ...] = Field(max_length=1000)

    def unheard(self, listed: Sequence[str]) -> tuple[str, ...]:
        """Return the checks that the manifest lists and that said nothing."""
        heard = {check.file for check in self.checks}
        return tuple(name for name in listed if name not in heard)


class _Reason(Part):
    code: str = Field(pattern=r"^artifact\.[a-z-]{1,60}$")
    message: str = Field(max_length=2000)


class _Refused(Part):
    refused: _Reason


_PLATFORM: TypeAdapter[PlatformOutput] = TypeAdapter(PlatformOutput)
_TEAM: TypeAdapter[TeamOutput] = TypeAdapter(TeamOutput)
_REFUSED: TypeAdapter[_Refused] = TypeAdapter(_Refused)
_REFUSED_EXIT_CODE = 3
_DAMAGED = "validation.malformed-output"


def parse_platform(content: bytes, request: ProgramRequest) -> PlatformOutput:
    """Return the platform run's document; raises IntegrityError where it is not one.

    Every row has an answer of equal width, every case and every timing is there, and no
    prediction is NaN or infinite (code ``validation.not-finite``).
    """
    output = _parse(_PLATFORM, content)
    _expect("predictions", len(request.rows), len(output.predictions))
    _expect("timings", request.repeats, len(output.latency_milliseconds))
    cases = [case.name for case in request.robustness]
    _expect("robustness cases", cases, [result.name for result in output.robustness])
    widths = sorted({len(row) for row in output.predictions})
    width = len(output.classes) if output.classes is not None else max(widths[0], 1)
    _expect("numbers in each prediction", [width], widths)
    _refuse_missing(output)
    return output


def parse_team(content: bytes) -> TeamOutput:
    """Return the team run's document; raises IntegrityError where it is not one."""
    return _parse(_TEAM, content)


def refuse_failure(outcome: Outcome, limits: Limits) -> None:
    """Raise InputError when the run did not end well: a broken limit, a crash, a refusal.

    The code is ``validation.<limit>``, ``validation.crashed`` or the artifact's own refusal.
    """
    if outcome.stopped:
        raise _over_limit(outcome.stopped, limits)
    if outcome.exit_code == _REFUSED_EXIT_CODE:
        reason = _parse(_REFUSED, outcome.output).refused
        raise InputError(
            f"The artifact was refused: {reason.message}",
            code=reason.code,
            solution="Save the model as skops or ONNX with scikit-learn's own parts alone.",
        )
    if outcome.exit_code != 0:
        raise _crashed(outcome)


def _parse(kind: TypeAdapter[_Output], content: bytes) -> _Output:
    try:
        return kind.validate_json(content)
    except ValidationError as error:
        first = error.errors(include_url=False, include_input=False)[0]
        field = ".".join(str(step) for step in first["loc"]) or "the whole output"
        raise IntegrityError(
            f"The program's output is not the document that it must print: {field}: "
            f"{first['msg']} ({error.error_count()} problems in {len(content)} bytes).",
            code=_DAMAGED,
            solution="Look for code that prints, forges or floods the output; then run again.",
        ) from error


def _expect(what: str, expected: object, found: object) -> None:
    if expected != found:
        raise IntegrityError(
            f"The program's output has other {what} than were asked for: expected {expected}, "
            f"found {str(found)[:200]}.",
            code="validation.wrong-count",
            solution="Every record needs exactly one prediction, in the order of the request.",
        )


def _refuse_missing(output: PlatformOutput) -> None:
    for number, row in enumerate(output.predictions):
        if None in row:
            raise IntegrityError(
                f"Prediction {number} is not a finite number (NaN or infinity).",
                code="validation.not-finite",
                solution="Impute or bound the inputs in the model's pipeline, and train again.",
            )


def _over_limit(stopped: Stopped, limits: Limits) -> InputError:
    most = {
        "time": f"{limits.seconds:g} s", "memory": f"{limits.memory_mebibytes} MiB in all",
        "output": f"{limits.output_bytes} bytes of output",
        "processes": f"{limits.processes} processes",
    }[stopped]  # fmt: skip
    return InputError(
        f"The run was killed because it took more than its limit of {stopped}: {most}.",
        code=f"validation.{stopped}",
        solution="Make the model or its checks smaller; limits are the same for all teams.",
    )


def _crashed(outcome: Outcome) -> InputError:
    last = outcome.log.strip()[-500:] or "it said nothing"
    killed = (
        " (killed from outside, most likely for its memory)" if outcome.exit_code == 137 else ""
    )
    return InputError(
        f"The program ended with exit code {outcome.exit_code}{killed}: {last}",
        code="validation.crashed",
        solution="Run the checks on your own machine with `turnpike validate` and its log.",
    )
