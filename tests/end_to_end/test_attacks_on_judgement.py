"""Attacks by what a change says, and by what others say of it: each is refused by its own code."""

from __future__ import annotations

import re

import pytest

from end_to_end.changes import DESCRIPTION, RISK, Bench, revoke_validator, text_at
from end_to_end.evidence import Findings, statements_on
from end_to_end.forgery import say
from end_to_end.verbs import Told
from turnpike.errors import CannotDecide
from turnpike.evidence.statement import VALIDATION
from turnpike.forge.refs import MAIN, RECORD
from turnpike.signing.ssh import create_ssh_key

AUTHOR, OWNER = "jonas-weber", "lena-fischer"
PLATFORM = ("sam-rivera", "ida-berg")
# Put together here, so that no scanner takes this file for a leak.
SECRET = "AKIA" + "ABCDEFGHIJKLMNOP"


@pytest.fixture(scope="module")
def bench(merged: Bench) -> Bench:
    """Two merged models."""
    bench = merged.copied()
    bench.admitted(bench.draft("summary"), Findings())
    return bench


def codes(told: Told) -> set[str]:
    assert told.code == 1, str(told)
    return {finding["code"] for finding in told.json()["findings"]}


# --- what a change says ------------------------------------------------------------------------


def test_a_secret_in_a_manifest_is_refused_and_never_recorded(bench: Bench) -> None:
    world = bench.copied().world
    draft = bench.draft("diabetes").edited((DESCRIPTION[0], f"Signed in as {SECRET}, predicts"))
    number = world.propose(draft.files, AUTHOR, (OWNER,))
    told = world.gate(number)
    assert codes(told) == {"change.secret"}
    assert SECRET not in told.output
    assert world.merge(number).code == 1
    assert world.git("grep", "--quiet", SECRET, RECORD, at=world.host, accept=(1,)) == ""


@pytest.mark.parametrize("character", ["\\u202e", "\\u200b", "\\e", "\\0"])
def test_a_text_that_hides_others_is_refused(bench: Bench, character: str) -> None:
    draft = bench.draft("diabetes").edited(
        ("rotation: endocrinology-on-call", f'rotation: "endocrinology{character}-on-call"')
    )
    told = bench.world.gate(bench.proposed(draft))
    assert "document.invalid" in codes(told)


def test_a_confusable_letter_makes_no_name(bench: Bench) -> None:
    draft = bench.draft("diabetes").edited(
        ("registryModel: endocrinology.", "registryModel: endocrin\u043elogy.")
    )
    told = bench.world.gate(bench.proposed(draft))
    assert "document.invalid" in codes(told)


@pytest.mark.parametrize("command", ["::set-output name=verdict::allow", "##vso[task.complete]x"])
def test_a_manifest_gives_no_command_to_whoever_runs_the_gate(bench: Bench, command: str) -> None:
    draft = bench.draft("diabetes").edited(("riskTier: medium", f'riskTier: "{command}"'))
    number = bench.proposed(draft)
    told = bench.world.call("gate", "--pr", str(number))
    assert told.code == 1
    assert "##vso[" not in told.output
    assert not re.search(r"(?m)^\s*::", told.output)


def test_weaker_demands_need_the_risk_group(bench: Bench) -> None:
    world = bench.world
    draft = bench.draft("diabetes").edited(("r2: 0.4", "r2: 0.38"))
    number = bench.proposed(draft, Findings(values={("overall", "r2"): 0.41}))
    told = world.gate(number)
    assert codes(told) == {"approvals-missing"}
    (missing,) = told.json()["findings"]
    assert "weakens r2 of overall" in str(missing)
    world.approve(number, RISK)
    assert world.gate(number).code == 0


def test_two_models_are_not_deleted_at_once(bench: Bench) -> None:
    files = [*bench.draft("diabetes").files, *bench.draft("summary").files]
    number = bench.world.propose(dict.fromkeys(files), AUTHOR, (OWNER, "tom-becker", *PLATFORM))
    assert "change.many-models" in codes(bench.world.gate(number))


