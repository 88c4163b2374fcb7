from __future__ import annotations

import json
import os
import signal
from dataclasses import dataclass, field
from datetime import timedelta
from itertools import pairwise
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from turnpike.documents.identifiers import ObjectId
from turnpike.errors import InputError, IntegrityError, Unavailable
from turnpike.notifying.cursor import Place, cursor_of
from turnpike.notifying.deliver import deliver, pending
from turnpike.notifying.event import Event
from turnpike.notifying.file_sink import FileSink
from turnpike.notifying.interface import Sink
from turnpike.notifying.posting import Address
from turnpike.notifying.webhook_sink import WebhookSink
from unit.auditing.small_instance import START, SmallInstance
from unit.notifying.receiver import Answer, receiving
from unit.notifying.samples import patience


@pytest.fixture(scope="module")
def instance(tmp_path_factory: pytest.TempPathFactory) -> SmallInstance:
    made = SmallInstance(tmp_path_factory.mktemp("instance"))
    for number in range(4):
        made.merge({"a": b"%d" % number})
        head = made.branch({"a": b"refused %d" % number})
        made.append(made.decision(made.main(), head, verdict="deny"))
    return made


def all_ids(instance: SmallInstance) -> list[str]:
    return [event.id for _, event in pending(instance.record, None)]


def tell(instance: SmallInstance, sink: Sink, folder: Path) -> None:
    with cursor_of(folder, sink.key) as cursor:
        for _ in deliver(sink, cursor, pending(instance.record, cursor.read())):
            pass


def ids_in(file: Path) -> list[str]:
    return [json.loads(line)["id"] for line in file.read_text().splitlines()]


def test_events_come_in_the_order_of_the_record(instance: SmallInstance) -> None:
    kinds = [event.kind for _, event in pending(instance.record, None)]
    rounds = ["decision.allowed", "change.merged", "decision.denied"]
    assert kinds == ["decision.allowed", *rounds * 4]


@settings(
    max_examples=8, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(st.lists(st.integers(0, 5), max_size=6))
def test_however_runs_are_cut_the_order_stays_and_nothing_is_told_twice(
    instance: SmallInstance, cuts: list[int]
) -> None:
    told: list[str] = []
    place: Place | None = None
    for cut in [*cuts, 1000]:
        for place_, event in list(pending(instance.record, place))[:cut]:
            told.append(event.id)
            place = place_
    assert told == all_ids(instance)


@pytest.mark.parametrize("after", [True, False], ids=["sent", "not-sent"])
def test_a_killed_run_loses_nothing_and_repeats_at_most_what_was_on_its_way(
    instance: SmallInstance, tmp_path: Path, after: bool
) -> None:
    @dataclass(frozen=True)
    class Killed:
        sink: FileSink
        key: str = "sink"

        def send(self, event: Event) -> None:
            if not after:
                _die_at_second(self.sink.path)
            self.sink.send(event)
            if after:
                _die_at_second(self.sink.path)

    file = tmp_path / "events"
    ends: list[int] = []
    for _ in range(20):
        child = os.fork()
        if not child:
            try:
                tell(instance, Killed(FileSink(file)), tmp_path)
            finally:
                os._exit(0)
        ends.append(os.waitpid(child, 0)[1])
        (tmp_path / "count").unlink(missing_ok=True)
        if not ends[-1]:
            break
    assert ends[0] == signal.SIGKILL
    assert not ends[-1]
    told = ids_in(file)
    assert list(dict.fromkeys(told)) == all_ids(instance)
    repeated = sum(one == other for one, other in pairwise(told))
    assert repeated == len(told) - len(all_ids(instance))
    assert repeated <= sum(map(bool, ends))


def _die_at_second(file: Path) -> None:
    count = file.parent / "count"
    if count.exists():
        os.kill(os.getpid(), signal.SIGKILL)
    count.touch()


@dataclass
class Moody:
    """Takes some events, then none."""

    patience: int
    key: str = "moody"
    took: list[str] = field(default_factory=list)

    def send(self, event: Event) -> None:
        if len(self.took) >= self.patience:
            raise Unavailable("no more")
        self.took.append(event.id)


def test_a_sink_that_fails_goes_on_with_that_event(instance: SmallInstance, tmp_path: Path) -> None:
    sink = Moody(3)
    with pytest.raises(Unavailable):
        tell(instance, sink, tmp_path)
    sink.patience = 1000
    tell(instance, sink, tmp_path)
    assert sink.took == all_ids(instance)


def test_a_file_and_a_webhook_are_told_the_same(instance: SmallInstance, tmp_path: Path) -> None:
    file = tmp_path / "events"
    busy = Answer(429, {"Retry-After": "1"})
    with receiving(Answer(500), busy, Answer(0)) as receiver:
        sinks: list[Sink] = [
            FileSink(file), WebhookSink("webhook", Address(receiver.url), patience())
        ]  # fmt: skip
        for sink in sinks * 2:
            tell(instance, sink, tmp_path)
    lines = [json.loads(line) for line in file.read_text().splitlines()]
    assert [one["id"] for one in lines] == all_ids(instance)
    assert receiver.took == lines


def test_since_begins_at_a_time_or_a_decision_wherever_the_sink_is(
    instance: SmallInstance,
) -> None:
    events = list(pending(instance.record, None))
    place, (_, fifth) = events[-1][0], events[5 - 1]
    assert fifth.kind.startswith("decision.")
    by_decision = [event.id for _, event in pending(instance.record, place, fifth.id)]
    by_time = [event.id for _, event in pending(instance.record, place, fifth.time)]
    assert by_decision == by_time == all_ids(instance)[4:]
    assert not list(pending(instance.record, None, START + timedelta(days=9)))


def test_since_a_decision_that_is_not_on_the_record_is_refused(instance: SmallInstance) -> None:
    with pytest.raises(InputError, match="decision on the record"):
        list(pending(instance.record, None, "sha256:" + "0" * 64))


def test_a_place_that_the_record_does_not_have_is_said(instance: SmallInstance) -> None:
    with pytest.raises(IntegrityError, match="commits of the record"):
        list(pending(instance.record, Place(commit=ObjectId("1" * 40), event="x")))


def test_an_event_that_is_not_told_any_more_makes_its_entry_told_again(
    instance: SmallInstance,
) -> None:
    place, _ = list(pending(instance.record, None))[5]
    again = [
        event.id for _, event in pending(instance.record, Place(commit=place.commit, event="x"))
    ]
    assert again == all_ids(instance)[5:]
