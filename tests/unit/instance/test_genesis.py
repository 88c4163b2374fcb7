"""The first decision follows from the genesis alone, and reads like every other one."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from turnpike.documents.canonical import canonical_document, digest_of_document
from turnpike.documents.identifiers import ObjectId, digest_of
from turnpike.documents.reading import read
from turnpike.errors import InvalidDocument
from turnpike.instance.genesis import Genesis, facts_of
from turnpike.judge.decision import DECISION
from turnpike.judge.facts import FACTS
from turnpike.judge.genesis import genesis_decision
from turnpike.topology.organisation import ORGANISATION
from unit.instance.small_organisation import ORGANISATION_TEXT

COMMIT, TREE, CODE = (ObjectId(letter * 40) for letter in "abc")
RULE = "policies/on_call_present/on_call_present.rego"


def genesis(**files: bytes) -> Genesis:
    contents = {"CODEOWNERS": b"* @all\n", "policies/capabilities.json": b"{}", RULE: b"package x"}
    return Genesis(
        commit=COMMIT,
        tree=TREE,
        code=CODE,
        git="2.39.5",
        organisation=read(ORGANISATION, ORGANISATION_TEXT.encode(), "organisation.yaml"),
        keys=(),
        files={**contents, **files},
        when=datetime(2026, 3, 2, 9, tzinfo=UTC),
    )


def test_facts_and_decision_survive_being_written() -> None:
    facts = facts_of(genesis())
    assert FACTS.validate_json(canonical_document(facts)) == facts
    decision = genesis_decision(facts)
    assert DECISION.validate_json(canonical_document(decision)) == decision


def test_the_decision_names_the_facts_and_the_tree() -> None:
    facts = facts_of(genesis())
    decision = genesis_decision(facts)
    assert decision.facts == digest_of_document(facts)
    assert (decision.merge_tree, decision.head, decision.previous) == (TREE, COMMIT, None)
    assert decision.valid_until == decision.decided_at


def test_the_facts_name_the_policies_and_owners_that_stood_at_the_beginning() -> None:
    facts = facts_of(genesis())
    assert facts.tools.rules == ("on_call_present",)
    assert facts.tools.capabilities == digest_of(b"{}")
    assert facts.head.codeowners == "* @all\n"
    changed = facts_of(genesis(**{RULE: b"package y"}))
    assert changed.tools.policies != facts.tools.policies


def test_a_malformed_environment_stops_everything() -> None:
    with pytest.raises(InvalidDocument):
        facts_of(genesis(**{"environments/dev/environment.yaml": b"kind: Environment\n"}))
