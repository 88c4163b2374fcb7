"""A stand-in for KServe's controller, which can't be built here: only these tests have it.

For each InferenceService it keeps a Deployment of the predictor's pods, as KServe does in its mode
``Standard``, and reports in the service's status what became of them. It acts as the account that
KServe's controller has. Which runtime serves, and how, is not played: pods are those of the
predictor with its init containers, its volumes and its labels.

Its pods ask for the node on which nothing runs (``turnpike.loopback.node``), and it keeps to what
Turnpike rendered: in a cluster that was given there may be others' services.

As a process of its own it takes the folder of each cluster, and plays until it is ended.
"""

from __future__ import annotations

import signal
import sys
import threading
from collections.abc import Iterator, Mapping, Sequence
from contextlib import ExitStack, contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from turnpike.loopback.cluster import Cluster
from turnpike.loopback.node import NODE_LABELS, TOLERATION
from turnpike.loopback.objects import Objects

NAMESPACE, ACCOUNT = "kserve", "kserve-controller-manager"
_POLL_SECONDS = 0.3
_RENDERED = "turnpike.dev/artifact"


class KServe:
    """Plays the controller in one cluster until it is stopped."""

    def __init__(self, objects: Objects) -> None:
        """Act on a cluster's objects."""
        self._objects = objects
        self._end = threading.Event()
        self.failures: list[str] = []

    @classmethod
    @contextmanager
    def of(cls, cluster: Cluster) -> Iterator[KServe]:
        """Play in a cluster for as long as the block lasts."""
        administrator = Objects(cluster)
        _furnish(administrator)
        token = administrator.token_of(ACCOUNT, NAMESPACE)
        playing = cls(Objects(cluster, cluster.kubeconfig_of(ACCOUNT, token)))
        thread = threading.Thread(target=playing._play, daemon=True)
        thread.start()
        try:
            yield playing
        finally:
            playing.end()
            thread.join(10)

    def end(self) -> None:
        """Play no longer: the controller is gone with its cluster."""
        self._end.set()

    def _play(self) -> None:
        from kubernetes.client.exceptions import ApiException
        from urllib3.exceptions import HTTPError

        while not self._end.wait(_POLL_SECONDS):
            try:
                for service in self._objects.all_of(
                    "serving.kserve.io/v1beta1", "InferenceService"
                ):
                    if _RENDERED in service["metadata"].get("annotations", {}):
                        self._reconcile(service)
            except (ApiException, HTTPError) as error:
                # A conflict, an object that went meanwhile, or a server that is away for now.
                self.failures.append(str(error))

    def _reconcile(self, service: Mapping[str, Any]) -> None:
        metadata = service["metadata"]
        wanted = _deployment(service)
        found = self._objects.find(
            "apps/v1", "Deployment", wanted["metadata"]["name"], metadata["namespace"]
        )
        if found is None or _of(found) != metadata["generation"]:
            self._objects.apply(wanted, metadata["namespace"])
            found = None
        status = _status(service, found)
        if not _same(service.get("status", {}), status):
            self._objects.set_status(service, status)


def _deployment(service: Mapping[str, Any]) -> dict[str, Any]:
    metadata, predictor = service["metadata"], service["spec"]["predictor"]
    stopped = metadata["annotations"].get("serving.kserve.io/stop") == "true"
    app = {"app": f"isvc.{metadata['name']}-predictor"}
    model = predictor["model"]
    server = {
        "name": "kserve-container",
        **{key: model[key] for key in ("image", "env", "resources", "securityContext",
                                       "volumeMounts") if key in model},
    }  # fmt: skip
    left_out = {"model", "labels", "minReplicas", "maxReplicas"}
    pod = {key: value for key, value in predictor.items() if key not in left_out}
    pod["nodeSelector"] = {**pod.get("nodeSelector", {}), **NODE_LABELS}
    pod["tolerations"] = [*pod.get("tolerations", ()), TOLERATION]
    return {
        "apiVersion": "apps/v1",
        "kind": "Deployment",
        "metadata": {
            "name": f"{metadata['name']}-predictor",
            "namespace": metadata["namespace"],
            "labels": predictor["labels"],
            "annotations": {"stand-in/generation": str(metadata["generation"])},
            "ownerReferences": [
                {
                    "apiVersion": service["apiVersion"],
                    "kind": service["kind"],
                    "name": metadata["name"],
                    "uid": metadata["uid"],
                    "controller": True,
                }
            ],
        },
        "spec": {
            "replicas": 0 if stopped else predictor["minReplicas"],
            "selector": {"matchLabels": app},
            "template": {
                "metadata": {"labels": {**predictor["labels"], **app}},
                "spec": {**pod, "containers": [server]},
            },
        },
    }


def _of(deployment: Mapping[str, Any]) -> int:
    return int(deployment["metadata"]["annotations"].get("stand-in/generation", "0"))


def _status(service: Mapping[str, Any], deployment: Mapping[str, Any] | None) -> dict[str, Any]:
    ready = deployment is not None and _is_rolled_out(deployment)
    word = "True" if ready else "False"
    now = datetime.now(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
    conditions = [
        {"type": kind, "status": word, "lastTransitionTime": now}
        for kind in ("PredictorReady", "IngressReady", "Ready")
    ]
    return {
        "observedGeneration": service["metadata"]["generation"],
        "conditions": conditions,
        "modelStatus": {"transitionStatus": "UpToDate" if ready else "InProgress"},
    }


def _is_rolled_out(deployment: Mapping[str, Any]) -> bool:
    status, wanted = deployment.get("status", {}), deployment["spec"]["replicas"]
    return bool(
        status.get("observedGeneration") == deployment["metadata"]["generation"]
        and status.get("updatedReplicas", 0) == wanted
        and status.get("replicas", 0) == wanted
        and status.get("availableReplicas", 0) == wanted
    )


def _same(status: Mapping[str, Any], other: Mapping[str, Any]) -> bool:
    return _words(status) == _words(other)


def _words(status: Mapping[str, Any]) -> tuple[Any, ...]:
    conditions = {one["type"]: one["status"] for one in status.get("conditions", ())}
    model = status.get("modelStatus", {}).get("transitionStatus")
    return status.get("observedGeneration"), conditions, model


def _furnish(objects: Objects) -> None:
    objects.apply({"apiVersion": "v1", "kind": "Namespace", "metadata": {"name": NAMESPACE}})
    objects.apply(
        {"apiVersion": "v1", "kind": "ServiceAccount", "metadata": {"name": ACCOUNT}}, NAMESPACE
    )
    group = "rbac.authorization.k8s.io"
    role = {"apiVersion": f"{group}/v1", "metadata": {"name": ACCOUNT}}
    rules = [
        {"apiGroups": ["serving.kserve.io"], "resources": ["*"], "verbs": ["*"]},
        {"apiGroups": ["apps"], "resources": ["deployments"], "verbs": ["*"]},
    ]
    account = {"kind": "ServiceAccount", "name": ACCOUNT, "namespace": NAMESPACE}
    bound = {"apiGroup": group, "kind": "ClusterRole", "name": ACCOUNT}
    objects.apply({**role, "kind": "ClusterRole", "rules": rules})
    objects.apply({**role, "kind": "ClusterRoleBinding", "roleRef": bound, "subjects": [account]})


def main(words: Sequence[str]) -> None:
    """Play in the clusters of ``FOLDER ...`` until a signal ends it."""
    with ExitStack() as stack:
        for folder in words:
            stack.enter_context(KServe.of(Cluster.kept_in(Path(folder))))
        signal.pause()


if __name__ == "__main__":
    main(sys.argv[1:])
