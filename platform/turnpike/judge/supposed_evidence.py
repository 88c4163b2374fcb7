"""The statements that would count if evidence were produced, or had come out otherwise.

A hypothesis needs no signature: these statements are put beside those that counted, and nothing
of them is ever recorded.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from datetime import datetime

from turnpike.documents.identifiers import Digest, digest_of
from turnpike.evidence.predicates import Check, MetricValue, ScanResult, ValidationResult
from turnpike.evidence.statement import ISSUED_BY, SCAN, VALIDATION, statement_about
from turnpike.judge.facts import Facts
from turnpike.judge.places import model_about
from turnpike.judge.policy_input import SubjectInput
from turnpike.judge.remedy import (
    CheckRemedy,
    MetricRemedy,
    RecordsRemedy,
    Remedy,
    StatementRemedy,
)
from turnpike.judge.testimony import Predicate, Testimony
from turnpike.manifest.model import GenerativeModel, PredictiveModel
from turnpike.topology.key import Key

_MANY = 1_000_000
_NOTHING = digest_of(b"")


@dataclass(frozen=True, slots=True)
class _About:
    """The version that evidence is about, with its manifest."""

    model: PredictiveModel | GenerativeModel
    artifact: Digest
    view: Digest
    clock: datetime
    keys: tuple[Key, ...]


def with_evidence(
    testimony: tuple[Testimony, ...],
    facts: Facts,
    supposed: Iterable[tuple[SubjectInput, Remedy]],
) -> tuple[Testimony, ...]:
    """Return what would count; new statements come first, so that what they say can be bettered."""
    pairs = [(about, remedy) for about, remedy in supposed if isinstance(remedy, _EVIDENCE)]
    for subject, remedy in sorted(pairs, key=lambda pair: pair[1].kind != "statement"):
        about = _about(facts, subject)
        if about is not None:
            testimony = _with_one(testimony, about, remedy)
    return testimony


_EVIDENCE = StatementRemedy | CheckRemedy | MetricRemedy | RecordsRemedy


def _about(facts: Facts, subject: SubjectInput) -> _About | None:
    model = model_about(facts, subject)
    view = model.validation_view() if model else None
    if model is None or model.artifact is None or view is None:
        return None
    return _About(model, model.artifact.digest, view, facts.clock, facts.keys)


def _with_one(
    testimony: tuple[Testimony, ...], about: _About, remedy: Remedy
) -> tuple[Testimony, ...]:
    if isinstance(remedy, StatementRemedy):
        return (*testimony, _issued(about, remedy))
    return tuple(
        replace(one, predicate=_bettered(one, remedy))
        if one.statement.is_about(about.artifact)
        else one
        for one in testimony
    )


def _issued(about: _About, remedy: StatementRemedy) -> Testimony:
    statement = statement_about(about.model.key, about.artifact, remedy.predicate_type, {})
    role = ISSUED_BY.get(remedy.predicate_type, "")
    held = [key for key in about.keys if key.role == role]
    key = held[0] if held else Key.model_construct(name=f"any-{role}", role=role)
    name = f"supposed {remedy.predicate_type} {remedy.run} {about.artifact}"
    return Testimony(statement, _predicate(about, remedy), key, digest_of(name.encode()))


def _predicate(about: _About, remedy: StatementRemedy) -> Predicate:
    if remedy.predicate_type == SCAN:
        check = Check(name="formats", passed=True, expected="allowed formats", actual="allowed")
        return ScanResult(validation_view=about.view, checks=(check,), finished_at=about.clock)
    if remedy.predicate_type != VALIDATION or remedy.run == "none":
        return None
    return ValidationResult(
        run=remedy.run,
        validation_view=about.view,
        inputs=_NOTHING,
        data=_data(about.model),
        sandbox="container",
        isolated=True,
        checks=(),
        metrics=tuple(_at_thresholds(about.model)) if remedy.run == "platform" else (),
        finished_at=about.clock,
    )


def _data(model: PredictiveModel | GenerativeModel) -> Digest:
    """Return the held-out records on which a run counts: those that the manifest names, if any."""
    named = model.data.validation.digest if isinstance(model, PredictiveModel) else None
    return named or _NOTHING


def _at_thresholds(model: PredictiveModel | GenerativeModel) -> Iterator[MetricValue]:
    """A platform run is supposed to come out exactly as the manifest promises."""
    if not isinstance(model, PredictiveModel):
        return
    slices = [("overall", model.validation.thresholds)]
    slices += [(one.name, one.thresholds) for one in model.validation.slices]
    for name, thresholds in slices:
        for metric, value in thresholds.items():
            yield MetricValue(slice=name, metric=metric, value=value, records=_MANY)


def _bettered(one: Testimony, remedy: Remedy) -> Predicate:
    said = one.predicate
    if isinstance(remedy, CheckRemedy) and isinstance(said, ValidationResult | ScanResult):
        run = said.run if isinstance(said, ValidationResult) else "none"
        is_meant = (one.statement.predicate_type, run) == (remedy.predicate_type, remedy.run)
        return _with_check(said, remedy) if is_meant else said
    if isinstance(said, ValidationResult) and said.run == "platform":
        if isinstance(remedy, MetricRemedy):
            return _with_metric(said, remedy)
        if isinstance(remedy, RecordsRemedy):
            return _with_records(said, remedy)
    return said


def _with_check(said: ValidationResult | ScanResult, remedy: CheckRemedy) -> Predicate:
    checks = tuple(
        check.model_copy(update={"passed": True}) if check.name == remedy.name else check
        for check in said.checks
    )
    return said.model_copy(update={"checks": checks})


def _with_metric(said: ValidationResult, remedy: MetricRemedy) -> ValidationResult:
    place = (remedy.slice, remedy.metric)
    metrics = tuple(
        one.model_copy(update={"value": _better(one.value, remedy)})
        if (one.slice, one.metric) == place
        else one
        for one in said.metrics
    )
    if all((one.slice, one.metric) != place for one in said.metrics):
        value = MetricValue(
            slice=remedy.slice, metric=remedy.metric, value=remedy.value, records=_MANY
        )
        metrics = (*metrics, value)
    return said.model_copy(update={"metrics": metrics})


def _better(value: float, remedy: MetricRemedy) -> float:
    choose = max if remedy.bound == "at-least" else min
    return choose(value, remedy.value)


def _with_records(said: ValidationResult, remedy: RecordsRemedy) -> ValidationResult:
    metrics = tuple(
        one.model_copy(update={"records": max(one.records, remedy.value)})
        if (one.slice, one.metric) == (remedy.slice, remedy.metric)
        else one
        for one in said.metrics
    )
    return said.model_copy(update={"metrics": metrics})
