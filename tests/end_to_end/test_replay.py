"""Facts and a bundle decide alone, and a clone is enough to decide the whole record again."""

from __future__ import annotations

import json
import os
import subprocess
from collections.abc import Mapping
from pathlib import Path

import pytest
from pydantic import JsonValue

from end_to_end.changes import DESCRIPTION, Bench
from end_to_end.installed import PRODUCT
from end_to_end.verbs import Told, call
from end_to_end.world import World
from turnpike.change.merge import GATE
from turnpike.documents.canonical import canonical
from turnpike.documents.identifiers import ObjectId, digest_of
from turnpike.forge.refs import MAIN, RECORD
from turnpike.git.repository import Repository
from turnpike.record.layout import decision_of, path_of
from turnpike.record.record import Record
from turnpike.record.statements import statement_of_decision

ME = ("-c", "user.name=Nobody", "-c", "user.email=nobody@example.com")


@pytest.fixture(scope="module")
def bench(merged: Bench) -> Bench:
    """A world with two merges and a denial on its record."""
    bench = merged.copied()
    number = bench.world.propose(bench.draft("diabetes").edited(DESCRIPTION).files, "jonas-weber")
    assert bench.world.merge(number).code == 1
    bench.world.approve(number, "lena-fischer")
    bench.world.merged(number)
    return bench


@pytest.fixture(scope="module")
def number(bench: Bench) -> int:
    """A pull request that nobody has approved."""
    other = (DESCRIPTION[0], "Guesses from ten measurements")
    return bench.world.propose(bench.draft("diabetes").edited(other).files, "jonas-weber")


