"""What policies are asked about follows from what changes."""

from __future__ import annotations

from turnpike.judge.facts import Change, Facts
from turnpike.judge.policy_input import ChangeInput
from turnpike.judge.queries import plan_queries
from unit.judge.deployed import FACTS, KEY, PATH
from unit.judge.examples import added, deleted, model_facts, with_changes

MANIFEST = "models/oncology/triage/model.yaml"


def change(*changes: Change) -> ChangeInput:
    return plan_queries(with_changes(model_facts(), *changes))[0].change


def subjects(facts: Facts) -> list[tuple[str, str]]:
    return [(one.subject.kind, one.subject.id) for one in plan_queries(facts)]


def test_the_change_each_model_and_each_deployment_is_asked_about() -> None:
    assert subjects(model_facts()) == [("change", "change"), ("model", "oncology/triage")]
    assert subjects(FACTS) == [("change", "change"), ("deployment", str(KEY))]


def test_classes_of_fixed_rules_ask_nothing() -> None:
    for path in ("policies/a.rego", "CODEOWNERS", "pants.toml"):
        assert plan_queries(with_changes(model_facts(), added(path))) == ()


def test_a_mixture_is_asked_about_with_all_its_classes() -> None:
    found = change(added(MANIFEST), added("policies/a.rego"))
    assert (found.change_class, found.classes) == ("none", ("model", "policy"))


def test_a_deleted_manifest_is_a_deleted_model_and_no_other_file_is() -> None:
    found = change(deleted(MANIFEST), deleted("models/oncology/triage/checks/model.yaml"))
    assert found.deleted_models == ("oncology/triage",)
    elsewhere = change(deleted("docs/model.yaml"), deleted("docs/release.yaml"))
    assert (elsewhere.deleted_models, elsewhere.deleted_releases) == ((), ())


def test_a_deleted_release_is_told_by_its_place() -> None:
    assert change(deleted(PATH)).deleted_releases == (str(KEY),)


def test_what_the_registry_did_not_say_is_not_found() -> None:
    (_, found) = plan_queries(model_facts())
    assert found.registry is not None
    assert found.registry.found
    (_, silent) = plan_queries(model_facts().model_copy(update={"registry": ()}))
    assert silent.registry is not None
    assert (silent.registry.found, silent.registry.digest) == (False, None)
