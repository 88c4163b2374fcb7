"""Whether a demonstration may come into somebody's cluster; nothing is written to find out."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

from turnpike.errors import InputError, Unavailable
from turnpike.loopback.footprint import Footprint, Ref
from turnpike.loopback.kubeconfig import Context
from turnpike.loopback.leaving import commands
from turnpike.loopback.objects import DEFINITION, Object, Objects

if TYPE_CHECKING:
    from kubernetes.client import ApiClient

_REFUSED = frozenset((401, 403))
_POLICIES = ("admissionregistration.k8s.io/v1", "ValidatingAdmissionPolicy")
_SERVICES = ("serving.kserve.io/v1beta1", "InferenceService")
_WEBHOOKS = ("MutatingWebhookConfiguration", "ValidatingWebhookConfiguration")


@contextmanager
def answered(context: Context) -> Iterator[None]:
    """Say what it means that a cluster does not answer, or not to this user.

    Raises Unavailable for the one and InputError for the other.
    """
    from kubernetes.client.exceptions import ApiException
    from urllib3.exceptions import HTTPError

    try:
        yield
    except (HTTPError, OSError, ValueError) as error:
        raise _unavailable(context, type(error).__name__) from error
    except ApiException as error:
        found = f"HTTP {error.status}" if error.status else " ".join(str(error.reason).split())
        if error.status in _REFUSED:
            raise _not_allowed(context, found) from error
        raise _unavailable(context, found) from error


def require_administrator(context: Context, objects: Objects) -> None:
    """Raise InputError where the cluster is too old, or its user no administrator."""
    if not may_do_all(objects.api):
        raise _not_allowed(context, "one who may do less")
    if not objects.serves(*_POLICIES):
        raise InputError(
            f"context {context.name}: expected Kubernetes 1.30 or newer, which serves"
            f" {_POLICIES[1]} {_POLICIES[0]}, found {objects.version} without it",
            code="cluster.version",
        )


def may_do_all(api: ApiClient) -> bool:
    """Tell whether a client's user has all the rights of a cluster-admin."""
    from kubernetes import client

    # Who may do everything may also let somebody else: nobody grants a right that is not theirs.
    every = client.V1ResourceAttributes(verb="*", group="*", version="*", resource="*")
    beside = client.V1NonResourceAttributes(verb="*", path="*")
    review = client.AuthorizationV1Api(api).create_self_subject_access_review
    for asked in (
        client.V1SelfSubjectAccessReviewSpec(resource_attributes=every),
        client.V1SelfSubjectAccessReviewSpec(non_resource_attributes=beside),
    ):
        answer = review(client.V1SelfSubjectAccessReview(spec=asked)).status
        if not (answer and answer.allowed):
            return False
    return True


def require_room(context: Context, objects: Objects, footprint: Footprint) -> tuple[Ref, ...]:
    """Return the definitions that are missing.

    Raises InputError where something of what would come stands there already, or something that
    what comes would act on.
    """
    there = [ref for ref in (*footprint.brought, *footprint.own) if _is_there(objects, ref)]
    others = [*_of_models(objects), *_of_kserve(objects)]
    missing, unfit = _definitions(objects, footprint.definitions)
    found = [*map(_named, there), *others, *unfit]
    if not found:
        return missing
    known = ", ".join(dict.fromkeys(found))
    raise InputError(
        f"context {context.name}: expected a cluster that has nothing of Turnpike's, Argo CD's or"
        f" KServe's but definitions, found {known}",
        code="cluster.in-the-way",
        solution="Name another cluster. Only if an earlier demonstration left them there:\n  "
        + "\n  ".join(commands(context.name, there))
        if there
        else "Name another cluster.",
    )


def _is_there(objects: Objects, ref: Ref) -> bool:
    return objects.find(*ref) is not None


def _named(ref: Ref) -> str:
    return f"{ref} in {ref.namespace}" if ref.namespace else str(ref)


def _of_models(objects: Objects) -> list[str]:
    """Name the namespaces on which the admission that comes would act."""
    found = objects.all_of("v1", "Namespace", labels="turnpike.dev/environment")
    return [f"namespace/{one['metadata']['name']}" for one in found]


def _of_kserve(objects: Objects) -> list[str]:
    """Name what somebody serves by KServe, and what says that a controller of its own is there."""
    services = objects.all_of(*_SERVICES) if objects.serves(*_SERVICES) else ()
    found = [f"inferenceservice/{one['metadata']['name']} in {one['metadata']['namespace']}"
             for one in services]  # fmt: skip
    for kind in _WEBHOOKS:
        for one in objects.all_of("admissionregistration.k8s.io/v1", kind):
            groups = {group for hook in one.get("webhooks", ()) for rule in hook.get("rules", ())
                      for group in rule.get("apiGroups", ())}  # fmt: skip
            if "serving.kserve.io" in groups:
                found.append(f"{kind.lower()}/{one['metadata']['name']}")
    return found


def _definitions(
    objects: Objects, wanted: Sequence[Object]
) -> tuple[tuple[Ref, ...], tuple[str, ...]]:
    """Return which definitions are missing, and name those that lack a version."""
    there: dict[str, Object] = {one["metadata"]["name"]: one for one in objects.all_of(*DEFINITION)}
    missing, unfit = [], []
    for one in wanted:
        name = str(one["metadata"]["name"])
        if name not in there:
            missing.append(Ref(*DEFINITION, name))
        elif lacking := _served(one) - _served(there[name]):
            unfit.append(f"customresourcedefinition/{name} without {', '.join(sorted(lacking))}")
    return tuple(missing), tuple(unfit)


def _served(definition: Mapping[str, Any]) -> set[str]:
    return {str(one["name"]) for one in definition["spec"]["versions"] if one["served"]}


def _not_allowed(context: Context, found: str) -> InputError:
    return InputError(
        f"context {context.name}: expected a user with the rights of a cluster-admin, for roles,"
        f" admission and definitions are brought, found {found}",
        code="cluster.not-allowed",
        solution="Name a context whose user may `kubectl auth can-i '*' '*'`.",
    )


def _unavailable(context: Context, found: str) -> Unavailable:
    return Unavailable(
        f"context {context.name}: expected {context.server} to answer, got {found}",
        code="cluster.unavailable",
        solution="See that the cluster runs, and that this machine reaches it without a proxy.",
    )
