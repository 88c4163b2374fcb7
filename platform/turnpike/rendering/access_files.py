"""All derived files of access: one declaration in the form of each program that asks for it.

One of them tells clusters which namespaces are of models; it follows from the environments alone.
"""

from __future__ import annotations

from collections.abc import Iterable

from turnpike.rendering.argocd_access import ACCESS_FILE, access_bytes
from turnpike.rendering.argocd_sign_on import SIGN_ON_FILE, sign_on_bytes
from turnpike.rendering.gateway_workload import gateway_bytes, gateway_file
from turnpike.rendering.kubernetes_access import kubernetes_bytes, kubernetes_file
from turnpike.rendering.kubernetes_sign_on import AUTHENTICATION_FILE, authentication_bytes
from turnpike.rendering.mlflow_access import MLFLOW_FILE, mlflow_bytes
from turnpike.rendering.new_namespaces import NEW_NAMESPACES_FILE, new_namespaces_bytes
from turnpike.topology.organisation import Organisation


def access_files(organisation: Organisation, environments: Iterable[str]) -> dict[str, bytes]:
    """Return every derived file of access, by path; ``environments`` are their names."""
    gateways = organisation.sign_on.gateways if organisation.sign_on else ()
    names = frozenset(environments)
    files: dict[str, bytes | None] = {
        ACCESS_FILE: access_bytes(organisation),
        MLFLOW_FILE: mlflow_bytes(organisation),
        SIGN_ON_FILE: sign_on_bytes(organisation),
        AUTHENTICATION_FILE: authentication_bytes(organisation),
        NEW_NAMESPACES_FILE: new_namespaces_bytes(names),
        **{kubernetes_file(n): kubernetes_bytes(organisation, n) for n in names},
        **{
            gateway_file(one): gateway_bytes(organisation, one)
            for one in gateways
            if one.environment in names
        },
    }
    return {path: content for path, content in sorted(files.items()) if content is not None}
