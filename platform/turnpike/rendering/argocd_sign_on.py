"""How people sign in to Argo CD, from ``signOn`` in organisation.yaml, in the form that it reads.

Source: Argo CD 3, "User Management, existing OIDC provider": ``oidc.config`` in ``argocd-cm``. The
client's secret is named there and kept in Argo CD's own Secret; local accounts are switched off.
"""

from __future__ import annotations

import json

from turnpike.topology.organisation import Organisation

SIGN_ON_FILE = "platform/argocd/access/argocd-cm.yaml"
"""Where the form stands in the repository, once the organisation names a client for Argo CD."""

_FORM = """\
# Derived by `turnpike access render` from signOn in organisation.yaml; do not edit.
apiVersion: v1
kind: ConfigMap
metadata:
  name: argocd-cm
  namespace: argocd
  labels: {app.kubernetes.io/part-of: argocd}
data:
  admin.enabled: "false"
"""


def sign_on_bytes(organisation: Organisation) -> bytes | None:
    """Return the ConfigMap ``argocd-cm``; None where Argo CD is no client of the provider."""
    sign_on = organisation.sign_on
    client = sign_on.clients.get("argocd") if sign_on else None
    if sign_on is None or client is None:
        return None
    # Argo CD reads this text as YAML, of which JSON's strings are a part.
    lines = (
        f"name: {json.dumps(organisation.name)}",
        f"issuer: {json.dumps(sign_on.issuer)}",
        f"clientID: {json.dumps(client.id)}",
        "clientSecret: $oidc.turnpike.clientSecret",
        "enablePKCEAuthentication: true",
        'requestedScopes: ["openid", "profile", "groups"]',
    )
    address = f"  url: {json.dumps(client.address)}\n  oidc.config: |\n"
    return "".join((_FORM, address, *(f"    {line}\n" for line in lines))).encode("ascii")
