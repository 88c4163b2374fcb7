"""A new version goes in by steps beside the live one: a real observer's word carries it on."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import pytest
import yaml

from end_to_end.changes import DIABETES, LOCAL, STEPS, Bench, ruled, with_steps
from end_to_end.daemons import Daemon, running
from end_to_end.evidence import GOOD
from end_to_end.people import BOT
from end_to_end.releases import opened, released
from end_to_end.world import World
from turnpike.documents.identifiers import Digest

STAGING = "environments/staging/environment.yaml"
HERE = ("--environment", "staging", "--target", "local")
FOLDER = f"environments/staging/local/{DIABETES}"
PATIENT = "{durationSeconds: 2, minimumRequests: 10, maximumErrorRate: 0.2, demandsQuality: true}"
IMPATIENT = (
    "{durationSeconds: 1, minimumRequests: 1, maximumErrorRate: 0.9,"
    " maximumLatencyP95Milliseconds: 0.001}"
)
TRIES = 40  # a busy machine breaks the promise of 300 ms now and then
EASY = IMPATIENT.replace("0.001", "60000")


@dataclass(frozen=True, slots=True)
class Rolling:
    """A world with one version whole in staging, and another in dev that is to follow it."""

    bench: Bench
    old: Digest
    new: Digest

    @property
    def world(self) -> World:
        return self.bench.world

    def plan(self) -> dict[str, Any]:
        words = ("plan", DIABETES, "--to", "staging", *LOCAL, "--json")
        (move,) = self.world.done(*words).json()["moves"]
        found: dict[str, Any] = move
        return found

    def codes(self) -> list[str]:
        return [one["code"] for one in self.plan()["blockers"]]

    def step(self) -> None:
        """Carry out what promote opens."""
        number = self.world.change("promote", DIABETES, "--to", "staging", *LOCAL, "--as", BOT)
        self.world.merged(number)

    def promoted(self) -> dict[str, Any]:
        """Return the one train that promote opens."""
        words = ("promote", DIABETES, "--to", "staging", *LOCAL, "--as", BOT, "--json")
        (train,) = self.world.done(*words).json()["trains"]
        found: dict[str, Any] = train
        return found

    def served(self) -> tuple[str, int, str | None]:
        """Return what status says of staging: the version, its traffic, and who has the rest."""
        found = self.world.done("status", DIABETES, "--json").json()
        (line,) = (one for one in found if one["environment"] == "staging")
        rest = line["rest"]["artifact"] if line["rest"] else None
        return line["artifact"], line["traffic"], rest

    def canary(self) -> int | None:
        """Return what KServe is told."""
        content = self.world.house.host.read(self.world.main, f"{FOLDER}/manifests.yaml")
        assert content is not None
        objects = [one for one in yaml.safe_load_all(content) if one["kind"] == "InferenceService"]
        found: int | None = objects[0]["spec"]["predictor"].get("canaryTrafficPercent")
        return found

    def observed(self) -> list[Any]:
        with running(
            self.world.monorepo, "observe", *HERE, "--json", "--interval", "1s", "--for", "4s"
        ) as observer:
            observer.ended()
        return observer.objects()

    def observed_until(self, *codes: str) -> None:
        """Watch until so much stands against the next step."""
        for _ in range(TRIES):
            self.observed()
            if self.codes() == [*codes]:
                return

    def scored(self) -> list[Any]:
        """Watch until the worth of both versions was told; return what was told with it."""
        told: list[Any] = []
        for _ in range(TRIES):
            told += (one for one in self.observed() if one["quality"])
            if {one["artifact"] for one in told} == {self.old, self.new}:
                break
        return told


def with_analysis(plain: str, analysis: str) -> str:
    """Return staging with steps, each of which is followed by the same analysis."""
    return with_steps(plain, STEPS.replace("{ANALYSIS}", analysis))


def rolling(bench: Bench, analysis: str) -> Rolling:
    content = bench.world.house.host.read(bench.world.main, STAGING)
    assert content is not None
    world, old, new = bench.world, bench.draft("diabetes"), bench.draft("better diabetes")
    released(world, old, "dev", *LOCAL)
    released(world, old, "staging", *LOCAL)
    ruled(bench, STAGING, with_analysis(content.decode(), analysis))
    bench.admitted(new, GOOD)
    released(world, new, "dev", *LOCAL)
    artifacts = (old.model.artifact, new.model.artifact)
    assert artifacts[0] and artifacts[1]  # noqa: PT018
    return Rolling(bench, artifacts[0].digest, artifacts[1].digest)


@pytest.fixture(scope="module")
def patient(merged: Bench) -> Rolling:
    return rolling(merged.copied(), PATIENT)


@pytest.fixture(scope="module")
def server(patient: Rolling) -> Iterator[Daemon]:
    with running(patient.world.monorepo, "serve", *HERE) as server:
        server.until(patient.old)
        yield server


def test_each_step_follows_what_the_observer_saw_of_the_one_before(
    patient: Rolling, server: Daemon
) -> None:
    assert patient.plan()["step"] == {"number": 1, "of": 3, "traffic": 0, "targets": ["local"]}
    patient.step()
    assert (patient.served(), patient.canary()) == ((patient.new, 0, patient.old), 0)
    assert patient.codes() == ["analysis-incomplete"]
    number = opened(patient.world, patient.bench.draft("better diabetes"), "staging", *LOCAL)
    denied = patient.world.gate(number).json()["findings"]
    assert {one["code"] for one in denied} == {"analysis-incomplete"}
    server.until(f"candidate  version 2  {patient.new}")
    patient.observed_until()
    patient.step()
    assert (patient.served(), patient.canary()) == ((patient.new, 10, patient.old), 10)
    assert patient.codes() == ["analysis-incomplete"]
    patient.observed_until()
    told = patient.scored()
    assert {one["artifact"] for one in told} == {patient.old, patient.new}
    assert all(one["quality"]["r2"] > 0.4 for one in told)
    patient.step()
    assert (patient.served(), patient.canary()) == ((patient.new, 100, None), None)


@pytest.fixture(scope="module")
def failed(merged: Bench) -> Rolling:
    """A shadow that nobody can be quick enough for."""
    found = rolling(merged.copied(), IMPATIENT)
    found.step()
    with running(found.world.monorepo, "serve", *HERE) as server:
        server.until(found.new)
        found.observed_until("analysis-failed")
    return found


def test_a_failed_analysis_is_told_and_the_way_back_is_opened(failed: Rolling) -> None:
    found = Rolling(failed.bench.copied(), failed.old, failed.new)
    move = found.plan()
    assert ([one["code"] for one in move["blockers"]], move["returns"]) == (
        ["analysis-failed"],
        True,
    )
    assert "at most 0.001 ms" in move["blockers"][0]["says"]
    back, again = found.promoted(), found.promoted()
    assert back["title"].startswith(f"Roll back {DIABETES} in staging: the analysis of step 1")
    assert (again["number"], again["state"]) == (back["number"], "open already")
    found.step()
    assert (found.served(), found.canary()) == ((found.old, 100, None), None)
    assert found.plan()["step"]["number"] == 1


def test_a_way_back_that_is_no_longer_wanted_is_closed_and_the_next_step_opened(
    failed: Rolling,
) -> None:
    found = Rolling(failed.bench.copied(), failed.old, failed.new)
    back = found.promoted()
    rules = found.world.house.host.read(found.world.main, STAGING)
    assert rules is not None
    ruled(found.bench, STAGING, rules.decode().replace(IMPATIENT, EASY))
    onwards = found.promoted()
    assert onwards["title"].endswith("step 2 (10 % in local) of 3")
    states = {
        one["number"]: one["state"] for one in found.world.done("pr", "list", "--json").json()
    }
    assert (states[back["number"]], states[onwards["number"]]) == ("closed", "open")
