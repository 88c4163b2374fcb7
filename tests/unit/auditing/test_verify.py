from __future__ import annotations

import random
import zlib
from collections.abc import Callable
from pathlib import Path

import pytest

from turnpike.auditing.verify import verify
from turnpike.documents.identifiers import ObjectId
from turnpike.errors import InputError
from turnpike.git.repository import Repository
from turnpike.judge.layout import key_path
from turnpike.record.record import RECORD_REF
from turnpike.signing.keys import key_yaml
from turnpike.signing.ssh import create_ssh_key
from unit.auditing.small_instance import ANN, MAIN, Bent, SmallInstance, new_signer
from unit.git.folder import real_git


@pytest.fixture
def instance(tmp_path: Path) -> SmallInstance:
    made = SmallInstance(tmp_path)
    made.add(made.validation())
    made.merge({"models/a/model.yaml": b"version: 1\n"})
    made.merge({"models/a/model.yaml": b"version: 2\n"})
    return made


def _codes(instance: SmallInstance) -> set[str]:
    return {fault.code for fault in instance.verify().faults}


def test_a_sound_instance_is_sound_and_says_what_was_covered(instance: SmallInstance) -> None:
    report = instance.verify()
    assert report.faults == ()
    assert report.is_sound
    assert (report.commits, report.main) == (3, instance.main())
    assert (report.record_commits, report.record) == (6, instance.record_tip())


def test_a_clone_is_audited_like_the_host(instance: SmallInstance, tmp_path: Path) -> None:
    real_git(tmp_path, "clone", "-q", str(instance.repository.path), "clone")
    with Repository(tmp_path / "clone") as clone:
        assert verify(clone, instance.genesis, instance.root).is_sound


def test_a_commit_past_the_gate_is_named(instance: SmallInstance) -> None:
    sneaked = instance.branch({"models/a/model.yaml": b"version: 3\n"})
    instance.repository.update_ref(MAIN, sneaked, instance.main())
    (fault,) = instance.verify().faults
    assert (fault.code, fault.subject) == ("verify.unjudged", sneaked)


def test_a_commit_past_the_gate_is_named_below_judged_ones(instance: SmallInstance) -> None:
    sneaked = instance.branch({"b": b"1"})
    instance.repository.update_ref(MAIN, sneaked, instance.main())
    instance.merge({"c": b"1"})
    assert [f.subject for f in instance.verify().faults] == [sneaked]


def test_another_genesis_is_refused(instance: SmallInstance) -> None:
    report = verify(instance.repository, instance.main(), instance.root)
    assert "verify.genesis" in {fault.code for fault in report.faults}


def test_a_genesis_that_the_root_did_not_sign_is_refused(
    instance: SmallInstance, tmp_path: Path
) -> None:
    other = create_ssh_key(tmp_path / "other", "root")
    report = verify(instance.repository, instance.genesis, other)
    assert [fault.code for fault in report.faults] == ["verify.genesis"]


def test_a_shallow_clone_is_refused_with_the_next_step(
    instance: SmallInstance, tmp_path: Path
) -> None:
    url = f"file://{instance.repository.path}"
    real_git(tmp_path, "clone", "-q", "--depth=1", "--no-single-branch", url, "clone")
    with (
        Repository(tmp_path / "clone") as clone,
        pytest.raises(InputError, match="shallow") as caught,
    ):
        verify(clone, instance.genesis, instance.root)
    assert caught.value.solution == "git fetch --unshallow"


def test_a_rewritten_record_is_noticed(instance: SmallInstance) -> None:
    tip = instance.record_tip()
    rewritten = instance.repository.write_commit(
        instance.repository.commit(tip).tree, (), ANN, ANN, "All at once\n", instance.now
    )
    instance.repository.update_ref(RECORD_REF, rewritten, tip)
    assert {"verify.record", "verify.unjudged"} <= _codes(instance)


