"""``MLmodel`` is read as strictly as our own documents, for the manifest at hand."""

from __future__ import annotations

import pytest

from turnpike.manifest.signature import Signature
from turnpike.validation.refused_file import RefusedFile
from turnpike.validation.scan_mlmodel import check_mlmodel
from unit.registration.manifests import predictive
from unit.validation.sound_artifact import ONNX_MLMODEL, SKOPS_MLMODEL

_SIGNATURE = predictive().signature


def test_what_registering_writes_passes_for_its_own_format_alone() -> None:
    check_mlmodel(SKOPS_MLMODEL.encode(), "skops", _SIGNATURE)
    check_mlmodel(ONNX_MLMODEL.encode(), "onnx", _SIGNATURE)
    with pytest.raises(RefusedFile):
        check_mlmodel(SKOPS_MLMODEL.encode(), "onnx", _SIGNATURE)
    with pytest.raises(RefusedFile):
        check_mlmodel(ONNX_MLMODEL.encode(), "skops", _SIGNATURE)


def test_types_on_our_list_may_be_asked_for_and_no_others() -> None:
    asked = "skops_trusted_types: [sklearn.tree._tree.Tree]"
    listed = SKOPS_MLMODEL.replace("skops_trusted_types: null", asked)
    check_mlmodel(listed.encode(), "skops", _SIGNATURE)
    evil = listed.replace("sklearn.tree._tree.Tree", "sklearn.tree._tree.Tree, os.system")
    with pytest.raises(RefusedFile, match=r"os\.system"):
        check_mlmodel(evil.encode(), "skops", _SIGNATURE)


@pytest.mark.parametrize("side", ["inputs", "outputs"])
def test_a_manifest_that_declares_other_columns_is_told_which(side: str) -> None:
    first = getattr(_SIGNATURE, side)[0].model_copy(update={"name": "renamed"})
    columns = (first, *getattr(_SIGNATURE, side)[1:])
    changed: Signature = _SIGNATURE.model_copy(update={side: columns})
    with pytest.raises(RefusedFile, match=f"the manifest's {side}"):
        check_mlmodel(SKOPS_MLMODEL.encode(), "skops", changed)


def test_columns_in_another_order_are_other_columns() -> None:
    turned = _SIGNATURE.model_copy(update={"inputs": _SIGNATURE.inputs[::-1]})
    with pytest.raises(RefusedFile, match="another order or number"):
        check_mlmodel(SKOPS_MLMODEL.encode(), "skops", turned)


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"[]",
        b"flavors: &a {x: *a}\n",
        b"flavors: !!python/object/apply:os.system [id]\n",
        SKOPS_MLMODEL.encode() + b"---\n{}\n",
        SKOPS_MLMODEL.encode() + b"flavors: {}\n",
    ],
)
def test_yaml_beyond_the_strict_profile_is_refused(content: bytes) -> None:
    with pytest.raises(RefusedFile):
        check_mlmodel(content, "skops", _SIGNATURE)
