"""Speak at the Git host as who acts: elsewhere than at the embedded one, a token says who that is.

A review by another's token would stand there as another's, and its pull request be denied later.
"""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from turnpike.errors import InputError
from turnpike.judge.layout import ORGANISATION_PATH

if TYPE_CHECKING:
    from turnpike.cli.wiring import House
    from turnpike.forge.interface import Forge
    from turnpike.topology.instance import HostAddress
    from turnpike.topology.organisation import Organisation


def speaking(house: House, who: str, clone: Path | None = None) -> Forge:
    """Return the host as a person or bot speaks there; raises InputError for another's token."""
    forge = house.forge(who, clone)
    at = house.instance.document.forge
    if at is not None:
        require_own_account(house.organisation, at, who, forge.account())
    return forge


def require_own_account(
    organisation: Organisation, at: HostAddress, who: str, account: str
) -> None:
    """Raise InputError where the account of a token is not that of who acts.

    A bot has no account in the organisation: its own is any that is nobody's.
    """
    holder = organisation.person_of_account(at.host, account)
    person = next((one for one in organisation.people if one.id == who), None)
    if holder == (person.id if person else None):
        return
    variable = f"TURNPIKE_{at.host.upper()}_TOKEN"
    known = ", ".join(person.accounts_on(at.host)) if person else at.bot
    raise InputError(
        f"{variable}: expected a token of {who} ({known or 'no account'} at {at.host}),"
        f" got one of {account}, {_of_whom(at, account, holder)}",
        code="forge.other-account",
        solution=_next(at, person is not None and not known, who, holder, variable),
    )


def _of_whom(at: HostAddress, account: str, holder: str | None) -> str:
    if holder is not None:
        return f"who is {holder}"
    return "the gate's bot" if account.casefold() == at.bot.casefold() else "who is nobody's"


def _next(at: HostAddress, has_none: bool, who: str, holder: str | None, variable: str) -> str:
    if has_none:
        return f"Add accounts: {at.host} of {who} to {ORGANISATION_PATH} by a pull request."
    other = f", or say --as {holder}" if holder else ""
    return f"Put a token that {who} made at {at.address} into {variable}{other}."