def test_a_record_that_was_cut_back_is_noticed(instance: SmallInstance) -> None:
    line = instance.repository.first_parents(RECORD_REF)
    instance.repository.update_ref(RECORD_REF, line[2], line[0])
    assert _codes(instance) == {"verify.unjudged"}


def test_keys_may_be_exchanged_by_judged_commits(instance: SmallInstance, tmp_path: Path) -> None:
    old, new = instance.gate, new_signer("gate", tmp_path / "keys", "gate-2")
    instance.merge({key_path(new.key.name): key_yaml(new.key)})
    instance.gate = new
    instance.merge({key_path(old.key.name): None})
    instance.merge({"b": b"1"})
    assert instance.verify().faults == ()


def test_a_key_counts_only_after_the_commit_that_brings_it(
    instance: SmallInstance, tmp_path: Path
) -> None:
    new = new_signer("gate", tmp_path / "keys", "gate-2")
    instance.gate = new
    instance.merge({key_path(new.key.name): key_yaml(new.key)})
    assert "verify.unjudged" in _codes(instance)


def test_a_judged_decision_with_a_bent_merge_is_named(instance: SmallInstance) -> None:
    base = instance.main()
    tree = instance.repository.commit(instance.branch({"a": b"2"})).tree
    decision = instance.decision(base, instance.branch({"a": b"1"}))
    commit = instance.merge_commit(decision, instance.append(decision), Bent(tree=tree))
    instance.repository.update_ref(MAIN, commit, base)
    (fault,) = instance.verify().faults
    assert (fault.subject, "tree: expected" in fault.message) == (commit, True)


def _loose_objects(repository: Repository) -> list[Path]:
    return sorted((repository.path / "objects").glob("??/*"))


def _with_flipped_byte(file: Path, position: int, look: Callable[[], None]) -> None:
    whole = file.read_bytes()
    position %= len(whole)
    if _means_the_same(whole, _flipped(whole, position)):
        position -= 1
    file.chmod(0o644)
    file.write_bytes(_flipped(whole, position))
    try:
        look()
    finally:
        file.write_bytes(whole)


def _flipped(whole: bytes, position: int) -> bytes:
    return whole[:position] + bytes([whole[position] ^ 0x10]) + whole[position + 1 :]


def _means_the_same(one: bytes, other: bytes) -> bool:
    """Tell whether the bits that differ only fill a compressed object's last byte up."""
    try:
        return zlib.decompress(other) == zlib.decompress(one)
    except zlib.error:
        return False


def test_one_edited_byte_in_any_object_is_found_and_the_object_is_named(
    instance: SmallInstance,
) -> None:
    chosen = random.Random(7)  # noqa: S311 - the same bytes in every run
    for file in chosen.sample(_loose_objects(instance.repository), 25):
        object_ = ObjectId(file.parent.name + file.name)

        def look(object_: ObjectId = object_) -> None:
            faults = instance.verify().faults
            assert any(object_ in f"{fault.subject} {fault.message}" for fault in faults), object_

        _with_flipped_byte(file, chosen.randrange(2, 10_000), look)
    assert instance.verify().is_sound


def test_one_edited_byte_in_a_pack_or_its_index_is_found(
    instance: SmallInstance, tmp_path: Path
) -> None:
    real_git(tmp_path, "clone", "-q", "--bare", str(instance.repository.path), "clone")
    clone = tmp_path / "clone"
    real_git(clone, "repack", "-q", "-a", "-d")
    chosen = random.Random(11)  # noqa: S311 - the same bytes in every run
    for file in sorted((clone / "objects/pack").glob("*.[pi]??*")):
        for _ in range(5):
            _with_flipped_byte(
                file, chosen.randrange(10_000), lambda: _assert_unsound(clone, instance)
            )
    with Repository(clone) as repository:
        assert verify(repository, instance.genesis, instance.root).is_sound


def _assert_unsound(clone: Path, instance: SmallInstance) -> None:
    with Repository(clone) as repository:
        assert not verify(repository, instance.genesis, instance.root).is_sound
