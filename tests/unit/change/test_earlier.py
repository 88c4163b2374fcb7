"""What stood before is read as it was then; what nobody can read is nothing to return to."""

from __future__ import annotations

from pathlib import Path

from turnpike.change.earlier import stood_at
from unit.promotion.monorepo import Monorepo
from unit.promotion.world import path_in

DEV = path_in("dev")


def test_each_release_of_the_past_comes_with_its_commit_and_time_newest_first(
    tmp_path: Path,
) -> None:
    monorepo = Monorepo.created(tmp_path)
    commits = [monorepo.release(1), monorepo.retire("dev"), monorepo.release(2)]
    found = list(stood_at(monorepo.repository, monorepo.main, DEV))
    assert [(one.commit, one.release.version) for one in found] == [
        (commits[2], "2"),
        (commits[0], "1"),
    ]
    assert found[1].at == monorepo.repository.commit(commits[0]).committer.time


def test_what_cannot_be_read_is_left_out_and_stops_no_judgement(tmp_path: Path) -> None:
    monorepo = Monorepo.created(tmp_path)
    monorepo.release(1)
    monorepo.commit({DEV: b"kind: Release\n"})
    monorepo.commit({DEV: None})
    monorepo.release(2)
    found = stood_at(monorepo.repository, monorepo.main, DEV)
    assert [one.release.version for one in found] == ["2", "1"]
