"""Rules that nobody can mean name their file and field, and block nothing but themselves."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import pytest

from end_to_end.changes import DESCRIPTION, DIABETES, OWNERS, Bench, text_at
from end_to_end.people import PLATFORM_OWNER, RISK

DEV = "environments/dev/environment.yaml"
STAGING = "environments/staging/environment.yaml"
SCHEDULE = "environments/schedule.yaml"
STOP = "environments/stops/outage.yaml"
WAIVER = "policies/waivers/old.yaml"
HEAD = "apiVersion: turnpike.dev/v1\nkind: Schedule\n"


def edited(old: str, new: str) -> Callable[[str], str]:
    """Return what a file of main says with one text replaced."""

    def edit(text: str) -> str:
        assert text.count(old) == 1, old
        return text.replace(old, new)

    return edit


def whole(text: str) -> Callable[[str], str]:
    """Return a file of that text, whatever stands there."""
    return lambda _: text


def added(text: str) -> Callable[[str], str]:
    """Return what a file of main says with a text at its end."""
    return lambda before: f"{before.rstrip()}\n{text}"


@dataclass(frozen=True, slots=True)
class Bad:
    """One bad file: what it is called, where it stands, and the field that must be named."""

    name: str
    path: str
    edit: Callable[[str], str]
    field: str
    code: str


BAD = (
    Bad("a window that ends before it starts", SCHEDULE, whole(
        HEAD + 'windows:\n  - {name: day, start: "2026-05-02T09:00", end: "2026-05-01T09:00"}\n'
    ), "windows.0", "document.invalid"),
    Bad("two windows of one name", SCHEDULE, whole(
        HEAD + "windows:\n"
        '  - {name: day, start: "2199-05-01T09:00", end: "2199-05-02T09:00"}\n'
        '  - {name: day, start: "2199-06-01T09:00", end: "2199-06-02T09:00"}\n'
    ), "windows.1.name", "schedule.contradictory"),
    Bad("a window that is always frozen", SCHEDULE, whole(
        HEAD + "windows:\n  - {name: day, cron: 0 8 * * *, duration: PT8H}\n"
        "freezes:\n"
        '  - {name: all, start: "2020-01-01T00:00", end: "2199-01-01T00:00", reason: x}\n'
    ), "windows.0", "schedule.contradictory"),
    Bad("an exclusion of nothing", SCHEDULE, whole(
        HEAD + 'windows:\n  - {name: day, start: "2026-05-01T09:00", rrule: FREQ=DAILY,\n'
        '     exdate: ["2026-05-02T10:00"], duration: PT8H}\n'
    ), "windows.0.exdate.0", "schedule.contradictory"),
    Bad("an unknown zone", SCHEDULE, whole(
        HEAD + "windows:\n  - {name: d, timezone: Mars/Base, cron: 0 8 * * *, duration: PT8H}\n"
    ), "windows.0.timezone", "document.invalid"),
    Bad("a team that does not exist", SCHEDULE, whole(
        HEAD + "windows:\n  - {name: day, cron: 0 8 * * *, duration: PT8H, teams: [nobody]}\n"
    ), "windows.0.teams", "schedule.contradictory"),
    Bad("a cycle in the topology", DEV, edited(
        "promotesFrom: []", "promotesFrom: [production]"
    ), "promotesFrom", "environment.circle"),
    Bad("a stage that does not exist", STAGING, edited(
        "promotesFrom: [dev]", "promotesFrom: [dve]"
    ), "promotesFrom", "environment.unknown-source"),
    Bad("overlapping steps", STAGING, added(
        "rollout:\n  onFailure: hold\n  steps:\n"
        "    - {traffic: 20}\n    - {traffic: 10}\n    - {traffic: 100}\n"
    ), "rollout", "document.invalid"),
    Bad("two targets of one name", STAGING, edited(
        "name: aws-eu", "name: local"
    ), "targets", "document.invalid"),
    Bad("a negative soak", STAGING, edited(
        "soakSeconds: 0", "soakSeconds: -1"
    ), "soakSeconds", "document.invalid"),
    Bad("a soak that outlasts an emergency's debt", STAGING, edited(
        "soakSeconds: 0", "soakSeconds: 259200"
    ), "soakSeconds", "emergency.debt-unpayable"),
    Bad("an unknown group", STAGING, edited(
        "approvals: []", "approvals: [{group: nobody, count: 1}]"
    ), "approvals.0.group", "environment.unknown-group"),
    Bad("an expired waiver", WAIVER, whole(
        "apiVersion: turnpike.dev/v1\nkind: Waiver\nname: old\ncode: slo-missing\n"
        f"subject: {DIABETES}\nreason: it was measured\napprover: nora-smith\n"
        'expiresAt: "2020-01-01T00:00:00Z"\n'
    ), "expiresAt", "waiver.expired"),
    Bad("a waiver of nobody's", WAIVER, whole(
        "apiVersion: turnpike.dev/v1\nkind: Waiver\nname: old\ncode: slo-missing\n"
        "subject: nobody/triage\nreason: it was measured\napprover: nora-smith\n"
        'expiresAt: "2199-01-01T00:00:00Z"\n'
    ), "subject", "waiver.unknown-subject"),
    Bad("a waiver of an unknown code", WAIVER, whole(
        "apiVersion: turnpike.dev/v1\nkind: Waiver\nname: old\ncode: slo-mising\n"
        f"subject: {DIABETES}\nreason: it was measured\napprover: nora-smith\n"
        'expiresAt: "2199-01-01T00:00:00Z"\n'
    ), "code", "waiver.unknown-code"),
    Bad("a waiver of what yields to none", WAIVER, whole(
        "apiVersion: turnpike.dev/v1\nkind: Waiver\nname: old\ncode: scan-failed\n"
        f"subject: {DIABETES}\nreason: it was measured\napprover: nora-smith\n"
        'expiresAt: "2199-01-01T00:00:00Z"\n'
    ), "code", "waiver.unknown-code"),
    Bad("a stop of nobody's", STOP, whole(
        "apiVersion: turnpike.dev/v1\nkind: Stop\nname: outage\nreason: down\nincident: INC-7\n"
        "teams: [nobody]\n"
    ), "teams", "stop.unknown-subject"),
)  # fmt: skip


@pytest.mark.parametrize("bad", BAD, ids=lambda bad: bad.name.replace(" ", "-"))
def test_a_bad_rule_names_its_file_and_field(merged: Bench, bad: Bad) -> None:
    world = merged.copied().world
    listed = world.git("ls-tree", "--name-only", world.main, bad.path, at=world.host)
    text = bad.edit(text_at(world, bad.path) if listed else "")
    who = "sam-rivera", (PLATFORM_OWNER, RISK, OWNERS["endocrinology"])
    told = world.gate(world.propose({bad.path: text.encode()}, *who))
    assert told.code == 1, str(told)
    found = told.json()["findings"]
    named = [one for one in found if one["code"] == bad.code]
    assert named, found
    assert all(bad.path in one["subject"] for one in named), named
    assert all(bad.field in one["expected"] for one in named), named
    assert all(one["solution"] for one in named)


def test_none_of_them_blocks_anything_else(merged: Bench) -> None:
    world = merged.copied().world
    for bad in BAD:
        listed = world.git("ls-tree", "--name-only", world.main, bad.path, at=world.host)
        text = bad.edit(text_at(world, bad.path) if listed else "")
        world.propose({bad.path: text.encode()}, "sam-rivera", (PLATFORM_OWNER,))
    edit = merged.draft("diabetes").edited(DESCRIPTION)
    world.merged(world.propose(edit.files, "jonas-weber", (OWNERS["endocrinology"],)))
    assert world.done("plan", "--json").json()["problems"] == []
