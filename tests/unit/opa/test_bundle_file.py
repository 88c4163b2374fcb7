"""A bundle's file has one sequence of bytes, and its digest is its name."""

from __future__ import annotations

import pytest

from turnpike.documents.canonical import canonical_document
from turnpike.documents.identifiers import digest_of
from turnpike.errors import InputError, InvalidDocument
from turnpike.judge.policy_bundle import PolicyBundle
from turnpike.opa.bundle import digest_of_policies, packed_policies
from turnpike.opa.bundle_file import packed, require_text, unpacked
from unit.opa.small_policies import policies

ODD = {"policies/a/a.rego": 'x\\"\x1f\x7f\u00e9\U0001f600\n\r\t'.encode(), "policies/B": b""}


def test_the_bytes_are_canonical_json() -> None:
    bundle = PolicyBundle(
        api_version="turnpike.dev/v1",
        kind="PolicyBundle",
        files={path: content.decode() for path, content in ODD.items()},
    )
    assert packed(ODD) == canonical_document(bundle)


def test_what_is_packed_is_unpacked_again_under_its_digest() -> None:
    content = packed_policies(policies())
    assert digest_of(content) == digest_of_policies(policies())
    assert packed(unpacked(content, digest_of(content), "b.json")) == content
    assert digest_of_policies(unpacked(content, digest_of(content), "b.json")) == digest_of(content)


def test_the_order_of_files_and_what_decides_nothing_change_no_byte() -> None:
    shuffled = dict(reversed(policies().items()))
    more = {"policies/a/a_test.rego": b"package a", "policies/README.md": b"read"}
    assert packed_policies({**more, **shuffled}) == packed_policies(policies())


@pytest.mark.parametrize("other", [b"", b"{", b"\xff", packed(ODD)[:-1]])
def test_other_bytes_than_the_named_ones_are_refused_unread(other: bytes) -> None:
    with pytest.raises(InputError, match=r"b\.json") as refused:
        unpacked(other, digest_of(packed(ODD)), "b.json")
    assert refused.value.code == "bundle.other"


@pytest.mark.parametrize("other", [b"", b"[]", b'{"kind":"PolicyBundle"}'])
def test_a_named_file_that_is_no_bundle_is_refused(other: bytes) -> None:
    with pytest.raises(InvalidDocument, match="PolicyBundle"):
        unpacked(other, digest_of(other), "b.json")


def test_a_file_that_is_no_text_is_named_with_its_line() -> None:
    require_text(ODD)
    with pytest.raises(InvalidDocument, match=r"policies/a/a\.rego:2"):
        require_text({"policies/a/a.rego": b"package a\n\xff"})
