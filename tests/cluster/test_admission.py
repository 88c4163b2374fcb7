"""What a cluster's admission lets in, asked as its administrator of a real API server.

One cluster without Argo CD: what turns up there is written by the renderer, or by an attacker who
has all rights in it. Nothing here waits for a controller but for the API server's own.
"""

from __future__ import annotations

import copy
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from itertools import count
from pathlib import Path
from typing import Any

import pytest
import yaml
from kubernetes.client import CoreV1Api
from kubernetes.client.exceptions import ApiException

from servers.gitea_world import set_up
from turnpike.documents.identifiers import digest_of
from turnpike.loopback.control_plane import start_control_plane
from turnpike.loopback.objects import Objects, documents_in
from turnpike.loopback.processes import Processes
from turnpike.manifest.model import PredictiveModel
from turnpike.rendering.deployment import Deployment
from turnpike.rendering.new_namespaces import new_namespaces_bytes
from turnpike.rendering.render import render
from unit.rendering.conftest import (  # noqa: F401 - fixtures of the renderer's own tests
    deployed,
    environments,
    predictive,
    release_of,
)

ROOT = Path(__file__).resolve().parents[2]
ADMISSION = ROOT / "platform" / "argocd" / "admission"
STRANGE = digest_of(b"bytes that nobody released")
KINDS = ("ServingRuntime", "InferenceGraph", "TrainedModel", "LLMInferenceService")

PODS = {
    "containers": [{"name": "c", "image": "registry.invalid/miner:1"}],
    "restartPolicy": "Never",
}
BY_HAND = {"apiVersion": "v1", "kind": "Pod", "spec": PODS}

Change = Callable[[dict[str, Any]], None]


@pytest.fixture(scope="module")
def objects(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Objects]:
    """A cluster with the kinds that are rendered, some of KServe's others, and the admission."""
    folder, programs = tmp_path_factory.mktemp("admission"), set_up("cluster")
    with Processes(folder / "logs") as processes:
        found = Objects(start_control_plane("admission", programs, folder / "plane", processes))
        found.apply_all(documents_in(programs / "definitions.yaml"))
        found.apply_all(_defined(kind) for kind in KINDS)
        found.await_kind("serving.kserve.io/v1beta1", "InferenceService")
        for file in sorted(ADMISSION.glob("*.yaml")):
            found.apply_all(documents_in(file))
        _until_refused(lambda _: _strange(found), "turnpike-released-artifacts")
        yield found


def _strange(objects: Objects) -> None:
    """Write a service that says nothing, and take it away where it was let in."""
    one = {
        "apiVersion": "serving.kserve.io/v1beta1",
        "kind": "InferenceService",
        "metadata": {"name": "strange", "namespace": "default"},
        "spec": {"predictor": {}},
    }
    objects.apply(one)
    objects.delete(one)


def _defined(kind: str) -> dict[str, Any]:
    plural = f"{kind.lower()}s"
    free = {"type": "object", "x-kubernetes-preserve-unknown-fields": True}
    return {
        "apiVersion": "apiextensions.k8s.io/v1",
        "kind": "CustomResourceDefinition",
        "metadata": {"name": f"{plural}.serving.kserve.io"},
        "spec": {
            "group": "serving.kserve.io",
            "scope": "Namespaced",
            "names": {"kind": kind, "plural": plural, "singular": kind.lower()},
            "versions": [
                {
                    "name": "v1alpha1",
                    "served": True,
                    "storage": True,
                    "schema": {"openAPIV3Schema": free},
                }
            ],
        },
    }


@dataclass(frozen=True, slots=True)
class Released:
    """What Turnpike renders of a deployment."""

    documents: tuple[dict[str, Any], ...]

    def service(self) -> dict[str, Any]:
        """Return the InferenceService, to be changed."""
        (found,) = self.of("InferenceService")
        return copy.deepcopy(found)

    def of(self, *kinds: str) -> list[dict[str, Any]]:
        """Return the objects of some kinds."""
        return [one for one in self.documents if one["kind"] in kinds]

    @property
    def namespace(self) -> str:
        """Where all of it stands."""
        return str(self.service()["metadata"]["namespace"])


