"""Terraform works among the inputs of its root alone, none of which may be odd or its own."""

from __future__ import annotations

from pathlib import Path

import pytest

from turnpike.change.roots import terraform_files
from turnpike.documents.identifiers import ObjectId, digest_of
from turnpike.errors import InputError, InvalidDocument
from turnpike.git.repository import Repository
from turnpike.infrastructure.workplace import workplace
from turnpike.judge.layout import RootKey
from turnpike.judge.roots import digest_of_inputs
from unit.git.folder import commit_files, real_git
from unit.infrastructure.plans import table
from unit.infrastructure.small_root import FILES, ROOT
from unit.infrastructure.test_lock import GOOD


@pytest.fixture
def git(tmp_path: Path) -> Repository:
    return Repository.create(tmp_path / "host.git")


def tree_of(git: Repository, edit: dict[str, bytes | None]) -> ObjectId:
    return git.commit(commit_files(git, edit, commit_files(git, FILES))).tree


def test_the_folder_holds_the_inputs_and_nothing_else(git: Repository) -> None:
    tree = git.commit(commit_files(git, FILES)).tree
    files = terraform_files(git, tree)
    with workplace(git, tree, ROOT, files, table()) as place:
        top = place.folder.parents[3]
        found = {str(file.relative_to(top)) for file in top.rglob("*") if file.is_file()}
        assert found == {
            f"{ROOT}/main.tf",
            f"{ROOT}/.terraform.lock.hcl",
            "terraform/modules/a/aws/main.tf",
        }
        assert place.inputs == digest_of_inputs(ROOT, files)
        assert place.lock == digest_of(GOOD.encode())
    assert not top.exists()


@pytest.mark.parametrize(
    ("edit", "code"),
    [
        ({path: None for path in FILES if path.startswith(str(ROOT))}, "terraform.no-root"),
        ({f"{ROOT}/.terraform.lock.hcl": None}, "terraform.provider-refused"),
        ({f"{ROOT}/.terraform/modules/modules.json": b"{}"}, "terraform.own-folder"),
    ],
)
def test_a_root_that_is_not_whole_is_refused(
    git: Repository, edit: dict[str, bytes | None], code: str
) -> None:
    tree = git.commit(commit_files(git, edit, commit_files(git, FILES))).tree
    with (
        pytest.raises(InputError) as refused,
        workplace(git, tree, ROOT, terraform_files(git, tree), table()),
    ):
        pass
    assert refused.value.code == code


def test_what_a_root_of_another_environment_says_is_not_laid_out(git: Repository) -> None:
    other = RootKey("production", "aws")
    tree = tree_of(git, {f"{other}/main.tf": b"", f"{other}/secret.tfvars": b'x = "1"\n'})
    with workplace(git, tree, ROOT, terraform_files(git, tree), table()) as place:
        assert not (place.folder.parents[1] / "production").exists()


def test_a_module_that_another_root_alone_uses_is_no_input_of_this_one(git: Repository) -> None:
    before, after = tree_of(git, {}), tree_of(git, {"terraform/modules/b/aws/more.tf": b""})
    digests = []
    for tree in (before, after, tree_of(git, {"terraform/modules/a/aws/more.tf": b""})):
        with workplace(git, tree, ROOT, terraform_files(git, tree), table()) as place:
            digests.append(place.inputs)
    assert digests[0] == digests[1] != digests[2]


def test_a_link_out_of_the_root_is_not_followed(git: Repository) -> None:
    blob = git.write_blob(b"/etc/passwd")
    lines = f"120000 blob {blob}\tmore.tf\n" + "".join(
        f"100644 blob {git.write_blob(content or b'')}\t{path.rpartition('/')[2]}\n"
        for path, content in FILES.items()
        if path.startswith(str(ROOT))
    )
    tree = real_git(git.path, "mktree", stdin=lines.encode())
    for name in ("aws", "dev", "environments", "terraform"):
        tree = real_git(git.path, "mktree", stdin=f"040000 tree {tree}\t{name}\n".encode())
    with (
        pytest.raises((InputError, InvalidDocument)),
        workplace(git, tree, ROOT, terraform_files(git, tree), table()),
    ):
        pass


def test_the_folder_is_gone_though_the_work_in_it_failed(git: Repository) -> None:
    tree = tree_of(git, {})
    seen: list[Path] = []

    def fail() -> None:
        with workplace(git, tree, ROOT, terraform_files(git, tree), table()) as place:
            seen.append(place.folder)
            raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        fail()
    assert not seen[0].exists()


def test_the_inputs_are_those_of_the_tree_whatever_lies_in_a_work_tree(git: Repository) -> None:
    tree = tree_of(git, {f"{ROOT}/main.tf": b"# of the tree\n"})
    with workplace(git, tree, ROOT, terraform_files(git, tree), table()) as place:
        assert (place.folder / "main.tf").read_bytes() == b"# of the tree\n"
