"""Whether a debt can be paid in time: its hours outlast every soak that an emergency may skip.

A debt is paid once what it brought was seen healthy for the environment's soak. Where that takes
as long as the debt has, or longer, everybody who opens an emergency ends up overdue.
"""

from __future__ import annotations

from collections.abc import Iterator

from turnpike.judge.arrangement import rearrangement
from turnpike.judge.decision import Finding
from turnpike.judge.facts import Facts
from turnpike.judge.layout import ORGANISATION_PATH
from turnpike.topology.environment import Environment
from turnpike.topology.organisation import Organisation

_HOUR = 3600


def term_findings(facts: Facts) -> Iterator[Finding]:
    """Yield each soak that debts don't outlast, where the change brings the soak or the hours.

    What stands on main already is none of its doing.
    """
    after = rearrangement(facts)
    glass = after.organisation.break_glass if after else None
    if after is None or glass is None:
        return
    hours_are_new = _hours(facts.base.organisation) != glass.debt_hours
    for name, environment in sorted(after.environments.items()):
        soak = environment.soak_seconds
        if soak < glass.debt_hours * _HOUR:
            continue
        if hours_are_new:
            yield _short_term(glass.debt_hours, name, soak)
        elif _soak(facts.base.environments.get(name)) != soak:
            yield _long_soak(glass.debt_hours, name, soak)


def _hours(organisation: Organisation | None) -> int | None:
    glass = organisation.break_glass if organisation else None
    return glass.debt_hours if glass else None


def _soak(environment: Environment | None) -> int | None:
    return environment.soak_seconds if environment else None


def _short_term(hours: int, name: str, soak: int) -> Finding:
    return _finding(
        ORGANISATION_PATH,
        f"breakGlass.debtHours: {soak // _HOUR + 1} at least, for {name} soaks {soak} seconds",
        str(hours),
    )


def _long_soak(hours: int, name: str, soak: int) -> Finding:
    return _finding(
        f"environments/{name}/environment.yaml",
        f"soakSeconds: fewer than {hours * _HOUR}, the {hours} hours of breakGlass.debtHours in"
        f" {ORGANISATION_PATH}",
        str(soak),
    )


def _finding(path: str, expected: str, actual: str) -> Finding:
    return Finding(
        code="emergency.debt-unpayable",
        subject=path,
        expected=expected,
        actual=actual,
        message="An emergency may skip this soak, and nobody could pay its debt in time.",
        solution=f"Shorten the soak, or bring a longer breakGlass.debtHours in {ORGANISATION_PATH}"
        " first, in a change of its own.",
    )
