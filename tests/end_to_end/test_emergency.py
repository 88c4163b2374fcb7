"""Break-glass end to end: past a freeze on one commander's word, with a debt that must be paid."""

from __future__ import annotations

import pytest

from end_to_end import changes
from end_to_end.changes import DESCRIPTION, LOCAL, Bench, ruled
from end_to_end.evidence import GOOD
from end_to_end.people import BOT, PLATFORM_OWNER, RELEASE_MANAGER, RISK
from end_to_end.releases import opened, released
from end_to_end.world import World

INCIDENT = ("--reason", "the live version answers nonsense", "--incident", "INC-9")


@pytest.fixture(scope="module")
def bench(merged: Bench) -> Bench:
    """An edit that stands in staging, while production is frozen and debts are due at once."""
    bench = merged.copied()
    released(bench.world, bench.draft("diabetes"), "dev")
    released(bench.world, bench.draft("diabetes"), "staging")
    frozen = changes.FREEZE.format(team="endocrinology") + "    environments: [production]\n"
    ruled(bench, "environments/schedule.yaml", frozen)
    return bench


def emergency(world: World, commander: str) -> int:
    return world.change(
        "emergency", "promote", changes.DIABETES, "--to", "production", *LOCAL, *INCIDENT,
        "--commander", commander, "--as", "jonas-weber",
    )  # fmt: skip


def commanded_by(world: World, number: int, commander: str) -> int:
    """Open an emergency like another one, which somebody else commands by its own word."""
    head = world.ref(f"refs/pull/{number}/head")
    paths = world.git("diff", "--name-only", f"{head}~1", head, at=world.host).splitlines()
    files = {p: world.git("show", f"{head}:{p}", at=world.host) + "\n" for p in paths}
    named = (f"commander: {RELEASE_MANAGER}", f"commander: {commander}")
    return world.propose({p: f.replace(*named).encode() for p, f in files.items()}, "jonas-weber")


def codes(world: World, number: int) -> set[str]:
    told = world.gate(number)
    return {one["code"] for one in told.json()["findings"]}


def test_an_ordinary_promotion_waits_for_the_freeze(bench: Bench) -> None:
    number = opened(bench.world, bench.draft("diabetes"), "production", *LOCAL)
    assert codes(bench.world, number) == {"schedule-closed"}


def test_only_the_named_commander_breaks_the_glass(bench: Bench) -> None:
    number = emergency(bench.world, RELEASE_MANAGER)
    bench.world.approve(number, PLATFORM_OWNER, RISK, "omar-haddad")
    assert codes(bench.world, number) == {"approvals-missing"}
    other = commanded_by(bench.world, number, PLATFORM_OWNER)
    bench.world.approve(other, PLATFORM_OWNER)
    assert "emergency.unknown-commander" in codes(bench.world, other)


@pytest.mark.parametrize(
    ("words", "code"),
    [
        (("--commander", PLATFORM_OWNER), "emergency.unknown-commander"),
        (("--commander", BOT), "emergency.unknown-commander"),
        (("--commander", RELEASE_MANAGER, "--hours", "100"), "emergency.expired"),
    ],
)
def test_what_the_gate_would_refuse_whoever_approves_is_told_at_once(
    bench: Bench, words: tuple[str, ...], code: str
) -> None:
    told = bench.world.call(
        "emergency", "promote", changes.DIABETES, "--to", "production", *LOCAL, *INCIDENT,
        "--as", "jonas-weber", *words,
    )  # fmt: skip
    assert (told.code, code in told.errors) == (2, True), str(told)


def test_an_emergency_goes_in_and_its_debt_is_paid_by_two_others(bench: Bench) -> None:
    world = bench.copied().world
    number = emergency(world, RELEASE_MANAGER)
    world.approve(number, RELEASE_MANAGER)
    told = world.merge(number)
    assert told.code == 0, str(told)
    decision = told.json()["decision"]
    assert [one["code"] for one in decision["waived"]] == ["schedule-closed"]
    assert [one["incident"] for one in decision["debts"]] == ["INC-9"]
    assert world.done("emergency", "debts", "--json").json()[0]["state"] == "open"
    payment = world.change(
        "emergency", "settle", "INC-9", "--team", "endocrinology", "--review",
        "It was right; a test covers it now.", "--as", "lena-fischer",
    )  # fmt: skip
    assert codes(world, payment) == {"approvals-missing"}
    world.approve(payment, RELEASE_MANAGER, "omar-haddad")
    assert codes(world, payment) == {"approvals-missing"}  # the commander reviews nothing
    world.approve(payment, RISK)
    world.merged(payment)
    assert world.done("emergency", "debts", "--json").json()[0]["state"] == "paid"
    again = world.call(
        "emergency", "promote", changes.DIABETES, "--to", "production", *INCIDENT,
        "--commander", RELEASE_MANAGER, "--as", "jonas-weber",
    )  # fmt: skip
    assert (again.code, "emergency.incident-settled" in again.errors) == (2, True), str(again)
    assert world.call("verify").code == 0


