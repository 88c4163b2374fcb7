"""Any texts are one bundle with one sequence of bytes; what is no text is no policy."""

from __future__ import annotations

import json
from random import Random

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import JsonValue, ValidationError

from turnpike.documents.canonical import canonical_document
from turnpike.judge.policy_bundle import POLICY_BUNDLE, PolicyBundle

texts = st.text(st.characters(codec="utf-8"), max_size=20)


def bundle(files: dict[str, str]) -> PolicyBundle:
    return PolicyBundle(api_version="turnpike.dev/v1", kind="PolicyBundle", files=files)


@given(st.dictionaries(texts, texts, max_size=5))
def test_every_text_comes_back_as_it_was(files: dict[str, str]) -> None:
    """Spaces, line ends and invisible characters too: all of them may be inside a rule's text."""
    assert POLICY_BUNDLE.validate_json(canonical_document(bundle(files))).files == files


@given(st.dictionaries(texts, texts, max_size=5), st.randoms(use_true_random=False))
def test_the_order_of_files_changes_no_byte(files: dict[str, str], chance: Random) -> None:
    order = sorted(files, key=lambda _: chance.random())
    shuffled = bundle({path: files[path] for path in order})
    assert canonical_document(shuffled) == canonical_document(bundle(files))


@given(st.dictionaries(texts, texts, min_size=1, max_size=3), st.data())
def test_another_text_is_other_bytes(files: dict[str, str], data: st.DataObject) -> None:
    path = data.draw(st.sampled_from(sorted(files)))
    other = {**files, path: files[path] + " "}
    assert canonical_document(bundle(other)) != canonical_document(bundle(files))


@pytest.mark.parametrize(
    "bent",
    [
        {"files": None}, {"files": []}, {"files": {"a.rego": None}}, {"files": {"a.rego": 1}},
        {"files": {"a.rego": ["package a"]}}, {"kind": "Policies"}, {"apiVersion": "v1"},
        {"digest": "sha256:1"},
    ],
    ids=str,
)  # fmt: skip
def test_what_is_no_text_is_no_policy(bent: dict[str, JsonValue]) -> None:
    said = {"apiVersion": "turnpike.dev/v1", "kind": "PolicyBundle", "files": {"a.rego": "x"}}
    assert POLICY_BUNDLE.validate_json(json.dumps(said)).files == {"a.rego": "x"}
    with pytest.raises(ValidationError):
        POLICY_BUNDLE.validate_json(json.dumps(said | bent))
