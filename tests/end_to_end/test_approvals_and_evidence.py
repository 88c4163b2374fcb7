"""Nobody approves their own change, and no statement counts but an honest one of the right role."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from end_to_end import forgery
from end_to_end.changes import DESCRIPTION, Bench
from end_to_end.evidence import Findings, statements_on
from end_to_end.forgery import Forge, say, signed_with_the_key_of
from end_to_end.verbs import Told
from turnpike.errors import CannotDecide
from turnpike.signing.ssh import create_ssh_key

AUTHOR, OWNER = "jonas-weber", "lena-fischer"


@pytest.fixture(scope="module")
def bench(merged: Bench) -> Bench:
    """A merged model whose team consists of two people."""
    return merged.copied()


def files_of(bench: Bench) -> dict[str, bytes]:
    return dict(bench.draft("diabetes").edited(DESCRIPTION).files)


def findings(told: Told) -> set[str]:
    assert told.code == 1, str(told)
    return {finding["code"] for finding in told.json()["findings"]}


def notes(told: Told) -> set[tuple[str, str]]:
    return {(note["code"], note["subject"]) for note in told.json()["notes"]}


def test_a_second_push_voids_an_approval(bench: Bench) -> None:
    world = bench.world
    number = world.propose(files_of(bench), AUTHOR, (OWNER,))
    assert world.gate(number).code == 0
    later = world.commit(files_of(bench), AUTHOR, message="The same once more")
    world.done("pr", "push", str(number), "--head", later, "--as", AUTHOR)
    told = world.gate(number)
    assert findings(told) == {"approvals-missing"}
    assert ("approval.stale", OWNER) in notes(told)
    assert world.merge(number).code == 1


def test_an_approval_of_a_commit_that_is_not_the_head_is_not_taken(bench: Bench) -> None:
    world = bench.world
    number = world.propose(files_of(bench), AUTHOR)
    told = world.call(
        "pr", "review", str(number), "--approve", "--commit", world.main, "--as", OWNER, "--json"
    )
    assert (told.code, told.json()["error"]) == (2, "forge.stale-review")


def test_nobody_approves_their_own_change(bench: Bench) -> None:
    world = bench.world
    number = world.propose(files_of(bench), AUTHOR, (AUTHOR,))
    told = world.gate(number)
    assert findings(told) == {"approvals-missing"}
    assert ("approval.own-change", AUTHOR) in notes(told)


def test_a_co_author_does_not_approve(bench: Bench) -> None:
    world = bench.world
    message = "Estimate\n\nCo-authored-by: Lena <Lena.Fischer@aurora-health.example>"
    number = world.open(world.commit(files_of(bench), AUTHOR, message=message), AUTHOR)
    world.approve(number, OWNER)
    told = world.gate(number)
    assert findings(told) == {"approvals-missing"}
    assert ("approval.own-change", OWNER) in notes(told)


def test_the_second_of_two_co_authors_on_one_line_does_not_approve(bench: Bench) -> None:
    world = bench.world
    two = "Jonas <jonas.weber@aurora-health.example> and <lena.fischer@aurora-health.example>"
    message = f"Estimate\n\nCo-developed-by: {two}"
    number = world.open(world.commit(files_of(bench), AUTHOR, message=message), AUTHOR)
    world.approve(number, OWNER)
    assert ("approval.own-change", OWNER) in notes(world.gate(number))


def test_whoever_pushed_somebody_elses_commits_does_not_approve(bench: Bench) -> None:
    world = bench.world
    number = world.open(world.commit(files_of(bench), AUTHOR), OWNER)
    world.approve(number, OWNER)
    assert ("approval.own-change", OWNER) in notes(world.gate(number))


def test_a_bot_does_not_approve(bench: Bench) -> None:
    world = bench.world
    number = world.propose(files_of(bench), AUTHOR, ("turnpike-bot",))
    assert findings(world.gate(number)) == {"approvals-missing"}


def test_a_person_of_another_team_does_not_approve(bench: Bench) -> None:
    world = bench.world
    number = world.propose(files_of(bench), AUTHOR, ("tom-becker", "nora-smith", "grace-lee"))
    assert findings(world.gate(number)) == {"approvals-missing"}


def test_an_approval_that_was_taken_back_does_not_count(bench: Bench) -> None:
    world = bench.world
    number = world.propose(files_of(bench), AUTHOR, (OWNER,))
    world.done("pr", "review", str(number), "--dismiss", "--as", OWNER)
    assert findings(world.gate(number)) == {"approvals-missing"}
    world.done("pr", "review", str(number), "--request-changes", "--as", OWNER)
    assert findings(world.gate(number)) == {"approvals-missing", "approval.changes-requested"}


@pytest.mark.parametrize("account", ["mallory", OWNER])
def test_a_review_with_a_key_of_nobodys_is_not_taken(
    bench: Bench, account: str, tmp_path: Path
) -> None:
    world = bench.world
    number = world.propose(files_of(bench), AUTHOR)
    create_ssh_key(tmp_path / "key", "a stranger")
    with pytest.raises(CannotDecide) as refused:
        say(world, number, account, tmp_path / "key")
    assert "pull.event-unverified" in refused.value.message
    assert findings(world.gate(number)) == {"approvals-missing"}


def test_a_review_in_anothers_name_is_not_taken(bench: Bench) -> None:
    world = bench.world
    number = world.propose(files_of(bench), AUTHOR)
    with pytest.raises(CannotDecide) as refused:
        say(world, number, OWNER, world.house.instance.person_key(AUTHOR))
    assert "pull.event-unverified" in refused.value.message
    assert findings(world.gate(number)) == {"approvals-missing"}


def test_an_unknown_person_is_told_who_is_known(bench: Bench) -> None:
    told = bench.world.call("pr", "review", "1", "--approve", "--as", "mallory", "--json")
    assert (told.code, told.json()["error"]) == (2, "input.unknown-person")
    assert OWNER in told.json()["solution"]


# --- evidence ----------------------------------------------------------------------------------

NOTHING_VALIDATED = {"scan-missing", "evidence-missing", "metric-unmeasured", "team-run-missing"}


@pytest.mark.parametrize(
    ("forged", "note"),
    [
        (signed_with_the_key_of("observer"), "evidence.wrong-role"),
        (signed_with_the_key_of("registrar"), "evidence.wrong-role"),
        (signed_with_the_key_of("gate"), "evidence.wrong-role"),
        (forgery.signed_with_a_key_of_ones_own, "evidence.unknown-key"),
        (forgery.signed_for_somebody_else, "evidence.bad-signature"),
        (forgery.unsigned, "evidence.bad-signature"),
        (forgery.edited_after_signing, "evidence.bad-signature"),
        (forgery.spelt_otherwise, "evidence.malformed"),
    ],
    ids=[
        "by an observer", "by a registrar", "by the gate", "by an unknown key",
        "with another's signature", "unsigned", "edited", "not canonical",
    ],
)  # fmt: skip
def test_a_forged_statement_does_not_count(bench: Bench, forged: Forge, note: str) -> None:
    world, draft = bench.world, bench.draft("better diabetes")
    evidence = [forged(world, statement) for statement in statements_on(draft.model)]
    told = world.gate(world.propose(draft.files, AUTHOR, (OWNER,), (*draft.testimony, *evidence)))
    assert findings(told) >= NOTHING_VALIDATED
    assert {code for code, _ in notes(told)} == {note}


@pytest.mark.parametrize("found", [Findings(preview=True), Findings(isolated=False)])
def test_what_was_not_found_in_isolation_does_not_count(bench: Bench, found: Findings) -> None:
    told = bench.world.gate(bench.proposed(bench.draft("better diabetes"), found))
    assert findings(told) >= {"evidence-missing", "metric-unmeasured"}


def test_statements_about_other_bytes_do_not_count(bench: Bench) -> None:
    world, draft = bench.world, bench.draft("better diabetes")
    about_other = bench.signers.sign(*statements_on(bench.draft("diabetes").model))
    told = world.gate(
        world.propose(draft.files, AUTHOR, (OWNER,), (*draft.testimony, *about_other))
    )
    assert findings(told) >= NOTHING_VALIDATED


def test_statements_for_another_manifest_do_not_count(bench: Bench) -> None:
    world, draft = bench.world, bench.draft("better diabetes")
    other = draft.edited(("seed: 20262", "seed: 20263"))
    for_other = bench.signers.sign(*statements_on(other.model))
    told = world.gate(world.propose(draft.files, AUTHOR, (OWNER,), (*draft.testimony, *for_other)))
    assert findings(told) >= NOTHING_VALIDATED


def test_a_statement_of_a_person_is_not_signed_by_the_role(bench: Bench) -> None:
    from turnpike.errors import InputError

    (scan, *_) = statements_on(bench.draft("diabetes").model)
    with bench.world.house.signer("observer") as observer, pytest.raises(InputError) as refused:
        observer.sign(scan)
    assert refused.value.code == "signing.refused"


def test_a_version_that_the_registry_has_deleted_is_refused(bench: Bench) -> None:
    import sqlite3

    own = bench.copied()
    database = own.world.folder / "registry" / "mlflow.db"
    with sqlite3.connect(database) as registry:
        registry.execute("UPDATE model_versions SET current_stage = 'Deleted_Internal'")
    registry.close()
    told = own.world.gate(own.world.propose(files_of(own), AUTHOR, (OWNER,)))
    assert findings(told) == {"registry-digest-differs"}


def test_a_draft_of_another_artifact_is_refused(bench: Bench) -> None:
    draft, other = bench.draft("diabetes"), bench.draft("better diabetes").model.artifact
    assert draft.model.artifact
    assert other
    swapped = draft.edited((draft.model.artifact.digest, other.digest))
    told = bench.world.gate(bench.proposed(replace(swapped), Findings()))
    assert "registry-digest-differs" in findings(told)
