"""Live is what the last environments serve, as the platform's own run measured it."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

import pytest

from turnpike.documents.identifiers import digest_of
from turnpike.evidence.envelope import Envelope
from turnpike.evidence.predicates import MetricValue
from turnpike.evidence.statement import VALIDATION
from turnpike.git.repository import Repository
from turnpike.manifest.release import Release
from turnpike.record.record import Record
from turnpike.reporting.live import live_metrics
from unit.auditing.small_instance import InProcessSigner, new_signer
from unit.git.folder import ANN
from unit.judge.deployed import RELEASE
from unit.judge.examples import NOW, RoleKey, model, statement
from unit.judge.test_testimony import validation
from unit.promotion.world import ENVIRONMENTS, KEY, path_in

VALIDATOR = RoleKey("validator")


@pytest.fixture
def gate(tmp_path: Path) -> InProcessSigner:
    return new_signer("gate", tmp_path / "keys")


@pytest.fixture
def record(tmp_path: Path) -> Record:
    return Record(Repository.create(tmp_path / "host.git"))


def append(record: Record, gate: InProcessSigner, *envelopes: Envelope) -> None:
    when = NOW + timedelta(seconds=1)
    record.append(envelopes, record.commit(), ANN, when, gate.sign_commit)


def said(run: str = "platform", *, preview: bool = False) -> Envelope:
    return VALIDATOR.sign(statement(VALIDATION, {**validation(run), "preview": preview}))


def shown(releases: dict[str, Release], record: Record) -> tuple[MetricValue, ...]:
    manifests = {RELEASE.manifest: model()}
    return live_metrics(KEY, ENVIRONMENTS, releases, manifests, record)


def test_what_the_last_environment_serves_is_live(record: Record, gate: InProcessSigner) -> None:
    append(record, gate, said())
    (metric,) = shown({path_in("production"): RELEASE}, record)
    assert (metric.metric, metric.value) == ("roc_auc", 0.95)


def test_what_is_still_on_its_way_is_not_live(record: Record, gate: InProcessSigner) -> None:
    append(record, gate, said())
    for name in ("dev", "staging"):
        assert shown({path_in(name): RELEASE}, record) == ()


@pytest.mark.parametrize(("run", "preview"), [("team", False), ("platform", True)])
def test_only_the_platforms_own_run_is_believed(
    record: Record, gate: InProcessSigner, run: str, *, preview: bool
) -> None:
    append(record, gate, said(run, preview=preview))
    assert shown({path_in("production"): RELEASE}, record) == ()


def test_without_evidence_about_these_bytes_there_is_nothing_to_tell(
    record: Record, gate: InProcessSigner
) -> None:
    append(record, gate, said())
    other = RELEASE.model_copy(update={"artifact": digest_of(b"others")})
    assert shown({path_in("production"): other}, record) == ()
    assert shown({}, record) == ()
