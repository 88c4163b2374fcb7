"""A soak that an emergency went past is made up for before its debt is paid."""

from __future__ import annotations

from datetime import timedelta

import pytest

from turnpike.evidence.envelope import Envelope
from turnpike.evidence.predicates import Observation
from turnpike.evidence.statement import OBSERVATION
from turnpike.judge.facts import Facts
from turnpike.judge.owed_soak import soaks_owed
from turnpike.judge.situation import situation_of
from turnpike.judge.testimony import hear
from turnpike.manifest.release import Release
from turnpike.topology.waiver import Waiver
from unit.judge.deployed import BLOB, RELEASE
from unit.judge.examples import ARTIFACT, NOW, RoleKey, environment, model
from unit.judge.test_emergencies import EMERGENCY, PRODUCTION, SETTLEMENT, settling

OBSERVER = RoleKey("observer")
URGENT = RELEASE.model_copy(update={"emergency": EMERGENCY})
SOAK = 600


def seen(name: str, seconds: int, *, healthy: bool = True, target: str = "local") -> Envelope:
    """Return what an observer saw of the release in an environment, until now."""
    said = Observation(
        environment=name,
        target=target,
        healthy=healthy,
        error_rate=0.0,
        latency_p95_milliseconds=1.0,
        requests=9,
        started_at=NOW - timedelta(seconds=seconds),
        finished_at=NOW,
    )
    return OBSERVER.state(OBSERVATION, said, ARTIFACT)


def paying(
    *said: Envelope, stands: Release | None = URGENT, soak: int = SOAK, **more: object
) -> Facts:
    """Return the settlement of an emergency in production, about which observers said that."""
    facts = settling(SETTLEMENT)
    places = {
        "east": environment("east"),
        "west": environment("west"),
        "production": environment("production", ("east", "west")).model_copy(
            update={"soak_seconds": soak, **more}
        ),
    }
    standing = {PRODUCTION: stands} if stands else {}
    base = facts.base.model_copy(update={"environments": places, "releases": standing})
    return facts.model_copy(
        update={
            "base": base,
            "head": facts.head.model_copy(update={"model_blobs": {BLOB: model()}}),
            "keys": (*facts.keys, OBSERVER.public),
            "evidence": said,
        }
    )


def owed(facts: Facts) -> list[str]:
    found = list(soaks_owed(facts, hear(facts)))
    assert all(one.subject == "production/local/oncology/triage" for one in found)
    return [one.actual for one in found]


def test_what_nobody_has_watched_owes_all_of_its_soak() -> None:
    assert owed(paying()) == ["0 seconds"]
    (finding,) = soaks_owed(paying(), hear(paying()))
    assert finding in situation_of(paying()).standing
    assert "600 more seconds must be seen healthy" in finding.solution


@pytest.mark.parametrize("name", ["production", "east", "west"])
def test_it_is_made_up_for_where_it_stands_or_in_a_stage_before(name: str) -> None:
    assert owed(paying(seen(name, SOAK - 1))) == [f"{SOAK - 1} seconds"]
    assert owed(paying(seen(name, SOAK))) == []


def test_where_all_stages_must_have_it_it_soaks_in_each_or_where_it_stands() -> None:
    assert owed(paying(seen("east", SOAK), fan_in="all")) == ["0 seconds"]
    assert owed(paying(seen("east", SOAK), seen("west", SOAK), fan_in="all")) == []
    assert owed(paying(seen("production", SOAK), fan_in="all")) == []


def test_only_healthy_time_of_these_bytes_in_these_places_counts() -> None:
    assert owed(paying(seen("production", SOAK, healthy=False))) == ["0 seconds"]
    assert owed(paying(seen("elsewhere", SOAK))) == ["0 seconds"]
    assert owed(paying(seen("production", SOAK, target="moon"))) == ["0 seconds"]
    other = URGENT.model_copy(update={"artifact": "sha256:" + "9" * 64})
    assert owed(paying(seen("production", SOAK), stands=other)) == ["0 seconds"]


def test_nothing_is_owed_where_another_release_stands_or_no_soak_is_asked_for() -> None:
    assert owed(paying(stands=None)) == []
    assert owed(paying(stands=RELEASE)) == []
    later = EMERGENCY.model_copy(update={"incident": "INC-10"})
    assert owed(paying(stands=URGENT.model_copy(update={"emergency": later}))) == []
    assert owed(paying(soak=0)) == []


@pytest.mark.parametrize(
    ("code", "subject", "left"),
    [
        ("soak-incomplete", "oncology/triage", []),
        ("soak-incomplete", "production/local/oncology/triage", []),
        ("soak-incomplete", "oncology/other", ["0 seconds"]),
        ("schedule-closed", "oncology/triage", ["0 seconds"]),
    ],
)
def test_a_waiver_of_the_soak_excuses_it(code: str, subject: str, left: list[str]) -> None:
    waiver = Waiver(
        api_version="turnpike.dev/v1",
        kind="Waiver",
        name="watched",
        code=code,
        subject=subject,
        reason="it is watched by hand",
        approver="nora",
        expires_at=NOW + timedelta(days=1),
    )
    facts = paying()
    base = facts.base.model_copy(update={"waivers": {"watched": waiver}})
    assert owed(facts.model_copy(update={"base": base})) == left
