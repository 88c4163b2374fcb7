"""A release that would mean something else on one target than on another is denied."""

from __future__ import annotations

import pytest

from turnpike.judge.decide import decide
from turnpike.judge.equivalence import inequivalent
from turnpike.judge.facts import Documents, EarlierRelease, Facts
from turnpike.judge.policy_input import Answer, SubjectAnswer
from turnpike.judge.queries import plan_queries
from turnpike.judge.subjects import class_of_change
from turnpike.topology.clouds import Clouds, Concern, MayDiffer
from turnpike.topology.environment import Environment
from unit.judge.deployed import FACTS, MANIFESTS, PATH, RELEASE, SETTINGS_PATH, edited, standing
from unit.judge.examples import RULES, environment, object_id
from unit.judge.test_clouds import CLOUDS

TWINS = ("local", "second")
NAMES = (
    "*.metadata.labels[turnpike.dev/target]",
    "InferenceService.spec.predictor.labels[turnpike.dev/target]",
    "PrometheusRule.spec",
)
DECLARED = CLOUDS.model_copy(
    update={
        "concerns": (
            Concern(
                name="name",
                reason="Each has a name.",
                paths=tuple(MayDiffer(path=path, only="name") for path in NAMES),
            ),
        )
    }
)


def twins(**changes: object) -> Environment:
    """Return dev with a second target, like the first but for its name and these changes."""
    dev = environment("dev")
    second = dev.targets[0].model_copy(update={"name": "second", **changes})
    return dev.model_copy(update={"targets": (*dev.targets, second)})


def judged(dev: Environment, clouds: Clouds | None = DECLARED, facts: Facts = FACTS) -> Facts:
    base = facts.base.model_copy(update={"environments": {"dev": dev}, "clouds": clouds})
    return facts.model_copy(update={"base": base})


def verdict(facts: Facts) -> str:
    result = SubjectAnswer(rules=RULES, denials=())
    return decide(facts, Answer(results=(result,) * len(plan_queries(facts)))).verdict


def test_declared_differences_are_none() -> None:
    facts = judged(twins())
    assert inequivalent(facts, "release") == ()
    assert verdict(facts) == "allow"


def test_an_undeclared_difference_denies_and_names_path_targets_and_values() -> None:
    facts = judged(twins(images="registry.other"))
    found = {one.expected.split()[2]: one for one in inequivalent(facts, "release")}
    one = found["InferenceService.spec.predictor.model.image"]
    assert (one.code, one.subject) == ("manifests.not-equivalent", "dev/local/oncology/triage")
    assert one.actual == (
        'local: "registry.local/turnpike/image:v1"; second: "registry.other/turnpike/image:v1"'
    )
    assert verdict(facts) == "deny"


@pytest.mark.parametrize("paths", [(MANIFESTS,), (SETTINGS_PATH, MANIFESTS)])
def test_changes_of_manifests_and_of_settings_are_compared_as_well(paths: tuple[str, ...]) -> None:
    changes = tuple(edited(path) for path in paths)
    facts = judged(twins(images="registry.other"), facts=standing(*changes))
    assert inequivalent(facts, class_of_change(facts))


def test_one_release_on_both_targets_is_told_once() -> None:
    other = PATH.replace("local", "second")
    head = FACTS.head.model_copy(update={"releases": {PATH: RELEASE, other: RELEASE}})
    both = FACTS.model_copy(update={"changes": (edited(PATH), edited(other)), "head": head})
    found = inequivalent(judged(twins(images="registry.other"), facts=both), "release")
    assert {one.subject for one in found} == {"dev/local/oncology/triage"}


def test_a_return_to_an_earlier_release_is_not_held_up() -> None:
    standing_now = RELEASE.model_copy(update={"decision": "sha256:" + "9" * 64})
    facts = judged(twins(images="registry.other"))
    base = facts.base.model_copy(update={"releases": {PATH: standing_now}})
    earlier = (EarlierRelease(path=PATH, commit=object_id("then"), release=RELEASE),)
    back = facts.model_copy(update={"base": base, "earlier": earlier})
    assert inequivalent(back, "release") == ()


def test_without_declared_clouds_and_in_other_classes_nothing_is_compared() -> None:
    unlike = twins(images="registry.other")
    assert inequivalent(judged(unlike, clouds=None), "release") == ()
    assert inequivalent(judged(unlike), "environment") == ()
    assert inequivalent(judged(unlike, facts=standing(head=Documents())), "release") == ()
