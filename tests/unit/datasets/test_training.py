"""What data.py gets: the training records of the manifest beside it, as pandas objects."""

from __future__ import annotations

from pathlib import Path

import pytest

from turnpike.datasets import training_split
from turnpike.datasets.catalogue import load
from turnpike.datasets.split import split
from turnpike.datasets.training import frame_of
from turnpike.errors import InputError, InvalidDocument
from unit.registration.manifests import ROUTE_MANIFEST, WINE_MANIFEST


def _beside(folder: Path, manifest: str) -> str:
    (folder / "model.yaml").write_text(manifest)
    return str(folder / "data.py")


def test_features_come_in_the_order_of_the_signature_with_their_labels(tmp_path: Path) -> None:
    features, labels = training_split(_beside(tmp_path, WINE_MANIFEST))
    training, _ = split(load("sklearn:wine"), 0.3, 7)
    assert list(features.columns) == ["proline", "alcohol"]
    assert tuple(features.itertuples(index=False, name=None)) == training.select(
        ("proline", "alcohol")
    )
    assert tuple(labels) == training.column("target")


def test_an_input_that_the_set_does_not_have_is_named(tmp_path: Path) -> None:
    manifest = WINE_MANIFEST.replace("name: alcohol", "name: bouquet")
    with pytest.raises(InputError, match="bouquet") as refusal:
        training_split(_beside(tmp_path, manifest))
    assert refusal.value.code == "signature.unknown-column"


def test_the_label_is_no_input() -> None:
    with pytest.raises(InputError):
        frame_of(load("sklearn:wine"), ("alcohol", "target"))


def test_a_folder_without_manifest_is_told_so(tmp_path: Path) -> None:
    with pytest.raises(InputError) as refusal:
        training_split(tmp_path / "data.py")
    assert refusal.value.code == "manifest.missing"


def test_a_malformed_manifest_is_told_with_file_and_line(tmp_path: Path) -> None:
    with pytest.raises(InvalidDocument, match=r"model\.yaml:"):
        training_split(_beside(tmp_path, WINE_MANIFEST + "surprise: 1\n"))


def test_a_generative_model_has_nothing_to_train_on(tmp_path: Path) -> None:
    with pytest.raises(InputError):
        training_split(_beside(tmp_path, ROUTE_MANIFEST))
