"""Manifests that are malformed or hostile: each is refused by file, line and field."""

from __future__ import annotations

from dataclasses import dataclass

import pytest

from end_to_end.changes import Bench
from end_to_end.world import Draft

KEY = "endocrinology/diabetes-progression"
PATH = f"models/{KEY}/model.yaml"


@pytest.fixture(scope="module")
def bench(merged: Bench) -> Bench:
    """A world with a merged model, whose manifest every case edits in one place."""
    return merged.copied()


@dataclass(frozen=True, slots=True)
class Case:
    """An edit of the manifest: what it replaces, and what the gate must say about it."""

    old: str
    new: str
    expected: str
    actual: str


CASES = {
    "duplicate key": Case(
        "riskTier: medium", "riskTier: low\nriskTier: medium",
        "riskTier: each key once", "the key a second time"),
    "anchor": Case(
        "    r2: 0.4\n", "    r2: &floor 0.4\n",
        "validation.thresholds.r2: a value", "the anchor &floor"),
    "alias": Case(
        "    r2: 0.4\n", "    r2: *floor\n",
        "validation.thresholds.r2: a value", "the alias *floor"),
    "merge key": Case(
        "    r2: 0.4\n", "    <<: {r2: 0.4}\n",
        "validation.thresholds: plain text as a key", "'<<' (quote it)"),
    "tag": Case(
        "  seed: 20262", "  seed: !!python/object/apply:os.system [id]",
        "validation.seed: a value without a tag",
        "the tag tag:yaml.org,2002:python/object/apply:os.system"),
    "a word that YAML 1.1 takes for false": Case(
        "team: endocrinology", "team: no",
        "team: a value that YAML 1.1 and 1.2 read alike", "no (quote it, or write it plainly)"),
    "a number that YAML 1.1 takes for octal": Case(
        "  splitSeed: 9", "  splitSeed: 011",
        "data.splitSeed: a value that YAML 1.1 and 1.2 read alike",
        "011 (quote it, or write it plainly)"),
    "a time that YAML 1.1 takes for a number": Case(
        "name: diabetes-progression", "name: 12:30:45",
        "name: a value that YAML 1.1 and 1.2 read alike",
        "12:30:45 (quote it, or write it plainly)"),
    "not a number": Case(
        "    r2: 0.4\n", "    r2: .nan\n",
        "validation.thresholds.r2: a value that YAML 1.1 and 1.2 read alike",
        ".nan (quote it, or write it plainly)"),
    "infinity": Case(
        "    r2: 0.4\n", "    r2: -.inf\n",
        "validation.thresholds.r2: a value that YAML 1.1 and 1.2 read alike",
        "-.inf (quote it, or write it plainly)"),
    "a huge integer": Case(
        "  seed: 20262", f"  seed: {10**30}",
        "validation.seed: an integer below 2**53", "100000000000000000000000"),
    "a second document": Case(
        "consumers:", "---\nconsumers:", "one document", "a second document"),
    "an unknown field": Case(
        "riskTier: medium", "approvedBy: me\nriskTier: medium",
        "approvedBy: no such field", '"me"'),
    "an unknown field inside": Case(
        "  seed: 20262", "  seed: 20262\n  skip: true",
        "validation.skip: no such field", "true"),
    "an image of somebody else's": Case(
        "  seed: 20262", "  seed: 20262\n  image: registry.example/oncology/triage:latest",
        "validation.image: no such field", "oncology/triage"),
    "a wrong type": Case(
        "  seed: 20262", '  seed: "20262"', "validation.seed: integer", '"20262"'),
    "a truth where a number belongs": Case(
        "    r2: 0.4\n", "    r2: true\n", "validation.thresholds.r2: number", "true"),
    "a value that is out of range": Case(
        "  validationFraction: 0.3", "  validationFraction: 0.99",
        "data.validationFraction: less than 0.95", "0.99"),
    "a tier that there is not": Case(
        "riskTier: medium", "riskTier: none", "riskTier: 'low', 'medium' or 'high'", '"none"'),
    "nothing where a value belongs": Case(
        "team: endocrinology", "team:", "team: string", "null"),
    "a name that is a path": Case(
        "name: diabetes-progression", 'name: "../../etc"',
        "name: ", '"../../etc"'),
    "broken YAML": Case(
        "riskTier: medium", "riskTier: [medium", "well-formed YAML", ""),
    "a tab for indentation": Case(
        "  seed: 20262", "\tseed: 20262", "well-formed YAML", ""),
}  # fmt: skip


@pytest.mark.parametrize("case", CASES.values(), ids=CASES)
def test_a_manifest_is_refused_with_the_place_and_the_reason(bench: Bench, case: Case) -> None:
    draft = bench.draft("diabetes").edited((case.old, case.new))
    told = bench.world.gate(bench.world.propose({PATH: draft.files[PATH]}, "jonas-weber"))
    assert told.code == 1, str(told)
    invalid = [f for f in told.json()["findings"] if f["code"] == "document.invalid"]
    assert invalid, str(told)
    near = [f for f in invalid if case.expected in f["expected"] and case.actual in f["actual"]]
    assert near, invalid
    path, _, line = near[0]["subject"].rpartition(":")
    assert path == PATH
    assert abs(int(line) - line_of(draft, case.new)) <= 1
    assert near[0]["solution"]


