"""The real transition function, breadth first over a bounded world: what never happens.

Prints depth and number of states: ``pytest -s tests/policies/test_promotions.py``.
"""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterable
from pathlib import Path

import pytest

from policies.promotions import BEFORE, STAGES, State, Step, World, facts_of
from policies.test_properties import program
from turnpike.judge.again import ROLLED_BACK
from turnpike.judge.situation import situation_of
from turnpike.opa.bundle import compile_bundle, policies_in
from turnpike.opa.evaluation import Evaluation

DEPTH = 7
Invariant = Callable[[Step], bool]


@pytest.fixture(scope="module")
def world(tmp_path_factory: pytest.TempPathFactory) -> World:
    bundle = compile_bundle(policies_in(Path.cwd()), program(), tmp_path_factory.mktemp("cache"))
    engine = Evaluation(bundle, program())
    return World(engine.decide)


@pytest.fixture(scope="module")
def explored(world: World) -> tuple[dict[State, int], list[Step]]:
    reached, steps = world.explore(DEPTH)
    said = f"depth {DEPTH}: {len(reached)} states, {len(steps)} steps, {len(world.known)} judged"
    sys.stdout.write(f"\n{said}\n")
    return reached, steps


def moves_forward(step: Step) -> bool:
    """Tell whether a step brings bytes that never stood there, or that it went back from.

    Where nothing stands there is nothing to go back from.
    """
    version, now = step.attempt.version, step.attempt.now
    return version is not None and (now is None or version not in step.attempt.stood)


def was_allowed(step: Step) -> bool:
    """No digest in an environment that was never let in."""
    return step.attempt.version is None or step.attempt.version in step.state.admitted


def skips_no_environment(step: Step) -> bool:
    """What is new to an environment stands in the one before it."""
    before = BEFORE[step.attempt.stage]
    if not moves_forward(step) or before is None:
        return True
    return step.state.at(before) == step.attempt.version


def passes_no_freeze_without_a_debt(step: Step) -> bool:
    """Past a freeze only by an emergency, which owes for it."""
    in_production = step.attempt.stage == "production"
    if not (step.state.frozen and in_production and moves_forward(step)):
        return True
    return bool(step.attempt.urgent and step.outcome.debts)


def passes_no_stop(step: Step) -> bool:
    """Nothing goes forward while the line is stopped, in an emergency neither."""
    return not (step.state.stopped and moves_forward(step))


def soaked_first(step: Step) -> bool:
    """Production takes what was seen healthy, or owes for it."""
    if step.attempt.stage != "production" or not moves_forward(step):
        return True
    return step.attempt.version in step.state.soaked or bool(step.outcome.debts)


def returns_only_to_what_was_approved(step: Step) -> bool:
    """Whatever goes back to a place stood there once, and whatever stood was admitted."""
    version = step.attempt.version
    if version is None or moves_forward(step):
        return True
    pile = step.state.stood[STAGES.index(step.attempt.stage)]
    return version in pile.stood and was_allowed(step)


def is_what_was_validated(step: Step) -> bool:
    """The manifest that goes with the bytes is the one that was judged with them."""
    return step.attempt.version in {None, step.attempt.manifest}


INVARIANTS: tuple[Invariant, ...] = (
    was_allowed,
    skips_no_environment,
    passes_no_freeze_without_a_debt,
    passes_no_stop,
    soaked_first,
    returns_only_to_what_was_approved,
    is_what_was_validated,
)


def broken(steps: Iterable[Step]) -> set[str]:
    found = list(steps)
    return {rule.__name__ for rule in INVARIANTS if not all(map(rule, found))}


def test_nothing_that_must_never_happen_happens(
    explored: tuple[dict[State, int], list[Step]],
) -> None:
    reached, steps = explored
    assert len(reached) > 400
    assert broken(steps) == set()


def test_what_a_person_brings_again_after_a_rollback_no_bot_does(
    explored: tuple[dict[State, int], list[Step]],
) -> None:
    _, steps = explored
    again = {s.attempt for s in steps if s.attempt.now and s.attempt.version in s.attempt.left}
    ordinary = [one for one in again if not one.urgent]
    assert ordinary
    for attempt in ordinary:
        facts = facts_of(attempt)
        assert facts.pull_request is not None
        robot = facts.pull_request.model_copy(update={"author": "robot", "pushers": ("robot",)})
        found = situation_of(facts.model_copy(update={"pull_request": robot})).reviews
        assert ROLLED_BACK in {one.code for one in found}, attempt


@pytest.mark.parametrize(
    ("bug", "invariant"),
    [
        ({"admission-unknown"}, "was_allowed"),
        ({"promotion-out-of-order", "changed-since-source"}, "skips_no_environment"),
        ({"schedule-closed"}, "passes_no_freeze_without_a_debt"),
        ({"line-stopped"}, "passes_no_stop"),
        ({"soak-incomplete"}, "soaked_first"),
        (
            {
                "release.artifact-differs",
                "derived.not-derivable",
                "admission-unknown",
                "changed-since-source",
            },
            "is_what_was_validated",
        ),
    ],
)
def test_a_rule_that_is_lost_is_found(world: World, bug: set[str], invariant: str) -> None:
    _, steps = world.explore(DEPTH, frozenset(bug))
    assert invariant in broken(steps)


def test_a_return_to_what_never_stood_would_be_found(
    explored: tuple[dict[State, int], list[Step]],
) -> None:
    """No rule alone lets this happen, so the step itself is forged."""
    _, steps = explored
    back = next(s for s in steps if s.attempt.version and not moves_forward(s))
    forged = Step(State(), back.attempt, back.outcome, back.after)
    assert not returns_only_to_what_was_approved(forged)


def test_an_admitted_model_reaches_production_from_everywhere(
    explored: tuple[dict[State, int], list[Step]], world: World
) -> None:
    """Progress: from every state near the start, freezes and stops lifted, there is a way."""
    reached, _ = explored
    starts = [state for state, distance in reached.items() if distance <= 3 and state.admitted]
    assert len(starts) > 10
    for start in starts:
        state = State(admitted=start.admitted, standing=start.standing, stood=start.stood)
        assert arrives(world, state), start


def arrives(world: World, state: State) -> bool:
    version = min(state.admitted)
    for stage, before in BEFORE.items():
        wanted = [
            one
            for one in state.attempts()
            if (one.stage, one.version, one.manifest) == (stage, version, version)
            and (one.claims, one.urgent) == (before, False)
        ]
        world.learn(wanted)
        if state.at(stage) != version:
            allowed = [w for w in wanted if world.known[w].outcome().allowed]
            if not allowed:
                return False
            state = state.after(allowed[0])
        if stage == "staging":
            state = next(s for s in state.events() if version in s.soaked)
    return state.at("production") == version
