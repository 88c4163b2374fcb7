"""Every ref has one purpose, and none can be mistaken for another."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from turnpike.forge.refs import (
    MAIN,
    RECORD,
    RefName,
    event_ref,
    evidence_ref,
    head_ref,
    observation_ref,
    parse_ref,
)

DIGEST = "0123456789abcdef" * 4


@given(number=st.integers(1, 999_999_999), digest=st.binary(min_size=32, max_size=32))
def test_the_refs_of_a_pull_request_are_read_back(number: int, digest: bytes) -> None:
    name = digest.hex()
    assert parse_ref(head_ref(number)) == RefName("head", number)
    assert parse_ref(event_ref(number, name)) == RefName("events", number, name)
    assert parse_ref(evidence_ref(number, name)) == RefName("evidence", number, name)


@given(st.binary(min_size=32, max_size=32), st.binary(min_size=32, max_size=32))
def test_the_ref_of_an_observation_is_read_back(artifact: bytes, digest: bytes) -> None:
    found = parse_ref(observation_ref(artifact.hex(), digest.hex()))
    assert found == RefName("observations", digest=digest.hex(), artifact=artifact.hex())


@pytest.mark.parametrize(
    "name", ["refs/heads/maria/topic", "refs/heads/JIRA-12", "refs/heads/v1.2"]
)
def test_people_may_have_branches(name: str) -> None:
    assert parse_ref(name).family == "branch"


@pytest.mark.parametrize("name", [
    "HEAD", "refs/heads/Main", "refs/heads/MAIN", "refs/heads/main/x", "refs/heads/turnpike",
    "refs/heads/Turnpike/Record", "refs/heads/turnpike/other", "refs/heads/mäin", "refs/heads/-x",
    "refs/heads/.x", "refs/tags/v1", "refs/notes/commits", "refs/replace/" + "a" * 40,
    "refs/pull/0/head", "refs/pull/01/head", "refs/pull/1/merge", "refs/pull/1/head/x",
    f"refs/pull/1/events/{DIGEST[:-1]}", f"refs/pull/1/events/{DIGEST.upper()}",
    f"refs/turnpike/observations/{DIGEST}", f"refs/turnpike/observations/{DIGEST}/{DIGEST}/x",
    f"refs/turnpike/observations/{DIGEST}/{DIGEST[:-1]}", f"refs/turnpike/evidence/1/{DIGEST}",
    f"refs/pull/1/other/{DIGEST}", "refs/pull/1/head\n", "refs/heads/main\n",
])  # fmt: skip
def test_other_names_are_unknown(name: str) -> None:
    assert parse_ref(name).family == "unknown"


@given(st.text(alphabet="mainMAINturpkeTURPKE/recod.\n ", max_size=30))
def test_only_their_own_names_are_the_protected_branches(text: str) -> None:
    name = "refs/heads/" + text
    family = parse_ref(name).family
    assert (family == "main") == (name == MAIN)
    assert (family == "record") == (name == RECORD)
    if name.casefold() in {MAIN, RECORD}:
        assert family != "branch"
