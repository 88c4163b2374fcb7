"""In an instance, what `turnpike access` says is what its gate asks for."""

from __future__ import annotations

from end_to_end.changes import LOCAL, Bench
from end_to_end.releases import released
from end_to_end.world import World


def test_a_review_of_a_new_instance_names_its_commit_keys_and_nothing_to_look_at(
    made: World,
) -> None:
    told = made.done("access", "review", "--json").json()
    assert told["commit"] == made.main
    assert {key["role"] for key in told["keys"]} == {
        "registrar",
        "validator",
        "observer",
        "planner",
        "gate",
    }
    assert {key["state"] for key in told["keys"]} == {"valid"}
    assert told["notices"] == []


def test_who_can_approve_a_release_is_whom_the_gate_waits_for(merged: Bench) -> None:
    bench = merged.copied()
    draft = bench.draft("diabetes")
    released(bench.world, draft, "dev", *LOCAL)
    released(bench.world, draft, "staging", *LOCAL)
    number = bench.world.change(
        "promote", draft.key, "--to", "production", *LOCAL, "--anyway", "--as", "turnpike-bot"
    )
    decision = bench.world.gate(number).json()
    told = bench.world.done("access", "who-can", "approve-release", "production", "--json").json()
    asked = {(one["group"], one["count"]) for one in decision["requirements"]}
    assert {(grant["groups"][0], grant["count"]) for grant in told["grants"]} == asked
    (grant,) = told["grants"]
    bench.world.approve(number, grant["people"][0])
    assert bench.world.gate(number).json()["verdict"] == "allow"
