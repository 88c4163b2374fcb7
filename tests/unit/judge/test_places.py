"""A field of a rule's input leads back to the document that people would edit, or to none."""

from __future__ import annotations

from copy import deepcopy

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import JsonValue

from turnpike.documents.identifiers import digest_of
from turnpike.judge.facts import Facts
from turnpike.judge.places import changed, place_of, with_field, with_input
from turnpike.judge.policy_input import SubjectInput
from turnpike.judge.queries import CHANGE, plan_queries
from turnpike.judge.remedy import Bound, FieldRemedy
from turnpike.manifest.settings import Settings
from unit.judge.deployed import FACTS, KEY, SETTINGS_PATH, edited, settings, standing
from unit.judge.examples import NOW, model, model_facts

MODEL = SubjectInput(kind="model", id="oncology/triage", team="oncology", model="triage")
PLACE = SubjectInput(kind="deployment", id=str(KEY), team="oncology", model="triage")
PATH = "models/oncology/triage/model.yaml"

BOUNDS: tuple[Bound, ...] = (
    "exactly", "such-as", "at-least", "at-most", "includes", "one-of",
)  # fmt: skip
scalars = st.none() | st.booleans() | st.integers(-5, 5) | st.sampled_from(("a", "b"))
values: st.SearchStrategy[JsonValue] = st.recursive(
    scalars,
    lambda inner: (
        st.lists(inner, max_size=3) | st.dictionaries(st.sampled_from("xyz"), inner, max_size=3)
    ),
    max_leaves=8,
)
steps = st.lists(st.sampled_from("xyz") | st.integers(-3, 3), max_size=3).map(tuple)


def remedy(bound: Bound, value: JsonValue, *path: str | int) -> FieldRemedy:
    return FieldRemedy(kind="field", path=path or ("x",), bound=bound, value=value)


# --- a value that is bent -------------------------------------------------------------------------


@given(values, steps, st.sampled_from(BOUNDS), values)
def test_what_is_satisfied_once_is_satisfied(
    value: JsonValue, inside: tuple[str | int, ...], bound: Bound, wanted: JsonValue
) -> None:
    once = changed(value, inside, remedy(bound, wanted))
    assert changed(once, inside, remedy(bound, wanted)) == once


@given(values, steps, st.sampled_from(BOUNDS), values)
def test_a_value_is_never_changed_under_the_feet_of_others(
    value: JsonValue, inside: tuple[str | int, ...], bound: Bound, wanted: JsonValue
) -> None:
    before = deepcopy(value)
    changed(value, inside, remedy(bound, wanted))
    assert value == before


@given(st.lists(scalars, max_size=4), st.integers(-6, 6))
def test_only_an_item_that_is_there_is_replaced(items: list[JsonValue], number: int) -> None:
    """Counting from the end is no place of JSON's, and would copy the list into itself."""
    bent = changed([*items], (number,), remedy("exactly", "new"))
    expected = [*items]
    if 0 <= number < len(items):
        expected[number] = "new"
    assert bent == expected


@given(st.integers(-100, 100), st.integers(-100, 100))
def test_a_bound_never_makes_a_value_worse(value: int, wanted: int) -> None:
    assert changed(value, (), remedy("at-least", wanted)) == max(value, wanted)
    assert changed(value, (), remedy("at-most", wanted)) == min(value, wanted)


@pytest.mark.parametrize("value", [True, "9", None, [9]])
def test_what_is_no_number_meets_no_bound(value: JsonValue) -> None:
    assert changed(value, (), remedy("at-least", 1)) == 1


def test_a_step_into_a_value_that_has_no_inside_changes_nothing() -> None:
    assert changed("text", ("x",), remedy("exactly", 1)) == "text"
    assert changed({"x": [1]}, ("x", "y"), remedy("exactly", 1)) == {"x": [1]}
    assert changed({"x": {"y": 0}}, ("x", 0), remedy("exactly", 1)) == {"x": {"y": 0}}


def test_what_is_missing_on_the_way_is_made() -> None:
    assert changed({"a": None}, ("a", "b"), remedy("includes", "c")) == {"a": {"b": ["c"]}}


def test_one_of_no_choices_leaves_the_value() -> None:
    assert changed("kept", (), remedy("one-of", [])) == "kept"
    assert changed("kept", (), remedy("one-of", ["a", "kept"])) == "kept"
    assert changed("other", (), remedy("one-of", ["a", "kept"])) == "a"


# --- where it stands ------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("facts", "about", "path", "name", "inside"),
    [
        (model_facts(), MODEL, ("model", "description"), PATH, ("description",)),
        (model_facts(), MODEL, ("card",), "models/oncology/triage/card.md", ()),
        (model_facts(), CHANGE, ("now",), "the clock", ()),
        (
            model_facts(), MODEL, ("team", "quota", "cpuMillicores"),
            "policies/data/organisation.yaml on main", ("teams", 0, "quota", "cpuMillicores"),
        ),
        (model_facts(), MODEL, ("registry", "digest"), "the registry's oncology.triage version 1",
         ()),
        (FACTS, PLACE, ("model", "riskTier"), f"{PATH} of the release", ("riskTier",)),
        (FACTS, PLACE, ("deployment", "release", "traffic"), KEY.path("release.yaml"),
         ("traffic",)),
        (FACTS, PLACE, ("deployment", "environment", "soakSeconds"),
         "environments/dev/environment.yaml on main", ("soakSeconds",)),
        (FACTS, PLACE, ("deployment", "replicas", "maximum"), f"{SETTINGS_PATH} on main",
         ("replicas", "maximum")),
    ],
)  # fmt: skip
def test_people_are_led_to_the_document_that_holds_it(
    facts: Facts, about: SubjectInput, path: tuple[str, ...], name: str, inside: tuple[str | int]
) -> None:
    place = place_of(facts, about, path)
    assert place is not None
    assert (place.name, place.inside) == (name, inside)


