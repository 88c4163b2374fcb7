"""Who may do what in Argo CD, from ``access`` in organisation.yaml, in the form that it reads.

Source: Argo CD 3, "RBAC Configuration": lines of Casbin's ``p`` and ``g``; for applications the
object is ``<project>/<application>``. Nothing is allowed by default, and nobody may write past Git:
no ``create``, ``update``, ``override`` or ``delete`` of applications.
"""

from __future__ import annotations

from collections.abc import Iterator

from turnpike.topology.organisation import Access, Organisation

ACCESS_FILE = "platform/argocd/access/argocd-rbac-cm.yaml"
"""Where the form stands in the repository."""

_FORM = """\
# Derived by `turnpike access render` from access in organisation.yaml; do not edit.
apiVersion: v1
kind: ConfigMap
metadata:
  name: argocd-rbac-cm
  namespace: argocd
  labels: {app.kubernetes.io/part-of: argocd}
data:
  policy.default: ""
  policy.matchMode: glob
  scopes: "[groups]"
  policy.csv: |
"""
_LOOK, _OPERATE = ("get",), ("get", "sync")
_ADMINISTERED = ("clusters", "repositories", "certificates", "accounts", "gpgkeys")


def access_bytes(organisation: Organisation) -> bytes:
    """Return the ConfigMap ``argocd-rbac-cm`` that gives each group what it has."""
    lines = policy_text(organisation).splitlines()
    return "".join((_FORM, *(f"    {line}\n" for line in lines))).encode("ascii")


def policy_text(organisation: Organisation) -> str:
    """Return the lines of ``policy.csv``: a role for each entry, then who has it."""
    entries = [(_role(entry), entry) for entry in organisation.access if entry.looks]
    rules = dict.fromkeys(line for role, entry in entries for line in _rules(role, entry))
    prefix = organisation.group_prefix
    members = dict.fromkeys(f"g, {prefix}{entry.group}, {role}" for role, entry in entries)
    return "".join(f"{line}\n" for line in (*rules, *members))


def _role(entry: Access) -> str:
    """Return a name that says all of the entry but its group: what is the same is one role."""
    places = "+".join(sorted(entry.environments)) or "everywhere"
    teams = "+".join(sorted(entry.teams)) or "all"
    return f"role:{entry.role}.{places}.{teams}"


def _rules(role: str, entry: Access) -> Iterator[str]:
    verbs = _LOOK if entry.role == "viewer" else _OPERATE
    for environment in sorted(entry.environments) or ("*",):
        yield f"p, {role}, projects, get, turnpike-{environment}, allow"
        for team in sorted(entry.teams) or ("*",):
            # The ApplicationSet calls them <environment>.<target>.<team>.<model>.
            item = f"turnpike-{environment}/{environment}.*.{team}.*"
            yield from (f"p, {role}, applications, {verb}, {item}, allow" for verb in verbs)
            yield f"p, {role}, logs, get, {item}, allow"
    if entry.role == "administrator":
        yield from (f"p, {role}, {kind}, *, *, allow" for kind in _ADMINISTERED)
