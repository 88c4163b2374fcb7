"""Who may do what with registered models, from ``access`` and ``teams`` in organisation.yaml.

MLflow grants by user and model, and knows no groups; so this says it by group and by the namespace
``<team>.*`` of the models' names. Permissions are MLflow's own: READ, EDIT, MANAGE. A team's own
group has EDIT, for it registers candidates; whoever may look has READ, administrators MANAGE.
"""

from __future__ import annotations

from collections.abc import Iterator

from turnpike.rendering.dump import dump
from turnpike.topology.organisation import Organisation

MLFLOW_FILE = "platform/access/mlflow.yaml"
"""Where the form stands in the repository."""

_COMMENT = (
    "Derived by `turnpike access render` from access and teams in organisation.yaml; do not edit."
)
_STRENGTH = ("READ", "EDIT", "MANAGE")


def mlflow_bytes(organisation: Organisation) -> bytes:
    """Return the document: for each group its strongest permission in each namespace."""
    strongest: dict[tuple[str, str], str] = {}
    for group, models, permission in _grants(organisation):
        before = strongest.get((group, models), permission)
        strongest[group, models] = max(before, permission, key=_STRENGTH.index)
    return dump(
        (
            {
                "apiVersion": "turnpike.dev/v1",
                "kind": "RegistryPermissions",
                "defaultPermission": "NO_PERMISSIONS",
                "permissions": [
                    {"group": group, "models": models, "permission": permission}
                    for (group, models), permission in sorted(strongest.items())
                ],
            },
        ),
        _COMMENT,
    )


def _grants(organisation: Organisation) -> Iterator[tuple[str, str, str]]:
    for team in organisation.teams:
        yield team.group, f"{team.name}.*", "EDIT"
    for entry in organisation.access:
        permission = "MANAGE" if entry.role == "administrator" else "READ"
        for team_name in entry.teams or ("",):
            yield entry.group, f"{team_name}.*" if team_name else "*", permission
