"""Environments that no release could pass, or that hide what production is, are refused."""

from __future__ import annotations

import pytest

from turnpike.judge.facts import Change, Documents, Facts
from turnpike.judge.stages import circles, stage_findings
from turnpike.topology.environment import Environment
from turnpike.topology.organisation import Segregation
from unit.judge.examples import (
    added,
    deleted,
    environment,
    model_facts,
    organisation,
    with_changes,
)


def stages(**sources: tuple[str, ...]) -> dict[str, Environment]:
    return {name: environment(name, promotes_from) for name, promotes_from in sources.items()}


def changed(head: Documents, *changes: Change) -> Facts:
    return with_changes(model_facts(), *changes).model_copy(update={"head": head})


def found(facts: Facts) -> list[tuple[str, str, str]]:
    return [(one.code, one.subject.split("/")[1], one.actual) for one in stage_findings(facts)]


@pytest.mark.parametrize(
    ("sources", "expected"),
    [
        ({"a": (), "b": ("a",), "c": ("a", "b")}, ()),
        ({"a": ("a",)}, (("a",),)),
        ({"a": ("c",), "b": ("a",), "c": ("b",)}, (("a", "c", "b"),)),
        ({"a": ("b",), "b": ("a", "c"), "c": ("c",), "d": ("a",)}, (("a", "b"), ("c",))),
        ({"a": ("nowhere",)}, ()),
    ],
)
def test_each_circle_is_told_once_from_its_first_name_on(
    sources: dict[str, tuple[str, ...]], expected: tuple[tuple[str, ...], ...]
) -> None:
    assert circles(stages(**sources)) == expected


def test_a_stage_that_waits_for_itself_through_main_is_refused() -> None:
    head = Documents(environments=stages(dev=("production",)))
    facts = changed(head, added("environments/dev/environment.yaml"))
    told = "dev from production from staging from dev"
    assert found(facts) == [("environment.circle", "dev", told)]


def test_the_source_of_another_stage_is_not_deleted() -> None:
    facts = changed(Documents(), deleted("environments/staging/environment.yaml"))
    assert found(facts) == [("environment.unknown-source", "production", "staging")]


def test_production_is_something_that_exists() -> None:
    ruled = Segregation(production=("production", "elsewhere"))
    head = Documents(organisation=organisation().model_copy(update={"segregation": ruled}))
    facts = changed(head, added("policies/data/organisation.yaml"))
    assert found(facts) == [("organisation.unknown-environment", "data", "elsewhere")]


def test_what_another_change_finds_on_main_is_not_held_against_it() -> None:
    facts = model_facts()
    base = facts.base.model_copy(update={"environments": stages(dev=("dev",))})
    assert found(facts.model_copy(update={"base": base})) == []
