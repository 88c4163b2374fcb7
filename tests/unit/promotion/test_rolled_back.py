"""What was rolled back waits to be named, and says when and by which decision it went."""

from __future__ import annotations

from pathlib import Path

import pytest

from turnpike.documents.reading import read
from turnpike.judge.layout import DeploymentKey
from turnpike.manifest.release import RELEASE, Release
from turnpike.promotion.outlook import Asking
from turnpike.promotion.rolled_back import RolledBack, rolled_back
from turnpike.rendering.release import release_bytes
from unit.judge.examples import NOW
from unit.promotion.monorepo import ANN, Monorepo
from unit.promotion.outlooks import Main, codes
from unit.promotion.world import KEY

DEV = DeploymentKey("dev", "local", KEY.team, KEY.model).path("release.yaml")
STAGING = DeploymentKey("staging", "local", KEY.team, KEY.model).path("release.yaml")


def standing(monorepo: Monorepo, path: str) -> Release:
    return read(RELEASE, monorepo.repository.read(monorepo.main, path) or b"", path)


@pytest.fixture
def monorepo(tmp_path: Path) -> Monorepo:
    """Two versions in staging, one after the other, and the second one in dev still."""
    made = Monorepo.created(tmp_path)
    for version in (1, 2):
        made.release(version)
        made.promote("staging")
    return made


def rolled(monorepo: Monorepo, back: Release, path: str = STAGING) -> None:
    """Return to a release by a commit that names its decision."""
    repository, before = monorepo.repository, monorepo.main
    tree = repository.write_tree_with(before, {path: release_bytes(back)})
    message = "Roll back\n\nTurnpike-Decision: sha256:1234567890abcdef\n"
    monorepo.commits.append(repository.write_commit(tree, (before,), ANN, ANN, message, NOW))


def test_what_a_way_back_left_is_known_by_its_commit(monorepo: Monorepo) -> None:
    first = read(RELEASE, monorepo.repository.read(monorepo.commits[3], STAGING) or b"", STAGING)
    second = standing(monorepo, STAGING)
    assert rolled_back(monorepo.repository, monorepo.main, [STAGING, DEV]) == RolledBack()
    rolled(monorepo, first)
    found = rolled_back(monorepo.repository, monorepo.main, [STAGING, DEV])
    ((mark, way),) = found.ways.items()
    assert mark == (STAGING, second.artifact)
    assert (way.commit, str(way)) == (
        monorepo.main, "rolled back on 2026-03-02 09:00 UTC by decision sha256:1234567890ab",
    )  # fmt: skip
    monorepo.promote("staging")
    assert rolled_back(monorepo.repository, monorepo.main, [STAGING]) == RolledBack()


def test_nothing_is_read_of_a_place_that_nobody_asks_about(monorepo: Monorepo) -> None:
    assert rolled_back(monorepo.repository, monorepo.main, []) == RolledBack()


def test_it_waits_for_a_person_who_names_it(monorepo: Monorepo) -> None:
    first = read(RELEASE, monorepo.repository.read(monorepo.commits[3], STAGING) or b"", STAGING)
    rolled(monorepo, first)
    known = rolled_back(monorepo.repository, monorepo.main, [STAGING])
    main = Main(serves={"dev": 2, "staging": 1}, rolled_back=known)
    move = main.move("staging")
    assert (codes(move), move.earliest) == (["release.rolled-back"], None)
    assert move.blockers[0].says.endswith("by decision sha256:1234567890ab in local")
    assert f"`turnpike promote {KEY} --to staging`" in move.blockers[0].solution
    (named,) = main.moves(Asking(environment="staging", again=(KEY,)))
    assert named.can_now
    assert main.having(serves={"dev": 3, "staging": 1}).move("staging").can_now  # other bytes
