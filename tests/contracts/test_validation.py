"""A version on the bench: scanned, run confined on records without labels, scored on this side."""

from __future__ import annotations

import json
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from contracts.sandboxes import REPOSITORY, confined
from contracts.test_sandbox_programs import WithLibraries
from turnpike.datasets.declared import declared_data
from turnpike.datasets.table import digest_of_table
from turnpike.datasets.training import frame_of
from turnpike.documents.identifiers import digest_of
from turnpike.evidence.predicates import (
    SCAN_RESULT,
    VALIDATION_RESULT,
    MetricValue,
    ScanResult,
    ValidationResult,
)
from turnpike.evidence.statement import SCAN, Statement
from turnpike.manifest.model import PredictiveModel
from turnpike.registry.artifact_digest import artifact_digest
from turnpike.sandbox.interface import Job, Limits, Outcome, Program, Sandbox, SandboxName, Stop
from turnpike.validation.validate import Bench, validate
from unit.registration.manifests import WINE_MANIFEST, predictive
from unit.validation.sound_artifact import SKOPS_MLMODEL, named, skops_artifact

_NOW = datetime(2026, 1, 2, tzinfo=UTC)
_INPUTS = digest_of(b"what the programs were built from")
_DRAFT = predictive()
_DATA = declared_data(_DRAFT.data)
_PINNED = WINE_MANIFEST.replace(
    '  validation:\n    source: "sklearn:wine"\n',
    f'  validation:\n    source: "sklearn:wine"\n    digest: {digest_of_table(_DATA.validation)}\n',
)
_SOUND = """
def check_classes(predict, data):
    \"\"\"Every answer is a cultivar.\"\"\"
    assert set(predict(data)) <= {0, 1, 2}
"""
_HANGS = """
import time


def check_classes(predict, data):
    time.sleep(600)
"""


@dataclass(slots=True)
class Watched:
    """A sandbox that keeps what every job was asked; ``seconds`` is how long a team's may take."""

    inner: Sandbox
    seconds: float = Limits().seconds
    requests: list[bytes] = field(default_factory=list)

    @property
    def name(self) -> SandboxName:
        return self.inner.name

    def run(self, job: Job, stop: Stop | None = None) -> Outcome:
        source = next(m.source for m in job.mounts if m.target == "/inputs/request.json")
        self.requests.append(source.read_bytes())
        if job.program.name == "team.py":
            job = replace(job, limits=replace(job.limits, seconds=self.seconds))
        return self.inner.run(job, stop)


@pytest.fixture
def sandbox() -> Watched:
    return Watched(WithLibraries(confined("bubblewrap").sandbox))


def _model_and_artifact(folder: Path, *, careless: bool = False) -> tuple[PredictiveModel, Path]:
    """Return a trained wine classifier; a careless one has learnt from shuffled labels."""
    import skops.io
    from sklearn.linear_model import LogisticRegression
    from sklearn.pipeline import make_pipeline
    from sklearn.preprocessing import StandardScaler

    features, labels = frame_of(_DATA.training, ("proline", "alcohol"))
    if careless:
        labels = labels.sample(frac=1.0, random_state=1).reset_index(drop=True)
    model = make_pipeline(StandardScaler(), LogisticRegression()).fit(features, labels)
    artifact = skops_artifact(folder, model=skops.io.dumps(model))
    return named(artifact_digest(artifact), text=_PINNED), artifact


def _programs(folder: Path, check: str = _SOUND) -> tuple[Program, Program]:
    """Return the platform's program, and the team's with one check of its own."""
    import shutil

    runner = REPOSITORY / "tools" / "runner"
    team = folder / "team"
    shutil.copytree(runner, team, ignore=shutil.ignore_patterns("__pycache__", "BUILD"))
    (team / "checks").mkdir()
    (team / "checks" / "plausibility.py").write_text(check)
    return _program("predict.py", runner), _program("team.py", team)


def _program(script: str, folder: Path) -> Program:
    base = confined("bubblewrap")
    command = (base.python, "-E", "-s", "-B", f"/program/{script}")
    return Program(script, _INPUTS, command, pex=folder, root=base.root)


