"""A sweep judges all that stands on a commit, by what main says today, on however many cores."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest

from turnpike.change.sweep import Sweep, ground_at, reads_the_clock
from turnpike.change.sweep_judging import Shelves
from turnpike.errors import IntegrityError, Unavailable
from turnpike.judge.policy_input import Answer, PolicyInput
from turnpike.record.record import Record
from unit.change.gates import TOOLS
from unit.change.sweeping import BAD, World, world_in
from unit.judge.deployed import KEY
from unit.judge.examples import ARTIFACT, NOW

LATER = "time.parse_rfc3339_ns(input.now) >= time.parse_rfc3339_ns(statement.expiresAt)"


def sweep_of(world: World, commit: str | None = None, processes: int = 1) -> Sweep:
    """Return a sweep that believes no cache."""
    repository = world.monorepo.repository
    shelves = Shelves(repository, Record(repository), lambda *_: ARTIFACT)
    clock = NOW + timedelta(hours=1)
    ground = ground_at(repository, world.monorepo.base, world.main, shelves, TOOLS, clock)
    at = repository.resolve(commit) if commit else world.main
    return Sweep(ground, shelves, at, world.ask, None, processes)


def test_several_processes_find_what_one_does(tmp_path: Path) -> None:
    names = [f"model-{number}" for number in range(151)]
    world = world_in(tmp_path, *names, "worse")
    together = sweep_of(world, processes=2).run()
    assert (together.models, list(together.denied)) == (152, [BAD])
    assert together == sweep_of(world, processes=1).run()


def test_without_a_cache_everything_is_judged_every_time(tmp_path: Path) -> None:
    world = world_in(tmp_path, "fine", "worse")
    sweep_of(world).run()
    world.asked.clear()
    assert sweep_of(world).run().reused == 0
    assert world.asked == ["oncology/fine", BAD]


def test_a_commit_is_judged_by_mains_people_and_not_by_its_own(tmp_path: Path) -> None:
    world = world_in(tmp_path, "fine")
    path = "policies/data/organisation.yaml"
    theirs = world.monorepo.head({path: b"kind: Nonsense\n"}, world.main)
    assert sweep_of(world, theirs).run() == replace(sweep_of(world).run(), commit=theirs)


def test_a_deployment_whose_model_is_gone_is_judged_too(tmp_path: Path) -> None:
    world = world_in(tmp_path, "fine")
    orphan = world.monorepo.head({KEY.path("release.yaml"): b"kind: Nonsense\n"}, world.main)
    swept = sweep_of(world, orphan).run()
    assert (swept.models, swept.deployments) == (1, 1)
    assert list(swept.denied) == [str(KEY)]


def test_policies_that_do_not_answer_are_a_failure_and_not_a_clean_sweep(tmp_path: Path) -> None:
    def silent(_: tuple[PolicyInput, ...]) -> Answer:
        raise Unavailable("expected an answer of OPA, got silence")

    sweep = replace(sweep_of(world_in(tmp_path, "fine")), ask=silent)
    with pytest.raises(Unavailable):
        sweep.run()


@pytest.mark.parametrize(
    ("path", "content"),
    [
        ("policies/data/organisation.yaml", b"kind: Nonsense\n"),
        ("policies/data/organisation.yaml", None),
        ("environments/dev/environment.yaml", b"\xff"),
        ("policies/keys/validator.yaml", b"kind: Key\n"),
        ("policies/waivers/all.yaml", b"everything: allowed\n"),
    ],
)
def test_a_main_that_cannot_be_read_whole_is_no_ground_to_judge_on(
    tmp_path: Path, path: str, content: bytes | None
) -> None:
    world = world_in(tmp_path, "fine")
    broken = replace(world, main=world.monorepo.head({path: content}, world.main))
    with pytest.raises(IntegrityError, match=path):
        sweep_of(broken)


@pytest.mark.parametrize(
    ("rule", "told"),
    [
        ("deny if input.model.name == data.x", False),
        ("answer := decision with input as one", False),
        ("# input.now in a comment\ndeny if input.subject.kind", False),
        ("deny if input.now > 1", True),
        ('deny if input["now"]', True),
        ("import input as i", True),
        ("deny if walk(input, [p, v])", True),
        ("deny if time.parse_rfc3339_ns(x) > 1", False),
        ("deny if time.now_ns() > 1", True),
        ("deny if time.parse_duration_ns(x) > 1", True),
        (f"deny if {LATER}", False),
        (f"deny if {{\n\tinput.model.name\n\t{LATER}\n}}", False),
        (f"deny if {{ {LATER}; input.model.name }}", False),
        (f"deny if not {LATER}", True),
        (f"deny if {LATER} + 86400", True),
        (f"deny if x := {LATER}", True),
        ("deny if time.parse_rfc3339_ns(input.now) - time.parse_rfc3339_ns(a.b) > 9", True),
        ("deny if time.parse_rfc3339_ns(input.now) < time.parse_rfc3339_ns(f(a.b))", True),
        ('\t\tsprintf("closed at %s", [input.now]),\n', False),
        ('\tsprintf("%s", [input.now]) == x\n', True),
    ],
)
def test_a_rule_with_a_clock_is_found(rule: str, told: bool) -> None:
    assert reads_the_clock({"policies/a/a.rego": rule.encode()}) is told
    assert not reads_the_clock({"policies/a/a_test.rego": rule.encode()})