@pytest.mark.parametrize(
    "path",
    [
        "policies/data/organisation.yaml",
        "policies/data/thresholds.yaml",
        "policies/keys/mine.yaml",
        "CODEOWNERS",
        ".github/CODEOWNERS",
        ".ci/run",
        ".github/workflows/gate.yml",
        "tools/locks/core.txt",
        "pants.toml",
        "platform/turnpike/judge/decide.py", "policies/capabilities.json",
    ],
)  # fmt: skip
def test_a_change_of_what_judges_it_is_not_let_in_by_its_own_team(bench: Bench, path: str) -> None:
    world = bench.world
    alone = world.propose({path: b"# mine\n"}, AUTHOR, (OWNER,))
    assert codes(world.gate(alone)) & {"approvals-missing", "document.invalid"}
    assert world.merge(alone).code == 1
    files = {**bench.draft("diabetes").edited(DESCRIPTION).files, path: b"# mine\n"}
    told = world.gate(world.propose(files, AUTHOR, (OWNER,)))
    assert codes(told) & {"classes-mixed", "change.mixed-classes"}


def test_a_rule_that_can_never_deny_is_refused(bench: Bench) -> None:
    path = "policies/slo_for_production/slo_for_production.rego"
    dead = (
        "\n# METADATA\n# title: Never\n# custom:\n#   code: never\n#   solution: None.\n"
        "deny contains finding if {\n"
        '\tinput.subject.kind == "model"\n\tinput.subject.kind == "change"\n'
        '\tfinding := findings.denial(rego.metadata.rule(), "a", "b", "c", {})\n}\n'
    )
    files = {path: (text_at(bench.world, path) + dead).encode()}
    told = bench.world.gate(bench.world.propose(files, "sam-rivera", ("ida-berg", RISK)))
    found = [f for f in told.json()["findings"] if f["code"] == "policy.broken"]
    assert any("may never deny" in finding["actual"] for finding in found), str(told)


def test_environments_whose_namespaces_would_coincide_are_refused(bench: Bench) -> None:
    text = text_at(bench.world, "environments/dev/environment.yaml")
    renamed = re.sub(r"(?m)^name: dev$", "name: dev-oncology", text)
    files = {"environments/dev-oncology/environment.yaml": renamed.encode()}
    told = bench.world.gate(bench.world.propose(files, "sam-rivera", ("ida-berg",)))
    assert "environment.ambiguous-name" in codes(told)


@pytest.mark.parametrize("source", ["dev", "production"])
def test_stages_that_wait_for_themselves_are_refused(bench: Bench, source: str) -> None:
    """Nothing would be production any more, so nobody's way there would be looked at."""
    path = "environments/dev/environment.yaml"
    text = re.sub(r"(?m)^promotesFrom:.*\n(?:  - .*\n)*", "", text_at(bench.world, path))
    files = {path: f"{text}promotesFrom: [{source}]\n".encode()}
    told = bench.world.gate(bench.world.propose(files, "sam-rivera", ("ida-berg", RISK)))
    assert "environment.circle" in codes(told)


def test_an_identity_that_two_models_would_share_is_refused(bench: Bench) -> None:
    path = "environments/dev/environment.yaml"
    shared = text_at(bench.world, path).replace("turnpike-dev-{team}", "dev-{team}-{model}")
    told = bench.world.gate(
        bench.world.propose({path: shared.encode()}, "sam-rivera", ("ida-berg",))
    )
    assert "environment.ambiguous-principal" in codes(told)


# --- what is said of a change ---------------------------------------------------------------------


def test_a_forged_green_status_lets_nothing_in(bench: Bench) -> None:
    world = bench.world
    number = world.propose(bench.draft("diabetes").edited(DESCRIPTION).files, AUTHOR)
    say(world, number, AUTHOR, world.house.instance.person_key(AUTHOR), "reported", "success")
    assert codes(world.gate(number)) == {"approvals-missing"}
    assert world.merge(number).code == 1
    head = world.ref(f"refs/pull/{number}/head")
    said = world.git("push", "origin", f"{head}:{MAIN}", accept=(1,))
    assert "turnpike: main.not-judged" in said or "(fetch first)" in said or "non-fast" in said


