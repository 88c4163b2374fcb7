"""HCL is read as Terraform would, or refused as none: never half, and never with its quotes."""

from __future__ import annotations

import pytest

from turnpike.infrastructure.hcl import labelled, parsed, unquoted


def test_labels_and_bodies_are_told_of_each_block_of_a_kind() -> None:
    said = parsed(
        b'resource "aws_s3_bucket" "a" {\n  bucket = "x"\n}\n'
        b'resource "aws_s3_bucket" "b" {\n}\nprovider "aws" {\n  region = "eu"\n}\n'
    )
    assert [label for label, _ in labelled(said, "resource")] == ["aws_s3_bucket"] * 2
    ((label, body),) = labelled(said, "provider")
    assert (label, unquoted(body["region"])) == ("aws", "eu")
    assert list(labelled(said, "module")) == []


def test_a_comment_hides_nothing_and_says_nothing() -> None:
    said = parsed(b'# provider "aws" {}\n/* provider "b" {\n} */\nprovider "c" {} // "d"\n')
    assert [label for label, _ in labelled(said, "provider")] == ["c"]


def test_a_text_that_looks_like_a_block_is_a_text() -> None:
    said = parsed(b'locals {\n  a = <<EOT\nprovider "aws" {}\nEOT\n}\n')
    assert list(labelled(said, "provider")) == []


@pytest.mark.parametrize(
    "content",
    [
        b"provider aws {",
        b'provider "aws" {}}',
        b"\xff\xfe",
        b"a = = 1",
        b'a = "',
        b"a = <<EOT\nnever ended\n",
        b"a = " + b"[" * 50_000,
        b"\x00",
        b'{"provider": {"aws": {}}}',
    ],
    ids=["cut", "too much", "bytes", "twice", "a quote", "heredoc", "deep", "null", "JSON"],
)
def test_what_is_no_hcl_is_refused_and_breaks_nothing(content: bytes) -> None:
    with pytest.raises(ValueError, match=":"):
        parsed(content)


def test_a_file_without_a_last_newline_and_an_empty_one_are_read() -> None:
    assert parsed(b"") == {}
    assert list(labelled(parsed(b'provider "aws" {}'), "provider")) == [("aws", {})]


@pytest.mark.parametrize(
    ("value", "meant"),
    [('"a"', "a"), ('""', ""), ('"', '"'), ("a", "a"), ('"a', '"a'), (True, "True"), (1, "1")],
)
def test_only_a_pair_of_quotes_is_taken_off(value: object, meant: str) -> None:
    assert unquoted(value) == meant