@pytest.fixture(scope="module", params=["dev/local", "production/aws-eu"])
def released(
    objects: Objects,
    request: pytest.FixtureRequest,
    deployed: Callable[..., Deployment],  # noqa: F811
    predictive: Callable[..., PredictiveModel],  # noqa: F811
) -> Released:
    """The rights of a deployment stand there, in a namespace of models; no service yet.

    One target has a volume with all artifacts, the other downloads them.
    """
    environment, target = request.param.split("/")
    rendered = render(deployed(predictive(), target, environment))
    found = Released(tuple(yaml.safe_load_all(rendered)))
    labels = {"turnpike.dev/environment": environment}
    metadata = {"name": found.namespace, "labels": labels}
    objects.apply({"apiVersion": "v1", "kind": "Namespace", "metadata": metadata})
    objects.apply_all(found.of("Role", "RoleBinding", "ServiceAccount"))
    _add_default_account(objects, found.namespace)
    _until_let_in(objects, found.service())
    objects.delete(found.service())

    def by_hand(number: int) -> None:
        metadata = {"name": f"by-hand-{number}", "namespace": found.namespace}
        objects.apply({**BY_HAND, "metadata": metadata})

    _until_refused(by_hand, "turnpike-workloads")
    return found


def _add_default_account(objects: Objects, namespace: str) -> None:
    """Make the account of pods that name none, which a controller would make a moment later."""
    metadata = {"name": "default", "namespace": namespace}
    objects.apply({"apiVersion": "v1", "kind": "ServiceAccount", "metadata": metadata})


def _until_let_in(objects: Objects, one: dict[str, Any]) -> None:
    """Write an object; a right or a policy that was only just made is known after a moment."""
    until = time.monotonic() + 60
    while True:
        try:
            objects.apply(one)
        except ApiException as error:
            if error.status != 422 or time.monotonic() > until:
                raise
            time.sleep(0.2)
        else:
            return


def _predictor(spec: dict[str, Any]) -> dict[str, Any]:
    found: dict[str, Any] = spec["spec"]["predictor"]
    return found


def _verify(one: dict[str, Any]) -> dict[str, Any]:
    found: dict[str, Any] = _predictor(one)["initContainers"][-1]
    return found


def _model(one: dict[str, Any]) -> dict[str, Any]:
    found: dict[str, Any] = _predictor(one)["model"]
    return found


BESIDE = {"name": "beside", "image": "registry.invalid/miner:1"}
ATTEMPTS: dict[str, Change] = {
    "another image of the verifying step": lambda one: _verify(one).update(image="busybox"),
    "another image of the server": lambda one: _model(one).update(image="busybox"),
    "another tag of the same image": lambda one: _model(one).update(
        image=_model(one)["image"] + "x"
    ),
    "no image of the server": lambda one: _model(one).pop("image"),
    "a second digest, which counts": lambda one: _verify(one)["args"].extend(["--digest", STRANGE]),
    "another folder compared": lambda one: _verify(one)["args"].__setitem__(3, "/mnt/elsewhere"),
    "another program": lambda one: _verify(one).update(command=["true"]),
    "a path of other modules": lambda one: _verify(one).update(
        env=[{"name": "PYTHONPATH", "value": "/mnt/fetched"}]
    ),
    "another folder to start in": lambda one: _verify(one).update(workingDir="/mnt/fetched"),
    "verified where nobody looks": lambda one: _verify(one)["volumeMounts"][1].update(
        name="artifact-fetched"
    ),
    "a step after the verifying one": lambda one: _predictor(one)["initContainers"].append(BESIDE),
    "a step before it": lambda one: _predictor(one)["initContainers"].insert(0, BESIDE),
    "no step": lambda one: _predictor(one).pop("initContainers"),
    "a container beside the server": lambda one: _predictor(one).update(containers=[BESIDE]),
    "a transformer": lambda one: one["spec"].update(transformer={"containers": [BESIDE]}),
    "an explainer": lambda one: one["spec"].update(explainer={"containers": [BESIDE]}),
    "more workers": lambda one: _predictor(one).update(workerSpec={"containers": [BESIDE]}),
    "requests told to somebody": lambda one: _predictor(one).update(
        logger={"mode": "all", "url": "http://registry.invalid"}
    ),
    "another command of the server": lambda one: _model(one).update(command=["sh"]),
    "arguments of the server": lambda one: _model(one).update(args=["-c", "true"]),
    "a hook of the server": lambda one: _model(one).update(
        lifecycle={"postStart": {"exec": {"command": ["sh"]}}}
    ),
    "a probe that runs": lambda one: _model(one).update(
        livenessProbe={"exec": {"command": ["sh"]}}
    ),
    "another that runs": lambda one: _model(one).update(
        readinessProbe={"exec": {"command": ["sh"]}}
    ),
    "a third that runs": lambda one: _model(one).update(startupProbe={"exec": {"command": ["sh"]}}),
    "another implementation": lambda one: _model(one)["env"].append(
        {"name": "MLSERVER_MODEL_IMPLEMENTATION", "value": "os.system"}
    ),
    "another model in the image": lambda one: _model(one)["env"][1].update(value="/tmp/other"),
    "what was not verified served": lambda one: _model(one)["volumeMounts"][0].update(
        name="artifact-fetched"
    ),
    "a part of it served": lambda one: _model(one)["volumeMounts"][0].update(subPath="other"),
    "verified into somebody's volume": lambda one: next(
        volume
        for volume in _predictor(one)["volumes"]
        if volume["name"] == "artifact-verified" and volume.pop("emptyDir") is not None
    ).update(persistentVolumeClaim={"claimName": "mine"}),
    "another volume": lambda one: _predictor(one)["volumes"].append(
        {"name": "more", "hostPath": {"path": "/"}}
    ),
    "the node's network": lambda one: _predictor(one).update(hostNetwork=True),
    "another digest": lambda one: one["metadata"]["annotations"].update(
        {"turnpike.dev/artifact": STRANGE}
    ),
    "a digest and more": lambda one: one["metadata"]["annotations"].update(
        {"turnpike.dev/artifact": one["metadata"]["annotations"]["turnpike.dev/artifact"] + " "}
    ),
    "a digest in capitals": lambda one: one["metadata"]["annotations"].update(
        {"turnpike.dev/artifact": one["metadata"]["annotations"]["turnpike.dev/artifact"].upper()}
    ),
    "another address": lambda one: _model(one).update(storageUri="s3://mine/"),
    "no address": lambda one: _model(one).pop("storageUri"),
    "another account": lambda one: _predictor(one).update(serviceAccountName="default"),
    "no account": lambda one: _predictor(one).pop("serviceAccountName"),
    "another format's own field": lambda one: _predictor(one).update(
        sklearn={"storageUri": "s3://mine/"}
    ),
}


