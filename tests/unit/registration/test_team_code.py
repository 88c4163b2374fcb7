"""A team's code is called as agreed, and what goes wrong in it is said with file and line."""

from __future__ import annotations

from pathlib import Path

import pytest

from turnpike.errors import InputError
from turnpike.registration.team_code import load_data, train
from unit.registration.manifests import DATA_CODE, TRAIN_CODE, predictive, wine_folder

_LEAKS = """\
import pandas as pd
from turnpike.datasets.catalogue import load as whole
from turnpike.datasets.training import frame_of


def load():
    return frame_of(whole("sklearn:wine"), ("proline", "alcohol"))
"""


def _trained(folder: Path) -> object:
    model = predictive()
    return train(folder, model, *load_data(folder, model))


def test_the_estimator_of_train_comes_back_fitted_on_the_training_records(tmp_path: Path) -> None:
    trained = _trained(wine_folder(tmp_path))
    assert getattr(trained, "n_features_in_", None) == 2


def test_the_seed_of_the_manifest_is_handed_over(tmp_path: Path) -> None:
    folder = wine_folder(tmp_path, "def train(features, labels, seed):\n    return seed\n")
    assert _trained(folder) == predictive().validation.seed


def test_training_on_held_out_records_is_refused(tmp_path: Path) -> None:
    folder = wine_folder(tmp_path, data=_LEAKS)
    with pytest.raises(InputError) as refusal:
        load_data(folder, predictive())
    assert refusal.value.code == "data.differs"


@pytest.mark.parametrize(
    ("data", "said"),
    [
        (DATA_CODE.replace("def load", "def fetch"), "expected a function load()"),
        ("raise ValueError('no network')", r"data\.py:1: .*ValueError: no network"),
        ("def load(:\n", r"data\.py:1: .*SyntaxError"),
        ("def load():\n    import nothing_of_this_name\n", r"data\.py:2: .*ModuleNotFoundError"),
        ("import sys\nsys.exit(3)\n", r"data\.py:2: .*SystemExit: 3"),
    ],
)
def test_broken_code_is_named_by_file_and_line(tmp_path: Path, data: str, said: str) -> None:
    folder = wine_folder(tmp_path, data=data)
    with pytest.raises(InputError, match=said.replace("()", r"\(\)")):
        load_data(folder, predictive())


def test_an_exception_deep_in_a_library_is_named_by_the_teams_own_line(tmp_path: Path) -> None:
    folder = wine_folder(tmp_path, TRAIN_CODE.replace("features, labels)", "features, labels[:3])"))
    with pytest.raises(InputError, match=r"train\.py:8: .*ValueError"):
        _trained(folder)


def test_a_missing_file_is_named(tmp_path: Path) -> None:
    folder = wine_folder(tmp_path)
    (folder / "train.py").unlink()
    with pytest.raises(InputError) as refusal:
        _trained(folder)
    assert refusal.value.code == "training.missing"
