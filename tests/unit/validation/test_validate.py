"""What the scan refuses is never loaded, and what a run breaks is evidence against the model."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path

import pytest

from turnpike.datasets.declared import declared_data
from turnpike.datasets.table import digest_of_table
from turnpike.documents.identifiers import digest_of
from turnpike.errors import InputError, Interrupted, TurnpikeError, Unavailable
from turnpike.evidence.predicates import VALIDATION_RESULT, ValidationResult
from turnpike.evidence.statement import SCAN, VALIDATION, Statement
from turnpike.manifest.model import PredictiveModel
from turnpike.registry.artifact_digest import artifact_digest
from turnpike.sandbox.interface import Job, Outcome, Program, SandboxName, Stop, Stopped
from turnpike.validation.validate import Bench, validate
from unit.registration.manifests import WINE_MANIFEST, predictive
from unit.validation.sound_artifact import named, skops_artifact

NOW = datetime(2026, 1, 2, tzinfo=UTC)
PLATFORM = Program("platform", digest_of(b"platform"), ("x",))
TEAM = Program("team", digest_of(b"team"), ("x",))


def model_of(artifact: Path) -> PredictiveModel:
    """Return the manifest that names this artifact, and its held-out records by their digest."""
    held = digest_of_table(declared_data(predictive().data).validation)
    source = '  validation:\n    source: "sklearn:wine"\n'
    text = WINE_MANIFEST.replace(source, f"{source}    digest: {held}\n")
    return named(artifact_digest(artifact), text=text)


@dataclass
class Failing:
    """A sandbox in which every program ends so, or which cannot be had at all."""

    output: bytes = b""
    exit_code: int = 0
    stopped: Stopped = ""
    raises: TurnpikeError | None = None
    name: SandboxName = "bubblewrap"
    ran: list[str] = field(default_factory=list)

    def run(self, job: Job, stop: Stop | None = None) -> Outcome:  # noqa: ARG002 - the port's
        self.ran.append(job.program.name)
        if self.raises is not None:
            raise self.raises
        return Outcome(self.exit_code, self.output, "its log", self.stopped, 1.0, 1.0)


def validated(
    model: PredictiveModel, artifact: Path, sandbox: Failing, *, preview: bool = False
) -> tuple[Statement, ...]:
    bench = Bench(sandbox, lambda: NOW, preview=preview)
    return validate(model, artifact, PLATFORM, TEAM, None, bench)


def results(said: tuple[Statement, ...]) -> list[ValidationResult]:
    return [
        VALIDATION_RESULT.validate_python(one.predicate, strict=False)
        for one in said
        if one.predicate_type == VALIDATION
    ]


@pytest.fixture
def artifact(tmp_path: Path) -> Path:
    return skops_artifact(tmp_path / "artifact")


def test_an_artifact_that_the_scan_refuses_is_loaded_nowhere(tmp_path: Path) -> None:
    evil = skops_artifact(tmp_path / "evil", model=b"cos\nsystem\n(S'id'\ntR.")
    sandbox = Failing()
    (only,) = validated(model_of(evil), evil, sandbox)
    assert (only.predicate_type, sandbox.ran) == (SCAN, [])


@pytest.mark.parametrize(
    "sandbox",
    [
        Failing(b"", 1),
        Failing(b"", stopped="time"),
        Failing(b"", stopped="memory"),
        Failing(b"{}"),
        Failing(b'{"checks": [], "probe": [{"name": "x", "refused": true, "detail": ""}]} more'),
        Failing(b"\xff" * 100),
    ],
    ids=["crashed", "time", "memory", "empty", "forged", "bytes"],
)
def test_what_a_run_breaks_is_a_failed_check_of_each_run_that_was_not_isolated(
    artifact: Path, sandbox: Failing
) -> None:
    said = validated(model_of(artifact), artifact, sandbox)
    found = results(said)
    assert [one.run for one in found] == ["platform", "team"]
    assert not [one for one in found if all(check.passed for check in one.checks)]
    assert not [one for one in found if one.isolated]
    assert not [one for one in found if one.metrics]


@pytest.mark.parametrize("error", [Unavailable("no sandbox"), Interrupted("Ctrl-C")])
def test_a_world_that_failed_is_no_evidence_against_a_model(
    artifact: Path, error: TurnpikeError
) -> None:
    with pytest.raises(type(error)):
        validated(model_of(artifact), artifact, Failing(raises=error))


def test_every_statement_is_about_the_artifact_and_names_what_was_run(artifact: Path) -> None:
    model = model_of(artifact)
    assert model.artifact is not None
    said = validated(model, artifact, Failing(exit_code=1))
    assert all(one.is_about(model.artifact.digest) for one in said)
    assert [one.inputs for one in results(said)] == [PLATFORM.inputs, TEAM.inputs]
    assert {one.sandbox for one in results(said)} == {"bubblewrap"}
    assert {one.finished_at for one in results(said)} == {NOW}


@pytest.mark.parametrize("preview", [True, False])
def test_what_a_persons_own_machine_says_is_marked_in_every_statement(
    artifact: Path, preview: bool
) -> None:
    said = validated(model_of(artifact), artifact, Failing(exit_code=1), preview=preview)
    assert [one.predicate["preview"] for one in said] == [preview] * 3


def test_a_draft_has_nothing_to_validate(artifact: Path) -> None:
    sandbox = Failing()
    with pytest.raises(InputError):
        validated(predictive(), artifact, sandbox)
    assert sandbox.ran == []
