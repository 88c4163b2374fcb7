"""A release has one form in Git, which the strict profile reads back."""

from __future__ import annotations

from pathlib import PurePosixPath

from hypothesis import given
from hypothesis import strategies as st

from turnpike.documents.identifiers import digest_of
from turnpike.documents.reading import read
from turnpike.manifest.release import RELEASE, Release
from turnpike.rendering.deployment import folder_of
from turnpike.rendering.release import release_bytes


def release(version: str, promoted_from: str | None, traffic: int) -> Release:
    return RELEASE.validate_python(
        {
            "apiVersion": "turnpike.dev/v1",
            "kind": "Release",
            "team": "oncology",
            "model": "tumour-malignancy",
            "version": version,
            "artifact": digest_of(b"artifact"),
            "manifest": "12345678" * 5,
            "decision": digest_of(b"decision"),
            "promotedFrom": promoted_from,
            "traffic": traffic,
        }
    )


def beside(value: Release, other: Release) -> Release:
    return value.model_copy(update={"rest": other.as_rest()})


releases = st.builds(
    release,
    st.text(st.characters(min_codepoint=0x21, max_codepoint=0x7E), min_size=1, max_size=200),
    st.none() | st.sampled_from(["dev", "on", "no", "null"]),
    st.integers(0, 100),
)
releases |= st.builds(beside, releases, releases)


@given(releases)
def test_the_file_reads_back_as_the_same_release(value: Release) -> None:
    assert read(RELEASE, release_bytes(value), "release.yaml") == value


@given(releases)
def test_what_was_read_is_written_the_same(value: Release) -> None:
    content = release_bytes(value)
    assert release_bytes(read(RELEASE, content, "release.yaml")) == content


def test_the_first_line_names_the_schema_from_where_the_file_stands() -> None:
    first = release_bytes(release("1", None, 100)).decode().partition("\n")[0]
    relative = PurePosixPath(first.partition("$schema=")[2])
    folder = folder_of("dev", "local", "oncology/tumour-malignancy")
    assert relative.parts.count("..") == len(PurePosixPath(folder).parts)
    assert str(relative).removeprefix("../" * 5) == "docs/schemas/release.schema.json"