@pytest.mark.parametrize("attempt", ATTEMPTS)
def test_only_what_is_rendered_of_the_release_is_let_in(
    objects: Objects, released: Released, attempt: str
) -> None:
    """A new service and a change of the released one alike."""
    changed = released.service()
    ATTEMPTS[attempt](changed)
    assert changed != released.service()
    with pytest.raises(ApiException, match="turnpike-released-artifacts"):
        objects.apply(changed)
    objects.apply(released.service())
    with pytest.raises(ApiException, match="turnpike-released-artifacts"):
        objects.apply(changed)
    objects.delete(released.service())


def test_what_kserve_adds_by_itself_is_let_in(objects: Objects, released: Released) -> None:
    """Its webhook gives the server a name and a probe that only asks."""
    one = released.service()
    _model(one).update(name="kserve-container", readinessProbe={"tcpSocket": {"port": 8080}})
    objects.apply(one)
    objects.delete(one)


def test_what_was_let_in_can_be_taken_away_when_its_rights_are_gone(
    objects: Objects, released: Released
) -> None:
    """KServe takes a finalizer off at the end, which is an update like any other."""
    one = released.service()
    one["metadata"]["finalizers"] = ["inferenceservice.finalizers/kserve"]
    objects.apply(one)
    rights = released.of("RoleBinding")
    for right in rights:
        objects.delete(right)
    objects.delete(one)
    objects.patch(one, {"metadata": {"finalizers": []}})
    found = objects.find(
        one["apiVersion"], one["kind"], one["metadata"]["name"], one["metadata"]["namespace"]
    )
    assert found is None
    objects.apply_all(rights)
    _until_let_in(objects, released.service())
    objects.delete(released.service())


@pytest.mark.parametrize("kind", KINDS)
def test_no_other_kind_of_kserves_gets_into_a_namespace_of_models(
    objects: Objects, released: Released, kind: str
) -> None:
    metadata = {"name": "by-hand", "namespace": released.namespace}
    one = {"apiVersion": "serving.kserve.io/v1alpha1", "kind": kind, "metadata": metadata}
    with pytest.raises(ApiException, match="turnpike-workloads"):
        objects.apply(one)
    objects.apply({**one, "metadata": {**metadata, "namespace": "default"}})


