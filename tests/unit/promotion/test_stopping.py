"""A stop is one file; to set it twice, or to lift what does not stand, is refused."""

from __future__ import annotations

import pytest

from turnpike.documents.reading import read
from turnpike.errors import InputError
from turnpike.promotion.stopping import plan_lift, plan_stop
from turnpike.topology.stop import STOP, Recalled, Stop

PATH = "environments/stops/outage.yaml"
STOPPED = Stop(
    api_version="turnpike.dev/v1",
    kind="Stop",
    name="outage",
    reason="the cluster is down: no",
    incident="INC-7",
    teams=("oncology",),
)


def test_the_file_of_a_stop_reads_back_as_it() -> None:
    plan = plan_stop(STOPPED, {})
    content = plan.files[PATH]
    assert content is not None
    assert read(STOP, content, PATH) == STOPPED
    assert b"clouds" not in content
    assert b"recalls" not in content


def test_a_stop_says_what_it_recalls() -> None:
    recalls = Recalled(kind="data", name="sklearn:diabetes")
    content = plan_stop(STOPPED.model_copy(update={"recalls": recalls}), {}).files[PATH]
    assert content is not None
    assert read(STOP, content, PATH).recalls == recalls


def test_a_stop_that_stands_is_not_set_again() -> None:
    with pytest.raises(InputError, match="INC-7"):
        plan_stop(STOPPED, {"outage": STOPPED})


def test_lifting_takes_the_file_away() -> None:
    assert plan_lift("outage", {"outage": STOPPED}).files == {PATH: None}


def test_what_does_not_stand_is_not_lifted() -> None:
    with pytest.raises(InputError, match="outage"):
        plan_lift("outge", {"outage": STOPPED})
