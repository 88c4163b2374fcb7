"""The permissions of ``mlflow_access`` in the form of MLflow's plugin for sign-in.

Source: mlflow-oidc-auth 10, "Permissions": of the patterns of all groups that somebody is in, the
one of the lowest priority that matches the beginning of a name decides, and no other.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Literal

from turnpike.rendering.mlflow_access import STRENGTH, Permission, strongest

Resource = Literal["registered-models", "experiment"]
"""What the plugin calls, in its addresses, the kind of thing that a pattern is about."""


@dataclass(frozen=True, slots=True, order=True)
class Pattern:
    """What a group may do with whatever of a kind has a name that the expression matches."""

    group: str
    resource: Resource
    regex: str
    priority: int
    permission: str


def patterns_of(permissions: Iterable[Permission], experiment: str) -> frozenset[Pattern]:
    """Return the patterns by which a server gives exactly these permissions.

    ``experiment`` is the name of that in which all candidates are logged: whoever may write any
    registered model may write there, and all others look.
    """
    found = tuple(permissions)
    models = (Pattern(one.group, "registered-models", *_of(one.models, one.permission))
              for one in found)  # fmt: skip
    logs = (
        Pattern(group, "experiment", *_of(experiment, "READ" if permission == "READ" else "EDIT"))
        for group, permission in strongest((one.group, one.permission) for one in found).items()
    )
    return frozenset((*models, *logs))


def _of(names: str, permission: str) -> tuple[str, int, str]:
    """Return expression, priority and permission: the stronger one is asked first."""
    whole = ".*".join(re.escape(part) for part in names.split("*"))
    return f"^{whole}$", len(STRENGTH) - STRENGTH.index(permission), permission
