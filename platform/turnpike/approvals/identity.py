"""Whether an organisation says of everybody who they are, once, and of nobody two things."""

from __future__ import annotations

from collections.abc import Iterator

from turnpike.errors import Problem
from turnpike.topology.organisation import Bot, Organisation, Person

ORGANISATION_FILE = "policies/data/organisation.yaml"


def contradictions(organisation: Organisation) -> tuple[Problem, ...]:
    """Return every name, account, address or key that two share, and every name of nobody.

    Whoever held two identities, or shared one, could approve twice or approve their own change.
    """
    return (
        *_doubles(organisation),
        *_strangers(organisation),
        *_unknown_groups(organisation),
    )


def _doubles(organisation: Organisation) -> Iterator[Problem]:
    for field, found in _once(organisation).items():
        for name in sorted({name for name in found if found.count(name) > 1}):
            yield _problem(field, "each one once", f"{name} more than once")


def _once(organisation: Organisation) -> dict[str, list[str]]:
    """Return what must be one holder's alone, by field; hosts and mail know no case."""
    people, bots = organisation.people, organisation.bots
    holders: tuple[Person | Bot, ...] = (*people, *bots)
    groups = [group.name for group in organisation.groups]
    emails = [email.lower() for person in people for email in person.emails]
    emails += [bot.email.lower() for bot in bots]
    emails += [machine.email.lower() for machine in organisation.machines]
    accounts = [
        f"{host}: {account.casefold()}"
        for person in people
        for host in sorted({*person.accounts, *person.other_accounts})
        for account in person.accounts_on(host)
    ]
    named = [holder.id for holder in holders] + [one.id for one in organisation.machines]
    return {
        "people": named,
        "people.email": emails,
        "people.accounts": accounts,
        "people.sshKeys": [" ".join(k.split()[:2]) for h in holders for k in h.ssh_keys],
        "groups": [*groups, *(person.id for person in people if person.id in groups)],
        "teams": [team.name for team in organisation.teams],
    }


def _strangers(organisation: Organisation) -> Iterator[Problem]:
    people = {person.id for person in organisation.people}
    for number, group in enumerate(organisation.groups):
        for member in group.members:
            if member not in people:
                yield _problem(f"groups.{number}.members", "the id of a person", member)


def _unknown_groups(organisation: Organisation) -> Iterator[Problem]:
    known = {group.name for group in organisation.groups}
    roles = organisation.roles
    named = {f"teams.{n}.group": team.group for n, team in enumerate(organisation.teams)}
    named |= {
        "roles.platformOwners": roles.platform_owners,
        "roles.risk": roles.risk,
        "roles.releaseManagers": roles.release_managers,
    }
    if roles.on_call is not None:
        named["roles.onCall"] = roles.on_call
    if organisation.break_glass is not None:
        named["breakGlass.commanders"] = organisation.break_glass.commanders
    named |= {f"access.{n}.group": entry.group for n, entry in enumerate(organisation.access)}
    named |= {f"codeownersRoles.{r}": group for r, group in organisation.codeowners_roles.items()}
    for field, group in named.items():
        if group not in known:
            yield _problem(field, "the name of a group", group)
    teams = {team.name for team in organisation.teams}
    for number, entry in enumerate(organisation.access):
        for team in sorted(set(entry.teams) - teams):
            yield _problem(f"access.{number}.teams", "the name of a team", team)


def _problem(field: str, expected: str, actual: str) -> Problem:
    return Problem(ORGANISATION_FILE, 0, field, expected, actual)
