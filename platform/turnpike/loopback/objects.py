"""Objects of a cluster, written by server-side apply with the official client."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterable, Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any, Self

from turnpike.errors import Unavailable
from turnpike.loopback.cluster import Cluster

if TYPE_CHECKING:
    from kubernetes.client import ApiClient

_MANAGER = "turnpike-loopback"
_PATIENCE_SECONDS = 300.0
_POLL_SECONDS = 0.1
_BUSY = frozenset((429, 503, 504))
_BUSY_SECONDS = 120.0
_LATER = "Run it again when the machine has less to do."

Object = Mapping[str, Any]
DEFINITION = ("apiextensions.k8s.io/v1", "CustomResourceDefinition")


class Objects:
    """What stands in one cluster, seen with an administrator's eyes or another account's."""

    def __init__(self, cluster: Cluster, kubeconfig: Path | None = None) -> None:
        """Connect, as whom ``kubeconfig`` says; raises Unavailable where nobody answers."""
        from kubernetes import client, config

        settings = client.Configuration()
        file = kubeconfig or cluster.kubeconfig
        config.load_kube_config(str(file), client_configuration=settings)
        settings.proxy = None  # a proxy of this machine has no business with loopback
        self.api = client.ApiClient(settings)
        self._client = _dynamic(self.api, cluster.folder)

    @classmethod
    def through(cls, api: ApiClient, folder: Path) -> Self:
        """Connect by a client of somebody's own; what is served is kept in a folder."""
        made = cls.__new__(cls)
        made.api, made._client = api, _dynamic(api, folder)  # noqa: SLF001 - its own
        return made

    @property
    def version(self) -> str:
        """Return what the server calls its version."""
        return str(self._client.version["kubernetes"]["gitVersion"])

    def apply_all(self, objects: Iterable[Object], namespace: str = "default") -> None:
        """Write objects in order; those without a namespace of their own go into ``namespace``."""
        for one in objects:
            self.apply(one, namespace)

    def apply(self, one: Object, namespace: str = "default") -> None:
        """Write one object; waits for its kind to be served where it was only just defined."""
        resource = self._resource(str(one["apiVersion"]), str(one["kind"]))
        place = one["metadata"].get("namespace", namespace) if resource.namespaced else None
        name = one["metadata"]["name"]
        once_it_has_time(
            lambda: self._client.server_side_apply(
                resource, body=dict(one), name=name, namespace=place, field_manager=_MANAGER,
                force_conflicts=True,
            )
        )  # fmt: skip

    def create(self, one: Object) -> bool:
        """Write an object that belongs to no namespace; False where there is one of its name."""
        from kubernetes.client.exceptions import ApiException

        try:
            self._resource(str(one["apiVersion"]), str(one["kind"])).create(body=dict(one))
        except ApiException as error:
            if error.status != 409:
                raise
            return False
        return True

    def serves(self, api_version: str, kind: str) -> bool:
        """Tell whether a kind is served by now."""
        from kubernetes.dynamic.exceptions import ResourceNotFoundError

        try:
            self._client.resources.get(api_version=api_version, kind=kind)
        except ResourceNotFoundError:
            return False
        return True

    def find(
        self, api_version: str, kind: str, name: str, namespace: str = "default"
    ) -> Object | None:
        """Return one object as the server has it; None where there is none."""
        from kubernetes.client.exceptions import ApiException

        resource = self._resource(api_version, kind)
        try:
            place = namespace if resource.namespaced else None
            found = resource.get(name=name, namespace=place)
        except ApiException as error:
            if error.status == 404:
                return None
            raise
        value: Object = found.to_dict()
        return value

    def all_of(
        self,
        api_version: str,
        kind: str,
        namespace: str = "",
        *,
        labels: str = "",
        fields: str = "",
    ) -> tuple[Object, ...]:
        """Return the objects of a kind that both selectors take, in one namespace or in all."""
        selectors = {"label_selector": labels or None, "field_selector": fields or None}
        resource = self._resource(api_version, kind)
        found = resource.get(namespace=namespace or None, **selectors).to_dict()
        return tuple({"apiVersion": api_version, "kind": kind, **item} for item in found["items"])

    def await_kind(self, api_version: str, kind: str) -> None:
        """Wait until objects of a kind that was only just defined can be read.

        Discovery tells of a kind a little before it is served.
        """
        from kubernetes.client.exceptions import ApiException

        until = time.monotonic() + _PATIENCE_SECONDS
        while True:
            try:
                self._resource(api_version, kind).get()
            except ApiException as error:
                if time.monotonic() > until:
                    raise _not_served(api_version, kind) from error
                time.sleep(_POLL_SECONDS)
            else:
                return

    def delete(self, one: Object, *, at_once: bool = False) -> None:
        """Take one object away, without grace if at once; where it is gone already is nothing."""
        from kubernetes.client.exceptions import ApiException

        metadata = one["metadata"]
        resource = self._resource(str(one["apiVersion"]), str(one["kind"]))
        try:
            resource.delete(
                name=metadata["name"], namespace=metadata.get("namespace"),
                grace_period_seconds=0 if at_once else None,
            )  # fmt: skip
        except ApiException as error:
            if error.status != 404:
                raise

    def set_status(self, one: Object, status: Object) -> None:
        """Say what became of an object, as its controller does."""
        resource = self._resource(str(one["apiVersion"]), str(one["kind"]))
        _merge_patch(resource.status, one, {"status": dict(status)})

    def patch(self, one: Object, patch: Object) -> None:
        """Edit an object by hand (RFC 7396)."""
        _merge_patch(self._resource(str(one["apiVersion"]), str(one["kind"])), one, patch)

    def token_of(self, account: str, namespace: str) -> str:
        """Return a token of a service account that lasts a day."""
        request = {
            "apiVersion": "authentication.k8s.io/v1",
            "kind": "TokenRequest",
            "spec": {"expirationSeconds": 86_400},
        }
        accounts = self._resource("v1", "ServiceAccount")
        token = accounts.subresources["token"]
        answer = once_it_has_time(
            lambda: token.create(body=request, name=account, namespace=namespace)
        )
        return str(answer.status.token)

    def _resource(self, api_version: str, kind: str) -> Any:  # noqa: ANN401 - the client has no types
        from kubernetes.dynamic.exceptions import ResourceNotFoundError

        until = time.monotonic() + _PATIENCE_SECONDS
        while True:
            try:
                return self._client.resources.get(api_version=api_version, kind=kind)
            except ResourceNotFoundError as error:
                if time.monotonic() > until:
                    raise _not_served(api_version, kind) from error
                time.sleep(_POLL_SECONDS)
                self._client.resources.invalidate_cache()


