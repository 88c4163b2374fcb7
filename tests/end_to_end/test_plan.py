"""What `turnpike plan` says is what the gate then does: no later, no earlier, no otherwise."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from end_to_end.changes import DIABETES, LOCAL, STOP, Bench, ruled
from end_to_end.people import BOT, RELEASE_MANAGER
from end_to_end.releases import opened, released
from end_to_end.watching import SHORT, watched
from turnpike.cli.promoting import agreed
from turnpike.cli.wiring import House
from turnpike.documents.identifiers import ObjectId
from turnpike.judge.layout import ModelKey
from turnpike.promotion.outlook import Asking

STAGING = "environments/staging/environment.yaml"
SCHEDULE = "environments/schedule.yaml"
SOAK = 600


@pytest.fixture(scope="module")
def begun(merged: Bench) -> Bench:
    """A world with the model in dev, and a soak of ten minutes before staging."""
    bench = merged.copied()
    plain = bench.world.house.host.read(bench.world.main, STAGING)
    assert plain is not None
    ruled(bench, STAGING, plain.decode().replace("soakSeconds: 0", f"soakSeconds: {SOAK}"))
    released(bench.world, bench.draft("diabetes"), "dev", *LOCAL)
    return bench


def planned(bench: Bench, environment: str) -> dict[str, Any]:
    """Return the one move of the model into an environment, on this machine's target."""
    words = ("plan", DIABETES, "--to", environment, *LOCAL, "--json")
    (move,) = bench.world.done(*words).json()["moves"]
    found: dict[str, Any] = move
    return found


def codes(value: dict[str, Any], key: str = "blockers") -> list[str]:
    return [one["code"] for one in value[key]]


def recorded(bench: Bench) -> timedelta:
    """Have the gate record what the observer saw: it judges a promotion that waits."""
    number = opened(bench.world, bench.draft("diabetes"), "staging", *LOCAL)
    seen = watched(bench.world, bench.draft("diabetes"))
    bench.world.merge(number)
    return seen


def staged(bench: Bench) -> None:
    """Bring the model to staging once a soak of seconds was seen."""
    rule = bench.world.house.host.read(bench.world.main, STAGING)
    assert rule is not None
    shorter = f"soakSeconds: {SHORT.seconds}"
    ruled(bench, STAGING, rule.decode().replace(f"soakSeconds: {SOAK}", shorter))
    recorded(bench)


def remaining(bench: Bench) -> timedelta:
    """Return how long it is until the model could go to staging."""
    return datetime.fromisoformat(planned(bench, "staging")["earliest"]) - datetime.now(UTC)


def freeze(hours: int) -> str:
    now = datetime.now(UTC).replace(second=0, microsecond=0)
    start, end = now - timedelta(hours=1), now + timedelta(hours=hours)
    form = "%Y-%m-%dT%H:%M"
    return f"""apiVersion: turnpike.dev/v1
kind: Schedule
freezes:
  - name: quarter-close
    start: "{start:{form}}"
    end: "{end:{form}}"
    reason: the books are closed
    environments: [staging]
"""


def test_a_soak_is_told_with_its_end_and_ends_when_it_was_seen(begun: Bench) -> None:
    bench = begun.copied()
    before = datetime.now(UTC)
    move = planned(bench, "staging")
    assert (codes(move), move["now"]) == (["soak-incomplete"], False)
    assert datetime.fromisoformat(move["earliest"]) >= before + timedelta(seconds=SOAK)
    seen = recorded(bench)
    assert timedelta(minutes=5) < remaining(bench) <= timedelta(seconds=SOAK + 1) - seen


def test_what_an_observer_published_counts_before_any_decision_records_it(begun: Bench) -> None:
    bench = begun.copied()
    seen = watched(bench.world, bench.draft("diabetes"))
    assert timedelta(minutes=5) < remaining(bench) <= timedelta(seconds=SOAK + 1) - seen