@pytest.fixture(scope="module")
def files(bench: Bench, number: int, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with the facts about that pull request, and the policies that they name."""
    folder = tmp_path_factory.mktemp("files")
    told = bench.world.call("gate", "--pr", str(number), "--print-facts")
    assert told.code == 1, str(told)
    (folder / "facts.json").write_text(told.output)
    bench.world.done("policy", "bundle", "--revision", "origin/main", "-o", f"{folder}/b.json")
    return folder


def decided(folder: Path, facts: str = "facts.json", bundle: str = "b.json") -> Told:
    return call(folder, "gate", "--facts", facts, "--bundle", bundle, "--json")


def edited(files: Path, tmp_path: Path, *path: str, value: JsonValue) -> Path:
    """Write the facts once more with one field set."""
    document = json.loads((files / "facts.json").read_text())
    inner = document
    for step in path[:-1]:
        inner = inner[step]
    inner[path[-1]] = value
    copy = tmp_path / "edited.json"
    copy.write_text(json.dumps(document))
    return copy


def test_facts_are_canonical_and_name_the_bundle_by_its_bytes(files: Path) -> None:
    content = (files / "facts.json").read_bytes()
    facts = json.loads(content)
    assert canonical(facts) == content
    assert facts["tools"]["policies"] == digest_of((files / "b.json").read_bytes())


def test_facts_and_bundle_decide_the_same_bytes_anywhere_without_an_instance(
    files: Path, tmp_path: Path
) -> None:
    here = decided(files)
    assert here.code == 1, str(here)
    assert here.json()["facts"] == digest_of((files / "facts.json").read_bytes())
    words = ("gate", "--facts", "-", "--bundle", files / "b.json", "--print-decision")
    elsewhere = subprocess.run(
        [PRODUCT / "turnpike", *words],
        cwd=tmp_path,
        env={"PATH": os.environ["PATH"], "HOME": os.environ["HOME"], "TZ": "Asia/Tokyo"}
        | {"TURNPIKE_CACHE": os.environ["TURNPIKE_CACHE"]},
        input=(files / "facts.json").read_bytes(),
        capture_output=True,
        check=False,
        timeout=600,
    )
    assert elsewhere.returncode == 1, elsewhere.stderr
    told = here.json()
    assert here.output.rstrip("\n").encode() == canonical(told)
    assert told.pop("explanation")  # beside a denial, and no part of the decision
    assert elsewhere.stdout == canonical(told)


def test_pretty_facts_decide_as_canonical_ones_do(files: Path, tmp_path: Path) -> None:
    pretty = tmp_path / "pretty.json"
    pretty.write_text(json.dumps(json.loads((files / "facts.json").read_text()), indent=3))
    assert decided(files, str(pretty)).output == decided(files).output


def test_another_bundle_than_the_facts_name_is_refused(files: Path, tmp_path: Path) -> None:
    other = tmp_path / "other.json"
    other.write_bytes((files / "b.json").read_bytes().replace(b"deny", b"dany", 1))
    told = decided(files, bundle=str(other))
    assert (told.code, told.json()["error"]) == (2, "bundle.other")


def test_a_clock_before_the_records_last_entry_decides_nothing(files: Path, tmp_path: Path) -> None:
    earlier = edited(files, tmp_path, "clock", value="2020-01-01T00:00:00Z")
    told = decided(files, str(earlier))
    assert told.code == 3, str(told)
    assert told.json()["verdict"] == "undecided"
    assert "clock.backwards" in {finding["code"] for finding in told.json()["findings"]}


@pytest.mark.parametrize(
    ("path", "value", "said"),
    [
        (("tools", "git"), 3, "tools.git"),
        (("unknown",), 1, "unknown: expected no such field"),
        (("merge", "base"), "main", "merge.base"),
        (("clock",), "2026-01-01T00:00:00", "clock"),
        (("pullRequest", "number"), True, "pullRequest.number"),
        (("clock",), float("nan"), "clock: expected a finite number"),
    ],
)
def test_facts_that_break_their_schema_are_refused_by_field(
    files: Path, tmp_path: Path, path: tuple[str, ...], value: JsonValue, said: str
) -> None:
    told = decided(files, str(edited(files, tmp_path, *path, value=value)))
    assert told.code == 2, str(told)
    assert said in told.json()["message"]


@pytest.mark.parametrize(
    "words",
    [
        (),
        ("--facts", "facts.json"),
        ("--bundle", "b.json"),
        ("--facts", "facts.json", "--bundle", "b.json", "--pr", "1"),
        ("--facts", "-", "--bundle", "-"),
        ("--base", "main"),
        ("--facts", "no-such.json", "--bundle", "b.json"),
        ("--pr", "1", "--print-facts", "--print-decision"),
    ],
)
def test_words_that_cannot_work_are_bad_usage(files: Path, words: tuple[str, ...]) -> None:
    assert call(files, "gate", *words).code == 2


def test_a_commit_is_judged_without_any_pull_request(bench: Bench, number: int) -> None:
    world = bench.world
    head = world.ref(f"refs/pull/{number}/head")
    told = world.call("gate", "--base", "origin/main", "--head", head, "--print-facts")
    assert told.code == 1, str(told)
    assert told.json()["pullRequest"] is None
    assert (told.json()["merge"]["base"], told.json()["merge"]["head"]) == (world.main, head)
    both = world.call("gate", "--base", world.main, "--pr", str(number), "--print-facts")
    assert both.json()["pullRequest"]["number"] == number
    assert world.call("gate", "--head", "HEAD", "--pr", str(number)).code == 2


def test_only_commits_of_main_judge(bench: Bench, number: int) -> None:
    world = bench.world
    head = world.ref(f"refs/pull/{number}/head")
    told = world.call("gate", "--base", head, "--head", head, "--json")
    assert (told.code, told.json()["error"]) == (2, "gate.base-not-on-main")


# --- replay ---------------------------------------------------------------------------------------


def replayed(world: World, *words: str) -> Told:
    return world.call("replay", *words, "--json")


def results(told: Told) -> list[str]:
    return [one["result"] for one in told.json()["decisions"]]


def test_every_decision_is_made_again_with_the_same_bytes(bench: Bench) -> None:
    told = replayed(bench.world)
    assert told.code == 0, str(told)
    assert results(told) == ["same"] * 4
    assert [one["verdict"] for one in told.json()["decisions"]].count("deny") == 1
    assert told.json()["decisions"][0]["class"] == "genesis"


def test_a_plain_clone_is_enough_and_a_range_takes_what_its_commits_carried_out(
    bench: Bench, tmp_path: Path
) -> None:
    bench.world.git("clone", "--quiet", str(bench.world.host), str(tmp_path / "clone"))
    genesis = bench.world.house.instance.genesis
    words = ("--clone", str(tmp_path / "clone"), "--genesis", genesis)
    told = call(tmp_path, "replay", "main~1..main", *words, "--json")
    assert told.code == 0, str(told)
    assert results(told) == ["same"]
    assert call(tmp_path, "verify", *words).code == 0
    other = ("--clone", str(tmp_path / "clone"), "--genesis", "1" * 40)
    assert call(tmp_path, "verify", *other).code == 1
    assert call(tmp_path, "replay", *other).code == 1
    assert call(tmp_path, "verify", "--clone", str(tmp_path / "clone")).code == 2


def test_a_decision_that_nobody_would_make_is_found_with_its_first_field(bench: Bench) -> None:
    world = bench.copied().world
    house = world.house
    record = Record(house.host)
    tip = record.tip()
    assert tip.previous
    assert tip.last_clock
    last = decision_of(record.decision(tip.previous))
    bent = last.model_copy(update={"previous": tip.previous, "valid_until": last.decided_at})
    with house.signer("gate") as gate:
        facts = record.facts(last.facts)
        envelope = gate.sign(statement_of_decision(bent))
        record.append([envelope], tip.tip, GATE, tip.last_clock, gate.sign_commit, facts=facts)
    told = replayed(world)
    assert told.code == 1, str(told)
    (different,) = [one for one in told.json()["decisions"] if one["result"] == "different"]
    assert different["field"] == "previous"


def rewritten(world: World, files: Mapping[str, bytes | None]) -> None:
    with Repository(world.host) as host:
        tree = host.write_tree_with(world.record, files)
    commit = world.git(*ME, "commit-tree", tree, "-p", RECORD, "-m", "Record", at=world.host)
    world.git("update-ref", RECORD, commit, at=world.host)


def test_facts_that_are_gone_cannot_be_decided_and_edited_ones_are_a_difference(
    bench: Bench,
) -> None:
    world = bench.copied().world
    record = Record(world.house.host)
    previous = record.tip().previous
    assert previous
    last = decision_of(record.decision(previous))
    path = path_of("facts", last.facts)
    content = record.facts(last.facts)
    rewritten(world, {path: None})
    assert (replayed(world).code, results(replayed(world))[-1]) == (3, "unreadable")
    rewritten(world, {path: content.replace(b"Facts", b"facts")})
    assert (replayed(world).code, results(replayed(world))[-1]) == (1, "different")


def test_a_decision_on_a_base_that_main_does_not_have_is_not_run(bench: Bench) -> None:
    world = bench.copied().world
    world.git("update-ref", MAIN, f"{MAIN}^", at=world.host)
    told = replayed(world)
    assert told.code == 0, "the base of the last decision is main's newest now"
    world.git("update-ref", MAIN, ObjectId(f"{MAIN}^"), at=world.host)
    told = replayed(world)
    assert told.code == 3
    assert {one["field"] for one in told.json()["decisions"] if "field" in one} == {"base"}
