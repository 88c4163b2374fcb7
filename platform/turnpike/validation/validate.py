"""Validates one model version: scan, platform run, team run; each becomes one unsigned statement.

1. The scan comes first: an artifact that it refuses is never loaded, not even in a sandbox.
2. The platform run answers for the held-out records; the labels never leave this side.
3. The team run gets the same features; what it says can only deny.
A run that breaks a limit or its output is evidence too: a statement with a failed check. Only a
world that failed (no sandbox, stopped by a person) is an exception.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import Literal, TypeVar

from pydantic import JsonValue

from turnpike.documents.canonical import to_json
from turnpike.documents.document import Part
from turnpike.documents.identifiers import Digest
from turnpike.errors import InputError, IntegrityError
from turnpike.evidence.predicates import ValidationResult
from turnpike.evidence.statement import SCAN, VALIDATION, Statement, statement_about
from turnpike.manifest.model import GenerativeModel, PredictiveModel
from turnpike.sandbox.interface import Limits, Program, Sandbox, Stop
from turnpike.validation.artifact import artifact_block
from turnpike.validation.assess import (
    Assessment,
    Live,
    assess_platform,
    assess_team,
    failed_run,
)
from turnpike.validation.datasets import HeldOut, held_out
from turnpike.validation.programs import PlatformOutput, TeamOutput
from turnpike.validation.running import Finished, run_platform, run_team
from turnpike.validation.scan import scan

Run = Literal["platform", "team"]
_Said = TypeVar("_Said", PlatformOutput, TeamOutput)


@dataclass(frozen=True, slots=True)
class Bench:
    """What a validation runs on; ``preview`` marks a person's own machine, ``stop`` ends a run."""

    sandbox: Sandbox
    clock: Callable[[], datetime]
    limits: Limits = field(default_factory=Limits)
    preview: bool = False
    stop: Stop | None = None
    report: Callable[[str], None] = lambda _: None


@dataclass(frozen=True, slots=True)
class _Case:
    """One model version on the bench, with its verified artifact and its held-out records."""

    model: PredictiveModel
    view: Digest
    artifact: Path
    data: HeldOut
    bench: Bench


def validate(
    model: PredictiveModel | GenerativeModel,
    artifact: Path,
    platform: Program,
    team: Program,
    live: Live,
    bench: Bench,
) -> tuple[Statement, ...]:
    """Return the statements on one version: the scan, and where it passed, both runs.

    ``artifact`` is the fetched and verified folder, ``live`` the metrics of the version live in
    production (None where none is). A generative model has nothing to run: its scan is all.
    Raises InputError for a draft or data that do not fit, Unavailable without a sandbox.
    """
    bench.report("scanning the artifact")
    scanned = scan(model, artifact, bench.clock, preview=bench.preview)
    statement = _statement(model, SCAN, scanned)
    block = artifact_block(model)
    if isinstance(model, GenerativeModel) or block.format == "route":
        return (statement,)
    if not all(check.passed for check in scanned.checks):
        return (statement,)
    case = _Case(model, scanned.validation_view, artifact, held_out(model, block.format), bench)
    return (statement, _platform_run(case, platform, live), _team_run(case, team))


def _platform_run(case: _Case, program: Program, live: Live) -> Statement:
    case.bench.report("running the model on held-out records")
    bench = case.bench

    def run() -> Finished[PlatformOutput]:
        request = case.data.request
        return run_platform(
            bench.sandbox, program, case.artifact, request, bench.limits, bench.stop
        )

    def assess(finished: Finished[PlatformOutput]) -> Assessment:
        return assess_platform(
            case.model,
            case.data,
            finished.output,
            live,
            isolated=finished.isolated,
            peak_memory_mebibytes=finished.outcome.peak_memory_mebibytes,
        )

    isolated, assessment = _attempted(run, assess)
    return _result(case, "platform", program, assessment, isolated=isolated)


def _team_run(case: _Case, program: Program) -> Statement:
    case.bench.report("running the team's own checks")
    bench = case.bench

    def run() -> Finished[TeamOutput]:
        request = case.data.request.model_copy(update={"robustness": ()})
        return run_team(bench.sandbox, program, case.artifact, request, bench.limits, bench.stop)

    def assess(finished: Finished[TeamOutput]) -> Assessment:
        return assess_team(case.model, finished.output, isolated=finished.isolated)

    isolated, assessment = _attempted(run, assess)
    return _result(case, "team", program, assessment, isolated=isolated)


def _attempted(
    run: Callable[[], Finished[_Said]], assess: Callable[[Finished[_Said]], Assessment]
) -> tuple[bool, Assessment]:
    """Return whether a run was isolated and what it came to; what the model broke is a result."""
    try:
        finished = run()
    except (InputError, IntegrityError) as error:
        return False, failed_run(error)
    try:
        return finished.isolated, assess(finished)
    except InputError as error:
        return finished.isolated, failed_run(error)


def _result(
    case: _Case, run: Run, program: Program, assessment: Assessment, *, isolated: bool
) -> Statement:
    result = ValidationResult(
        run=run,
        validation_view=case.view,
        inputs=program.inputs,
        data=case.data.digest,
        sandbox=case.bench.sandbox.name,
        isolated=isolated,
        checks=assessment.checks,
        metrics=assessment.metrics,
        finished_at=case.bench.clock(),
        preview=case.bench.preview,
    )
    return _statement(case.model, VALIDATION, result)


def _statement(
    model: PredictiveModel | GenerativeModel, predicate_type: str, result: Part
) -> Statement:
    predicate = to_json(result)
    body: dict[str, JsonValue] = predicate if isinstance(predicate, dict) else {}
    return statement_about(model.key, artifact_block(model).digest, predicate_type, body)
