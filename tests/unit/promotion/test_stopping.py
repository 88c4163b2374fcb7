"""A stop is one file; to set it twice, or to lift what does not stand, is refused."""

from __future__ import annotations

from pathlib import Path

import pytest

from turnpike.documents.reading import read
from turnpike.errors import InputError
from turnpike.judge.stops import Scopes
from turnpike.promotion.stopping import neighbours_on, plan_lift, plan_stop
from turnpike.topology.stop import STOP, Recalled, Stop
from unit.promotion.monorepo import Monorepo
from unit.promotion.world import KEY

PATH = "environments/stops/outage.yaml"
STOPPED = Stop(
    api_version="turnpike.dev/v1",
    kind="Stop",
    name="outage",
    reason="the cluster is down: no",
    incident="INC-7",
    teams=("oncology",),
)

SCOPES = Scopes({"production": frozenset({"aws"})}, frozenset({"oncology"}))
MODELS = frozenset({"oncology/triage", "oncology/survival"})


@pytest.mark.parametrize(
    ("field", "unknown", "told"),
    [
        ("teams", "onclogy", "teams: expected one of oncology, got onclogy"),
        ("environments", "prod", "environments: expected one of production, got prod"),
        ("clouds", "asw", "clouds: expected one of aws, got asw"),
        ("models", "nobody/triage", "expected one of oncology, got nobody"),
        (
            "models",
            "oncology/triages",
            "models: expected one of oncology/survival, oncology/triage, got oncology/triages",
        ),
    ],
)
def test_a_stop_that_would_stop_nothing_is_not_even_opened(
    field: str, unknown: str, told: str
) -> None:
    with pytest.raises(InputError, match=told) as refused:
        plan_stop(STOPPED.model_copy(update={field: (unknown,)}), {}, SCOPES, MODELS)
    assert refused.value.code == "stop.unknown-subject"
    known = {"teams": "oncology", "environments": "production", "clouds": "aws"}
    named = known.get(field, "oncology/triage")
    assert plan_stop(STOPPED.model_copy(update={field: (named,)}), {}, SCOPES, MODELS).files


@pytest.mark.parametrize(
    ("named", "told"),
    [
        (
            {"environments": ("production",), "clouds": ("aws", "gcp")},
            "clouds: expected one that production has: aws, got gcp",
        ),
        (
            {"teams": ("oncology",), "models": ("oncology/triage", "radiology/reader")},
            "models: expected one of the teams that it names, oncology, got radiology/reader",
        ),
        ({"teams": ("oncology", "radiology"), "models": ("radiology/reader",)}, None),
        ({"environments": ("staging", "production"), "clouds": ("gcp",)}, None),
    ],
)
def test_what_is_named_in_vain_beside_the_rest_is_told(
    named: dict[str, tuple[str, ...]], told: str | None
) -> None:
    """A stop is of what all its lists name: whoever adds a model of another team stops it not."""
    places = {"production": frozenset({"aws"}), "staging": frozenset({"gcp"})}
    scopes = Scopes(places, frozenset({"oncology", "radiology"}))
    wanted = STOPPED.model_copy(update={"teams": (), **named})
    found = [f"{f}: expected {e}, got {a}" for f, e, a in scopes.unknown_in(wanted)]
    assert found == ([told] if told else [])


def test_the_models_beside_those_of_a_stop_are_those_of_their_teams(tmp_path: Path) -> None:
    main = Monorepo.created(tmp_path)
    key = str(KEY)
    named = STOPPED.model_copy(update={"models": (f"{KEY.team}/other", "nobody/triage")})
    assert neighbours_on(main.repository, main.main, named) == {key}
    assert neighbours_on(main.repository, main.main, STOPPED) == frozenset()


def test_the_file_of_a_stop_reads_back_as_it() -> None:
    plan = plan_stop(STOPPED, {}, SCOPES, MODELS)
    content = plan.files[PATH]
    assert content is not None
    assert read(STOP, content, PATH) == STOPPED
    assert b"clouds" not in content
    assert b"recalls" not in content


def test_a_stop_says_what_it_recalls() -> None:
    recalls = Recalled(kind="data", name="sklearn:diabetes")
    content = plan_stop(STOPPED.model_copy(update={"recalls": recalls}), {}, SCOPES, MODELS).files[
        PATH
    ]
    assert content is not None
    assert read(STOP, content, PATH).recalls == recalls


def test_a_stop_that_stands_is_not_set_again() -> None:
    with pytest.raises(InputError, match="INC-7"):
        plan_stop(STOPPED, {"outage": STOPPED}, SCOPES, MODELS)


def test_lifting_takes_the_file_away() -> None:
    assert plan_lift("outage", {"outage": STOPPED}).files == {PATH: None}


def test_what_does_not_stand_is_not_lifted() -> None:
    with pytest.raises(InputError, match="outage"):
        plan_lift("outge", {"outage": STOPPED})
