"""A model goes from one cloud to another by its runbook, and a consumer never goes unanswered."""

from __future__ import annotations

import json
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any

import pytest

from end_to_end.changes import DIABETES, Bench
from end_to_end.daemons import running
from end_to_end.people import BOT, RELEASE_MANAGER
from end_to_end.releases import released
from end_to_end.shells import shell_of
from end_to_end.watching import artifact_of
from end_to_end.world import World
from runbooks import carried_out
from turnpike.cli.example_rows import example_rows
from turnpike.delivery.predict import infer
from turnpike.documents.identifiers import Digest
from turnpike.registry.store import ArtifactStore

OLD, NEW = "aws-eu", "gcp-eu"
STAGES = ("dev", "staging", "production")
TEAM, MODEL = DIABETES.split("/")


@dataclass
class Consumer:
    """Asks the target that it was told of, again and again; keeps who answered, and what failed."""

    world: World
    target: str
    rows: list[dict[str, Any]]
    answers: list[tuple[str, Digest]] = field(default_factory=list)
    failures: list[str] = field(default_factory=list)
    _end: threading.Event = field(default_factory=threading.Event)

    def ask(self) -> None:
        """Ask once; any failure is one too many."""
        target = self.target
        try:
            answer = infer(self.endpoint(target), DIABETES, self.rows)
        except Exception as error:  # noqa: BLE001 - whatever it is, the consumer has no answer
            self.failures.append(f"{target}: {error!r}")
        else:
            self.answers.append((target, answer.artifact))

    def endpoint(self, target: str) -> str:
        """Return where a target serves."""
        place = self.world.folder / "serving" / f"production-{target}" / "endpoint"
        return place.read_text(encoding="utf-8").strip()

    @contextmanager
    def asking(self) -> Iterator[None]:
        """Ask without a pause for as long as the block lasts."""
        thread = threading.Thread(target=self._go_on)
        thread.start()
        try:
            yield
        finally:
            self._end.set()
            thread.join()

    def go_over(self, target: str) -> None:
        """Ask another target from now on; return once it has answered."""
        self.target = target
        self.answered(target)

    def answered(self, target: str) -> None:
        """Return once a target has answered a question that is asked from now on."""
        count = len(self.answers) + 1  # one may be under way
        while not [name for name, _ in self.answers[count:] if name == target]:
            assert not self.failures
            assert not self._end.wait(0.1)

    def _go_on(self) -> None:
        while not self._end.wait(0.05):
            self.ask()


@pytest.fixture(scope="module")
def world(merged: Bench) -> World:
    """A model that serves on the old cloud, in every environment."""
    bench = merged.copied()
    for stage in STAGES:
        released(bench.world, bench.draft("diabetes"), stage, "--target", OLD)
    return bench.world


def released_at(world: World, commit: str) -> dict[str, str]:
    """Return the digest in each of production's targets, as a commit of main says."""
    listed = world.git("ls-tree", "-r", "--name-only", commit, "environments/production",
                       at=world.host).splitlines()  # fmt: skip
    found = {}
    for path in listed:
        if path.endswith(f"{DIABETES}/release.yaml"):
            lines = world.git("show", f"{commit}:{path}", at=world.host).splitlines()
            (artifact,) = [one for one in lines if one.startswith("artifact: ")]
            found[path.split("/")[2]] = artifact.split()[1].strip("\"'")
    return found


def status(world: World) -> set[tuple[str, str]]:
    told = world.done("status", DIABETES, "--json").json()
    return {(one["environment"], one["target"]) for one in told}


def serving(target: str) -> tuple[str, ...]:
    return ("serve", "--environment", "production", "--target", target)


def test_a_move_between_clouds_leaves_no_request_unanswered(world: World, merged: Bench) -> None:
    artifact, before = artifact_of(merged.draft("diabetes")), world.main
    assert released_at(world, before) == {OLD: artifact}
    values = {"team": TEAM, "model": MODEL, "stage": "staging", "environment": "production",
              "old": OLD, "new": NEW, "approver": RELEASE_MANAGER}  # fmt: skip
    rows = example_rows(ArtifactStore(world.house.instance.store()).path_of(artifact))
    consumer = Consumer(world, OLD, [dict(row) for row in rows])
    with (
        carried_out("CloudMove", shell_of(world, values)) as page,
        running(world.monorepo, *serving(NEW)) as new,
        running(world.monorepo, *serving(OLD)) as old,
    ):
        old.until(artifact)
        with consumer.asking():
            page.run("Look")
            page.step("Help")
            page.step("Help")
            new.until(artifact)
            assert artifact in page.step("Help")
            consumer.go_over(NEW)
            page.step("Help")
            page.step("Help")
            page.run("Over when")
            consumer.answered(NEW)
    assert consumer.failures == []
    assert status(world) == {("dev", OLD), ("staging", NEW), ("production", NEW)}
    assert {digest for _, digest in consumer.answers} == {artifact}
    assert [name for name, _ in consumer.answers] == sorted(name for name, _ in consumer.answers)
    walked = world.git("rev-list", "--first-parent", f"{before}..{world.main}", at=world.host)
    stood = [released_at(world, commit) for commit in walked.splitlines()]
    assert all(one and set(one.values()) == {artifact} for one in stood), json.dumps(stood)
    assert {OLD: artifact, NEW: artifact} in stood


def test_the_way_back_is_a_rollback(world: World) -> None:
    """The last one: it undoes what the runbook did."""
    words = ("rollback", DIABETES, "--in", "production", "--target", OLD, "--as", BOT)
    number = world.change(*words)
    world.approve(number, RELEASE_MANAGER)
    world.merged(number)
    assert ("production", OLD) in status(world)
