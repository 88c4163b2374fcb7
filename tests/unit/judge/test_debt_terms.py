"""A debt that nobody could pay in time is refused where the soak or the hours are brought."""

from __future__ import annotations

import pytest

from turnpike.judge.consistency import consistency
from turnpike.judge.debt_terms import term_findings
from turnpike.judge.facts import Change, Documents, Facts
from turnpike.judge.layout import ORGANISATION_PATH
from turnpike.topology.environment import Environment
from turnpike.topology.organisation import BreakGlass, Organisation
from unit.judge.examples import (
    added,
    deleted,
    environment,
    model_facts,
    organisation,
    with_changes,
)

HOUR = 3600
STAGING = "environments/staging/environment.yaml"


def company(hours: int | None) -> Organisation:
    glass = BreakGlass(commanders="release-managers", debt_hours=hours) if hours else None
    return organisation().model_copy(update={"break_glass": glass})


def staging(soak: int) -> Environment:
    return environment("staging", ("dev",)).model_copy(update={"soak_seconds": soak})


def changed(hours: int | None, soak: int, head: Documents, *changes: Change) -> Facts:
    """Return facts of a change to a main with so many hours and seconds."""
    plain = with_changes(model_facts(), *changes)
    stages = {**plain.base.environments, "staging": staging(soak)}
    main = {"organisation": company(hours), "environments": stages}
    return plain.model_copy(update={"base": plain.base.model_copy(update=main), "head": head})


def soaking(hours: int | None, before: int, after: int) -> Facts:
    head = Documents(environments={"staging": staging(after)})
    return changed(hours, before, head, added(STAGING))


def reorganised(before: int | None, after: int | None, soak: int) -> Facts:
    return changed(before, soak, Documents(organisation=company(after)), added(ORGANISATION_PATH))


def found(facts: Facts) -> list[tuple[str, str, str]]:
    return [(one.subject, one.expected.split(",")[0], one.actual) for one in term_findings(facts)]


def test_a_soak_as_long_as_a_debt_has_is_refused_and_a_shorter_one_is_not() -> None:
    wanted = (STAGING, f"soakSeconds: fewer than {72 * HOUR}", str(72 * HOUR))
    assert found(soaking(72, 0, 72 * HOUR)) == [wanted]
    assert found(soaking(72, 0, 72 * HOUR - 1)) == []


@pytest.mark.parametrize(
    ("before", "after", "soak", "least"),
    [(72, 24, 24 * HOUR, 25), (None, 24, 30 * HOUR, 31), (72, 25, 24 * HOUR, None)],
)
def test_hours_that_end_before_a_soak_can_are_refused(
    before: int | None, after: int, soak: int, least: int | None
) -> None:
    wanted = (ORGANISATION_PATH, f"breakGlass.debtHours: {least} at least", str(after))
    assert found(reorganised(before, after, soak)) == ([wanted] if least else [])


def test_what_stands_on_main_already_blocks_nothing_else() -> None:
    assert found(soaking(24, 30 * HOUR, 30 * HOUR)) == []
    assert found(reorganised(24, 24, 30 * HOUR)) == []
    removed = changed(24, 30 * HOUR, Documents(), deleted("environments/dev/environment.yaml"))
    assert found(removed) == []


def test_without_emergencies_a_soak_is_as_long_as_it_likes() -> None:
    assert found(soaking(None, 0, 1000 * HOUR)) == []
    assert found(reorganised(24, None, 30 * HOUR)) == []


def test_the_gate_asks_it_of_every_change() -> None:
    codes = {one.code for one in consistency(soaking(72, 0, 72 * HOUR))}
    assert "emergency.debt-unpayable" in codes
