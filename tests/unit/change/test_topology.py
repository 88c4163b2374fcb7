"""Who decides is read from exactly the files that say so, wherever a host looks for them."""

from __future__ import annotations

from pathlib import Path

import pytest

from turnpike.approvals.dialects import LOCATIONS
from turnpike.change.topology import topology_blobs
from unit.change.monorepo import Monorepo

SAID = (
    "policies/data/organisation.yaml",
    "policies/keys/gate.yaml",
    "policies/waivers/one.yaml",
    "environments/dev/environment.yaml",
    "environments/schedule.yaml",
    "environments/clouds.yaml",
    "environments/stops/outage.yaml",
    "environments/debts/owed.yaml",
    *LOCATIONS,
)
LOOKALIKES = (
    "policies/keys/deeper/gate.yaml",
    "policies/keys/gate.yml",
    "policies/keys/README.md",
    "policies/keys/Gate.yaml",
    "policies/waivers/one.yaml.orig",
    "policies/waivers/deeper/one.yaml",
    "policies/data/deeper/organisation.yaml",
    "environments/dev/local/environment.yaml",
    "environments/dev/environment.yml",
    "environments/stops/deeper/outage.yaml",
    "environments/README.md",
    "models/oncology/triage/CODEOWNERS",
)


@pytest.fixture
def monorepo(tmp_path: Path) -> Monorepo:
    return Monorepo(tmp_path)


def test_every_file_that_says_who_and_where_is_read(monorepo: Monorepo) -> None:
    head = monorepo.head({path: path.encode() for path in SAID})
    blobs = topology_blobs(monorepo.repository, head)
    read = monorepo.repository.blobs(blobs[path] for path in SAID)
    assert {path: read[blobs[path]] for path in SAID} == {path: path.encode() for path in SAID}


def test_a_file_that_only_looks_like_one_says_nothing(monorepo: Monorepo) -> None:
    before = topology_blobs(monorepo.repository, monorepo.base)
    head = monorepo.head(dict.fromkeys(LOOKALIKES, b"mine"))
    assert topology_blobs(monorepo.repository, head) == before


def test_what_another_commit_says_does_not_count(monorepo: Monorepo) -> None:
    before = topology_blobs(monorepo.repository, monorepo.base)
    monorepo.head({"CODEOWNERS": b"* @intruder\n"})
    assert topology_blobs(monorepo.repository, monorepo.base) == before


def test_a_folder_named_like_a_file_of_its_own_is_none(monorepo: Monorepo) -> None:
    head = monorepo.head({"environments/schedule.yaml/x.yaml": b"x"})
    assert "environments/schedule.yaml" not in topology_blobs(monorepo.repository, head)
    assert "environments/schedule.yaml/x.yaml" not in topology_blobs(monorepo.repository, head)
