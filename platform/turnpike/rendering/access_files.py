"""All derived files of access: one declaration in the form of each program that asks for it."""

from __future__ import annotations

from collections.abc import Iterable

from turnpike.rendering.argocd_access import ACCESS_FILE, access_bytes
from turnpike.rendering.argocd_sign_on import SIGN_ON_FILE, sign_on_bytes
from turnpike.rendering.kubernetes_access import kubernetes_bytes, kubernetes_file
from turnpike.rendering.mlflow_access import MLFLOW_FILE, mlflow_bytes
from turnpike.topology.organisation import Organisation


def access_files(organisation: Organisation, environments: Iterable[str]) -> dict[str, bytes]:
    """Return every derived file of access, by path; ``environments`` are their names."""
    files = {ACCESS_FILE: access_bytes(organisation), MLFLOW_FILE: mlflow_bytes(organisation)}
    sign_on = sign_on_bytes(organisation)
    if sign_on is not None:
        files[SIGN_ON_FILE] = sign_on
    files |= {kubernetes_file(n): kubernetes_bytes(organisation, n) for n in environments}
    return dict(sorted(files.items()))