PICKED = {"turnpike.dev/model": "triage", "app": "isvc.triage"}
TEMPLATE = {"metadata": {"labels": {"app": "by-hand"}}, "spec": PODS}
LOOPS = {**TEMPLATE, "spec": {"containers": PODS["containers"]}}
SELECTED = {"selector": {"matchLabels": {"app": "by-hand"}}, "template": LOOPS}
WORKLOADS: dict[str, tuple[str, dict[str, Any]]] = {
    "Pod": ("v1", PODS),
    "ReplicationController": ("v1", {"selector": {"app": "by-hand"}, "template": LOOPS}),
    "Deployment": ("apps/v1", SELECTED),
    "ReplicaSet": ("apps/v1", SELECTED),
    "StatefulSet": ("apps/v1", SELECTED | {"serviceName": "by-hand"}),
    "DaemonSet": ("apps/v1", SELECTED),
    "Job": ("batch/v1", {"template": TEMPLATE}),
    "CronJob": (
        "batch/v1",
        {"schedule": "* * * * *", "jobTemplate": {"spec": {"template": TEMPLATE}}},
    ),
}


@pytest.mark.parametrize("kind", WORKLOADS)
def test_no_workload_is_made_by_hand(objects: Objects, released: Released, kind: str) -> None:
    version, spec = WORKLOADS[kind]
    metadata = {"name": "by-hand", "namespace": released.namespace}
    one = {"apiVersion": version, "kind": kind, "metadata": metadata, "spec": spec}
    with pytest.raises(ApiException, match="turnpike-workloads"):
        objects.apply(one)


def test_a_pods_image_is_not_exchanged_and_its_label_is(objects: Objects) -> None:
    pod = _pod_of_models(objects, "old-pods")

    def exchange(number: int) -> None:
        containers = [{"name": "c", "image": f"registry.invalid/other:{number}"}]
        objects.apply({**pod, "spec": {**PODS, "containers": containers}})

    _until_refused(exchange, "turnpike-workloads")
    objects.patch(pod, {"metadata": {"labels": {"seen": "yes"}}})


def _pod_of_models(objects: Objects, namespace: str) -> dict[str, Any]:
    """Return a pod that runs in a namespace of models.

    It is older than its namespace's label: nobody makes one by hand afterwards.
    """
    place = {"apiVersion": "v1", "kind": "Namespace", "metadata": {"name": namespace}}
    objects.apply(place)
    _add_default_account(objects, namespace)
    metadata = {"name": "old", "namespace": namespace, "labels": PICKED}
    pod = {"apiVersion": "v1", "kind": "Pod", "metadata": metadata, "spec": PODS}
    objects.apply(pod)
    objects.patch(place, {"metadata": {"labels": {"turnpike.dev/environment": "dev"}}})
    return pod


def _until_refused(attempt: Callable[[int], None], policy: str) -> None:
    """Try until a policy or a namespace's label, only just written, is known to admission.

    Each attempt has a number, by which it can be another one: what was let in before is no change.
    """
    until = time.monotonic() + 60
    for number in count():
        if time.monotonic() > until:
            pytest.fail(f"{policy} refused nothing for a minute")
        try:
            attempt(number)
        except ApiException as error:
            if policy not in str(error.body):
                raise
            return
        time.sleep(0.2)


@pytest.mark.parametrize("value", [None, "elsewhere"])
@pytest.mark.parametrize("through_status", [False, True])
def test_a_namespace_of_models_stays_one(
    objects: Objects, released: Released, value: str | None, through_status: bool
) -> None:
    name = released.namespace
    one = {"apiVersion": "v1", "kind": "Namespace", "metadata": {"name": name}}
    change = {"metadata": {"labels": {"turnpike.dev/environment": value}}}
    namespaces = objects._resource("v1", "Namespace")
    place = namespaces.status if through_status else namespaces
    with pytest.raises(ApiException, match="turnpike-namespaces"):
        place.patch(name=name, body=change, content_type="application/merge-patch+json")
    objects.patch(one, {"metadata": {"labels": {"owner": "oncology"}}})


@pytest.mark.parametrize("stage", ["dev", "staging", "production"])
@pytest.mark.parametrize("labels", [{}, {"turnpike.dev/environment": "elsewhere"}])
def test_a_namespace_of_a_deployments_name_begins_as_one_of_models(
    objects: Objects, stage: str, labels: dict[str, str]
) -> None:
    def make(name: str, labels: dict[str, str]) -> None:
        metadata = {"name": name, "labels": labels}
        objects.apply({"apiVersion": "v1", "kind": "Namespace", "metadata": metadata})

    with pytest.raises(ApiException, match="turnpike-new-namespaces"):
        make(f"{stage}-team-new", labels)
    make(f"{stage}-team-labelled", {"turnpike.dev/environment": stage})
    make(f"other-{stage}", labels)


