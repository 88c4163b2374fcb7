"""What stood at a path comes newest first, with its gaps, and with what nobody can read."""

from __future__ import annotations

from pathlib import Path

from turnpike.manifest.release import Release
from turnpike.promotion.former import Unexamined, formers_at
from unit.promotion.monorepo import Monorepo
from unit.promotion.world import path_in

DEV = path_in("dev")


def test_every_commit_that_changed_the_path_left_something_there(tmp_path: Path) -> None:
    monorepo = Monorepo.created(tmp_path)
    monorepo.release(1)
    broken = monorepo.commit({DEV: b"kind: Release\n"})
    monorepo.commit({DEV: None})
    monorepo.release(2)
    newest, gap, lost, oldest = formers_at(monorepo.repository, monorepo.main, DEV)
    assert isinstance(newest, Release)
    assert isinstance(oldest, Release)
    assert (newest.version, gap, oldest.version) == ("2", None, "1")
    assert isinstance(lost, Unexamined)
    assert lost.commit == broken
    assert lost.value() == {
        "file": DEV,
        "commit": broken,
        "line": 1,
        "field": "apiVersion",
        "expected": "the field",
        "found": "nothing",
    }


def test_where_nothing_ever_stood_there_is_nothing(tmp_path: Path) -> None:
    monorepo = Monorepo.created(tmp_path)
    assert formers_at(monorepo.repository, monorepo.main, DEV) == ()
