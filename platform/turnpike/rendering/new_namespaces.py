"""Which namespaces begin as ones of models: admission's policy on names, from the environments.

A deployment's namespace is ``<environment>-<team>``. The policy knows it by the environment in its
name, before Argo CD has labelled anything, so it has to know which environments there are.
"""

from __future__ import annotations

from collections.abc import Iterable

NEW_NAMESPACES_FILE = "platform/argocd/admission/new-namespaces.yaml"
"""Where the policy stands in the repository, beside those that are the same everywhere."""

_FORM = """\
# Derived by `turnpike access render` from the environments of environments/; do not edit.
#
# No namespace of a deployment's name begins without the label by which admission knows those of
# models: anybody could put another server in its place before Argo CD brings it. Fails closed.
apiVersion: admissionregistration.k8s.io/v1
kind: ValidatingAdmissionPolicy
metadata:
  name: turnpike-new-namespaces
spec:
  failurePolicy: Fail
  matchConstraints:
    resourceRules:
      - apiGroups: [""]
        apiVersions: ["*"]
        operations: [CREATE]
        resources: [namespaces]
  variables:
    - name: environments
      expression: "ENVIRONMENTS"
    - name: told
      expression: >-
        has(object.metadata.labels) && 'turnpike.dev/environment' in object.metadata.labels
        ? object.metadata.labels['turnpike.dev/environment'] : ''
  validations:
    # One environment's name may begin as another's does.
    - expression: >-
        !variables.environments.exists(one, object.metadata.name.startsWith(one + '-')) ||
        variables.told in variables.environments &&
        object.metadata.name.startsWith(variables.told + '-')
      messageExpression: >-
        'expected the label turnpike.dev/environment of the environment in the name ' +
        object.metadata.name
---
apiVersion: admissionregistration.k8s.io/v1
kind: ValidatingAdmissionPolicyBinding
metadata:
  name: turnpike-new-namespaces
spec:
  policyName: turnpike-new-namespaces
  validationActions: [Deny]
"""


def new_namespaces_bytes(environments: Iterable[str]) -> bytes:
    """Return the policy and its binding for environments of these names."""
    names = ", ".join(f"'{name}'" for name in sorted(environments))
    return _FORM.replace("ENVIRONMENTS", f"[{names}]").encode("ascii")
