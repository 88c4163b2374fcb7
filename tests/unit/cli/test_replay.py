"""``turnpike replay`` says of every decision what became of it, and exits by the worst."""

from __future__ import annotations

import importlib
import json
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner

from unit.auditing.small_instance import SmallInstance
from unit.cli.calling import at, refused

COMMAND = importlib.import_module("turnpike.cli.replay").command


@pytest.fixture
def instance(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> SmallInstance:
    monkeypatch.setenv("TURNPIKE_CACHE", str(tmp_path / "cache"))
    return SmallInstance(tmp_path / "small")


def clone(instance: SmallInstance) -> tuple[str, str]:
    return "--clone", str(instance.repository.path)


def ran(instance: SmallInstance, *words: str) -> tuple[int, Any]:
    with at(instance.folder):
        result = CliRunner().invoke(COMMAND, [*words, *clone(instance), "--json"])
    return result.exit_code, json.loads(result.stdout)


def test_facts_that_name_no_base_are_a_difference_and_exit_code_one(
    instance: SmallInstance,
) -> None:
    instance.merge({"a": b"a"})
    code, said = ran(instance)
    assert (code, said["different"], said["same"]) == (1, 2, 0)
    assert [one["result"] for one in said["decisions"]] == ["different"] * 2
    assert {"field", "expected", "actual"} <= said["decisions"][0].keys()


def test_a_decision_that_the_record_lacks_is_a_row_like_any_other(instance: SmallInstance) -> None:
    decision = instance.decision(instance.main(), instance.branch({"a": b"a"}))
    forged = instance.merge_commit(decision, instance.validation().digest())
    instance.repository.update_ref("refs/heads/main", forged, instance.main())
    code, said = ran(instance, forged)
    assert code == 1
    assert [one["result"] for one in said["decisions"]] == ["different", "unreadable"]
    assert said["decisions"][1]["verdict"] is None


def test_a_range_of_nothing_is_refused_and_not_taken_for_all_the_same(
    instance: SmallInstance,
) -> None:
    head = instance.merge({"a": b"a"})
    error = refused(instance.folder, "replay", f"{head}..{head}", *clone(instance))
    assert "found none" in error.message
    assert refused(instance.folder, "replay", "nowhere", *clone(instance)).exit_code == 2


def test_another_genesis_than_the_pinned_one_is_broken(instance: SmallInstance) -> None:
    error = refused(instance.folder, "replay", *clone(instance), "--genesis", "f" * 40)
    assert (error.code, error.exit_code) == ("verify.genesis", 1)
    code, _ = ran(instance, "--genesis", instance.genesis)
    assert code == 1  # its genesis is right; its facts are a test's


def test_people_are_told_each_difference_and_the_sum(instance: SmallInstance) -> None:
    with at(instance.folder):
        result = CliRunner().invoke(COMMAND, list(clone(instance)))
    assert result.exit_code == 1
    assert result.stdout.splitlines()[-1] == "1 decision: 0 the same, 1 different, 0 unreadable"
    assert "  different sha256:" in result.stdout
