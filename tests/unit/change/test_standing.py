"""What stands on a commit is listed by model, and what was said of it by the record's index."""

from __future__ import annotations

from pathlib import Path

from turnpike.change.standing import index_of, standing_at
from turnpike.judge.layout import DeploymentKey, ModelKey
from turnpike.record.record import Record
from unit.change.monorepo import Monorepo

RELEASED = DeploymentKey("dev", "aws-eu", "oncology", "triage")


def test_a_model_is_listed_with_its_folder_and_its_deployments(tmp_path: Path) -> None:
    monorepo = Monorepo(tmp_path)
    files = {"models/oncology/triage/model.yaml": b"a", RELEASED.path("release.yaml"): b"b"}
    (one,) = standing_at(monorepo.repository, monorepo.head({**files, "models/README.md": b"c"}))
    assert one.key == ModelKey("oncology", "triage")
    assert list(one.files) == ["models/oncology/triage/model.yaml"]
    assert {key: list(found) for key, found in one.deployments.items()} == {
        RELEASED: [RELEASED.path("release.yaml")]
    }
    assert one.places() == {("dev", "aws-eu", "oncology")}


def test_a_deployment_whose_model_is_gone_is_listed_all_the_same(tmp_path: Path) -> None:
    monorepo = Monorepo(tmp_path)
    (one,) = standing_at(monorepo.repository, monorepo.head({RELEASED.path("release.yaml"): b"b"}))
    assert (one.files, list(one.deployments)) == ({}, [RELEASED])


def test_without_a_record_nothing_was_said(tmp_path: Path) -> None:
    said = index_of(Record(Monorepo(tmp_path).repository))
    assert (said.statements, said.decisions) == ({}, {})
