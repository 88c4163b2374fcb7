"""When changes may go in: windows that allow, freezes that deny, and the file of both.

An entry is one occurrence (``start`` and ``end``, or ``start`` and ``duration``), or many: an
RFC 5545 rule from ``start`` on with a ``duration``, or a cron expression with a ``duration``.
``rdate`` adds starts to a ``start`` or a rule, and ``exdate`` takes starts away (sections 3.8.5.2
and 3.8.5.1).
Times are local to ``timezone`` and whole minutes; an occurrence holds from its start, inclusive, to
its end, exclusive.
"""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, Literal, Self

from pydantic import (
    AfterValidator,
    Field,
    TypeAdapter,
    ValidationInfo,
    WithJsonSchema,
    field_validator,
)

from turnpike.documents.document import Document, Part
from turnpike.documents.identifiers import Name, ShortText
from turnpike.manifest.model import RiskTier
from turnpike.topology.cron import cron_of
from turnpike.topology.duration import DurationText
from turnpike.topology.recurrence import rule_of
from turnpike.topology.zone import ZoneName

LOCAL_TIME = "%Y-%m-%dT%H:%M"
Overrun = Literal["finish", "stop"]

_LOCAL_TIME_PATTERN = r"^(19[7-9]\d|2[01]\d\d)-\d{2}-\d{2}T\d{2}:\d{2}$"
_MODEL_KEY_PATTERN = r"^[a-z][a-z0-9-]*/[a-z][a-z0-9-]*$"


def local_time_of(text: str) -> datetime:
    """Return the local time that a field holds, without a zone."""
    return datetime.strptime(text, LOCAL_TIME)  # noqa: DTZ007 (the zone stands in its own field)


def _local_time(text: str) -> str:
    wanted = "a local time of 1970 to 2199 such as 2026-11-27T18:00 (its zone goes into timezone)"
    try:
        moment = local_time_of(text)
    except ValueError as error:
        raise ValueError(wanted) from error
    if moment.strftime(LOCAL_TIME) != text or not 1970 <= moment.year <= 2199:
        raise ValueError(wanted)
    return text


def _cron(text: str) -> str:
    cron_of(text)
    return text


def _rule(text: str) -> str:
    rule_of(text)
    return text


def _each_once(times: tuple[str, ...]) -> tuple[str, ...]:
    seen: set[str] = set()
    for one in times:
        if one in seen:
            raise ValueError(f"each time once, not {one} again")
        seen.add(one)
    return times


LocalTime = Annotated[
    str,
    AfterValidator(_local_time),
    WithJsonSchema({"type": "string", "pattern": _LOCAL_TIME_PATTERN}),
]
Cron = Annotated[ShortText, AfterValidator(_cron)]
RuleText = Annotated[ShortText, AfterValidator(_rule)]
ModelKeyText = Annotated[str, Field(pattern=_MODEL_KEY_PATTERN, max_length=81)]


