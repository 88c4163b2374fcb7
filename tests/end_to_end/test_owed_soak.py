"""The soak that an emergency went past is made up for by what the real observer sees."""

from __future__ import annotations

from end_to_end.changes import DIABETES, LOCAL, Bench, ruled
from end_to_end.people import RELEASE_MANAGER, RISK
from end_to_end.releases import released
from end_to_end.watching import SHORT, watched
from end_to_end.world import World

STAGING = "environments/staging/environment.yaml"


def codes(world: World, number: int) -> set[str]:
    return {one["code"] for one in world.gate(number).json()["findings"]}


def test_the_debt_is_paid_once_it_was_seen_healthy(merged: Bench) -> None:
    bench = merged.copied()
    world, draft = bench.world, bench.draft("diabetes")
    rule = world.house.host.read(world.main, STAGING) or b""
    ruled(bench, STAGING, rule.decode().replace("soakSeconds: 0", f"soakSeconds: {SHORT.seconds}"))
    released(world, draft, "dev", *LOCAL)
    urgent = world.change(
        "emergency", "promote", DIABETES, "--to", "staging", *LOCAL, "--incident", "INC-9",
        "--reason", "the live version answers nonsense", "--commander", RELEASE_MANAGER,
        "--as", "jonas-weber",
    )  # fmt: skip
    world.approve(urgent, RELEASE_MANAGER)
    told = world.merge(urgent)
    assert [one["code"] for one in told.json()["decision"]["waived"]] == ["soak-incomplete"]
    payment = world.change(
        "emergency", "settle", "INC-9", "--team", "endocrinology", "--review",
        "It was right; a test covers it now.", "--as", "lena-fischer",
    )  # fmt: skip
    world.approve(payment, RISK, "omar-haddad")
    assert codes(world, payment) == {"settlement.soak-incomplete"}
    watched(world, draft)
    assert codes(world, payment) == set()
    world.merged(payment)
    assert world.done("emergency", "debts", "--json").json()[0]["state"] == "paid"
    assert world.call("verify").code == 0
