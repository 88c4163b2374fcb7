"""A stop recalls what stands somewhere only where the judge itself finds that it was reached."""

from __future__ import annotations

from turnpike.judge.facts import Facts
from turnpike.judge.layout import DeploymentKey
from turnpike.judge.queries import queries_about
from turnpike.judge.recalls import recalls_in
from turnpike.judge.situation import situation_of
from turnpike.topology.stop import Recalled
from unit.judge.examples import deleted
from unit.judge.test_consumers import LIVE, NUMPY, STAGED, bill, served, stop

KEY = DeploymentKey("production", "local", "oncology", "triage")


def both_go(*stops: Recalled, environments: tuple[str, ...] = ()) -> Facts:
    found = tuple(stop(one, environments=environments) for one in stops)
    return served(deleted(LIVE), deleted(STAGED), stops=found, evidence=(bill("2.0.1"),))


def told(facts: Facts) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """Return the releases that policies hear to be deleted, and to be recalled."""
    (change,) = {one.change for one in queries_about(situation_of(facts))}
    return change.deleted_releases, change.recalled_releases


def test_the_stop_and_the_reason_are_named() -> None:
    found = recalls_in(both_go(NUMPY)).get(KEY)
    assert found is not None
    assert found[0] == stop(NUMPY).name
    assert "numpy 2.0.1" in found[1]


def test_of_what_nothing_stands_nothing_is_recalled() -> None:
    nowhere = DeploymentKey("production", "elsewhere", "oncology", "triage")
    assert nowhere not in recalls_in(both_go(NUMPY))


def test_policies_hear_which_of_the_deleted_releases_are_recalled() -> None:
    both = str(KEY), "staging/local/oncology/triage"
    assert told(both_go(NUMPY)) == (both, both)
    assert told(both_go()) == (both, ())
    assert told(both_go(Recalled(kind="package", name="numpy==2.0.0"))) == (both, ())


def test_a_stop_of_one_environment_recalls_there_alone() -> None:
    assert told(both_go(NUMPY, environments=("production",)))[1] == (str(KEY),)
