"""What is told of each interval, however the looks fall, and of which stretch it is a part."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

from turnpike.cluster.interface import Look, Watched
from turnpike.cluster.open_inference import Scalar
from turnpike.cluster.table_request import Row
from turnpike.documents.identifiers import digest_of
from turnpike.observing.observer import Observer, Told
from turnpike.observing.quality import HeldOut
from unit.observing.looking import SECOND, at, counting, look, unread, watched

FIRST, SECOND_RELEASE = watched(), watched(digest_of(b"another"))


@dataclass
class Script:
    """A probe that sees what the test says, in that order."""

    coming: dict[Watched, list[Look]] = field(default_factory=dict)

    def look(self, watched: Watched) -> Look:
        return self.coming[watched].pop(0)

    def answers(self, watched: Watched, rows: Sequence[Row]) -> tuple[Scalar, ...]:
        return tuple(row["answer"] for row in rows) if watched in self.coming else ()


def observing(*looks: Look, watching: Watched = FIRST) -> Observer:
    return Observer(Script({watching: list(looks)}), 10 * SECOND)


def looked(observer: Observer, times: int, at_what: Iterable[Watched] = (FIRST,)) -> None:
    for _ in range(times):
        observer.look(at_what)


def test_each_interval_is_told_once_with_the_stretch_that_it_continues() -> None:
    observer = observing(look(0), look(1), look(2), look(3))
    looked(observer, 2)
    (first,) = observer.tell()
    looked(observer, 2)
    (second,) = observer.tell()
    assert (first.interval.started_at, first.interval.finished_at) == (at(0), at(1.1))
    assert (second.interval.started_at, second.interval.finished_at) == (at(1.1), at(3.1))
    assert (second.stretch.started_at, second.stretch.requests) == (at(0), 4)
    assert observer.tell() == ()


def test_a_fault_ends_a_stretch_and_recovery_begins_another_one() -> None:
    observer = observing(look(0), look(1, fault="down"), look(2), look(3))
    told: list[Told] = []
    for _ in range(4):
        looked(observer, 1)
        told += observer.tell()
    found = [(t.stretch.is_healthy, t.stretch.started_at, t.stretch.finished_at) for t in told]
    assert found == [
        (True, at(0), at(0.1)),
        (False, at(0.1), at(1.1)),
        (True, at(2), at(2.1)),
        (True, at(2), at(3.1)),
    ]


def test_time_for_which_nobody_looked_is_told_as_seen_by_nobody() -> None:
    observer = observing(look(0), look(100), look(101))
    looked(observer, 3)
    told = observer.tell()
    assert [(t.interval.started_at, t.interval.finished_at) for t in told] == [
        (at(0), at(0.1)), (at(100), at(101.1)),
    ]  # fmt: skip
    assert told[1].stretch == told[1].interval


def test_another_release_begins_its_own_time() -> None:
    script = Script({FIRST: [look(0)], SECOND_RELEASE: [look(1), look(2)]})
    observer = Observer(script, 10 * SECOND)
    looked(observer, 1)
    looked(observer, 1, (SECOND_RELEASE,))
    told = observer.tell()
    assert [(t.watched, t.interval.started_at) for t in told] == [
        (FIRST, at(0)), (SECOND_RELEASE, at(1)),
    ]  # fmt: skip
    looked(observer, 1, (SECOND_RELEASE,))
    (only,) = observer.tell()
    assert (only.watched, only.stretch.started_at) == (SECOND_RELEASE, at(1))


def test_nothing_watched_is_nothing_told() -> None:
    observer = observing()
    observer.look(())
    assert observer.tell() == ()


def test_quality_is_measured_once_an_interval_where_anybody_asks() -> None:
    rows = ({"answer": 1.0}, {"answer": 2.0})
    held_out = HeldOut(rows, labels=(1.0, 4.0), is_regression=True)
    observer = Observer(Script({FIRST: [look(0), look(1)]}), 10 * SECOND, lambda _: held_out)
    looked(observer, 2)
    (told,) = observer.tell()
    assert {one.metric: one.value for one in told.interval.quality}["mae"] == 1.0
    assert told.stretch.quality == told.interval.quality
    looked(plain := observing(look(0)), 1)
    assert plain.tell()[0].interval.quality == ()


def test_time_in_which_nobody_could_look_stands_between_two_stretches() -> None:
    looks = [counting(0, 0), counting(1, 9), unread(2), counting(3, 20), counting(4, 25)]
    observer = observing(*looks)
    looked(observer, 5)
    told = [(t.interval.unread, t.stretch.started_at, t.interval.requests) for t in observer.tell()]
    assert told == [("", at(0), 9), ("away", at(1.1), 0), ("", at(3), 5)]
