"""Argo CD's sync windows hold when the gate's windows and freezes do, minute by minute."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import HealthCheck, assume, given, settings
from hypothesis import strategies as st

from turnpike.documents.identifiers import digest_of
from turnpike.judge.access_files import misrendered_access
from turnpike.judge.decide import decide
from turnpike.judge.facts import Facts
from turnpike.judge.layout import SCHEDULE_PATH, class_of, project_path
from turnpike.judge.movement import timeline_of
from turnpike.judge.policy_input import Answer
from turnpike.judge.sync_windows import derived_projects, sync_window_ends, unsaid_times
from turnpike.schedule.subject import ScheduleSubject
from turnpike.topology.environment import Delivery, Environment
from turnpike.topology.window import Freeze, Schedule, Window
from unit.judge.argocd_clock import syncs, windows_in
from unit.judge.examples import added, deleted, environment
from unit.judge.test_access_files import after, before
from unit.schedule.entries import freeze, window

AT = datetime(2026, 11, 30, 12, tzinfo=UTC)
MOON = "production"
PATH = project_path(MOON)
PROJECT = """\
# A project.
apiVersion: argoproj.io/v1alpha1
kind: AppProject
metadata:
  name: turnpike-production
spec:
  description: Models
"""
SUBJECTS = (("oncology", "tumour"), ("oncology", "triage"), ("cardiology", "oncology"))


def asking(windows: tuple[Window, ...] = (), freezes: tuple[Freeze, ...] = ()) -> Environment:
    return environment(MOON).model_copy(
        update={
            "windows": windows, "freezes": freezes, "delivery": Delivery(sync_windows=True),
        }
    )  # fmt: skip


def project_of(one: Environment, shared: Schedule | None = None, at: datetime = AT) -> str:
    assert list(unsaid_times({MOON: PROJECT}, [one], shared, at)) == []
    return derived_projects({MOON: PROJECT}, {MOON: one}, shared, at)[PATH]


def unsaid(one: Environment, shared: Schedule | None = None) -> list[tuple[str, str]]:
    found = unsaid_times({MOON: PROJECT}, [one], shared, AT)
    return [(finding.code, finding.subject) for finding in found]


def differing(
    one: Environment,
    shared: Schedule | None,
    begin: datetime,
    minutes: int,
    subjects: tuple[tuple[str, str], ...] = SUBJECTS,
) -> list[tuple[datetime, str]]:
    """Return the minutes at which Argo CD and the gate would not do the same."""
    project, found = project_of(one, shared), []
    for team, model in subjects:
        subject = ScheduleSubject(MOON, team, "low", f"{team}/{model}")
        timeline = timeline_of(one, shared, subject)
        application = f"{MOON}.local.{team}.{model}"
        for number in range(minutes):
            at = begin + number * timedelta(minutes=1)
            if timeline.state(at).open != syncs(project, application, at):
                found.append((at, application))
    return found


ZONES = ("UTC", "Europe/Berlin", "America/New_York", "Australia/Lord_Howe", "Asia/Kathmandu")
SCOPES: tuple[dict[str, object], ...] = (
    {}, {}, {"teams": ("oncology",)}, {"models": ("oncology/tumour", "cardiology/oncology")},
    {"teams": ("cardiology",), "models": ("oncology/tumour", "cardiology/oncology")},
    {"environments": (MOON,)}, {"environments": ("staging",)},
)  # fmt: skip
TIMES: tuple[dict[str, object], ...] = (
    {"cron": "0 9 * * 1-5", "duration": "PT8H"},
    {"cron": "30 22 * * 6", "duration": "P1DT2H"},
    {"cron": "*/20 8-11 * * *", "duration": "PT7M"},
    {"cron": "0 6 1-7,28 * *", "duration": "P1D"},
    {"cron": "15 0 * 3,10,11 7", "duration": "PT1H"},
    {"cron": "0 0 29 2 *", "duration": "P2D"},
    {"cron": "0 18 * * 5", "duration": "PT60H"},
    {"cron": "30 2 * * *", "duration": "PT3H"},
    {"cron": "0 12 1,15 * 1", "duration": "PT1H"},
    {"start": "2026-01-01T09:00", "rrule": "FREQ=WEEKLY;BYDAY=MO,SA,SU", "duration": "PT30H"},
    {"start": "2026-01-01T20:30", "rrule": "FREQ=DAILY;BYHOUR=4,20", "duration": "PT4H"},
    {"start": "2026-03-28T05:00", "rrule": "FREQ=YEARLY", "duration": "P3D"},
    {"start": "2026-01-31T05:00", "rrule": "FREQ=MONTHLY", "duration": "P1D"},
    {"start": "2026-01-01T05:00", "rrule": "FREQ=HOURLY;INTERVAL=8", "duration": "PT2H"},
    {"start": "2027-03-26T18:00", "end": "2027-03-29T06:00"},
    {"start": "2027-03-26T18:00", "duration": "PT60H"},
    {"start": "2026-11-30T08:00", "duration": "P1D", "rdate": ("2027-03-28T12:00",)},
    {"start": "2026-10-05T08:00", "duration": "PT8H"},
)
HARD = (
    ("UTC", datetime(2026, 11, 30, 12, tzinfo=UTC)),
    ("America/New_York", datetime(2027, 3, 13, 20, tzinfo=UTC)),
    ("Europe/Berlin", datetime(2027, 3, 27, 20, tzinfo=UTC)),
    ("Australia/Lord_Howe", datetime(2027, 4, 3, 10, tzinfo=UTC)),  # half an hour back
    ("Europe/Berlin", datetime(2027, 10, 30, 20, tzinfo=UTC)),
    ("Europe/Berlin", datetime(2028, 2, 28, 20, tzinfo=UTC)),
)
"""Zones, and from when on 36 hours of each are hard."""

entries = st.tuples(
    st.booleans(), st.sampled_from(TIMES), st.sampled_from(ZONES), st.sampled_from(SCOPES)
)


@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.filter_too_much])
@given(st.lists(entries, min_size=1, max_size=3), st.sampled_from([begin for _, begin in HARD[:4]]))
def test_argo_cd_syncs_when_the_gate_lets_in(
    drawn: list[tuple[bool, dict[str, object], str, dict[str, object]]], begin: datetime
) -> None:
    made = [
        (window if allows else freeze)(f"entry-{number}", zone, **times, **scope)
        for number, (allows, times, zone, scope) in enumerate(drawn)
    ]
    windows = tuple(one for one in made if isinstance(one, Window))
    freezes = tuple(one for one in made if isinstance(one, Freeze))
    one, shared = asking(), Schedule.of(windows, freezes)
    assume(not unsaid(one, shared))
    assert differing(one, shared, begin, 36 * 60) == []


def is_once(times: dict[str, object]) -> bool:
    return "start" in times and "rrule" not in times


EACH = [
    (times, zone, begin) for times in TIMES for zone, begin in HARD
    if not (is_once(times) and begin.year == 2028)
]  # fmt: skip
"""What happens once is told for a year."""


@pytest.mark.parametrize(("times", "zone", "begin"), EACH)
def test_each_entry_is_said_exactly_or_not_at_all(
    times: dict[str, object], zone: str, begin: datetime
) -> None:
    one = asking((), (freeze("entry", zone, **times),))
    if unsaid(one):
        assert times["duration"] in {"PT60H", "PT3H", "PT1H", "PT30H", "PT4H", "PT7M", "PT2H"}
    else:
        assert differing(one, None, begin, 36 * 60, SUBJECTS[:1]) == []


def test_what_is_ordinary_is_said() -> None:
    """So that the property above is about something: most of its entries have a sync window."""
    said = [
        times for times in TIMES
        if not unsaid(asking((window("a", "Europe/Berlin", **times),)))
    ]  # fmt: skip
    assert len(said) == len(TIMES) - 3


def test_a_closed_window_can_be_passed_by_hand_alone() -> None:
    one = asking(
        (window("office", "UTC", cron="0 9 * * *", duration="PT8H"),),
        (freeze("christmas", "UTC", start="2026-12-20T00:00", end="2027-01-03T00:00"),),
    )
    project = project_of(one)
    for at in (datetime(2026, 12, 1, 20, tzinfo=UTC), datetime(2026, 12, 24, 10, tzinfo=UTC)):
        application = f"{MOON}.local.oncology.tumour"
        assert not syncs(project, application, at)
        assert syncs(project, application, at, manual=True)


UNSAYABLE = (
    ("rrule", {"start": "2026-01-01T09:00", "rrule": "FREQ=WEEKLY;INTERVAL=2", "duration": "PT8H"}),
    ("rrule", {"start": "2026-01-01T09:00", "rrule": "FREQ=MONTHLY;BYDAY=1FR", "duration": "PT8H"}),
    ("rrule", {"start": "2026-01-01T09:00", "rrule": "FREQ=DAILY;COUNT=900", "duration": "PT8H"}),
    ("rrule", {"start": "2026-01-01T09:00", "rrule": "FREQ=DAILY;UNTIL=20300101T000000Z",
               "duration": "PT8H"}),
    ("rrule", {"start": "2027-01-01T09:00", "rrule": "FREQ=DAILY", "duration": "PT8H"}),
    ("rrule", {"start": "2026-01-01T09:00", "rrule": "FREQ=HOURLY;INTERVAL=5", "duration": "PT1H"}),
    ("exdate", {"start": "2026-01-01T09:00", "rrule": "FREQ=DAILY", "duration": "PT8H",
                "exdate": ("2026-12-24T09:00",)}),
    ("cron", {"cron": "0 9 L * *", "duration": "PT8H"}),
    ("cron", {"cron": "0 9 */2 * 1", "duration": "PT8H"}),
    ("duration", {"cron": "0 18 * * 5", "duration": "PT60H"}),
    ("duration", {"cron": "30 2 * * *", "duration": "PT1H"}),
    ("tiers", {"cron": "0 9 * * *", "duration": "PT8H", "tiers": ("high",)}),
    ("start", {"start": "2027-12-20T00:00", "end": "2028-01-03T00:00"}),
    ("rdate", {"start": "2026-12-20T00:00", "duration": "PT8H", "rdate": ("2028-01-03T00:00",)}),
    ("start", {"start": "2026-12-20T00:00", "end": "2028-01-03T00:00"}),
)  # fmt: skip


@pytest.mark.parametrize(("field", "times"), UNSAYABLE)
def test_what_argo_cd_cannot_say_is_refused_by_file_and_field(
    field: str, times: dict[str, object]
) -> None:
    one = freeze("night", "Europe/Berlin", **times)
    own = f"environments/{MOON}/environment.yaml: freezes.0.{field}"
    assert unsaid(asking((), (one,))) == [("schedule.unsayable", own)]
    shared = Schedule.of((), (one,))
    assert unsaid(asking(), shared) == [
        ("schedule.unsayable", f"{SCHEDULE_PATH}: freezes.0.{field}")
    ]
    assert unsaid(environment(MOON), shared) == []


def test_what_happens_once_is_told_until_it_is_over() -> None:
    one = asking(
        (window("move", "UTC", start="2026-12-05T20:00", duration="PT4H"),),
        (freeze("close", "UTC", start="2026-12-01T00:00", end="2026-12-03T06:00"),),
    )
    told = [(w["kind"], w["schedule"], w["duration"]) for w in windows_in(project_of(one))]
    assert told == [("allow", "0 20 5 12 *", "4h0m"), ("deny", "0 0 1 12 *", "54h0m")]
    later = project_of(one, at=datetime(2026, 12, 6, tzinfo=UTC))
    told = [(w["kind"], w["schedule"], w["duration"]) for w in windows_in(later)]
    assert told == [("allow", "0 20 5 12 *", "0h0m")]
    first = datetime(2026, 12, 6, 20, 30, tzinfo=UTC)
    for day in range(500):  # no window of the gate ever opens again
        at = first + timedelta(days=day)
        assert not syncs(later, f"{MOON}.local.oncology.tumour", at)
        assert not timeline_of(one, None, ScheduleSubject(MOON)).state(at).open
    facts = changed(one, PROJECT).model_copy(update={"clock": datetime(2026, 12, 3, 5, tzinfo=UTC)})
    assert list(sync_window_ends(facts)) == [datetime(2026, 12, 3, 6, tzinfo=UTC)]


# What the gate says of a change.

OFFICE = (window("office", "Europe/Berlin", cron="0 9 * * 1-5", duration="PT8H"),)


def changed(one: Environment, text: str | None, *more: str) -> Facts:
    """Return facts of a change of an environment, and of its project where a text is given."""
    own = f"environments/{MOON}/environment.yaml"
    paths = (own, *((PATH,) if text is not None and text != PROJECT else ()), *more)
    facts = before(*(added(path) for path in paths))
    contents = {**facts.base.contents, PATH: digest_of(PROJECT.encode())}
    base = facts.base.model_copy(update={"projects": {MOON: PROJECT}, "contents": contents})
    facts = facts.model_copy(update={"base": base, "clock": AT})
    head: dict[str, object] = {"environments": {MOON: one}}
    if PATH in paths and text is not None:
        head |= {"projects": {MOON: text}, "contents": {PATH: digest_of(text.encode())}}
    return after(facts, **head)


def found(facts: Facts) -> set[tuple[str, str]]:
    told = ((one.code, one.subject) for one in misrendered_access(facts))
    return {(code, subject) for code, subject in told if "admission" not in subject
            and "kubernetes" not in subject}  # fmt: skip


def test_an_environment_that_asks_brings_its_projects_windows_along() -> None:
    one = asking(OFFICE)
    assert found(changed(one, PROJECT)) == {("access.differs", PATH)}
    assert found(changed(one, project_of(one))) == set()
    decision = decide(changed(one, PROJECT), Answer(results=()))
    assert decision.change_class == "environment"
    assert ("access.differs", PATH) in {(f.code, f.subject) for f in decision.findings}


def test_windows_that_are_another_environments_are_refused() -> None:
    other = asking((window("office", "Europe/Berlin", cron="0 8 * * 1-5", duration="PT8H"),))
    assert found(changed(asking(OFFICE), project_of(other))) == {("access.differs", PATH)}


def test_sync_windows_by_hand_stand_in_the_way() -> None:
    text = PROJECT + "  syncWindows: []\n"
    derived = derived_projects({MOON: text}, {MOON: asking(OFFICE)}, None, AT)[PATH]
    assert found(changed(asking(OFFICE), derived)) == {("access.differs", PATH)}


def test_a_project_must_be_there_and_end_with_its_spec() -> None:
    (gone,) = unsaid_times({}, [asking(OFFICE)], None, AT)
    assert (gone.code, gone.subject, gone.actual) == ("access.differs", PATH, "none")
    text = PROJECT + "status: {}\n"
    (unfit,) = unsaid_times({MOON: text}, [asking(OFFICE)], None, AT)
    assert (unfit.code, unfit.subject, unfit.actual) == ("access.differs", PATH, "status: {}")


def test_an_environment_that_does_not_ask_may_have_its_own() -> None:
    by_hand = PROJECT + "  syncWindows:\n    - {kind: deny, schedule: '0 0 * * *'}\n"
    facts = changed(environment(MOON), by_hand)
    assert found(facts) == set()


def test_what_was_derived_goes_when_nobody_asks_any_more() -> None:
    text = project_of(asking(OFFICE))
    facts = changed(environment(MOON), text)
    assert found(facts) == {("access.differs", PATH)}
    assert derived_projects({MOON: text}, {MOON: environment(MOON)}, None, AT) == {PATH: PROJECT}


def test_a_project_that_goes_with_its_environment_is_asked_for_nothing() -> None:
    own = f"environments/{MOON}/environment.yaml"
    facts = before(deleted(own), deleted(PATH))
    assert ("access.left-over", PATH) not in found(facts)


def test_a_project_goes_with_what_its_windows_come_from() -> None:
    own = f"environments/{MOON}/environment.yaml"
    assert class_of(PATH, frozenset({PATH})) == "platform"
    assert class_of(PATH, frozenset({PATH, own})) == "environment"
    assert class_of(PATH, frozenset({PATH, SCHEDULE_PATH})) == "environment"
