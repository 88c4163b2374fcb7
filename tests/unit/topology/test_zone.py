"""Time zones come from the pinned package, whatever the machine knows of them."""

from __future__ import annotations

from datetime import datetime, timedelta
from zoneinfo import reset_tzpath

import pytest
from pydantic import TypeAdapter, ValidationError

from turnpike.topology.zone import ZoneName, zone, zone_names


def test_zones_are_found_by_their_iana_names() -> None:
    assert {"UTC", "Europe/Berlin", "America/Argentina/Ushuaia"} <= zone_names()
    summer = datetime(2026, 7, 1, tzinfo=zone("Europe/Berlin"))
    winter = datetime(2026, 1, 1, tzinfo=zone("Europe/Berlin"))
    assert (summer.utcoffset(), winter.utcoffset()) == (timedelta(hours=2), timedelta(hours=1))


def test_a_machine_without_time_zones_knows_them_all_the_same() -> None:
    zone.cache_clear()
    reset_tzpath([])
    try:
        offset = datetime(2026, 7, 1, tzinfo=zone("Europe/Lisbon")).utcoffset()
    finally:
        reset_tzpath()
    assert offset == timedelta(hours=1)


@pytest.mark.parametrize(
    "name",
    ["", "Berlin", "europe/berlin", "CEST", "+01:00", "../tzdata", "Europe/../Europe/Berlin"],
)
def test_a_name_that_is_none_is_refused(name: str) -> None:
    with pytest.raises(ValidationError, match="such as Europe/Berlin or UTC"):
        TypeAdapter(ZoneName).validate_python(name)
