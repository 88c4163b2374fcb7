"""A Kubernetes API server, read with the official client and the rights of a kubeconfig's context.

Nothing is ever written, and no object of a kind that is not listed here is read: no Secret is.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Literal

from pydantic import JsonValue

from turnpike.errors import CannotDecide, InputError, Unavailable

if TYPE_CHECKING:
    from kubernetes.client import ApiClient

_PATIENCE_SECONDS = 10.0
_REFUSED = frozenset((401, 403))

Kind = Literal[
    "AppProject", "Application", "ConfigMap", "Deployment", "InferenceService",
    "MutatingAdmissionPolicyBinding",
    "MutatingWebhookConfiguration", "Namespace", "NetworkPolicy", "Pod", "PrometheusRule", "Role",
    "RoleBinding", "Service", "ServiceAccount", "ServiceMonitor", "ValidatingAdmissionPolicy",
    "ValidatingAdmissionPolicyBinding",
]  # fmt: skip

_ADMISSION = "/apis/admissionregistration.k8s.io/v1"

_PLACES: Mapping[str, tuple[str, str]] = {
    "AppProject": ("/apis/argoproj.io/v1alpha1", "appprojects"),
    "Application": ("/apis/argoproj.io/v1alpha1", "applications"),
    "ConfigMap": ("/api/v1", "configmaps"),
    "Deployment": ("/apis/apps/v1", "deployments"),
    "InferenceService": ("/apis/serving.kserve.io/v1beta1", "inferenceservices"),
    "MutatingAdmissionPolicyBinding": (_ADMISSION, "mutatingadmissionpolicybindings"),
    "MutatingWebhookConfiguration": (_ADMISSION, "mutatingwebhookconfigurations"),
    "Namespace": ("/api/v1", "namespaces"),
    "NetworkPolicy": ("/apis/networking.k8s.io/v1", "networkpolicies"),
    "Pod": ("/api/v1", "pods"),
    "PrometheusRule": ("/apis/monitoring.coreos.com/v1", "prometheusrules"),
    "Role": ("/apis/rbac.authorization.k8s.io/v1", "roles"),
    "RoleBinding": ("/apis/rbac.authorization.k8s.io/v1", "rolebindings"),
    "Service": ("/api/v1", "services"),
    "ServiceAccount": ("/api/v1", "serviceaccounts"),
    "ServiceMonitor": ("/apis/monitoring.coreos.com/v1", "servicemonitors"),
    "ValidatingAdmissionPolicy": (_ADMISSION, "validatingadmissionpolicies"),
    "ValidatingAdmissionPolicyBinding": (_ADMISSION, "validatingadmissionpolicybindings"),
}
"""Where each kind that Turnpike renders or looks at is served; it needs no discovery then."""


class KubernetesReader:
    """One cluster; raises Unavailable where it does not answer, CannotDecide where it refuses."""

    def __init__(self, kubeconfig: str | None, context: str) -> None:
        """Connect by a context; ``kubeconfig`` names files as KUBECONFIG does, None is its default.

        Raises InputError where there is no such file or no such context in it.
        """
        self._context = context
        self._api = _client(kubeconfig, context)

    def find(self, kind: Kind, namespace: str, name: str) -> JsonValue:
        """Return an object as the server has it; None where it has none of that name."""
        return self._get(f"{_path(kind, namespace)}/{name}", {})

    def all_of(self, kind: Kind, namespace: str, labels: Mapping[str, str]) -> list[JsonValue]:
        """Return a namespace's objects of a kind that have all the labels.

        What belongs to no namespace is in the namespace ``""``.
        """
        wanted = ",".join(f"{name}={value}" for name, value in labels.items())
        found = self._get(_path(kind, namespace), {"labelSelector": wanted} if wanted else {})
        if found is None:
            return []  # the kind is not served here, and so none can stand here
        if not isinstance(found, dict) or not isinstance(items := found.get("items"), list):
            raise self._unavailable(f"no list of {kind}")
        about = found.get("metadata")
        if isinstance(about, dict) and about.get("continue"):  # nobody asked for a part of it
            raise self._unavailable(f"a part of the list of {kind}")
        api = _PLACES[kind][0].removeprefix("/apis/").removeprefix("/api/")
        # Lists leave out of each item what all items are.
        return [{"apiVersion": api, "kind": kind, **i} for i in items if isinstance(i, dict)]

    def _get(self, path: str, query: Mapping[str, str]) -> JsonValue:
        from kubernetes.client.exceptions import ApiException
        from urllib3.exceptions import HTTPError

        try:
            request = self._api.param_serialize(
                "GET", path, query_params=list(query.items()), auth_settings=["BearerToken"],
                header_params={"Accept": "application/json"},
            )  # fmt: skip
            answer = self._api.call_api(*request, _request_timeout=_PATIENCE_SECONDS)
            content: bytes = answer.read()
        except (HTTPError, OSError) as error:
            raise self._unavailable(f"{type(error).__name__} for {path}") from error
        except ApiException as error:  # what the client makes of a handshake, and of nothing else
            found = " ".join(str(error.reason).split())
            raise self._unavailable(f"no connection that can be trusted: {found}") from error
        except ValueError:  # from nothing: it holds the token
            raise self._refused(path, "no request: a token that no header carries") from None
        if answer.status == 404:
            return None
        if answer.status != 200:
            raise self._failure(path, int(answer.status))
        return self._json(content)

    def _json(self, content: bytes) -> JsonValue:
        try:
            value: JsonValue = json.loads(content)
        except (ValueError, RecursionError) as error:
            raise self._unavailable("something that is no JSON") from error
        return value

    def _failure(self, path: str, status: int) -> CannotDecide:
        if status in _REFUSED:
            return self._refused(path, f"HTTP {status}")
        return self._unavailable(f"HTTP status {status} for {path}")

    def _refused(self, path: str, found: str) -> CannotDecide:
        return CannotDecide(
            f"cluster {self._context}: expected to be let read {path}, got {found}",
            code="cluster.refused",
            solution="Use a kubeconfig whose account may get and list there.",
        )

    def _unavailable(self, found: str) -> Unavailable:
        return Unavailable(
            f"cluster {self._context}: expected its API server to answer, got {found}",
            code="cluster.unavailable",
            solution="See that the cluster runs, and that the kubeconfig has its address and its"
            " certificate.",
        )


def _path(kind: Kind, namespace: str) -> str:
    api, plural = _PLACES[kind]
    return f"{api}/namespaces/{namespace}/{plural}" if namespace else f"{api}/{plural}"


def _client(kubeconfig: str | None, context: str) -> ApiClient:
    from kubernetes import client, config
    from yaml import YAMLError

    if kubeconfig and not Path(kubeconfig).is_file():
        raise InputError(
            f"--kubeconfig: expected a file, got {kubeconfig}, which is none",
            code="cluster.kubeconfig",
            solution="Name the file with the clusters' contexts, or leave it to KUBECONFIG.",
        )
    settings = client.Configuration()
    try:
        config.load_kube_config(kubeconfig, context, client_configuration=settings)
    except config.ConfigException as error:
        raise InputError(
            f"kubeconfig: expected a context named {context}, got: {error}",
            code="cluster.no-context",
            solution="Name the context as environment.yaml names the cluster, in the file of"
            " KUBECONFIG or of --kubeconfig.",
        ) from error
    except (YAMLError, OSError, ValueError, TypeError, AttributeError, KeyError) as error:
        # The client reads the file as it comes, and falls over whatever is otherwise in it.
        found = " ".join(str(error).split()) or type(error).__name__
        raise InputError(
            f"{kubeconfig or 'kubeconfig'}: expected a kubeconfig, got: {found}",
            code="cluster.kubeconfig",
            solution="See that `kubectl config view` can read it.",
        ) from error
    settings.retries = False
    return client.ApiClient(settings)