def test_an_environments_name_may_begin_as_anothers(objects: Objects) -> None:
    """The policy is derived of the environments that there are."""
    text = new_namespaces_bytes(("moon", "moon-eu")).decode()
    policies = list(yaml.safe_load_all(text.replace("turnpike-new-namespaces", "turnpike-moon")))
    objects.apply_all(policies)

    def make(name: str, environment: str) -> None:
        labels = {"turnpike.dev/environment": environment}
        metadata = {"name": name, "labels": labels}
        objects.apply({"apiVersion": "v1", "kind": "Namespace", "metadata": metadata})

    _until_refused(lambda number: make(f"moon-eu-{number}", "elsewhere"), "turnpike-moon")
    make("moon-eu-team", "moon-eu")
    make("moon-team", "moon")
    with pytest.raises(ApiException, match="turnpike-moon"):
        make("moon-other", "moon-eu")
    for one in reversed(policies):
        objects.delete(one)


Reach = Callable[[CoreV1Api, str, str], object]
REACHES: dict[str, Reach] = {
    "exec": lambda api, name, at: api.connect_get_namespaced_pod_exec(name, at, command=["sh"]),
    "exec by a post": lambda api, name, at: api.connect_post_namespaced_pod_exec(
        name, at, command=["sh"]
    ),
    "attach": lambda api, name, at: api.connect_get_namespaced_pod_attach(name, at),
    "port-forward": lambda api, name, at: api.connect_get_namespaced_pod_portforward(
        name, at, ports="8080"
    ),
    "the proxy of a pod": lambda api, name, at: api.connect_post_namespaced_pod_proxy_with_path(
        name, at, "v2/repository/models/triage/unload"
    ),
    "the proxy of a service": lambda api, name, at: api.connect_get_namespaced_service_proxy(
        name, at
    ),
}


def _reach(objects: Objects, way: str, namespace: str) -> str:
    """Return what the API server says to somebody who reaches into a pod of a namespace."""
    with pytest.raises(ApiException) as refused:
        REACHES[way](CoreV1Api(objects._client.client), "old", namespace)
    return str(refused.value.body)


@pytest.mark.parametrize("way", REACHES)
def test_nobody_reaches_into_a_model_past_the_gateway(
    objects: Objects, released: Released, way: str
) -> None:
    assert "turnpike-connections" in _reach(objects, way, released.namespace)
    assert "turnpike" not in _reach(objects, way, "default")


def test_who_has_to_reach_into_a_model_takes_the_binding_away(
    objects: Objects, released: Released
) -> None:
    """That shows: Argo CD puts it back, and the audit of the cluster has a name for it."""
    (binding,) = (
        one
        for one in documents_in(ADMISSION / "connections.yaml")
        if one["kind"].endswith("Binding") and one["metadata"]["name"] == "turnpike-connections"
    )
    objects.delete(binding)
    until = time.monotonic() + 60
    while "turnpike" in _reach(objects, "exec", released.namespace):
        assert time.monotonic() < until
        time.sleep(0.2)
    objects.apply(binding)
    while "turnpike" not in _reach(objects, "exec", released.namespace):
        assert time.monotonic() < until
        time.sleep(0.2)


@pytest.mark.parametrize(
    "path", ["run/dev-a/pod/c", "exec/dev-a/pod/c", "metrics/../run/a/b/c", "/"]
)
def test_nobody_reaches_into_a_model_by_its_node(
    objects: Objects, released: Released, path: str
) -> None:
    api = CoreV1Api(objects._client.client)
    with pytest.raises(ApiException) as refused:
        api.connect_get_node_proxy_with_path("turnpike-demo", path)
    assert "turnpike-nodes" in str(refused.value.body)
    with pytest.raises(ApiException) as unknown:
        api.connect_get_node_proxy_with_path("turnpike-demo", "metrics")
    assert "turnpike-nodes" not in str(unknown.value.body)