@pytest.mark.parametrize(
    ("facts", "about", "path"),
    [
        (model_facts(), MODEL, ("previousModel", "riskTier")),
        (model_facts(), MODEL, ("deployment", "release", "traffic")),
        (model_facts(), MODEL, ("evidence", 0, "bound")),
        (model_facts(), CHANGE, ("team", "quota")),
        (model_facts(), CHANGE, ("model", "riskTier")),
        (model_facts(), PLACE, ("model", "riskTier")),
        (model_facts(), PLACE, ("deployment", "release", "traffic")),
        (FACTS, PLACE, ("deployment", "admitted")),
        (FACTS, PLACE, ()),
    ],
)
def test_what_no_document_holds_has_no_place(
    facts: Facts, about: SubjectInput, path: tuple[str | int, ...]
) -> None:
    assert place_of(facts, about, path) is None
    if path:
        assert with_field(facts, about, remedy("exactly", "x", *path)) is facts


def test_what_a_field_becomes_is_what_the_rules_are_then_asked() -> None:
    wanted = remedy("exactly", "low", "model", "riskTier")
    (_, asked) = plan_queries(with_field(model_facts(manifest=model("high")), MODEL, wanted))
    assert asked.model is not None
    assert asked.model.risk_tier == "low"


def test_a_field_of_one_model_leaves_the_manifest_of_another_alone() -> None:
    other = SubjectInput(kind="model", id="oncology/other", team="oncology", model="other")
    facts = model_facts()
    assert with_field(facts, other, remedy("exactly", "low", "model", "riskTier")) is facts


@pytest.mark.parametrize(
    ("about", "path", "value"),
    [
        (MODEL, ("model", "riskTier"), "none at all"),
        (MODEL, ("model", "unknown"), 1),
        (MODEL, ("model", "validation", "thresholds", "roc_auc"), "high"),
        (MODEL, ("registry", "digest"), "sha256:short"),
        (MODEL, ("card",), "one text"),
        (MODEL, ("team", "quota", "cpuMillicores"), -1),
        (CHANGE, ("now",), "2026-03-02T09:00:00"),
        (CHANGE, ("now",), "tomorrow"),
    ],
)
def test_a_value_that_no_such_document_may_have_changes_nothing(
    about: SubjectInput, path: tuple[str, ...], value: JsonValue
) -> None:
    facts = model_facts()
    assert with_field(facts, about, remedy("exactly", value, *path)) is facts


def test_a_card_that_is_missing_may_be_written() -> None:
    facts = with_field(model_facts(), MODEL, remedy("includes", "Data", "card"))
    assert facts.head.cards == {"models/oncology/triage/card.md": ("Data",)}
    again = with_field(facts, MODEL, remedy("includes", "Limitations", "card"))
    assert again.head.cards == {"models/oncology/triage/card.md": ("Data", "Limitations")}


def test_the_registry_answers_otherwise_of_this_version_alone() -> None:
    other = digest_of(b"other bytes")
    facts = model_facts()
    more = facts.registry[0].model_copy(update={"version": "2"})
    asked = facts.model_copy(update={"registry": (*facts.registry, more)})
    said = with_field(asked, MODEL, remedy("exactly", other, "registry", "digest")).registry
    assert {one.version: one.digest for one in said} == {"1": other, "2": facts.registry[0].digest}


def most(sized: Settings) -> int:
    assert sized.replicas is not None
    return sized.replicas.maximum


def test_settings_are_edited_where_the_change_brings_them_and_else_on_main() -> None:
    less = remedy("at-most", 1, "deployment", "replicas", "maximum")
    brought = standing(edited(SETTINGS_PATH), settings={SETTINGS_PATH: settings(9)})
    there = with_field(brought, PLACE, less)
    assert most(there.head.settings[SETTINGS_PATH]) == 1
    assert there.base.settings == brought.base.settings
    stood = standing(sized=settings(9))
    main = with_field(stood, PLACE, less)
    assert most(main.base.settings[SETTINGS_PATH]) == 1
    assert main.head.settings == stood.head.settings


def test_the_input_alone_is_bent_where_no_document_would_be() -> None:
    (query, _) = plan_queries(model_facts())
    later = with_input(query, remedy("exactly", "2027-01-01T00:00:00Z", "now"))
    assert (later.now > NOW, later.subject) == (True, query.subject)
    assert with_input(query, remedy("exactly", "soon", "now")) is query
    assert with_input(query, remedy("exactly", 1, "nowhere")) is query
