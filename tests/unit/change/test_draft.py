"""A folder is judged as it is now, and nothing of the repository moves."""

from __future__ import annotations

from pathlib import Path

import pytest

from turnpike.change.draft import draft_commit
from turnpike.documents.identifiers import ObjectId
from turnpike.errors import InputError
from turnpike.git.objects import EXECUTABLE, SYMBOLIC_LINK
from turnpike.git.repository import Repository
from unit.git.folder import ANN, NOW, commit_files, real_git

FOLDER = "models/oncology/triage"


class Work:
    """A clone whose main has one model, and a work tree beside it."""

    def __init__(self, folder: Path) -> None:
        self.repository = Repository.create(folder / "host.git")
        files = {f"{FOLDER}/model.yaml": b"old", f"{FOLDER}/gone.py": b"x", "README.md": b"read"}
        self.base = commit_files(self.repository, dict(files))
        self.top = folder / "work"
        (self.top / FOLDER / "checks").mkdir(parents=True)
        (self.top / FOLDER / "model.yaml").write_bytes(b"new")
        (self.top / FOLDER / "checks" / "a.py").write_bytes(b"a")
        (self.top / "README.md").write_bytes(b"edited, and not asked about")

    def draft(self, folder: Path) -> ObjectId:
        return draft_commit(self.repository, self.base, self.top, folder, ANN, NOW)

    def content(self, commit: ObjectId) -> dict[str, bytes]:
        return self.repository.read_all(commit, self.repository.files(commit))


@pytest.fixture
def work(tmp_path: Path) -> Work:
    return Work(tmp_path)


def test_the_folder_is_as_it_is_now_and_the_rest_as_on_main(work: Work) -> None:
    found = work.content(work.draft(work.top / FOLDER))
    assert found == {
        f"{FOLDER}/model.yaml": b"new",
        f"{FOLDER}/checks/a.py": b"a",
        "README.md": b"read",
    }


def test_a_draft_stands_on_the_base_and_on_no_branch(work: Work) -> None:
    commit = work.draft(work.top / FOLDER)
    assert work.repository.commit(commit).parents == (work.base,)
    assert commit not in work.repository.refs.under("refs/").values()


def test_compiled_files_do_not_count(work: Work) -> None:
    cache = work.top / FOLDER / "__pycache__"
    cache.mkdir()
    (cache / "a.pyc").write_bytes(b"compiled")
    assert not any("__pycache__" in path for path in work.content(work.draft(work.top / FOLDER)))


def test_a_roundabout_way_to_the_folder_is_the_same_folder(work: Work, tmp_path: Path) -> None:
    direct = work.draft(work.top / FOLDER)
    assert work.draft(work.top / "models" / ".." / FOLDER) == direct
    link = tmp_path / "link"
    link.symlink_to(work.top)
    assert work.draft(link / FOLDER) == direct


def test_an_empty_folder_is_no_model(work: Work) -> None:
    (work.top / "models" / "empty").mkdir()
    with pytest.raises(InputError) as error:
        work.draft(work.top / "models" / "empty")
    assert error.value.code == "check.empty"


@pytest.mark.parametrize(
    "inner", [f"{FOLDER}/.git/HEAD", f"{FOLDER}/checks/sub/.git", f"{FOLDER}/.GIT", ".git/hooks/a"]
)
def test_a_repository_within_is_named(work: Work, inner: str) -> None:
    place = work.top / inner
    place.parent.mkdir(parents=True, exist_ok=True)
    place.write_bytes(b"gitdir: elsewhere")
    folder = place.parent if inner.startswith(".git/") else work.top / FOLDER
    with pytest.raises(InputError, match=r"(?i)\.git.*: expected a folder without") as refused:
        work.draft(folder)
    assert refused.value.code == "check.repository-within"


def test_a_folder_outside_of_the_clone_is_refused(work: Work, tmp_path: Path) -> None:
    outside = tmp_path / "elsewhere"
    outside.mkdir()
    (outside / "model.yaml").write_bytes(b"x")
    with pytest.raises(InputError) as error:
        work.draft(outside)
    assert error.value.code == "check.outside"


def test_links_and_executable_files_are_judged_as_what_they_are(work: Work) -> None:
    folder = work.top / FOLDER
    (folder / "gone.py").symlink_to("/etc/hostname")
    (folder / "nowhere.py").symlink_to("missing")
    (folder / "model.yaml").chmod(0o755)
    entries = work.repository.files(work.draft(folder))
    modes = {path.rpartition("/")[2]: entry.mode for path, entry in entries.items()}
    assert modes["gone.py"] == modes["nowhere.py"] == SYMBOLIC_LINK
    assert modes["model.yaml"] == EXECUTABLE
    assert work.content(work.draft(folder))[f"{FOLDER}/gone.py"] == b"/etc/hostname"


def test_a_shallow_clone_is_told_how_to_get_the_rest(work: Work, tmp_path: Path) -> None:
    later = commit_files(work.repository, {"README.md": b"later"}, work.base)
    work.repository.update_ref("refs/heads/main", later, None)
    url = f"file://{tmp_path / 'host.git'}"
    real_git(tmp_path, "clone", "-q", "--bare", "--depth=1", url, "cut.git")
    cut = Repository(tmp_path / "cut.git")
    with pytest.raises(InputError) as error:
        draft_commit(cut, later, work.top, work.top / FOLDER, ANN, NOW)
    assert (error.value.code, error.value.solution) == ("git.shallow", "git fetch --unshallow")


def test_the_whole_clone_is_no_folder_of_a_model(work: Work) -> None:
    with pytest.raises(InputError) as error:
        work.draft(work.top)
    assert error.value.code == "check.too-wide"