def _bench(sandbox: Sandbox, limits: Limits | None = None) -> Bench:
    return Bench(sandbox, lambda: _NOW, limits or Limits())


def _results(statements: tuple[Statement, ...]) -> tuple[ScanResult, list[ValidationResult]]:
    scanned, *runs = statements
    assert scanned.predicate_type == SCAN
    read = [VALIDATION_RESULT.validate_json(json.dumps(run.predicate)) for run in runs]
    return SCAN_RESULT.validate_json(json.dumps(scanned.predicate)), read


def _failed(result: ScanResult | ValidationResult) -> set[str]:
    return {check.name for check in result.checks if not check.passed}


def test_a_good_version_passes_and_its_evidence_is_bound(sandbox: Watched, tmp_path: Path) -> None:
    model, artifact = _model_and_artifact(tmp_path / "a")
    statements = validate(model, artifact, *_programs(tmp_path), None, _bench(sandbox))
    scanned, (platform, team) = _results(statements)
    assert [_failed(one) for one in (scanned, platform, team)] == [set(), set(), set()]
    assert (platform.run, team.run) == ("platform", "team")
    for run in (platform, team):
        assert run.isolated
        assert run.validation_view == model.validation_view()
        assert run.inputs == _INPUTS
        assert run.data == model.data.validation.digest
        assert (run.sandbox, run.preview, run.finished_at) == ("bubblewrap", False, _NOW)
    assert model.artifact is not None
    assert all(statement.is_about(model.artifact.digest) for statement in statements)
    assert {value.slice for value in platform.metrics} == {"overall", "strong"}
    assert team.metrics == ()


def test_no_label_enters_a_container(sandbox: Watched, tmp_path: Path) -> None:
    model, artifact = _model_and_artifact(tmp_path / "a")
    validate(model, artifact, *_programs(tmp_path), None, _bench(sandbox))
    assert len(sandbox.requests) == 2
    for request in sandbox.requests:
        asked: Any = json.loads(request)
        assert [column["name"] for column in asked["columns"]] == ["proline", "alcohol"]
        assert {len(row) for row in asked["rows"]} == {2}
        assert b"target" not in request


def test_a_worse_version_is_refused_with_metric_and_margin(
    sandbox: Watched, tmp_path: Path
) -> None:
    model, artifact = _model_and_artifact(tmp_path / "a", careless=True)
    live = (MetricValue(slice="overall", metric="accuracy", value=0.9, records=53),)
    statements = validate(model, artifact, *_programs(tmp_path), live, _bench(sandbox))
    _, (platform, _) = _results(statements)
    assert {"no regression accuracy", "threshold overall accuracy"} <= _failed(platform)
    check = next(one for one in platform.checks if one.name == "no regression accuracy")
    assert check.expected == "at least 0.85 (live 0.9, margin 0.05)"


def test_an_artifact_that_the_scan_refuses_is_never_run(sandbox: Watched, tmp_path: Path) -> None:
    evil = SKOPS_MLMODEL.replace("loader_module: mlflow.sklearn", "loader_module: evil")
    artifact = skops_artifact(tmp_path / "a", MLmodel=evil.encode())
    model = named(artifact_digest(artifact), text=_PINNED)
    statements = validate(model, artifact, *_programs(tmp_path), None, _bench(sandbox))
    scanned, runs = _results(statements)
    assert _failed(scanned) == {"content of MLmodel"}
    assert (runs, sandbox.requests) == ([], [])


def test_a_check_that_hangs_is_evidence_against_the_version(
    sandbox: Watched, tmp_path: Path
) -> None:
    model, artifact = _model_and_artifact(tmp_path / "a")
    sandbox.seconds = 15.0
    bench = _bench(sandbox, Limits(seconds=600.0))
    statements = validate(model, artifact, *_programs(tmp_path, _HANGS), None, bench)
    _, (platform, team) = _results(statements)
    assert _failed(platform) == set()
    assert _failed(team) == {"run"}
    assert team.checks[0].actual.startswith("validation.time")
    assert not team.isolated
