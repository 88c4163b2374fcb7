"""``turnpike terraform`` plans the roots that a change touches, by main's table, and no other."""

from __future__ import annotations

import os
import shutil
from pathlib import Path

import pytest

from turnpike.cli.terraform import _planned, _root
from turnpike.cli.wiring import House
from turnpike.documents.identifiers import ObjectId
from turnpike.errors import InputError
from turnpike.forge.interface import Opening
from turnpike.topology.plan_table import PLAN_TABLE_PATH
from unit.cli.calling import answered, refused, told
from unit.infrastructure.plans import change, plan
from unit.infrastructure.programs import terraform
from unit.infrastructure.test_lock import GOOD
from unit.instance.aurora import MARIA, ROOT, Aurora, git, new_product, now

AT = "terraform/environments/dev/aws"
AUTHOR = "maria-lopez"
FILES = {
    f"{AT}/main.tf": b'resource "aws_eip" "this" {}\n',
    f"{AT}/.terraform.lock.hcl": GOOD.encode(),
}


@pytest.fixture(scope="module")
def judged(tmp_path_factory: pytest.TempPathFactory) -> Aurora:
    """Return an instance whose main has a table of what is judged of plans."""
    product = new_product(tmp_path_factory.mktemp("judged"))
    shutil.copy(ROOT / PLAN_TABLE_PATH, product / PLAN_TABLE_PATH)
    git(product, "add", "-A")
    git(product, "commit", "-q", "-m", "Judge plans")
    return Aurora.made(tmp_path_factory.mktemp("instances") / "instance", product)


@pytest.fixture
def program(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Have a program on PATH that plans one address."""
    terraform(tmp_path, plan(change("aws_eip", after={})))
    monkeypatch.setenv("PATH", f"{tmp_path}:{os.environ['PATH']}")


def opened(aurora: Aurora, files: dict[str, bytes], *parents: ObjectId) -> int:
    """Open a pull request that changes files."""
    chosen = parents or (aurora.main(),)
    tree = aurora.clone.write_tree_with(chosen[0], files)
    head = aurora.clone.write_commit(tree, chosen, MARIA, MARIA, "Change a root\n", now())
    return aurora.forge(AUTHOR).open(Opening(head=head, title="a root"))


def code(aurora: Aurora, number: int) -> str:
    """Return the code with which planning a pull request is refused."""
    with pytest.raises(InputError) as caught:
        list(_planned(House(aurora.instance), number))
    return caught.value.code


@pytest.mark.parametrize(
    "path", ["terraform/modules/network", "terraform/environments/dev", f"{AT}/more", "/", "."]
)
def test_what_is_no_root_is_refused_before_anything_is_asked(aurora: Aurora, path: str) -> None:
    error = refused(aurora.instance.monorepo, "terraform", "apply", path)
    assert (error.code, error.exit_code) == ("input.no-root", 2)
    assert path in error.message


def test_a_root_may_end_in_a_slash() -> None:
    assert str(_root(f"{AT}/")) == AT


def test_without_a_table_on_main_nothing_is_planned(aurora: Aurora) -> None:
    assert code(aurora, opened(aurora, FILES)) == "terraform.no-table"


def test_a_change_of_no_root_has_nothing_to_plan(aurora: Aurora) -> None:
    assert code(aurora, opened(aurora, {"docs/x.md": b"x"})) == "terraform.nothing-to-plan"


def test_a_table_that_the_change_brings_does_not_count(aurora: Aurora) -> None:
    table = (ROOT / PLAN_TABLE_PATH).read_bytes()
    number = opened(aurora, {**FILES, PLAN_TABLE_PATH: table})
    assert code(aurora, number) == "terraform.no-table"


@pytest.mark.usefixtures("program")
def test_each_touched_root_is_planned_with_the_digest_of_its_inputs(judged: Aurora) -> None:
    number = opened(judged, FILES)
    ((said, inputs),) = _planned(House(judged.instance), number)
    assert said.root == AT
    assert [one.address for one in said.resources] == ["aws_eip.this"]
    changed = opened(judged, {**FILES, f"{AT}/main.tf": b"# another\n"})
    ((_, other),) = _planned(House(judged.instance), changed)
    assert inputs != other


@pytest.mark.usefixtures("program")
def test_what_main_does_not_let_a_root_say_is_never_planned(judged: Aurora) -> None:
    evil = b'provider "aws" {\n  profile = "mine"\n}\n'
    number = opened(judged, {**FILES, f"{AT}/main.tf": evil})
    with pytest.raises(InputError, match="profile"):
        list(_planned(House(judged.instance), number))


def test_a_root_that_was_never_planned_has_no_history(aurora: Aurora) -> None:
    assert answered(aurora.instance.monorepo, "history", AT) == []
    assert (
        told(aurora.instance.monorepo, "history", f"{AT}/") == f"No plan of {AT} was let in yet.\n"
    )
