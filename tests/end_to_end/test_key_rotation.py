"""A role's key is replaced by its runbook: what the old one said counts until it is revoked."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from end_to_end.changes import DESCRIPTION, LOCAL, RISK, Bench
from end_to_end.evidence import GOOD
from end_to_end.people import PLATFORM_OWNER
from end_to_end.releases import opened, released
from end_to_end.shells import at_main, shell_of
from end_to_end.world import Signers, World
from runbooks import carried_out
from turnpike.documents.identifiers import Digest
from turnpike.evidence.statement import VALIDATION, statement_about

STAGES = ("dev", "staging")


@pytest.fixture(scope="module")
def bench(merged: Bench) -> Bench:
    """A model in staging, on the word of the first validator's key."""
    bench = merged.copied()
    for stage in STAGES:
        released(bench.world, bench.draft("diabetes"), stage, *LOCAL)
    return bench


def state(world: World) -> dict[str, str]:
    return {one["name"]: one["state"] for one in world.done("keys", "list", "--json").json()}


def codes(world: World, number: int) -> set[str]:
    return {one["code"] for one in world.gate(number).json()["findings"]}


def signed_by(world: World, role: str) -> Digest:
    """Return the id of the key by which a role signs a statement now."""
    with Signers.of(world) as signers:
        said = statement_about("team/model", Digest(f"sha256:{'0' * 64}"), VALIDATION, {})
        (envelope,) = signers.sign(said)
    return envelope.key_id()


def added(world: World, name: str) -> None:
    """Merge the key that a verb has just written into the clone."""
    path = f"policies/keys/{name}.yaml"
    content = (world.monorepo / path).read_bytes()
    world.merged(world.propose({path: content}, "sam-rivera", (PLATFORM_OWNER, RISK)))


def test_a_rotated_key_counts_for_what_it_signed_until_it_is_revoked(bench: Bench) -> None:
    own = bench.copied()
    world = own.world
    values = {"role": "validator", "old": "validator", "new": "validator-2",
              "instance": str(world.folder), "owner": PLATFORM_OWNER, "risk": RISK}  # fmt: skip
    first = signed_by(world, "validator")
    with (
        Signers.of(world) as thief,  # it has the old private half in its hands
        carried_out("KeyRotation", shell_of(world, values, "sam-rivera")) as page,
    ):
        page.run("Look")
        page.step("Help")
        assert state(world)["validator"] == "valid"
        assert state(world)["validator-2"] == "signs here"
        second = signed_by(world, "validator")
        assert second != first
        page.step("Help")
        assert not (world.folder / "keys" / "validator.key").exists()
        released(world, own.draft("diabetes"), "production", *LOCAL)  # on the old one's word
        with Signers.of(world) as signers:
            anew = Bench(world, signers, own.folder)
            anew.admitted(anew.draft("better diabetes"), GOOD)  # on the new one's word
        page.step("Help")
        stolen = Bench(world, thief, own.folder)
        number = stolen.proposed(stolen.draft("better diabetes").edited(DESCRIPTION), GOOD)
        notes = {one["code"] for one in world.gate(number).json()["notes"]}
        assert "evidence.key-not-valid" in notes
        page.step("Help")
        assert "validator-2" in page.run("Over when")
    assert state(world)["validator"] == "revoked"
    back = world.change("retire", "endocrinology/diabetes-progression", "--from", "staging",
                        *LOCAL, "--as", "turnpike-bot")  # fmt: skip
    world.merged(back)
    assert world.done("replay").code == 0  # what was decided stays decided, as of its time


def test_what_only_a_revoked_key_vouches_for_moves_no_further(bench: Bench) -> None:
    own = bench.copied()
    world = own.world
    at_main(world)
    world.done("keys", "new", "validator")
    added(world, "validator-2")
    world.done("keys", "revoke", "validator")
    added(world, "validator")
    number = opened(world, own.draft("diabetes"), "production", *LOCAL)
    assert "release-evidence-missing" in codes(world, number)


def test_the_gates_next_key_waits_aside_and_then_signs_what_is_merged(
    bench: Bench, tmp_path: Path
) -> None:
    own = bench.copied()
    world = own.world
    before = world.done("delivery", "signers", "--json").json()["keys"]
    at_main(world)
    world.done("keys", "new", "gate", "--private-folder", str(tmp_path))
    added(world, "gate-2")
    both = world.done("delivery", "signers", "--json").json()["keys"]
    assert (len(both), set(before) < set(both)) == (2, True)
    assert state(world)["gate"] == "signs here"
    shutil.move(tmp_path / "gate-2.key", world.folder / "keys" / "gate-2.key")
    (world.folder / "keys" / "gate.key").unlink()
    assert state(world)["gate-2"] == "signs here"
    released(world, own.draft("diabetes"), "production", *LOCAL)
    assert world.done("verify").code == 0
