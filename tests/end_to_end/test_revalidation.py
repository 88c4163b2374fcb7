"""A renewal that fails keeps the version out of the next stage, until a later one takes it back."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from end_to_end.changes import DIABETES, LOCAL, OWNERS, Bench, ask_again
from end_to_end.evidence import GOOD, Findings, statements_on
from end_to_end.people import RELEASE_MANAGER, RISK
from end_to_end.releases import opened, released
from end_to_end.world import World
from turnpike.promotion.moment import whole_minute

FAILED = Findings(failed={"platform": "latency"})


@pytest.fixture(scope="module")
def bench(merged: Bench) -> Bench:
    """A version that has come as far as staging."""
    bench = merged.copied()
    for stage in ("dev", "staging"):
        released(bench.world, bench.draft("diabetes"), stage, *LOCAL)
    return bench


def moves(world: World) -> list[dict[str, Any]]:
    told = world.done("plan", DIABETES, "--to", "production", *LOCAL, "--json").json()
    found: list[dict[str, Any]] = told["moves"]
    return found


def codes(world: World, number: int) -> set[str]:
    return {one["code"] for one in world.gate(number).json()["findings"]}


def test_a_failed_renewal_blocks_until_it_is_taken_back(bench: Bench) -> None:
    bench = bench.copied()
    world, draft = bench.world, bench.draft("diabetes")
    promotion = opened(world, draft, "production", *LOCAL)
    assert codes(world, promotion) == set()
    request = ask_again(bench, draft, FAILED)
    assert "revalidation-missing" in codes(world, request)
    assert codes(world, promotion) == {"release-evidence-failed"}
    told = world.call("gate", "--pr", str(promotion)).output
    assert "turnpike revalidate" in told
    assert "turnpike rollback" in told
    (due,) = world.done("revalidate", "--due", "--dry-run", "--json").json()["due"]
    assert (due["model"], due["failed"]) == (DIABETES, True)
    (move,) = moves(world)
    assert (move["now"], move["earliest"]) == (False, None)
    assert [one["code"] for one in move["blockers"]] == ["release-evidence-failed"]
    waits = world.done("waiting", "--json").json()
    asked = {one["waitingFor"] for one in waits if one["pullRequest"] == request}
    assert asked == {"author jonas-weber"}
    world.attach(request, bench.signers.sign(*statements_on(draft.model, GOOD)))
    world.merged(request)
    assert codes(world, promotion) == set()
    assert [one["now"] for one in moves(world)] == [True]
    world.merged(promotion)
    assert world.done("verify").code == 0


def test_what_was_never_judged_counts_for_nothing_yet(bench: Bench) -> None:
    bench = bench.copied()
    world, draft = bench.world, bench.draft("diabetes")
    promotion = opened(world, draft, "production", *LOCAL)
    said = bench.signers.sign(*statements_on(draft.model, FAILED))
    world.attach(promotion, said)
    assert codes(world, promotion) == set()
    request = world.change_of("revalidate", DIABETES, "--as", "jonas-weber")
    world.attach(request, said)
    world.approve(request, OWNERS["endocrinology"])
    assert codes(world, promotion) == set()
    assert world.merge(request).code == 1
    assert codes(world, promotion) == {"release-evidence-failed"}


def test_an_emergency_goes_past_it_on_its_commanders_word(bench: Bench) -> None:
    bench = bench.copied()
    world, draft = bench.world, bench.draft("diabetes")
    ask_again(bench, draft, FAILED)
    number = world.change(
        "emergency", "promote", DIABETES, "--to", "production", *LOCAL, "--incident", "INC-3",
        "--reason", "the live version is worse", "--commander", RELEASE_MANAGER,
        "--as", "jonas-weber",
    )  # fmt: skip
    world.approve(number, RELEASE_MANAGER)
    told = world.gate(number)
    assert told.code == 0, str(told)
    assert [one["code"] for one in told.json()["waived"]] == ["release-evidence-failed"]
    world.merged(number)
    payment = world.change(
        "emergency", "settle", "INC-3", "--team", "endocrinology", "--review",
        "The live version was worse.", "--as", "lena-fischer",
    )  # fmt: skip
    world.approve(payment, "omar-haddad", RISK)
    assert codes(world, payment) == {"settlement.evidence-incomplete"}
    ask_again(bench, draft, GOOD)
    world.merged(payment)
    assert world.done("emergency", "debts", "--json").json()[0]["state"] == "paid"
    assert world.call("verify").code == 0


def test_the_plan_and_the_calendar_know_when_evidence_expires(bench: Bench) -> None:
    bench = bench.copied()
    world = bench.world
    released(world, bench.draft("diabetes"), "production", *LOCAL)
    events = world.done("calendar", "--days", "366", "--json").json()
    expiries = [one for one in events if one["name"] == DIABETES and one["kind"] == "expiry"]
    (found,) = [one for one in expiries if one["about"] == "production"]
    ends, now = datetime.fromisoformat(found["start"]), datetime.now(UTC)
    year = timedelta(days=365)  # since evidence of this run; calendars tell the next whole minute
    assert now + year - timedelta(days=1) < ends <= whole_minute(now + year)
    assert "its evidence lets it in no more" in found["says"]
    draft = bench.draft("diabetes").edited(("seed: 20262", "seed: 20265"))
    bench.admitted(draft, Findings(days_ago=400))
    for stage in ("dev", "staging"):
        released(world, draft, stage, *LOCAL)
    (move,) = moves(world)
    assert [one["code"] for one in move["blockers"]] == ["release-evidence-expired"]
    assert "turnpike revalidate" in move["blockers"][0]["solution"]
    number = opened(world, draft, "production", *LOCAL)
    assert codes(world, number) == {"release-evidence-expired"}