def test_a_waiver_excuses_its_subject_and_stands_on_the_decision(bench: Bench) -> None:
    world = bench.copied().world
    text = f"""apiVersion: turnpike.dev/v1
kind: Waiver
name: frozen
code: schedule-closed
subject: {changes.DIABETES}
reason: the count does not touch this model
approver: {RISK}
expiresAt: "2199-01-01T00:00:00Z"
"""
    files = {"policies/waivers/frozen.yaml": text.encode()}
    number = world.propose(files, "sam-rivera", (PLATFORM_OWNER,))
    assert codes(world, number) >= {"approvals-missing", "waiver.unapproved"}
    world.approve(number, RISK)
    world.merged(number)
    told = world.gate(opened(world, bench.draft("diabetes"), "production", *LOCAL))
    assert told.code == 0, str(told)
    assert [one["waiver"] for one in told.json()["waived"]] == ["frozen"]


def test_whoever_is_on_call_stops_the_line_and_two_others_let_it_go_on(bench: Bench) -> None:
    world = bench.copied().world
    stop = world.change(
        "stop", "set", "outage", "--reason", "the cluster is down", "--incident", "INC-7",
        "--team", "endocrinology", "--as", "maria-lopez",
    )  # fmt: skip
    world.merged(stop)
    urgent = emergency(world, RELEASE_MANAGER)
    world.approve(urgent, RELEASE_MANAGER)
    assert codes(world, urgent) == {"line-stopped"}  # a stop stands past every emergency
    lift = world.change("stop", "lift", "outage", "--as", "maria-lopez")
    world.approve(lift, "jonas-weber")
    assert codes(world, lift) == {"approvals-missing"}
    world.approve(lift, "sam-rivera")
    world.merged(lift)
    assert world.gate(urgent).code == 0
    assert world.done("stop", "list").code == 0


def test_what_was_rolled_back_from_comes_again_past_no_stop(bench: Bench) -> None:
    bench = bench.copied()
    world, better = bench.world, bench.draft("better diabetes")
    bench.admitted(better, GOOD)
    released(world, better, "dev", *LOCAL)
    world.merged(world.change("rollback", changes.DIABETES, "--in", "dev", *LOCAL, "--as", BOT))
    stop = world.change(
        "stop", "set", "bad", "--reason", "it answers nonsense", "--incident", "INC-8",
        "--model", changes.DIABETES, "--as", "maria-lopez",
    )  # fmt: skip
    world.merged(stop)
    forward = codes(world, opened(world, better, "dev", *LOCAL))
    assert forward == {"line-stopped", "release.rolled-back"}
    told = world.call("rollback", changes.DIABETES, "--in", "dev", *LOCAL, "--as", BOT)
    assert (told.code, "rollback.nothing-earlier" in told.errors) == (2, True), str(told)


def test_a_stop_of_nobody_is_told_at_once_and_opens_nothing(bench: Bench) -> None:
    words = ("stop", "set", "outage", "--reason", "the cluster is down", "--incident", "INC-7")
    for scope, field in (("--team", "teams"), ("--environment", "environments"),
                         ("--cloud", "clouds")):  # fmt: skip
        told = bench.world.call(*words, scope, "nobody", "--as", "maria-lopez")
        assert (told.code, "stop.unknown-subject" in told.errors) == (2, True), str(told)
        assert f"{field}: expected one of" in told.errors
        assert "got nobody" in told.errors


def test_the_edit_of_a_description_is_not_an_emergency(bench: Bench) -> None:
    """Approvals of a model's own change are untouched by arrangements for emergencies."""
    number = bench.world.propose(bench.draft("diabetes").edited(DESCRIPTION).files, "jonas-weber")
    assert codes(bench.world, number) == {"approvals-missing"}


def test_the_bot_commands_no_incident(bench: Bench) -> None:
    number = commanded_by(bench.world, emergency(bench.world, RELEASE_MANAGER), BOT)
    assert "emergency.unknown-commander" in codes(bench.world, number)


def test_a_recall_shows_how_far_something_reached_and_takes_it_out(bench: Bench) -> None:
    world = bench.copied().world
    told = world.call("recall", "--data", "sklearn:diabetes", "--json")
    assert told.code == 1, str(told)
    reached = told.json()["deployments"]
    assert {one["deployment"].split("/")[0] for one in reached} == {"dev", "staging"}
    assert {one["remedy"] for one in reached} == {"retirement"}  # it never was another version
    assert world.call("recall", "--package", "no-such-package").code == 0
    opened = world.call("recall", "--data", "sklearn:diabetes", "--open", "--json", "--as", BOT)
    (change,) = opened.json()["opened"]
    assert codes(world, change["number"]) <= {"deletion-too-large"}
