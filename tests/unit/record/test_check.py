from __future__ import annotations

from datetime import timedelta
from pathlib import Path

import pytest

from turnpike.documents.identifiers import ObjectId, digest_of
from turnpike.evidence.envelope import Envelope, encode_for_signing, envelope_of
from turnpike.evidence.statement import DECISION, PAYLOAD_TYPE, SCAN, payload_of, statement_about
from turnpike.record import layout
from turnpike.record.check import check_append
from turnpike.record.keys import keys_at
from turnpike.record.statements import statement_of_decision
from unit.auditing.small_instance import ANN, GATE, SmallInstance, new_signer
from unit.git.folder import real_git


@pytest.fixture
def instance(tmp_path: Path) -> SmallInstance:
    return SmallInstance(tmp_path)


def _check(instance: SmallInstance, new: ObjectId, old: ObjectId | None = None) -> str:
    keys = keys_at(instance.repository, instance.main())
    start = old or instance.record_tip()
    return "\n".join(check_append(instance.repository, start, new, keys, instance.now))


def _commit(instance: SmallInstance, files: dict[str, bytes | None]) -> ObjectId:
    """Commit files onto the record as nobody but a forger would."""
    tip = instance.record_tip()
    tree = instance.repository.write_tree_with(tip, files)
    return instance.repository.write_commit(tree, (tip,), ANN, ANN, "Forge\n", instance.now)


def _entry(envelope: Envelope, folder: str = "statements") -> dict[str, bytes | None]:
    digest, statement = envelope.digest(), layout.statement_of(envelope)
    files: dict[str, bytes | None] = {layout.path_of(folder, digest): layout.content_of(envelope)}
    return files | dict.fromkeys(layout.index_paths(digest, statement), b"")


def test_all_that_the_gate_appends_keeps_the_rules(instance: SmallInstance) -> None:
    start = instance.record_tip()
    instance.add(instance.validation())
    instance.merge({"a": b"1"})
    instance.merge({"a": b"2"}, verdict="allow")
    assert not _check(instance, instance.record_tip(), start)
    keys = keys_at(instance.repository, instance.main())
    assert check_append(instance.repository, None, instance.record_tip(), keys) == ()


def test_a_commit_onto_an_older_tip_is_refused(instance: SmallInstance) -> None:
    fork = _commit(instance, _entry(instance.validation()))
    instance.add(instance.validation(said="more"))
    assert "expected the one parent" in _check(instance, fork)


def test_going_back_is_refused(instance: SmallInstance) -> None:
    old = instance.record_tip()
    instance.add(instance.validation())
    assert "only grows" in _check(instance, old)


def test_a_merge_is_refused(instance: SmallInstance) -> None:
    tip = instance.record_tip()
    tree = instance.repository.commit(tip).tree
    parents = (tip, instance.main())
    merge = instance.repository.write_commit(tree, parents, GATE, GATE, "x\n", instance.now)
    assert "expected the one parent" in _check(instance, merge)


def _some_path(instance: SmallInstance, folder: str) -> str:
    return next(iter(instance.repository.files(instance.record_tip(), [folder])))


@pytest.mark.parametrize("folder", ["facts", "decisions", "index"])
def test_what_stands_can_neither_be_changed_nor_removed(
    instance: SmallInstance, folder: str
) -> None:
    path = _some_path(instance, folder)
    assert f"{path}: it was changed" in _check(instance, _commit(instance, {path: b"x"}))
    assert f"{path}: it was removed" in _check(instance, _commit(instance, {path: None}))


def test_tip_json_must_say_where_the_record_has_come_to(instance: SmallInstance) -> None:
    for content in (b"{}", layout.START.content(), None):
        forged = _commit(instance, {"tip.json": content})
        assert "tip.json" in _check(instance, forged)


@pytest.mark.parametrize(
    "path", ["readme.md", "facts/x.json", "statements/aa/x.json", "facts/\u00e4", "other/a/b"]
)
def test_a_path_that_has_no_place_is_refused(instance: SmallInstance, path: str) -> None:
    assert path in _check(instance, _commit(instance, {path: b"{}"}))


def test_an_entry_under_a_name_that_is_not_its_digest_is_refused(instance: SmallInstance) -> None:
    path = layout.path_of("facts", digest_of(b"other"))
    assert "has the digest" in _check(instance, _commit(instance, {path: b"{}"}))
    name = digest_of(b"{}").removeprefix("sha256:")
    wrong_fan = f"facts/zz/{name}.json"
    assert "has the digest" in _check(instance, _commit(instance, {wrong_fan: b"{}"}))


def test_an_entry_that_is_a_link_is_refused(instance: SmallInstance, tmp_path: Path) -> None:
    tip, folder = instance.record_tip(), instance.repository.path
    blob = instance.repository.write_blob(b"/etc/passwd")
    listed = real_git(folder, "ls-tree", tip) + f"\n120000 blob {blob}\tlink\n"
    tree = ObjectId(real_git(folder, "mktree", stdin=listed.encode()))
    forged = instance.repository.write_commit(tree, (tip,), ANN, ANN, "x\n", instance.now)
    assert "120000" in _check(instance, forged)


