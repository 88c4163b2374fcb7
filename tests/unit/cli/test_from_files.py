"""Facts and policies in files lead to the decision that they led to before, or to none."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from turnpike.cli.from_files import judged_from, read_file
from turnpike.documents.canonical import canonical_document
from turnpike.documents.identifiers import digest_of
from turnpike.errors import InputError, InvalidDocument
from turnpike.judge.facts import Facts
from turnpike.opa.bundle import CAPABILITIES, digest_of_policies, packed_policies
from unit.judge.examples import model_facts, review
from unit.opa.small_policies import policies, program

FILES = policies()
BUNDLE = packed_policies(FILES)


def facts() -> Facts:
    """Return facts that name the small policies, and have the digest of every changed file."""
    found = model_facts(review("tom"), review("nora"))
    digests = dict.fromkeys(found.head.models, digest_of(b"the manifest"))
    head = found.head.model_copy(update={"contents": {**found.head.contents, **digests}})
    found = found.model_copy(update={"head": head})
    named = {
        "opa": program().version,
        "policies": digest_of_policies(FILES),
        "capabilities": digest_of(FILES[CAPABILITIES]),
        "rules": ("known_subject",),
    }
    return found.model_copy(update={"tools": found.tools.model_copy(update=named)})


def written(folder: Path, content: bytes) -> str:
    (folder / "facts.json").write_bytes(content)
    return str(folder / "facts.json")


def test_the_same_files_give_the_same_decision_every_time(tmp_path: Path) -> None:
    file = written(tmp_path, canonical_document(facts()))
    first, second = (judged_from(file, BUNDLE, "b.json")[0].decision for _ in range(2))
    assert canonical_document(first) == canonical_document(second)
    assert first.facts == digest_of(canonical_document(facts()))


def test_facts_that_were_edited_are_other_facts(tmp_path: Path) -> None:
    """Who edits an approval in gets a decision about other facts: its digest says so."""
    before = judged_from(written(tmp_path, canonical_document(facts())), BUNDLE, "b.json")[0]
    edited = canonical_document(facts()).replace(b'"account":"nora"', b'"account":"ida"')
    after = judged_from(written(tmp_path, edited), BUNDLE, "b.json")[0]
    assert before.decision.facts != after.decision.facts


@pytest.mark.parametrize(
    "content",
    [b"", b"{", b"[]", b"\xff", b"[" * 200, b'{"kind":"Facts"}', b'{"a":1,"a":2}', b"NaN"],
)
def test_what_is_no_facts_is_refused_by_the_files_name(tmp_path: Path, content: bytes) -> None:
    with pytest.raises(InvalidDocument, match=r"facts\.json"):
        judged_from(written(tmp_path, content), BUNDLE, "b.json")


def test_facts_with_a_field_too_many_are_refused(tmp_path: Path) -> None:
    said = json.loads(canonical_document(facts()))
    said["verdict"] = "allow"
    with pytest.raises(InvalidDocument, match="verdict"):
        judged_from(written(tmp_path, json.dumps(said).encode()), BUNDLE, "b.json")


def test_facts_that_contradict_themselves_decide_nothing(tmp_path: Path) -> None:
    """Without its commits a change would have no author, and anybody could approve it."""
    edited = canonical_document(facts().model_copy(update={"commits": ()}))
    with pytest.raises(InputError, match=r"facts\.json.*commits") as refused:
        judged_from(written(tmp_path, edited), BUNDLE, "b.json")
    assert (refused.value.code, refused.value.exit_code) == ("facts.contradictory", 2)
    assert "--print-facts" in refused.value.solution


def test_another_bundle_than_the_facts_name_decides_nothing(tmp_path: Path) -> None:
    other = packed_policies(policies(data=b"subjects: []\n"))
    with pytest.raises(InputError, match=r"b\.json"):
        judged_from(written(tmp_path, canonical_document(facts())), other, "b.json")


@pytest.mark.parametrize("name", ["missing.json", ".", "a\0b"])
def test_a_file_that_cannot_be_read_is_named(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, name: str
) -> None:
    monkeypatch.chdir(tmp_path)
    with pytest.raises(InputError) as refused:
        read_file(name)
    assert refused.value.code == "input.unreadable"
    assert refused.value.message.startswith(f"{name}: ")
