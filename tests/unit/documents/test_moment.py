"""An instant is of years in which every zone and every later day has a name."""

from __future__ import annotations

import pytest
from pydantic import TypeAdapter

from turnpike.documents.moment import Moment
from turnpike.documents.reading import read
from turnpike.errors import InvalidDocument
from turnpike.judge.facts import FACTS
from turnpike.topology.waiver import WAIVER
from unit.judge.deployed import FACTS as PLAIN

MOMENT: TypeAdapter[object] = TypeAdapter(Moment)
WAIVED = """apiVersion: turnpike.dev/v1
kind: Waiver
name: late
code: slo-missing
subject: oncology/triage
reason: it was measured
approver: nora-smith
expiresAt: "{}"
"""


@pytest.mark.parametrize("said", ["1970-01-01T00:00:00Z", "2199-12-31T23:59:59Z"])
def test_the_first_and_the_last_moment_are_within_reach(said: str) -> None:
    assert MOMENT.validate_json(f'"{said}"') == MOMENT.validate_json(f'"{said}"', strict=True)


@pytest.mark.parametrize(
    "said",
    [
        "1969-12-31T23:59:59Z",
        "1970-01-01T00:00:00+01:00",
        "2200-01-01T00:00:00Z",
        "2199-12-31T23:59:59-01:00",
        "9999-12-31T23:59:59-12:00",
        "0001-01-01T00:00:00+12:00",
    ],
)
def test_what_no_other_zone_can_say_is_refused_with_its_field(said: str) -> None:
    with pytest.raises(InvalidDocument) as refused:
        read(WAIVER, WAIVED.format(said).encode(), "waiver.yaml")
    wanted = "expiresAt: expected a time of the years 1970 to 2199 in UTC, found"
    assert str(refused.value).startswith(f"waiver.yaml:8: {wanted}")


@pytest.mark.parametrize("clock", ["9999-12-31T23:59:59Z", "0001-01-01T00:00:00Z"])
def test_no_facts_are_of_a_clock_that_no_later_moment_follows(clock: str) -> None:
    told = PLAIN.model_dump_json(by_alias=True)
    now = PLAIN.model_dump(mode="json", by_alias=True)["clock"]
    assert told.count(f'"clock":"{now}"') == 1
    with pytest.raises(ValueError, match="1970 to 2199"):
        FACTS.validate_json(told.replace(f'"clock":"{now}"', f'"clock":"{clock}"'))
