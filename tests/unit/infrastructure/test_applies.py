"""An apply is on the record before it begins, and how it ended in the end; else there is none."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta

import pytest

from turnpike.cli.wiring import House
from turnpike.documents.identifiers import ObjectId, digest_of
from turnpike.errors import CannotDecide, InputError, RepositoryChanged, TurnpikeError
from turnpike.evidence.plan import TerraformApply
from turnpike.forge.embedded import EmbeddedForge, EmbeddedHost
from turnpike.infrastructure.applies import Writer, applies_of, on_record, statement_of_apply
from turnpike.infrastructure.applying import Approved
from turnpike.instance.create import GATE
from turnpike.judge.decision import AdmittedPlan
from turnpike.judge.layout import RootKey
from turnpike.record.keys import keys_at
from turnpike.record.record import Record
from turnpike.topology.key import Role
from unit.instance.aurora import Aurora, new_product, now
from unit.judge.examples import NOW, RoleKey

ROOT = RootKey("dev", "aws")


@pytest.fixture(scope="module")
def aurora(tmp_path_factory: pytest.TempPathFactory) -> Aurora:
    product = new_product(tmp_path_factory.mktemp("product"))
    return Aurora.made(tmp_path_factory.mktemp("aurora") / "instance", product)


class Moving(EmbeddedForge):
    """The host that the instance has, at which another gate appends first, so many times."""

    times = 0

    def push_record(self, commit: ObjectId, expected_tip: ObjectId | None) -> None:
        """Append, unless another gate did."""
        if self.times:
            self.times -= 1
            raise RepositoryChanged("the record moved")
        super().push_record(commit, expected_tip)


def approved(name: str) -> Approved:
    plan = AdmittedPlan(
        root=str(ROOT),
        inputs=digest_of(b"inputs"),
        plan=digest_of(name.encode()),
        statement=digest_of(b"envelope"),
    )
    return Approved(digest_of(b"decision"), ObjectId("a" * 40), plan)


@contextmanager
def writer(aurora: Aurora, planner: Role = "planner", moves: int = 0) -> Iterator[Writer]:
    house = House(aurora.instance)
    host = EmbeddedHost(aurora.host, aurora.instance.genesis, house.organisation)
    forge = Moving(host, aurora.host, now)
    forge.times = moves
    with aurora.signer(planner) as signer, aurora.gate() as gate:
        yield Writer(Record(aurora.host), forge, signer, gate, GATE, now)


def states(aurora: Aurora, name: str) -> list[tuple[str, str]]:
    envelopes = Record(aurora.host).statements_about([approved(name).plan.plan])
    found = applies_of(envelopes, keys_at(aurora.host, aurora.main()), now())
    return [(one.said.state, one.signer) for one in found]


def test_what_is_applied_begins_and_ends_on_the_record(aurora: Aurora) -> None:
    with writer(aurora) as at, on_record(at, ROOT, approved("good")):
        assert states(aurora, "good") == [("begun", "planner")]
    assert states(aurora, "good") == [("begun", "planner"), ("applied", "planner")]


@pytest.mark.parametrize("error", [InputError("no"), KeyboardInterrupt()])
def test_what_fails_is_said_to_have_failed(aurora: Aurora, error: BaseException) -> None:
    name = f"bad {error!r}"
    with pytest.raises(type(error)), writer(aurora) as at, on_record(at, ROOT, approved(name)):
        raise error
    assert [state for state, _ in states(aurora, name)] == ["begun", "failed"]


def test_what_can_not_be_recorded_does_not_begin(aurora: Aurora) -> None:
    begun = False
    with (
        pytest.raises(TurnpikeError),
        writer(aurora, "observer") as at,
        on_record(at, ROOT, approved("unsigned")),
    ):
        begun = True
    assert not begun
    assert states(aurora, "unsigned") == []


def test_another_gate_may_append_meanwhile(aurora: Aurora) -> None:
    with writer(aurora, moves=2) as at, on_record(at, ROOT, approved("raced")):
        pass
    assert [state for state, _ in states(aurora, "raced")] == ["begun", "applied"]


def test_a_record_that_never_stands_still_lets_nothing_begin(aurora: Aurora) -> None:
    with (
        pytest.raises(CannotDecide, match="moved"),
        writer(aurora, moves=99) as at,
        on_record(at, ROOT, approved("restless")),
    ):
        pytest.fail("it began")
    assert states(aurora, "restless") == []


def test_only_a_planners_word_counts_and_a_beginning_comes_first() -> None:
    planner, other = RoleKey("planner"), RoleKey("observer")

    def said(state: str, seconds: int) -> TerraformApply:
        plan = approved("x").plan.plan
        at = NOW + timedelta(seconds=seconds)
        value = {"root": str(ROOT), "plan": plan, "decision": plan, "state": state, "at": at}
        return TerraformApply.model_validate(value)

    envelopes = [
        planner.sign(statement_of_apply(said("failed", 0))),
        planner.sign(statement_of_apply(said("begun", 0))),
        planner.sign(statement_of_apply(said("begun", -9))),
        other.sign(statement_of_apply(said("applied", 5))),
    ]
    found = applies_of(envelopes, (planner.public, other.public), NOW)
    assert [one.said.state for one in found] == ["begun", "begun", "failed"]