def test_promote_opens_nothing_that_the_plan_says_no_to_unless_it_is_to_wait(
    begun: Bench,
) -> None:
    world = begun.copied().world
    before = world.done("pr", "list", "--json").output
    told = world.call("promote", DIABETES, "--to", "staging", *LOCAL, "--as", BOT)
    assert told.code == 1, str(told)
    assert "soaks until" in told.output
    assert world.done("pr", "list", "--json").output == before
    number = world.change("promote", DIABETES, "--to", "staging", *LOCAL, "--as", BOT, "--anyway")
    judged = world.gate(number)
    assert (judged.code, codes(judged.json(), "findings")) == (1, ["soak-incomplete"])


def test_what_the_plan_lets_go_the_gate_lets_go(begun: Bench) -> None:
    bench = begun.copied()
    staged(bench)
    assert codes(planned(bench, "staging")) == ["nothing-new"]
    status = bench.world.done("status", DIABETES, "--json").json()
    assert [one["environment"] for one in status] == ["dev", "staging"]


def test_the_line_and_a_freeze_are_named_as_the_gate_names_them(begun: Bench) -> None:
    bench = begun.copied()
    ruled(bench, SCHEDULE, freeze(3))
    ruled(bench, "environments/stops/outage.yaml", STOP.format(team="endocrinology"))
    move = planned(bench, "staging")
    assert codes(move) == ["line-stopped", "soak-incomplete", "schedule-closed"]
    assert move["earliest"] is None
    number = opened(bench.world, bench.draft("diabetes"), "staging", *LOCAL)
    assert set(codes(bench.world.gate(number).json(), "findings")) == set(codes(move))
    text = bench.world.done("plan", DIABETES, "--to", "staging").output
    assert "line stopped by outage (INC-7)" in text
    assert "freeze quarter-close until" in text


def test_after_the_soak_comes_the_end_of_the_freeze(begun: Bench) -> None:
    bench = begun.copied()
    ruled(bench, SCHEDULE, freeze(2))
    move = planned(bench, "staging")
    ends = [b["until"] for b in move["blockers"] if b["code"] == "schedule-closed"]
    assert [move["earliest"]] == ends


@dataclass
class Moving(House):
    """An instance in which something is merged just after main was first looked at."""

    merges: list[Callable[[], None]] = field(default_factory=list)

    @property
    def main(self) -> ObjectId:
        """Return main, and let it move."""
        found = super().main
        if self.merges:
            self.merges.pop()()
        return found


def test_where_main_moves_it_is_planned_again_and_what_changed_is_told(
    begun: Bench, capsys: pytest.CaptureFixture[str]
) -> None:
    bench = begun.copied()
    house = Moving(bench.world.house.instance, [lambda: ruled(bench, SCHEDULE, freeze(3))])
    before = bench.world.main
    team, model = DIABETES.split("/")
    asking = Asking((ModelKey(team, model),), "staging", ("local",))
    settled = agreed(house, asking, None)
    assert settled.main == bench.world.main != before
    (move,) = settled.waiting
    assert [one.code for one in move.blockers] == ["soak-incomplete", "schedule-closed"]
    told = capsys.readouterr().err
    assert "main moved, planned again" in told
    assert "quarter-close" in told.partition("; now ")[2]


def test_approvals_come_last_and_keep_nothing_closed(begun: Bench) -> None:
    bench = begun.copied()
    staged(bench)
    move = planned(bench, "production")
    assert move["approvals"] == [{"group": "release-managers", "count": 1}]
    number = opened(bench.world, bench.draft("diabetes"), "production", *LOCAL)
    bench.world.approve(number, RELEASE_MANAGER)
    assert bench.world.gate(number).code == (0 if move["now"] else 1)


def test_the_calendar_shows_what_the_plan_waits_for(begun: Bench) -> None:
    bench = begun.copied()
    ruled(bench, SCHEDULE, freeze(2))
    events = bench.world.done("calendar", "--days", "2", "--json").json()
    assert {(one["kind"], one["name"]) for one in events} >= {
        ("freeze", "quarter-close"),
        ("soak", DIABETES),
    }