def test_nobody_fills_a_pull_request_with_events_that_count_for_nothing(
    bench: Bench, tmp_path_factory: pytest.TempPathFactory
) -> None:
    world = bench.world
    number = world.propose(bench.draft("diabetes").edited(DESCRIPTION).files, AUTHOR)
    key = tmp_path_factory.mktemp("stranger") / "key"
    create_ssh_key(key, "a stranger")
    for account in (OWNER, "mallory"):
        with pytest.raises(CannotDecide) as refused:
            say(world, number, account, key, "commented", "")
        assert "pull.event-unverified" in refused.value.message


def test_one_statement_many_times_is_one_statement(bench: Bench) -> None:
    world, draft = bench.world, bench.draft("better diabetes")
    runs = statements_on(draft.model, Findings(left_out={"team", "scan"}))
    assert {statement.predicate_type for statement in runs} == {VALIDATION}
    again = statements_on(draft.model, Findings(left_out={"team", "scan"}, records=41))
    evidence = [*draft.testimony, *bench.signers.sign(*runs, *again)]
    told = world.gate(world.propose(draft.files, AUTHOR, (OWNER,), evidence))
    assert codes(told) >= {"scan-missing", "team-run-missing", "evidence-missing"}


@pytest.mark.parametrize("run", ["scan", "platform", "team"])
def test_a_failing_statement_that_is_left_out_lets_nothing_in(bench: Bench, run: str) -> None:
    draft = bench.draft("better diabetes")
    failing = bench.world.gate(bench.proposed(draft, Findings(failed={run: "formats"})))
    dropped = bench.world.gate(bench.proposed(draft, Findings(left_out={run})))
    assert codes(failing)
    assert codes(dropped)


def test_what_a_revoked_key_signed_does_not_count(bench: Bench) -> None:
    own = bench.copied()
    world, draft = own.world, own.draft("better diabetes")
    revoke_validator(world)
    told = world.gate(own.proposed(draft, Findings()))
    assert {"scan-missing", "evidence-missing"} <= codes(told)
    assert "evidence.key-not-valid" in {note["code"] for note in told.json()["notes"]}


def test_a_revoked_key_comes_back_neither_in_its_file_nor_in_another(bench: Bench) -> None:
    own = bench.copied()
    world, path, other = own.world, "policies/keys/validator.yaml", "policies/keys/helper.yaml"
    before = text_at(world, path).encode()
    revoke_validator(world)
    twin = before.replace(b'name: "validator"', b'name: "helper"')
    registrar = twin.replace(b'role: "validator"', b'role: "registrar"')
    for files, refused in (
        ({path: before}, {"key.revived"}),
        ({path: None}, {"key.forgotten"}),
        ({other: twin}, {"key.twice", "key.revived"}),
        ({path: None, other: twin}, {"key.revived"}),
        ({other: registrar}, {"key.twice", "key.revived", "key.role-differs"}),
    ):
        assert codes(world.gate(world.propose(files, "sam-rivera", ("ida-berg", RISK)))) == refused


def test_the_gate_does_not_lock_itself_out(bench: Bench) -> None:
    world = bench.copied().world
    path = "policies/keys/gate.yaml"
    revoked = f"{text_at(world, path)}revokedAt: '2026-01-01T00:00:00Z'\n".encode()
    number = world.propose({path: revoked}, "sam-rivera", ("ida-berg", RISK))
    assert codes(world.gate(number)) == {"key.no-gate"}


def test_an_approval_by_somebody_who_has_left_the_group_does_not_count(bench: Bench) -> None:
    own = bench.copied()
    world = own.world
    number = own.proposed(own.draft("diabetes").edited(DESCRIPTION))
    assert world.gate(number).code == 0
    path = "policies/data/organisation.yaml"
    before = "      - jonas-weber\n      - lena-fischer\n"
    text = text_at(world, path)
    assert text.count(before) == 1
    files = {path: text.replace(before, "      - jonas-weber\n      - ravi-patel\n").encode()}
    world.merged(world.propose(files, "sam-rivera", ("ida-berg",)))
    assert codes(world.gate(number)) == {"approvals-missing"}
    assert world.merge(number).code == 1
