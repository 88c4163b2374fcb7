"""``turnpike equivalence`` of a checkout: what it says, and how it exits."""

from __future__ import annotations

import json
import shutil
from pathlib import Path

import pytest

from turnpike.cli.equivalence import command
from turnpike.errors import InvalidDocument, TurnpikeError, UsageError
from unit.cli.runner import ran

PRODUCT = Path(__file__).parents[3]
AWS = "eks.amazonaws.com/role-arn"
TUMOUR = "oncology/tumour-malignancy"


@pytest.fixture
def checkout(tmp_path: Path) -> Path:
    """A copy of the product's models and environments."""
    for name in ("models", "environments"):
        shutil.copytree(PRODUCT / name, tmp_path / name)
    return tmp_path


def edit(folder: Path, place: str, old: str, new: str) -> None:
    file = folder / place
    text = file.read_text("utf-8")
    assert old in text
    file.write_text(text.replace(old, new), "utf-8")


def test_the_product_is_equivalent(checkout: Path) -> None:
    code, printed = ran(command, checkout)
    assert code == 0
    assert printed.endswith("0 undeclared differences, 0 capabilities missing\n")
    code, printed = ran(command, checkout, TUMOUR, "--environment", "dev", "--json")
    told = json.loads(printed)
    assert (told["models"], told["targets"], told["renderings"]) == (1, 4, 4)
    assert told["equivalent"] is True


def test_an_undeclared_difference_is_exit_code_1_with_path_targets_and_values(
    checkout: Path,
) -> None:
    edit(checkout, "environments/dev/environment.yaml", AWS, "eks.amazonaws.com/other")
    code, printed = ran(command, checkout, TUMOUR, "--json")
    (found,) = json.loads(printed)["differences"]
    assert code == 1
    assert (found["environment"], found["model"]) == ("dev", TUMOUR)
    assert found["path"] == "ServiceAccount.metadata.annotations[eks.amazonaws.com/other]"
    assert found["values"]["aws-eu"].startswith('"arn:aws:iam::')
    assert {found["values"][name] for name in ("local", "gcp-eu", "azure-eu")} == {"nothing"}
    code, printed = ran(command, checkout, TUMOUR)
    assert code == 1
    assert f"dev  {TUMOUR}  {found['path']}" in printed.splitlines()


def test_a_cloud_that_is_none_is_bad_input_with_file_and_field(checkout: Path) -> None:
    edit(checkout, "environments/dev/environment.yaml", "region: europe-west3", "region: moon")
    with pytest.raises(InvalidDocument) as refused:
        ran(command, checkout)
    (problem,) = refused.value.problems
    assert (problem.field, problem.actual) == ("targets.2.region", "moon")
    assert refused.value.exit_code == 2


@pytest.mark.parametrize(
    "words", [("nobody/nothing",), ("--environment", "moon")], ids=["model", "environment"]
)
def test_an_unknown_name_is_bad_input(checkout: Path, words: tuple[str, ...]) -> None:
    with pytest.raises(TurnpikeError, match=f"found {words[-1]}") as refused:
        ran(command, checkout, *words)
    assert refused.value.exit_code == 2


def test_without_declared_clouds_it_says_which_file_is_missing(checkout: Path) -> None:
    (checkout / "environments/clouds.yaml").unlink()
    with pytest.raises(TurnpikeError, match=r"expected environments/clouds\.yaml in"):
        ran(command, checkout)


def test_many_models_are_compared_side_by_side_and_a_broken_one_is_named(checkout: Path) -> None:
    sample = (checkout / "models" / TUMOUR / "model.yaml").read_text("utf-8")
    for number in range(120):
        folder = checkout / "models" / "oncology" / f"copy-{number}"
        folder.mkdir()
        text = sample.replace("name: tumour-malignancy", f"name: copy-{number}")
        (folder / "model.yaml").write_text(text, "utf-8")
    code, printed = ran(command, checkout, "--environment", "dev", "--json")
    told = json.loads(printed)
    assert (code, told["models"], told["renderings"]) == (0, 125, 500)
    edit(checkout, "models/oncology/copy-119/model.yaml", "kind: predictive", "kind: oracle")
    with pytest.raises(InvalidDocument, match=r"copy-119/model\.yaml"):
        ran(command, checkout)


def test_of_no_environment_nothing_is_shown(checkout: Path) -> None:
    for file in checkout.glob("environments/*/environment.yaml"):
        file.unlink()
    with pytest.raises(UsageError, match=r"expected environments/\*/environment\.yaml"):
        ran(command, checkout)