ADDRESS = {"addresses": ["10.9.9.9"]}
WAYS: dict[str, tuple[str, str, dict[str, Any]]] = {
    "a Service of the model's name": (
        "v1",
        "Service",
        {"spec": {"selector": {"app": "miner"}, "ports": [{"port": 80}]}},
    ),
    "a Service for another host": (
        "v1",
        "Service",
        {"spec": {"type": "ExternalName", "externalName": "miner.invalid"}},
    ),
    "an EndpointSlice": (
        "discovery.k8s.io/v1",
        "EndpointSlice",
        {"addressType": "IPv4", "endpoints": [ADDRESS], "ports": [{"port": 8080}]},
    ),
    "Endpoints": (
        "v1",
        "Endpoints",
        {"subsets": [{"addresses": [{"ip": "10.9.9.9"}], "ports": [{"port": 8080}]}]},
    ),
    "an Ingress": (
        "networking.k8s.io/v1",
        "Ingress",
        {"spec": {"defaultBackend": {"service": {"name": "miner", "port": {"number": 80}}}}},
    ),
}


@pytest.mark.parametrize("way", WAYS)
def test_nobody_leads_requests_elsewhere(objects: Objects, released: Released, way: str) -> None:
    version, kind, more = WAYS[way]
    one = {"apiVersion": version, "kind": kind, **more}
    metadata = {"name": "by-hand", "namespace": released.namespace}
    with pytest.raises(ApiException, match="turnpike-traffic"):
        objects.apply({**one, "metadata": metadata})
    objects.apply({**one, "metadata": {**metadata, "namespace": "default"}})


METRICS: dict[str, Change] = {
    "pods of another model": lambda one: one["spec"].update(
        selector={"turnpike.dev/model": "other"}
    ),
    "pods of none": lambda one: one["spec"].pop("selector"),
    "another port": lambda one: one["spec"]["ports"][0].update(name="http"),
    "an address of its own": lambda one: one["spec"].pop("clusterIP"),
    "an address outside": lambda one: one["spec"].update(externalIPs=["10.9.9.9"]),
    "another name": lambda one: one["metadata"].update(name="triage"),
}


def test_the_service_of_a_models_metrics_is_let_in_as_it_is_rendered(
    objects: Objects, released: Released
) -> None:
    (service,) = released.of("Service")
    objects.apply(service)
    for change in METRICS.values():
        changed = copy.deepcopy(service)
        change(changed)
        assert changed != service
        objects.delete(service)
        with pytest.raises(ApiException, match="turnpike-traffic"):
            objects.apply(changed)
        objects.apply(service)
    objects.delete(service)


def test_requests_find_a_pod_as_its_deployment_and_its_node_say(objects: Objects) -> None:
    pod = _pod_of_models(objects, "found-pods")

    def told(address: str) -> dict[str, Any]:
        return {"podIP": address, "podIPs": [{"ip": address}]}

    def relabel(number: int) -> None:
        objects.patch(pod, {"metadata": {"labels": {"turnpike.dev/model": f"other-{number}"}}})

    _until_refused(relabel, "turnpike-pods")
    for label in (None, "other"):
        with pytest.raises(ApiException, match="turnpike-pods"):
            objects.patch(pod, {"metadata": {"labels": {"app": label}}})
    with pytest.raises(ApiException, match="turnpike-pods"):
        objects.patch(pod, {"metadata": {"labels": {"serving.kserve.io/inferenceservice": "x"}}})
    objects.patch(pod, {"metadata": {"labels": {"seen": "yes"}}})
    objects.set_status(pod, told("10.1.1.1"))
    for status in (told("10.9.9.9"), {"podIP": None, "podIPs": None}):
        with pytest.raises(ApiException, match="turnpike-pods"):
            objects.set_status(pod, status)
    objects.set_status(pod, {"message": "seen"})


def test_nobody_takes_a_token_of_a_models_account(objects: Objects, released: Released) -> None:
    (account,) = released.of("ServiceAccount")
    name = account["metadata"]["name"]
    with pytest.raises(ApiException, match="turnpike-accounts"):
        objects.token_of(name, released.namespace)
    objects.apply({**account, "metadata": {"name": name, "namespace": "default"}})
    assert objects.token_of(name, "default")


def test_no_secret_is_filled_with_a_token(objects: Objects, released: Released) -> None:
    (account,) = released.of("ServiceAccount")
    metadata = {
        "name": "token",
        "namespace": released.namespace,
        "annotations": {"kubernetes.io/service-account.name": account["metadata"]["name"]},
    }
    secret = {"apiVersion": "v1", "kind": "Secret", "metadata": metadata}
    with pytest.raises(ApiException, match="turnpike-accounts"):
        objects.apply({**secret, "type": "kubernetes.io/service-account-token"})
    objects.apply({**secret, "type": "Opaque"})
