"""The block is written, the values are right, and nothing that a person wrote is lost."""

from __future__ import annotations

import difflib

import pytest

from turnpike.documents.identifiers import Digest
from turnpike.documents.reading import read
from turnpike.manifest.model import MODEL, Artifact, GenerativeModel, RouteArtifact
from turnpike.registration.artifact_block import DataDigests, with_artifact
from unit.registration.manifests import ROUTE_MANIFEST, WINE_MANIFEST, predictive

_BLOCK = Artifact(
    registry_model="cellar.wine", version="1", digest=Digest("sha256:" + "a" * 64), format="skops"
)
_NEXT = _BLOCK.model_copy(update={"version": "2", "digest": Digest("sha256:" + "d" * 64)})
_DATA = DataDigests(Digest("sha256:" + "b" * 64), Digest("sha256:" + "c" * 64))


def _changes(before: str, after: str) -> list[str]:
    lines = difflib.ndiff(before.splitlines(), after.splitlines())
    return [line for line in lines if line.startswith(("+ ", "- ")) and line.strip("+- ")]


def test_a_draft_gets_the_block_above_the_comment_of_its_signature() -> None:
    after = with_artifact(WINE_MANIFEST, _BLOCK, _DATA)
    assert predictive(after).artifact == _BLOCK
    assert after.index("artifact:") < after.index("# In this order.")
    assert _changes(WINE_MANIFEST, after) == [
        "+ artifact:",
        "+   registryModel: cellar.wine",
        '+   version: "1"',
        f"+   digest: {_BLOCK.digest}",
        "+   format: skops",
        f"+     digest: {_DATA.training}",
        f"+     digest: {_DATA.validation}",
    ]


def test_the_digests_of_the_data_are_filled_in() -> None:
    data = predictive(with_artifact(WINE_MANIFEST, _BLOCK, _DATA)).data
    assert (data.training.digest, data.validation.digest) == (_DATA.training, _DATA.validation)


def test_a_second_version_changes_only_the_values_that_differ() -> None:
    before = with_artifact(WINE_MANIFEST, _BLOCK, _DATA)
    commented = before.replace('version: "1"', 'version: "1" # the first')
    after = with_artifact(commented, _NEXT, _DATA)
    assert [line for line in _changes(commented, after) if line.startswith("+")] == [
        '+   version: "2" # the first',
        f"+   digest: {_NEXT.digest}",
    ]


def test_writing_the_same_block_again_changes_no_byte() -> None:
    once = with_artifact(WINE_MANIFEST, _BLOCK, _DATA)
    assert with_artifact(once, _BLOCK, _DATA) == once


def test_a_route_gets_its_block_above_the_comment_of_the_route() -> None:
    block = RouteArtifact(
        registry_model="cellar.tasting-notes", version="1", digest=_BLOCK.digest, format="route"
    )
    after = with_artifact(ROUTE_MANIFEST, block)
    model = read(MODEL, after.encode(), "model.yaml")
    assert isinstance(model, GenerativeModel)
    assert model.artifact == block
    assert after.index("artifact:") < after.index("# Another word")


_FLOW = WINE_MANIFEST.replace(
    """\
  training:
    source: "sklearn:wine" # shipped with scikit-learn
    licence: CC-BY-4.0
    classification: public
    residency: [EU]
""",
    """\
  training: { source: "sklearn:wine", licence: CC0, classification: public, residency: [EU] }
""",
)
_NULL = "artifact: null # not yet\n" + WINE_MANIFEST
_DEEP = (
    WINE_MANIFEST
    + f"""\
artifact:
      # six spaces, on purpose
      digest: "{_NEXT.digest}"
      format: onnx
      version: '9'
      registryModel: "cellar.other"
"""
)
_TINY = '{"artifact": {"version": "0"}, "signature": 1}\n'


@pytest.mark.parametrize("text", [_FLOW, _NULL, _DEEP])
def test_any_style_that_the_profile_allows_is_edited_with_its_comments_kept(text: str) -> None:
    after = with_artifact(text, _BLOCK, _DATA)
    model = predictive(after)
    assert model.artifact == _BLOCK
    assert model.data.training.digest == _DATA.training
    comments = [line.partition("#")[2] for line in text.splitlines() if " # " in line]
    assert all(comment in after for comment in comments)


def test_a_manifest_in_json_is_edited_too() -> None:
    assert _BLOCK.digest in with_artifact(_TINY, _BLOCK)


def test_a_value_that_yaml_could_read_as_a_number_is_quoted() -> None:
    digits = _BLOCK.model_copy(update={"version": "10", "registry_model": "1e3"})
    after = with_artifact(WINE_MANIFEST, digits)
    assert 'version: "10"' in after
    assert 'registryModel: "1e3"' in after
