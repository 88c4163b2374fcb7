"""What is read of a cluster's own admission: what changes objects on their way in.

Source: Kubernetes 1.37, admissionregistration.k8s.io/v1.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from types import MappingProxyType

from pydantic import Field

from turnpike.cluster.objects_seen import Plain, Seen

OF_MODELS: Mapping[str, frozenset[str]] = MappingProxyType(
    {
        "": frozenset(("configmaps", "pods", "serviceaccounts", "services")),
        "apps": frozenset(("deployments", "replicasets")),
        "networking.k8s.io": frozenset(("networkpolicies",)),
        "rbac.authorization.k8s.io": frozenset(("rolebindings", "roles")),
        "serving.kserve.io": frozenset(("inferenceservices",)),
        "serving.knative.dev": frozenset(("configurations", "revisions", "services")),
    }
)
"""Of which kinds a model's deployment is, by their group: rendered, or made of what is rendered."""


class Requirement(Seen):
    """What a selector demands of one label."""

    key: str
    operator: str
    values: tuple[str, ...] = ()

    def is_met(self, labels: Mapping[str, str]) -> bool:
        """Tell whether labels meet it; an operator that nobody knows is met by all."""
        value = labels.get(self.key)
        answers = {
            "In": value is not None and value in self.values,
            "NotIn": value is None or value not in self.values,
            "Exists": value is not None,
            "DoesNotExist": value is None,
        }
        return answers.get(self.operator, True)


class Selector(Seen):
    """Which namespaces are meant; all of them where nothing is said."""

    match_labels: dict[str, str] = Field(default_factory=dict)
    match_expressions: tuple[Requirement, ...] = ()

    def picks_one_of(self, labelled: Iterable[Mapping[str, str]]) -> bool:
        """Tell whether it means one of some namespaces, by their labels."""
        return any(
            self.match_labels.items() <= labels.items()
            and all(one.is_met(labels) for one in self.match_expressions)
            for labels in labelled
        )


class Rule(Seen):
    """What kinds a webhook is asked about."""

    api_groups: tuple[str, ...] = ()
    resources: tuple[str, ...] = ()

    @property
    def is_of_models(self) -> bool:
        """Tell whether one of the kinds is of a model's deployment, or a part of one."""
        named = {name.split("/")[0] for name in self.resources}
        groups = OF_MODELS if "*" in self.api_groups else OF_MODELS.keys() & set(self.api_groups)
        return any("*" in named or named & OF_MODELS[group] for group in groups)


class ServiceReference(Seen):
    """Who in the cluster answers a webhook."""

    namespace: str = ""


class ClientConfig(Seen):
    """Who answers a webhook."""

    service: ServiceReference | None = None


class Webhook(Seen):
    """A webhook that may change what it is asked about."""

    name: str
    client_config: ClientConfig = ClientConfig()
    rules: tuple[Rule, ...] = ()
    namespace_selector: Selector = Selector()

    @property
    def served_in(self) -> str:
        """Return the namespace of who answers it; empty where that is outside of the cluster."""
        return self.client_config.service.namespace if self.client_config.service else ""


class MutatingWebhooks(Plain):
    """A MutatingWebhookConfiguration."""

    webhooks: tuple[Webhook, ...] = ()


class MatchResources(Seen):
    """Where a policy is bound."""

    namespace_selector: Selector = Selector()


class MutatingBindingSpec(Seen):
    """What a MutatingAdmissionPolicyBinding was asked to be."""

    match_resources: MatchResources = MatchResources()


class MutatingBinding(Plain):
    """A MutatingAdmissionPolicyBinding."""

    spec: MutatingBindingSpec = MutatingBindingSpec()
