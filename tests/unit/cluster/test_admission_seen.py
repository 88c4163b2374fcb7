"""What could change a model's objects on their way in is known by its kinds and its namespaces."""

from __future__ import annotations

import pytest

from turnpike.cluster.admission_seen import (
    MutatingBinding,
    MutatingWebhooks,
    Rule,
    Selector,
    Webhook,
)

LABELS = {"turnpike.dev/environment": "dev", "team": "oncology"}


@pytest.mark.parametrize(
    ("groups", "resources", "answer"),
    [
        ([""], ["pods"], True),
        ([""], ["pods/ephemeralcontainers"], True),
        ([""], ["secrets"], False),
        ([""], ["*"], True),
        (["*"], ["*/*"], True),
        (["*"], ["inferenceservices"], True),
        (["serving.kserve.io"], ["inferenceservices/status"], True),
        (["serving.kserve.io"], ["pods"], False),
        (["cert-manager.io"], ["*"], False),
        (["cert-manager.io", "apps"], ["certificates", "deployments"], True),
        ([], [], False),
    ],
)
def test_a_rule_is_about_models_by_any_of_its_kinds(
    groups: list[str], resources: list[str], answer: bool
) -> None:
    rule = Rule.model_validate({"apiGroups": groups, "resources": resources})
    assert rule.is_of_models is answer


@pytest.mark.parametrize(
    ("selector", "answer"),
    [
        ({}, True),
        ({"matchLabels": {"team": "oncology"}}, True),
        ({"matchLabels": {"team": "oncology", "injected": "yes"}}, False),
        ({"matchExpressions": [{"key": "turnpike.dev/environment", "operator": "Exists"}]}, True),
        (
            {"matchExpressions": [{"key": "turnpike.dev/environment", "operator": "DoesNotExist"}]},
            False,
        ),
        ({"matchExpressions": [{"key": "team", "operator": "In", "values": ["oncology"]}]}, True),
        ({"matchExpressions": [{"key": "none", "operator": "In", "values": ["a"]}]}, False),
        (
            {"matchExpressions": [{"key": "team", "operator": "NotIn", "values": ["oncology"]}]},
            False,
        ),
        ({"matchExpressions": [{"key": "none", "operator": "NotIn", "values": ["a"]}]}, True),
        ({"matchExpressions": [{"key": "none", "operator": "OfALaterKubernetes"}]}, True),
    ],
)
def test_a_selector_picks_namespaces_as_kubernetes_does(
    selector: dict[str, object], answer: bool
) -> None:
    assert Selector.model_validate(selector).picks_one_of([LABELS]) is answer


def test_one_namespace_of_several_is_enough() -> None:
    selector = Selector.model_validate({"matchLabels": {"team": "oncology"}})
    assert selector.picks_one_of([{}, LABELS])
    assert not selector.picks_one_of([{}, {"team": "cardiology"}])
    assert not selector.picks_one_of([])


def test_what_is_left_open_is_everywhere() -> None:
    head = {"apiVersion": "admissionregistration.k8s.io/v1", "metadata": {"name": "one"}}
    binding = MutatingBinding.model_validate({**head, "kind": "MutatingAdmissionPolicyBinding"})
    assert binding.spec.match_resources.namespace_selector.picks_one_of([{}])
    webhooks = MutatingWebhooks.model_validate(
        {**head, "kind": "MutatingWebhookConfiguration", "webhooks": [{"name": "w"}]}
    )
    assert webhooks.webhooks[0].namespace_selector.picks_one_of([{}])


def test_who_answers_is_a_service_or_somebody_outside() -> None:
    inside = {"name": "w", "clientConfig": {"service": {"name": "s", "namespace": "kserve"}}}
    assert Webhook.model_validate(inside).served_in == "kserve"
    outside = {"name": "w", "clientConfig": {"url": "https://kserve.example.org"}}
    assert Webhook.model_validate(outside).served_in == ""
