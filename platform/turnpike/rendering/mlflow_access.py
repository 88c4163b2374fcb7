"""Who may do what with registered models, from ``access`` and ``teams`` in organisation.yaml.

By group, as the provider of sign-in calls it, and by the namespace ``<team>.*`` of the models'
names. Permissions are MLflow's own: READ, EDIT, MANAGE. A team's own group has EDIT, for it
registers candidates; whoever may look has READ, administrators MANAGE.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import TypeVar

from turnpike.rendering.dump import dump
from turnpike.topology.organisation import Organisation

MLFLOW_FILE = "platform/access/mlflow.yaml"
"""Where the form stands in the repository."""

_COMMENT = (
    "Derived by `turnpike access render` from access and teams in organisation.yaml; do not edit."
)
K = TypeVar("K")

STRENGTH = ("READ", "EDIT", "MANAGE")
"""The permissions, the weakest first."""


@dataclass(frozen=True, slots=True)
class Permission:
    """What a group may do with the registered models of a namespace; ``*`` is all of them."""

    group: str
    models: str
    permission: str


def permissions_of(organisation: Organisation) -> tuple[Permission, ...]:
    """Return for each group its strongest permission in each namespace, in order."""
    prefix = organisation.group_prefix
    given = (((f"{prefix}{name}", models), permission)
             for name, models, permission in _grants(organisation))  # fmt: skip
    return tuple(Permission(*key, one) for key, one in sorted(strongest(given).items()))


def administrators_of(given: Iterable[Permission]) -> frozenset[str]:
    """Return the groups that manage all registered models."""
    return frozenset(one.group for one in given if (one.models, one.permission) == ("*", "MANAGE"))


def strongest(given: Iterable[tuple[K, str]]) -> dict[K, str]:
    """Return the strongest of all permissions that are given for the same."""
    found: dict[K, str] = {}
    for key, permission in given:
        found[key] = max(found.get(key, permission), permission, key=STRENGTH.index)
    return found


def strangers_in(
    organisation: Organisation, members: Mapping[str, Iterable[str]]
) -> frozenset[str]:
    """Return the accounts that a server counts to a group in which main has nobody of that account.

    ``members`` are accounts by group, as the provider calls it; groups that nothing is given to do
    not matter. Accounts of bots may be in any. Where accounts are known by another claim than their
    names at the server, nobody can be told.
    """
    sign_on = organisation.sign_on
    if sign_on is None or sign_on.claim != "preferred_username":
        return frozenset()
    bots = {bot.id for bot in organisation.bots}
    mattering = {one.group for one in permissions_of(organisation)} & set(members)
    return frozenset(
        account
        for group in mattering
        for account in members[group]
        if account not in bots
        and organisation.person_of_account(sign_on.host, account)
        not in organisation.group(group.removeprefix(organisation.group_prefix))
    )


def mlflow_bytes(organisation: Organisation) -> bytes:
    """Return the document of all permissions."""
    return dump(
        (
            {
                "apiVersion": "turnpike.dev/v1",
                "kind": "RegistryPermissions",
                "defaultPermission": "NO_PERMISSIONS",
                "permissions": [
                    {"group": one.group, "models": one.models, "permission": one.permission}
                    for one in permissions_of(organisation)
                ],
            },
        ),
        _COMMENT,
    )


def _grants(organisation: Organisation) -> Iterator[tuple[str, str, str]]:
    for team in organisation.teams:
        yield team.group, f"{team.name}.*", "EDIT"
    for entry in (one for one in organisation.access if one.looks):
        permission = "MANAGE" if entry.role == "administrator" else "READ"
        for team_name in entry.teams or ("",):
            yield entry.group, f"{team_name}.*" if team_name else "*", permission
