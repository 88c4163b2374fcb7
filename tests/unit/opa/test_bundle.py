"""A bundle is what a commit's policies say, checked, and named by what decides in it."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from turnpike.errors import InvalidDocument
from turnpike.opa.bundle import compile_bundle, digest_of_policies, policies_in, rules_in
from unit.opa.small_policies import DATA_PATH, GATE, RULE, RULE_PATH, bundle, policies, program


def refused(cache: Path, **replaced: bytes) -> InvalidDocument:
    with pytest.raises(InvalidDocument) as caught:
        bundle(cache, **replaced)
    return caught.value


def test_the_rules_are_the_folders_that_hold_a_rule_of_their_name() -> None:
    assert rules_in(policies()) == ("known_subject",)


def test_the_same_policies_have_the_same_digest_in_any_order() -> None:
    assert digest_of_policies(policies()) == digest_of_policies(dict(reversed(policies().items())))


@pytest.mark.parametrize("part", ["rule", "gate", "data"])
def test_everything_that_decides_changes_the_digest(part: str) -> None:
    assert digest_of_policies(policies()) != digest_of_policies(policies(**{part: b"# other\n"}))


@pytest.mark.parametrize(
    "path",
    [
        "policies/known_subject/known_subject_test.rego",
        "policies/testing/inputs.rego",
        "policies/data/organisation.yaml",
        "policies/keys/gate.yaml",
    ],
)
def test_what_decides_nothing_does_not_change_the_digest(path: str) -> None:
    assert digest_of_policies(policies()) == digest_of_policies(policies() | {path: b"x"})


def test_tests_are_not_loaded(tmp_path: Path) -> None:
    tested = policies() | {"policies/known_subject/known_subject_test.rego": b"not Rego"}
    assert compile_bundle(tested, program(), tmp_path).rules == ("known_subject",)


@pytest.mark.parametrize(
    ("right", "wrong"),
    [
        (b"input.subject.id in", b"input.subject.identity in"),
        (b"input.subject.id in", b"input.subjekt.id in"),
        (b"unwanted.subjects", b"unwanted.people"),
        (b"package turnpike.rules", b"package system.rules"),
        (b"input.subject.id in", b'http.send({"url": "x", "method": "get"}).status_code in'),
        (b"input.subject.id in", b"time.now_ns() in"),
        (b"finding := {", b"unused := 1\n    finding := {"),
        (b"deny contains", b"deny contains contains"),
    ],
)
def test_a_rule_that_cannot_mean_what_it_says_is_refused(
    tmp_path: Path, right: bytes, wrong: bytes
) -> None:
    refused(tmp_path, rule=RULE.replace(right, wrong, 1))


def test_a_refusal_names_the_file_and_line_of_the_rule(tmp_path: Path) -> None:
    misspelt = RULE.replace(b"input.subject.id in", b"input.subject.identity in")
    problem = refused(tmp_path, rule=misspelt).problems[0]
    line = misspelt[: misspelt.index(b"identity")].count(b"\n") + 1
    assert (problem.file, problem.line) == (RULE_PATH, line)
    assert "input.subject.identity" in problem.actual


def test_data_that_breaks_its_schema_is_refused_with_its_line(tmp_path: Path) -> None:
    problem = refused(tmp_path, data=b"subjects:\n  - bad\n  - 7\n").problems[0]
    assert (problem.file, problem.line, problem.field) == (DATA_PATH, 3, "subjects.1")


def test_data_without_a_schema_is_refused(tmp_path: Path) -> None:
    with pytest.raises(InvalidDocument, match=r"policies/data/schemas/free\.schema\.json"):
        compile_bundle(policies() | {"policies/data/free.yaml": b"a: 1\n"}, program(), tmp_path)


def test_data_with_a_duplicate_key_is_refused(tmp_path: Path) -> None:
    refused(tmp_path, data=b"subjects: []\nsubjects: []\n")


def test_a_kept_bundle_is_used_again(tmp_path: Path) -> None:
    first = bundle(tmp_path)
    written = first.policies.stat().st_mtime_ns
    assert bundle(tmp_path) == first
    assert first.policies.stat().st_mtime_ns == written


@pytest.mark.parametrize("lie", ["edited", "added", "removed"])
def test_a_kept_bundle_that_lies_is_written_anew(tmp_path: Path, lie: str) -> None:
    kept = bundle(tmp_path)
    rule = kept.policies / "known_subject" / "known_subject.rego"
    if lie == "edited":
        rule.write_bytes(b"package turnpike.rules.known_subject\n")
    elif lie == "removed":
        rule.unlink()
    else:
        (kept.policies / "more.rego").write_bytes(GATE)
    assert bundle(tmp_path) == kept
    assert rule.read_bytes() == RULE
    assert not (kept.policies / "more.rego").exists()


def test_many_may_compile_the_same_policies_at_once(tmp_path: Path) -> None:
    with ThreadPoolExecutor(4) as pool:
        compiled = list(pool.map(lambda _: bundle(tmp_path), range(4)))
    assert len(set(compiled)) == 1
    assert [folder.name for folder in (tmp_path / "policies").iterdir()] == [
        compiled[0].folder.name
    ]


def test_policies_are_read_from_a_checkout_by_their_path(tmp_path: Path) -> None:
    (tmp_path / "policies" / "gate").mkdir(parents=True)
    (tmp_path / "policies" / "gate" / "gate.rego").write_bytes(GATE)
    assert policies_in(tmp_path) == {"policies/gate/gate.rego": GATE}