def once_it_has_time(ask: Callable[[], Any], patience: float = _BUSY_SECONDS) -> Any:  # noqa: ANN401
    """Return what a busy server answers in the end to a request that may be made twice.

    Raises Unavailable where it still is after ``patience`` seconds, and what the client raises of
    anything else.
    """
    from kubernetes.client.exceptions import ApiException

    until = time.monotonic() + patience
    while True:
        try:
            return ask()
        except ApiException as error:
            if error.status not in _BUSY:
                raise
            if time.monotonic() > until:
                message = (
                    f"expected the cluster's API server to answer, it was busy: {error.reason}"
                )
                raise Unavailable(message, code="loopback.server-busy", solution=_LATER) from error
            time.sleep(_POLL_SECONDS)


def _dynamic(api: ApiClient, folder: Path) -> Any:  # noqa: ANN401 - the client has no types
    from kubernetes.dynamic import DynamicClient

    return DynamicClient(api, cache_file=str(folder / "discovery.json"))


def _not_served(api_version: str, kind: str) -> Unavailable:
    return Unavailable(
        f"expected the cluster to serve {api_version} {kind}, it does not",
        code="loopback.kind-not-served",
    )


def _merge_patch(resource: Any, one: Object, patch: Object) -> None:  # noqa: ANN401
    metadata = one["metadata"]
    resource.patch(
        name=metadata["name"],
        namespace=metadata.get("namespace"),
        body=dict(patch),
        content_type="application/merge-patch+json",
    )


def documents_in(file: Path) -> tuple[Object, ...]:
    """Return the objects of a YAML file of several documents."""
    import yaml

    loaded = yaml.load_all(file.read_text("utf-8"), Loader=yaml.CSafeLoader)
    return tuple(one for one in loaded if one)
