"""Main is read once; what can't be read is named and left out, and closes nothing else."""

from __future__ import annotations

from pathlib import Path

import pytest

from turnpike.documents.canonical import canonical_document
from turnpike.promotion.survey import Known, Listing, fleet_on, ground_on, listing_on
from unit.judge.examples import organisation
from unit.promotion.monorepo import Monorepo
from unit.promotion.outlooks import schedule, stop
from unit.promotion.world import ENVIRONMENTS, KEY

ORGANISATION = "policies/data/organisation.yaml"
RELEASE = "environments/dev/local/oncology/triage/release.yaml"


@pytest.fixture
def monorepo(tmp_path: Path) -> Monorepo:
    made = Monorepo.created(tmp_path)
    made.commit({ORGANISATION: canonical_document(organisation())})
    made.release(2)
    return made


def test_the_ground_is_all_that_says_who_where_and_when(monorepo: Monorepo) -> None:
    freeze = {"name": "f", "start": "2026-01-01T00:00", "end": "2026-01-02T00:00"}
    monorepo.commit(
        {
            "environments/schedule.yaml": canonical_document(schedule(freezes=[{**freeze}])),
            "environments/stops/outage.yaml": canonical_document(stop("outage")),
        }
    )
    ground = ground_on(monorepo.repository, monorepo.main, ())
    assert set(ground.environments) == set(ENVIRONMENTS)
    assert ground.schedule is not None
    assert (set(ground.stops), ground.problems) == ({"outage"}, ())


def test_a_file_that_cannot_be_read_is_named_and_closes_only_what_it_is_about(
    monorepo: Monorepo,
) -> None:
    monorepo.commit({"environments/staging/environment.yaml": b"kind: Environment\n"})
    ground = ground_on(monorepo.repository, monorepo.main, ())
    assert "staging" not in ground.environments
    assert "dev" in ground.environments
    files = {problem.file for problem in ground.problems}
    assert "environments/staging/environment.yaml" in files
    sources = [p.actual for p in ground.problems if p.field.startswith("promotesFrom")]
    assert "staging" in sources


def test_the_fleet_is_every_manifest_and_every_release(monorepo: Monorepo) -> None:
    listing = listing_on(monorepo.repository, monorepo.main)
    fleet = fleet_on(monorepo.repository, listing, Known())
    assert set(fleet.manifests) == {KEY}
    assert fleet.releases[RELEASE].version == "2"
    assert fleet.briefs[fleet.releases[RELEASE].manifest].version == "2"


def test_a_manifest_that_cannot_be_read_says_where(monorepo: Monorepo) -> None:
    monorepo.commit({KEY.manifest_path: b"kind: nonsense\n"})
    listing = listing_on(monorepo.repository, monorepo.main)
    fleet = fleet_on(monorepo.repository, listing, Known())
    assert fleet.manifests[KEY] in fleet.unreadable
    assert fleet.releases[RELEASE].version == "2"


def test_what_was_read_before_is_the_same_again(monorepo: Monorepo) -> None:
    listing = listing_on(monorepo.repository, monorepo.main)
    first = fleet_on(monorepo.repository, listing, Known())
    blobs = {listing.releases[p]: r for p, r in first.releases.items()}
    known = Known(dict(first.briefs), blobs)
    assert fleet_on(monorepo.repository, listing, known) == first
    nothing = Listing()
    assert fleet_on(monorepo.repository, nothing, known).releases == {}