def test_a_statement_by_an_unknown_key_is_refused(instance: SmallInstance, tmp_path: Path) -> None:
    stranger = new_signer("validator", tmp_path / "other")
    envelope = stranger.sign(statement_about("m", digest_of(b"a"), SCAN, {}))
    assert "unknown key" in _check(instance, _commit(instance, _entry(envelope)))


def test_a_statement_by_a_key_of_another_role_is_refused(
    instance: SmallInstance, tmp_path: Path
) -> None:
    statement = statement_about("m", digest_of(b"a"), SCAN, {})
    signed = encode_for_signing(PAYLOAD_TYPE, payload_of(statement))
    signature = instance.gate.private._private.sign(signed)
    envelope = envelope_of(statement, instance.gate.key.id, signature)
    assert "expected a signature by a validator" in _check(
        instance, _commit(instance, _entry(envelope))
    )


def test_a_statement_that_was_edited_after_signing_is_refused(instance: SmallInstance) -> None:
    honest, other = instance.validation(), instance.validation(said="failed")
    forged = honest.model_copy(update={"payload": other.payload})
    assert "does not fit" in _check(instance, _commit(instance, _entry(forged)))


def test_a_key_that_is_no_longer_valid_signs_nothing(instance: SmallInstance) -> None:
    envelope = instance.validation()
    instance.now += timedelta(days=400)
    assert "was not valid at" in _check(instance, _commit(instance, _entry(envelope)))


def test_an_envelope_that_is_not_canonical_is_refused(instance: SmallInstance) -> None:
    content = layout.content_of(instance.validation()) + b"\n"
    path = layout.path_of("statements", digest_of(content))
    assert "canonical" in _check(instance, _commit(instance, {path: content}))


def test_an_index_must_name_what_was_added_and_nothing_else(instance: SmallInstance) -> None:
    entry = _entry(instance.validation())
    lacking = {path: content for path, content in entry.items() if not path.startswith("index/")}
    assert "the index lacks it" in _check(instance, _commit(instance, lacking))
    more: dict[str, bytes | None] = {"index/artifacts/aa/x/y": b""}
    assert "should not have it" in _check(instance, _commit(instance, entry | more))
    filled: dict[str, bytes | None] = {p: b"x" for p in entry if p.startswith("index/")}
    assert "is empty" in _check(instance, _commit(instance, entry | filled))


def test_a_statement_in_the_wrong_folder_is_refused(instance: SmallInstance) -> None:
    forged = _commit(instance, _entry(instance.validation(), "outcomes"))
    assert "belongs elsewhere" in _check(instance, forged)


def test_a_commit_that_claims_another_time_is_refused(instance: SmallInstance) -> None:
    forged = _commit(instance, _entry(instance.validation()))
    instance.now += timedelta(hours=1)
    assert "it claims" in _check(instance, forged)


def _decided(instance: SmallInstance, **bent: object) -> dict[str, bytes | None]:
    head = instance.branch({"a": b"1"})
    decision = instance.decision(instance.main(), head, **bent)
    envelope = instance.gate.sign(statement_of_decision(decision))
    facts = instance.facts()
    tip = instance.record.state_at(instance.record_tip()).after(envelope.digest(), decision)
    files: dict[str, bytes | None] = {
        layout.facts_path(facts): facts,
        layout.TIP_PATH: tip.content(),
    }
    return _entry(envelope, "decisions") | files


def test_a_decision_must_follow_the_last_one(instance: SmallInstance) -> None:
    assert not _check(instance, _commit(instance, _decided(instance)))
    forged = _commit(instance, _decided(instance, previous=digest_of(b"x")))
    assert "expected to follow" in _check(instance, forged)


def test_a_decision_may_not_be_older_than_the_last_one(instance: SmallInstance) -> None:
    earlier = instance.now - timedelta(hours=1)
    assert "before the last" in _check(
        instance, _commit(instance, _decided(instance, decided_at=earlier))
    )


def test_a_decision_must_bring_its_facts(instance: SmallInstance) -> None:
    files = _decided(instance)
    lacking = {path: content for path, content in files.items() if not path.startswith("facts/")}
    assert "did not come with it" in _check(instance, _commit(instance, lacking))


def test_a_decision_must_be_about_what_it_judged(instance: SmallInstance) -> None:
    decision = instance.decision(instance.main(), instance.branch({"a": b"1"}))
    other = decision.model_copy(update={"head": instance.genesis})
    statement = statement_of_decision(other).model_copy(
        update={"predicate": statement_of_decision(decision).predicate}
    )
    entry = _entry(instance.gate.sign(statement), "decisions")
    assert "its subjects are not" in _check(instance, _commit(instance, entry))


def test_a_decision_of_another_shape_is_refused(instance: SmallInstance) -> None:
    envelope = instance.gate.sign(
        statement_about("m", digest_of(b"a"), DECISION, {"verdict": "allow"})
    )
    forged = _commit(instance, _entry(envelope, "decisions"))
    assert "another shape" in _check(instance, forged)
