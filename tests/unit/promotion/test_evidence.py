"""All that the record has about some versions, weighed as the judge weighs it."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

import pytest

from turnpike.documents.identifiers import Digest, ObjectId
from turnpike.git.objects import Identity
from turnpike.git.repository import Repository
from turnpike.promotion.evidence import NOTHING, Evidence, evidence_about
from turnpike.record.record import Record
from unit.judge.examples import ARTIFACT, NOW
from unit.promotion.findings import DAY, VALIDATOR, found
from unit.promotion.world import version_of

ANN = Identity("Ann", "ann@example.org")
MADE = version_of(1).artifact
assert MADE is not None
BYTES: Digest = MADE.digest
SAMPLE = Path(__file__).parents[3] / "models/oncology/tumour-malignancy/model.yaml"
ROUTE = Path(__file__).parents[3] / "models/oncology/discharge-summary/model.yaml"


@pytest.fixture
def repository(tmp_path: Path) -> Repository:
    return Repository.create(tmp_path / "host.git")


def about(repository: Repository, *blobs: ObjectId, late: timedelta = timedelta()) -> Evidence:
    record = Record(repository)
    said = (*found(1, NOW), *found(1, NOW + timedelta(minutes=1), passed=False))
    record.append(said, record.commit(), ANN, NOW, lambda _: "a signature")
    keys = [VALIDATOR.public]
    return evidence_about(repository, record, [(BYTES, blob) for blob in blobs], keys, NOW + late)


def test_what_counts_and_what_did_are_told_apart(repository: Repository) -> None:
    blob = repository.write_blob(SAMPLE.read_bytes())
    evidence = about(repository, blob)
    assert len(evidence.said[BYTES].counted) == 4
    assert evidence.said[BYTES].lapsed == ()


def test_after_a_keys_time_they_did(repository: Repository) -> None:
    blob = repository.write_blob(SAMPLE.read_bytes())
    evidence = about(repository, blob, late=3651 * DAY)
    assert evidence.said[BYTES].counted == ()
    assert len(evidence.said[BYTES].lapsed) == 4


def test_findings_tell_their_end_and_what_speaks_against(repository: Repository) -> None:
    findings = about(repository, repository.write_blob(SAMPLE.read_bytes())).said[BYTES]
    assert findings.end(version_of(1), 30) == NOW + 30 * DAY + timedelta(minutes=1)
    assert findings.speak_against(version_of(1))
    assert NOTHING.end(version_of(1), 30) is None
    assert not NOTHING.speak_against(version_of(1))


def test_a_version_is_known_by_its_manifest_and_a_route_has_no_findings(
    repository: Repository,
) -> None:
    sample = repository.write_blob(SAMPLE.read_bytes())
    route = repository.write_blob(ROUTE.read_bytes())
    broken = repository.write_blob(b"kind: nothing\n")
    evidence = about(repository, sample, route, broken)
    known = evidence.of(BYTES, sample)
    assert known is not None
    assert known[1] == evidence.said[BYTES]
    assert evidence.of(ARTIFACT, sample) == (known[0], NOTHING)
    assert evidence.of(BYTES, route) is None
    assert evidence.of(BYTES, broken) is None
