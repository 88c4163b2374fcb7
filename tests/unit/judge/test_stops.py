"""One person on call stops the line; two others let it go on."""

from __future__ import annotations

import pytest

from turnpike.judge.facts import Change, Documents, Facts
from turnpike.judge.requirements import requirements_of
from turnpike.judge.stops import stop_findings
from turnpike.topology.organisation import Organisation
from turnpike.topology.stop import STOP, Stop
from unit.judge.deployed import edited
from unit.judge.examples import added, deleted, model_facts, organisation, pull_request, review

PATH = "environments/stops/outage.yaml"


def on_call(group: str | None) -> Organisation:
    plain = organisation()
    return plain.model_copy(update={"roles": plain.roles.model_copy(update={"on_call": group})})


def stop(**fields: object) -> Stop:
    head = {"apiVersion": "turnpike.dev/v1", "kind": "Stop", "name": "outage", "incident": "INC-7"}
    return STOP.validate_python({**head, "reason": "down", **fields}, strict=False)


def facts(
    change: Change,
    *approved_by: str,
    group: str | None = "oncology",
    pushers: tuple[str, ...] = ("maria",),
) -> Facts:
    plain = model_facts()
    base = plain.base.model_copy(update={"organisation": on_call(group)})
    request = pull_request(*(review(name) for name in approved_by), pushers=pushers)
    return plain.model_copy(
        update={
            "changes": (change,),
            "base": base,
            "head": Documents(stops={"outage": stop()}),
            "pull_request": request,
        }
    )


def missing(judged: Facts) -> list[tuple[str, int, int]]:
    return [
        (one.group, one.count, len(one.approved_by))
        for one in requirements_of(judged, "stop")
        if not one.is_met
    ]


def test_whoever_is_on_call_stops_the_line_alone() -> None:
    assert "maria" in organisation().group("oncology")
    assert missing(facts(added(PATH))) == []


def test_an_author_who_is_not_on_call_needs_one_who_is() -> None:
    assert missing(facts(added(PATH), group="platform-owners")) == [("platform-owners", 1, 0)]


def test_whoever_else_pushed_it_makes_it_nobodys_own_word() -> None:
    assert missing(facts(added(PATH), pushers=("maria", "sam"))) == [("oncology", 1, 0)]


@pytest.mark.parametrize("change", [deleted(PATH), edited(PATH)])
def test_to_let_the_line_go_on_takes_two_others(change: Change) -> None:
    assert missing(facts(change)) == [("oncology", 2, 0)]
    assert missing(facts(change, "tom")) == [("oncology", 2, 1)]


def test_without_such_an_office_the_platform_owners_are_asked() -> None:
    assert missing(facts(added(PATH), group=None)) == [("platform-owners", 1, 0)]


@pytest.mark.parametrize(
    ("fields", "code"),
    [
        ({}, None),
        ({"name": "other"}, "document.path-and-name-disagree"),
        ({"teams": ["nobody"]}, "stop.unknown-subject"),
        ({"environments": ["prodution"]}, "stop.unknown-subject"),
        ({"clouds": ["asw"]}, "stop.unknown-subject"),
        ({"clouds": ["local"]}, None),
        ({"models": ["nobody/model"]}, "stop.unknown-subject"),
        ({"models": ["oncology/triage"]}, None),
        ({"models": ["oncology/triage"], "teams": ["oncology"]}, None),
    ],
)
def test_a_stop_that_would_stop_nothing_is_refused(
    fields: dict[str, object], code: str | None
) -> None:
    plain = facts(added(PATH))
    head = Documents(stops={"outage": stop(**fields)})
    found = [one.code for one in stop_findings(plain.model_copy(update={"head": head}))]
    assert found == ([code] if code else [])
