"""One walk tells of every path what a walk for it alone would tell."""

from __future__ import annotations

from pathlib import Path

from turnpike.git.repository import Repository
from unit.git.folder import ANN, MAIN, NOW, commit_files


def test_one_walk_tells_of_all_paths_below_folders(tmp_path: Path) -> None:
    repository = Repository.create(tmp_path / "r.git")
    first = commit_files(repository, {"d/a": b"1", "d/e/b": b"1", "c": b"1"})
    side = commit_files(repository, {"d/a": b"2"}, first)
    main = commit_files(repository, {"c": b"2"}, first)
    merge = repository.write_commit(
        repository.commit(side).tree, (main, side), ANN, ANN, "Merge\n", NOW
    )
    last = commit_files(repository, {"d/a": None}, commit_files(repository, {"c": b"3"}, merge))
    repository.update_ref(MAIN, last, None)
    found = repository.histories_of(["d"], MAIN)
    assert found == {path: repository.history_of(path, MAIN) for path in ("d/a", "d/e/b")}
    assert [one.commit for one in found["d/a"]] == [last, merge, first]
    assert repository.histories_of([], MAIN) == {}
    assert repository.histories_of(["nowhere"], MAIN) == {}