class Occasion(Part):
    """When an entry holds, and for whom: an empty list limits nothing.

    A rule's occurrences are those that it generates; ``start`` itself counts only where the rule
    generates it. ``rdate`` are starts besides; at an ``exdate`` nothing starts, whatever else says.
    """

    name: Name
    timezone: ZoneName = "UTC"
    start: LocalTime | None = None
    end: LocalTime | None = Field(default=None, validate_default=True)
    rrule: RuleText | None = None
    rdate: tuple[LocalTime, ...] = ()
    exdate: tuple[LocalTime, ...] = ()
    cron: Cron | None = None
    duration: DurationText | None = Field(default=None, validate_default=True)
    environments: tuple[Name, ...] = ()
    teams: tuple[Name, ...] = ()
    tiers: tuple[RiskTier, ...] = ()
    models: tuple[ModelKeyText, ...] = ()

    @field_validator("end")
    @classmethod
    def _ends_after_its_start(cls, end: str | None, info: ValidationInfo) -> str | None:
        start = info.data.get("start")
        if end and start and local_time_of(end) <= local_time_of(start):
            raise ValueError(f"a time after the start, {start}")
        if end and "start" in info.data and start is None:
            raise ValueError("no end without a start")
        return end

    @field_validator("rrule")
    @classmethod
    def _has_a_start(cls, rrule: str | None, info: ValidationInfo) -> str | None:
        if rrule and info.data.get("end"):
            raise ValueError("a rule with a duration; an end is for what happens once")
        if rrule and "start" in info.data and info.data["start"] is None:
            raise ValueError("a start beside the rule, from which on it counts")
        return rrule

    @field_validator("rdate")
    @classmethod
    def _adds_to_a_start(cls, rdate: tuple[str, ...], info: ValidationInfo) -> tuple[str, ...]:
        start = info.data.get("start")
        if rdate and info.data.get("end"):
            raise ValueError("a duration beside rdate; an end is for what happens once")
        if rdate and "start" in info.data and start is None:
            raise ValueError("a start beside rdate, which it adds to")
        early = [one for one in rdate if start and local_time_of(one) < local_time_of(start)]
        if early:
            raise ValueError(f"times from the start on, {start}, not {early[0]}")
        return _each_once(rdate)

    @field_validator("exdate")
    @classmethod
    def _takes_from_many(cls, exdate: tuple[str, ...], info: ValidationInfo) -> tuple[str, ...]:
        told = info.data
        if exdate and {"rrule", "rdate"} <= told.keys() and not (told["rrule"] or told["rdate"]):
            raise ValueError("an rrule or rdate beside exdate, which it takes starts from")
        return _each_once(exdate)

    @field_validator("cron")
    @classmethod
    def _stands_alone(cls, cron: str | None, info: ValidationInfo) -> str | None:
        names = ("start", "end", "rrule", "rdate", "exdate")
        others = [name for name in names if info.data.get(name)]
        if cron and others:
            raise ValueError(f"cron with a duration alone, without {' and '.join(others)}")
        return cron

    @field_validator("duration")
    @classmethod
    def _is_one_occasion(cls, duration: str | None, info: ValidationInfo) -> str | None:
        told = info.data
        if not {"start", "end", "rrule", "cron"} <= told.keys():
            return duration  # another field is refused already
        if duration and told["end"]:
            raise ValueError("an end or a duration, not both")
        if duration and not (told["start"] or told["cron"]):
            raise ValueError("a start, with or without an rrule, or a cron expression beside it")
        if not duration and not told["end"]:
            raise ValueError("how long it holds, such as PT8H (or start and end)")
        return duration

    def occasion(self) -> tuple[object, ...]:
        """Return what decides when it holds, so that two entries can be told to be the same."""
        dates = (frozenset(self.rdate), frozenset(self.exdate))
        return (self.timezone, self.start, self.end, self.rrule, *dates, self.cron, self.duration)


class Window(Occasion):
    """When changes may go in; outside all windows that apply, nothing may.

    ``overrun`` says what becomes of a promotion under way when the window closes.
    """

    overrun: Overrun = "finish"


class Freeze(Occasion):
    """When nothing may go in, whatever windows say; ``reason`` is shown to whoever waits.

    ``overrun`` says what becomes of a promotion under way when the freeze begins.
    """

    reason: ShortText | None = None
    overrun: Overrun = "stop"


class Schedule(Document):
    """A file of windows and freezes: the organisation's own, or one to be asked about alone."""

    kind: Literal["Schedule"]
    windows: tuple[Window, ...] = ()
    freezes: tuple[Freeze, ...] = ()

    @classmethod
    def of(cls, windows: tuple[Window, ...], freezes: tuple[Freeze, ...]) -> Self:
        """Return a schedule of entries that stand in other files."""
        return cls(api_version="turnpike.dev/v1", kind="Schedule", windows=windows, freezes=freezes)


SCHEDULE: TypeAdapter[Schedule] = TypeAdapter(Schedule)
