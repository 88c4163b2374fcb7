"""Taking away again what a demonstration brought into somebody's cluster."""

from __future__ import annotations

import time
from collections.abc import Iterator, Sequence
from itertools import groupby
from shlex import quote

from turnpike.errors import Unavailable
from turnpike.loopback.argocd import NAMESPACE as ARGOCD
from turnpike.loopback.footprint import Footprint, Ref
from turnpike.loopback.kubeconfig import Context
from turnpike.loopback.node import GUEST
from turnpike.loopback.objects import DEFINITION, Object, Objects

MARK = "turnpike.dev/demo"
"""The annotation of the namespace ``turnpike-demo`` that tells one demonstration from another."""

_LEAVING_SECONDS = 180.0
_TRIES = 3
_POLL_SECONDS = 0.3
_ARGOPROJ = "argoproj.io/v1alpha1"
_FINALIZED = ("ApplicationSet", "Application", "AppProject")
_WORKLOADS = ("Deployment", "ReplicaSet")


def take_away(
    context: Context, objects: Objects, footprint: Footprint, missing: Sequence[Ref], mark: str
) -> tuple[str, ...]:
    """Take everything away, once nothing runs any more that would bring it again.

    ``missing`` are the definitions that were not there before; what has another ``mark`` is another
    demonstration's. Returns the definitions that stay, for others use them by now. Raises
    Unavailable, naming what may be left and the commands that remove it, where the cluster does not
    do it.
    """
    from kubernetes.client.exceptions import ApiException
    from urllib3.exceptions import HTTPError

    left = [*footprint.brought, *missing, *footprint.own]
    until, tries = time.monotonic() + _LEAVING_SECONDS, _TRIES
    while True:
        try:
            if _is_ours(objects, mark):
                _take(objects, footprint, left, until)
                return tuple(str(ref) for ref in left)
            return ()
        except (HTTPError, OSError, ApiException) as error:
            tries -= 1
            if not tries or isinstance(error, TimeoutError):
                raise _left_behind(context, left, error) from error
            time.sleep(_POLL_SECONDS)


def _left_behind(context: Context, left: Sequence[Ref], error: Exception) -> Unavailable:
    return Unavailable(
        f"context {context.name}: expected to take away what was brought, got"
        f" {type(error).__name__}; it may still have {', '.join(map(str, left))}",
        code="cluster.left-behind",
        solution="\n  ".join(("Once the cluster answers:", *commands(context.name, left))),
    )


def _take(objects: Objects, footprint: Footprint, left: list[Ref], until: float) -> None:
    """Take away all that is left; only definitions that others use by now stay in ``left``."""
    _let_go(objects, footprint.namespaces)
    _empty(objects, footprint.namespaces)
    _remove(objects, footprint.brought, left, until)
    defined = [ref for ref in left if (ref.api_version, ref.kind) == DEFINITION]
    unused = [ref for ref in defined if not _is_used(objects, ref, footprint)]
    _remove(objects, unused, left, until)
    _remove(objects, footprint.own, left, until)


def commands(context: str, left: Sequence[Ref]) -> Iterator[str]:
    """Yield the commands that remove what is left, also where a part of it is gone."""
    kubectl = f"kubectl --context {quote(context)}"
    if any((ref.kind, ref.name) == ("Namespace", ARGOCD) for ref in left):
        kinds = ",".join(f"{kind.lower()}s" for kind in _FINALIZED)
        argocd, patch = f"{kubectl} --namespace {ARGOCD}", '{"metadata":{"finalizers":null}}'
        yield (
            f"{argocd} get {kinds} --output name"
            f" | xargs --no-run-if-empty {argocd} patch --type merge --patch '{patch}'"
        )
    for namespace, refs in groupby(sorted(left, key=lambda r: r.namespace), lambda r: r.namespace):
        where = f" --namespace {namespace}" if namespace else ""
        yield f"{kubectl}{where} delete --ignore-not-found {' '.join(map(str, refs))}"


def _is_ours(objects: Objects, mark: str) -> bool:
    found = objects.find("v1", "Namespace", GUEST) or {"metadata": {}}
    return bool(found["metadata"].get("annotations", {}).get(MARK) == mark)


def _let_go(objects: Objects, namespaces: Sequence[str]) -> None:
    """Take off the finalizers that Argo CD, which is stopped by now, would wait by."""
    for kind in _FINALIZED if ARGOCD in namespaces else ():
        if objects.serves(_ARGOPROJ, kind):
            for one in objects.all_of(_ARGOPROJ, kind, ARGOCD):
                objects.patch(one, {"metadata": {"finalizers": None}})


def _empty(objects: Objects, namespaces: Sequence[str]) -> None:
    """End the pods at once, for nothing runs in them: a namespace would wait half a minute."""
    for kind in _WORKLOADS:
        for namespace in namespaces:
            for one in objects.all_of("apps/v1", kind, namespace):
                objects.delete(one)
    _free_node(objects)


def _free_node(objects: Objects) -> None:
    """End what is on the node, also what came there because it tolerates everything."""
    for pod in objects.all_of("v1", "Pod", fields=f"spec.nodeName={GUEST}"):
        objects.delete(pod, at_once=True)


def _remove(objects: Objects, refs: Sequence[Ref], left: list[Ref], until: float) -> None:
    """Remove objects and wait until they are gone; ``left`` loses what is."""
    pending = [ref for ref in refs if ref in left]
    for ref in pending:
        objects.delete(_as_object(ref))
    while pending:
        for ref in pending:
            if objects.find(*ref) is None:
                left.remove(ref)
        pending = [ref for ref in pending if ref in left]
        if pending and time.monotonic() > until:
            raise TimeoutError
        _free_node(objects)
        time.sleep(_POLL_SECONDS if pending else 0)


def _is_used(objects: Objects, definition: Ref, footprint: Footprint) -> bool:
    """Tell whether somebody else has objects of a kind that the demonstration defined."""
    for one in footprint.definitions:
        if one["metadata"]["name"] == definition.name:
            spec = one["spec"]
            version = next(v["name"] for v in spec["versions"] if v["served"])
            return _has_any(objects, f"{spec['group']}/{version}", spec["names"]["kind"])
    return False


def _has_any(objects: Objects, api_version: str, kind: str) -> bool:
    return objects.serves(api_version, kind) and bool(objects.all_of(api_version, kind))


def _as_object(ref: Ref) -> Object:
    metadata = {"name": ref.name} | ({"namespace": ref.namespace} if ref.namespace else {})
    return {"apiVersion": ref.api_version, "kind": ref.kind, "metadata": metadata}