def line_of(draft: Draft, text: str) -> int:
    """Return the last line of an edit, from 1."""
    before, _, _ = draft.files[PATH].decode().partition(text)
    return before.count("\n") + text.rstrip("\n").count("\n") + 1


def test_bytes_that_are_no_text_are_refused(bench: Bench) -> None:
    content = bench.draft("diabetes").files[PATH].replace(b"Predicts", b"Pr\xffdicts")
    told = bench.world.gate(bench.world.propose({PATH: content}, "jonas-weber"))
    (finding,) = [f for f in told.json()["findings"] if f["code"] == "document.invalid"]
    assert (finding["expected"], finding["actual"]) == ("UTF-8", "other bytes")
    line = content[: content.index(b"\xff")].count(b"\n") + 1
    assert finding["subject"] == f"{PATH}:{line}"


def test_a_bomb_of_nested_lists_is_refused_quickly(bench: Bench) -> None:
    draft = bench.draft("diabetes").edited(("  seed: 20262", "  seed: " + "[" * 3000 + "]" * 3000))
    told = bench.world.gate(bench.world.propose({PATH: draft.files[PATH]}, "jonas-weber"))
    assert told.code == 1, str(told)
    (finding,) = [f for f in told.json()["findings"] if f["code"] == "document.invalid"]
    assert "levels" in finding["expected"]


def test_a_manifest_of_another_name_than_its_folder_is_refused(bench: Bench) -> None:
    draft = bench.draft("diabetes").edited(("name: diabetes-progression", "name: something-else"))
    told = bench.world.gate(bench.world.propose({PATH: draft.files[PATH]}, "jonas-weber"))
    (finding,) = [
        f for f in told.json()["findings"] if f["code"] == "document.path-and-name-disagree"
    ]
    assert finding["subject"] == PATH
    assert (finding["expected"], finding["actual"]) == (KEY, "endocrinology/something-else")


def test_a_folder_without_a_manifest_is_refused_by_what_is_missing(bench: Bench) -> None:
    files = {"models/oncology/empty/card.md": b"## Overview\n"}
    told = bench.world.gate(bench.world.propose(files, "maria-lopez"))
    assert {f["subject"] for f in told.json()["findings"] if f["code"] == "document.missing"} == {
        "models/oncology/empty/BUILD", "models/oncology/empty/model.yaml",
    }  # fmt: skip


def test_another_teams_registered_model_is_refused_by_both_names(bench: Bench) -> None:
    draft = bench.draft("diabetes").edited(
        (
            "registryModel: endocrinology.diabetes-progression",
            "registryModel: oncology.discharge-summary",
        ),
    )
    told = bench.world.gate(bench.world.propose({PATH: draft.files[PATH]}, "jonas-weber"))
    (finding,) = [f for f in told.json()["findings"] if f["code"] == "registry-name-foreign"]
    assert finding["expected"] == "endocrinology.diabetes-progression"
    assert finding["actual"] == "oncology.discharge-summary"


@pytest.mark.parametrize("digest", ["sha256:abc", "md5:" + "0" * 32, "sha256:" + "A" * 64])
def test_a_digest_that_is_none_is_refused(bench: Bench, digest: str) -> None:
    artifact = bench.draft("diabetes").model.artifact
    assert artifact is not None
    draft = bench.draft("diabetes").edited((artifact.digest, digest))
    told = bench.world.gate(bench.world.propose({PATH: draft.files[PATH]}, "jonas-weber"))
    findings = [f for f in told.json()["findings"] if f["code"] == "document.invalid"]
    assert any("artifact.digest" in f["expected"] and digest in f["actual"] for f in findings)


@pytest.mark.parametrize("place", ["riskTier: medium", "rotation: endocrinology-on-call"])
def test_what_the_gate_shows_of_a_manifest_cannot_steer_a_terminal(
    bench: Bench, place: str
) -> None:
    name = place.partition(":")[0]
    draft = bench.draft("diabetes").edited((place, f'{name}: "\\e]0;owned\\a"'))
    number = bench.world.propose({PATH: draft.files[PATH]}, "jonas-weber")
    told = bench.world.call("gate", "--pr", str(number))
    assert told.code == 1
    assert "owned" in told.output
    assert "\x1b" not in told.output
    assert "\x07" not in told.output


@pytest.mark.parametrize(
    ("asked", "code"),
    [
        (("waiting", "--team", "nowhere"), "team.unknown"),
        (("recall", "--signer", "nobody"), "recall.unknown-signer"),
    ],
)
def test_a_question_about_somebody_unknown_is_not_answered_with_nothing(
    bench: Bench, asked: tuple[str, ...], code: str
) -> None:
    told = bench.world.call(*asked, "--json")
    assert (told.code, told.json()["error"]) == (2, code)
