"""A cluster's admission compared with main's, and what changes objects where admission can't see.

Argo CD puts back what somebody changes of the policies, but leaves a field alone that Git does not
name; a condition added to a policy, or an exclusion added to its binding, can switch it off.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Any, Literal, Protocol

import yaml
from pydantic import JsonValue, TypeAdapter

from turnpike.cluster.admission_seen import MutatingBinding, MutatingWebhooks
from turnpike.cluster.objects_seen import Plain
from turnpike.delivery.fields import additions, differences
from turnpike.delivery.gap import Gap
from turnpike.delivery.snapshot import parsed
from turnpike.documents.identifiers import ObjectId
from turnpike.errors import InputError
from turnpike.git.repository import Repository

FOLDER = "platform/argocd/admission"
_LABEL = "turnpike.dev/environment"
# What the API server writes by itself where nothing is said.
_DEFAULTS: Mapping[str, JsonValue] = MappingProxyType(
    {"scope": "*", "matchPolicy": "Equivalent", "namespaceSelector": {}, "objectSelector": {}}
)
_CONTROLLERS = frozenset(("kserve", "knative-serving"))
"""In these namespaces live the controllers whom admission lets make workloads."""

_MISSING = f"See why the application admission.<cluster> of Argo CD does not bring {FOLDER}."
_CHANGED = (
    "Find out who changed it, and write it as main has it, from a checkout of main:"
    f" kubectl --context <cluster> replace -f {FOLDER}"
)

_BINDINGS: TypeAdapter[MutatingBinding] = TypeAdapter(MutatingBinding)
_PLAIN: TypeAdapter[Plain] = TypeAdapter(Plain)
_WEBHOOKS: TypeAdapter[MutatingWebhooks] = TypeAdapter(MutatingWebhooks)

Kind = Literal[
    "MutatingAdmissionPolicyBinding", "MutatingWebhookConfiguration", "Namespace",
    "ValidatingAdmissionPolicy", "ValidatingAdmissionPolicyBinding",
]  # fmt: skip
_POLICIES: tuple[Kind, ...] = ("ValidatingAdmissionPolicy", "ValidatingAdmissionPolicyBinding")


class AdmissionReader(Protocol):
    """A cluster whose admission can be read; see ``cluster/kubernetes_reader.py``."""

    def all_of(self, kind: Kind, namespace: str, labels: Mapping[str, str]) -> list[JsonValue]:
        """Return the cluster's objects of a kind that have all the labels; the namespace is ""."""
        ...


@dataclass(frozen=True, slots=True)
class Admission:
    """What a cluster has of admission, and the labels of its namespaces of models.

    ``policies`` are those that validate and their bindings, by ``<kind>/<name>``.
    """

    policies: Mapping[str, JsonValue]
    webhooks: tuple[MutatingWebhooks, ...]
    bindings: tuple[MutatingBinding, ...]
    namespaces: tuple[Mapping[str, str], ...]


def admission_on(repository: Repository, main: ObjectId) -> tuple[Mapping[str, Any], ...]:
    """Return the policies and bindings of main; raises InputError where there are none."""
    listed = repository.files(main, [FOLDER])
    contents = repository.blobs(one.object for one in listed.values())
    found = tuple(
        one
        for path in sorted(listed)
        for one in yaml.load_all(contents[listed[path].object], Loader=yaml.CSafeLoader)
    )
    if not found:
        raise InputError(
            f"{FOLDER}: expected the policies of admission on main, found none",
            solution="Take the folder from the Turnpike that the monorepo was made of.",
            code="delivery.no-admission",
        )
    return found


def admission_in(reader: AdmissionReader, environment: str) -> Admission:
    """Read a cluster's admission; where it has no namespace of models yet, one is supposed."""
    policies = {
        f"{kind}/{parsed(_PLAIN, one).metadata.name}": one
        for kind in _POLICIES
        for one in reader.all_of(kind, "", {})
    }
    label = {_LABEL: environment}
    namespaces = [parsed(_PLAIN, one) for one in reader.all_of("Namespace", "", label)]
    webhooks = reader.all_of("MutatingWebhookConfiguration", "", {})
    bindings = reader.all_of("MutatingAdmissionPolicyBinding", "", {})
    return Admission(
        policies=policies,
        webhooks=tuple(parsed(_WEBHOOKS, one) for one in webhooks),
        bindings=tuple(parsed(_BINDINGS, one) for one in bindings),
        namespaces=tuple(one.metadata.labels for one in namespaces) or (label,),
    )


def admission_gaps(
    wanted: Iterable[Mapping[str, Any]], found: Admission, known: frozenset[str]
) -> tuple[Gap, ...]:
    """Return by what a cluster's admission is other than main's, or can be gone round.

    ``known`` are the names of what may change a model's objects, as the platform team knows.
    """
    return (
        *(gap for one in wanted for gap in _policy(one, found)),
        *(gap for one in found.webhooks for gap in _webhooks(one, found, known)),
        *(gap for one in found.bindings for gap in _binding(one, found, known)),
    )


def _policy(wanted: Mapping[str, Any], found: Admission) -> Iterator[Gap]:
    subject = f"{wanted['kind']}/{wanted['metadata']['name']}"
    there = found.policies.get(subject)
    if not isinstance(there, dict):
        yield Gap("admission-missing", subject, "as main has it", "nothing of that name", _MISSING)
        return
    spec = there.get("spec")
    for one in differences(wanted["spec"], spec, "spec"):
        yield _changed(subject, f"{one.path} as main has it", f"{one.found}")
    for one in additions(wanted["spec"], spec, _DEFAULTS, "spec"):
        yield _changed(subject, f"no {one.path}", f"{one.found}")


def _changed(subject: str, expected: str, found: str) -> Gap:
    return Gap("admission-changed", subject, expected, found, _CHANGED)


def _webhooks(one: MutatingWebhooks, found: Admission, known: frozenset[str]) -> Iterator[Gap]:
    for webhook in one.webhooks:
        reaches = webhook.namespace_selector.picks_one_of(found.namespaces)
        asked = any(rule.is_of_models for rule in webhook.rules)
        if reaches and asked and webhook.served_in not in _CONTROLLERS:
            yield from _mutating(one, f"the webhook {webhook.name}", known)


def _binding(one: MutatingBinding, found: Admission, known: frozenset[str]) -> Iterator[Gap]:
    if one.spec.match_resources.namespace_selector.picks_one_of(found.namespaces):
        yield from _mutating(one, "a policy", known)


def _mutating(one: Plain, what: str, known: frozenset[str]) -> Iterator[Gap]:
    if one.metadata.name not in known:
        yield Gap(
            "admission-mutating", f"{one.kind}/{one.metadata.name}",
            "nothing that changes objects in namespaces of models", what,
            "Exclude namespaces with the label turnpike.dev/environment from it; or, once you know"
            f" what it changes, name it by --known {one.metadata.name}.",
        )  # fmt: skip
