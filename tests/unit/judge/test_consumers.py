"""Each consumer acknowledges that a model goes out of service; a recall waits for none of them."""

from __future__ import annotations

import pytest
from pydantic import JsonValue

from turnpike.evidence.envelope import Envelope
from turnpike.evidence.statement import BILL_OF_MATERIALS
from turnpike.judge.consumers import consumer_findings, order_findings, recall_notes
from turnpike.judge.facts import Change, Documents, Facts
from turnpike.judge.layout import DeploymentKey
from turnpike.judge.requirements import requirements_of
from turnpike.manifest.model import PredictiveModel
from turnpike.manifest.release import Release
from turnpike.manifest.serving import Consumer
from turnpike.topology.stop import Recalled, Stop, SuspectKind
from unit.judge.deployed import BLOB, RELEASE, edited
from unit.judge.examples import (
    NOW,
    RoleKey,
    base_documents,
    deleted,
    environment,
    model,
    model_facts,
    object_id,
    pull_request,
    review,
    statement,
)

WARD = Consumer(application="ward", contact="ida", purpose="Shows it.")
DESK = Consumer(application="desk", contact="risk-quorum", purpose="Sorts by it.")
MANIFEST = "models/oncology/triage/model.yaml"
LIVE = DeploymentKey("production", "local", "oncology", "triage").path("release.yaml")
STAGED = DeploymentKey("staging", "local", "oncology", "triage").path("release.yaml")
REGISTRAR = RoleKey("registrar")
NUMPY = Recalled(kind="package", name="numpy==2.0.1")


def used(*consumers: Consumer, **fields: object) -> PredictiveModel:
    """Return the example's model with consumers; two of them, where none is said."""
    return model().model_copy(update={"consumers": consumers or (WARD, DESK), **fields})


def served(
    *changes: Change,
    main: PredictiveModel | None = None,
    head: PredictiveModel | None = None,
    releases: tuple[str, ...] = (LIVE, STAGED),
    stops: tuple[Stop, ...] = (),
    evidence: tuple[Envelope, ...] = (),
    approved_by: tuple[str, ...] = (),
    **base: object,
) -> Facts:
    """Return the facts of a change to what stands in staging and in production."""
    now = used() if main is None else main
    documents = base_documents().model_copy(
        update={
            "models": {MANIFEST: now},
            "releases": dict.fromkeys(releases, RELEASE),
            "stops": {one.name: one for one in stops},
            **base,
        }
    )
    after = Documents(models={MANIFEST: head} if head else {}, model_blobs={BLOB: now})
    request = pull_request(*(review(name) for name in approved_by))
    return model_facts().model_copy(
        update={
            "changes": changes,
            "base": documents,
            "head": after,
            "pull_request": request,
            "evidence": evidence,
            "keys": (REGISTRAR.public,),
        }
    )


def asked(facts: Facts) -> dict[str, bool]:
    """Return who is asked as a consumer, and whether enough of them approve."""
    return {
        one.group: one.is_met
        for one in requirements_of(facts, "release")
        if one.reason.startswith("consumer ")
    }


def bill(version: str, signer: RoleKey = REGISTRAR) -> Envelope:
    parts: list[JsonValue] = [{"type": "library", "name": "numpy", "version": version}]
    return signer.sign(statement(BILL_OF_MATERIALS, {"components": parts}))


def stop(recalls: Recalled | None, **scope: object) -> Stop:
    plain = Stop(
        api_version="turnpike.dev/v1",
        kind="Stop",
        name="numpy",
        reason="it computes wrongly",
        incident="INC-7",
        recalls=recalls,
    )
    return plain.model_copy(update=scope)


# --- who is asked ---------------------------------------------------------------------------------


def test_the_last_release_in_a_live_environment_asks_each_consumer() -> None:
    assert asked(served(deleted(LIVE))) == {"ida": False, "risk-quorum": False}


def test_each_consumer_speaks_for_itself() -> None:
    assert asked(served(deleted(LIVE), approved_by=("ida",))) == {"ida": True, "risk-quorum": False}
    both = served(deleted(LIVE), approved_by=("ida", "nora"))
    assert asked(both) == {"ida": True, "risk-quorum": True}


def test_nobody_acknowledges_their_own_retirement() -> None:
    own = used(Consumer(application="ward", contact="maria", purpose="Shows it."))
    assert asked(served(deleted(LIVE), main=own, approved_by=("maria",))) == {"maria": False}


def test_one_contact_of_two_consumers_is_asked_about_both() -> None:
    two = used(WARD, Consumer(application="kiosk", contact="ida", purpose="Prints it."))
    facts = served(deleted(LIVE), main=two)
    reasons = [r.reason for r in requirements_of(facts, "release") if r.group == "ida"]
    assert [text.split()[1] for text in reasons] == ["kiosk", "ward"]


def test_what_no_consumer_uses_goes_without_them() -> None:
    assert asked(served(deleted(STAGED))) == {}


def test_while_another_target_serves_it_nobody_is_asked() -> None:
    other = LIVE.replace("/local/", "/other/")
    both = (LIVE, other, STAGED)
    assert asked(served(deleted(LIVE), releases=both)) == {}
    assert asked(served(deleted(LIVE), deleted(other), releases=both)) != {}


def test_a_stage_that_main_does_not_list_counts_as_live() -> None:
    stages = {"dev": environment("dev")}
    assert asked(served(deleted(LIVE), environments=stages)) != {}


def test_other_bytes_in_its_place_are_no_end() -> None:
    facts = served(edited(LIVE))
    back: dict[str, Release] = {LIVE: RELEASE.model_copy(update={"version": "0"})}
    head = facts.head.model_copy(update={"releases": back})
    assert asked(facts.model_copy(update={"head": head})) == {}


@pytest.mark.parametrize("head", [None, used(lifecycle="retired")], ids=["deleted", "retired"])
def test_the_end_of_a_manifest_in_service_asks_them(head: PredictiveModel | None) -> None:
    change = edited(MANIFEST) if head else deleted(MANIFEST)
    assert set(asked(served(change, head=head))) == {"ida", "risk-quorum"}
    assert asked(served(change, head=head, releases=(STAGED,))) == {}


def test_whoever_acknowledged_the_end_is_not_asked_again() -> None:
    assert asked(served(deleted(LIVE), main=used(lifecycle="retired"))) == {}


def test_without_a_manifest_on_main_those_of_what_serves_are_asked() -> None:
    assert set(asked(served(deleted(LIVE), models={}))) == {"ida", "risk-quorum"}


def test_an_ordinary_edit_asks_nobody() -> None:
    assert asked(served(edited(MANIFEST), head=used(description="Sorts better."))) == {}


def test_a_manifest_goes_after_its_releases() -> None:
    (found,) = order_findings(served(deleted(MANIFEST), releases=(STAGED,)))
    assert (found.code, found.actual) == ("retirement.out-of-order", STAGED)
    assert list(order_findings(served(deleted(MANIFEST), releases=()))) == []
    assert list(order_findings(served(edited(MANIFEST), head=used()))) == []
    assert list(order_findings(served(deleted(MANIFEST.replace("model.yaml", "card.md"))))) == []


# --- who stands in the manifest -------------------------------------------------------------------


def test_a_consumer_goes_out_of_a_manifest_by_its_own_word() -> None:
    assert asked(served(edited(MANIFEST), head=used(DESK))) == {"ida": False}
    other = WARD.model_copy(update={"contact": "grace"})
    assert set(asked(served(edited(MANIFEST), head=used(other, DESK)))) == {"ida"}
    assert asked(served(edited(MANIFEST), head=used(DESK), releases=(STAGED,))) == {}


LOST = Consumer(application="ward", contact="who-left", purpose="Shows it.")


def test_a_contact_who_is_nobody_denies_the_end() -> None:
    facts = served(deleted(LIVE), main=used(LOST))
    (found,) = consumer_findings(facts)
    assert (found.code, found.actual) == ("consumer.unknown-contact", "who-left")
    assert "ward" in found.expected
    assert asked(facts) == {}


def test_the_platform_owners_let_such_an_entry_go() -> None:
    facts = served(edited(MANIFEST), main=used(LOST), head=used(WARD))
    assert asked(facts) == {"platform-owners": False}
    assert list(consumer_findings(facts)) == []


def test_nobody_is_brought_whom_nobody_knows() -> None:
    facts = served(edited(MANIFEST), main=used(WARD), head=used(WARD, LOST))
    assert [one.actual for one in consumer_findings(facts)] == ["who-left"]
    known = served(edited(MANIFEST), main=used(LOST), head=used(LOST, DESK))
    assert list(consumer_findings(known)) == []


# --- a recall -------------------------------------------------------------------------------------


def recalled(ground: Stop, *evidence: Envelope) -> Facts:
    return served(deleted(LIVE), stops=(ground,), evidence=evidence)


def test_a_recall_waits_for_no_consumer_and_says_so() -> None:
    facts = recalled(stop(NUMPY), bill("2.0.1"))
    assert asked(facts) == {}
    (note,) = recall_notes(facts)
    assert note.code == "consumer.passed-over"
    assert "ward, desk" in note.expected
    assert "numpy.yaml" in note.actual


@pytest.mark.parametrize(
    ("kind", "name"),
    [("data", "sklearn:breast_cancer"), ("signer", REGISTRAR.public.name), ("package", "numpy")],
)
def test_every_kind_of_suspect_is_a_ground(kind: SuspectKind, name: str) -> None:
    assert asked(recalled(stop(Recalled(kind=kind, name=name)), bill("2.0.1"))) == {}


@pytest.mark.parametrize(
    "ground",
    [
        stop(None),
        stop(Recalled(kind="package", name="pandas")),
        stop(NUMPY, teams=("manufacturing",)),
        stop(NUMPY, environments=("staging",)),
    ],
    ids=["only a stop", "another suspect", "another team", "another environment"],
)
def test_what_main_does_not_say_is_no_ground(ground: Stop) -> None:
    facts = recalled(ground, bill("2.0.1"))
    assert set(asked(facts)) == {"ida", "risk-quorum"}
    assert list(recall_notes(facts)) == []


def test_what_was_not_reached_is_not_recalled() -> None:
    assert asked(recalled(stop(NUMPY), bill("2.0.0"))) != {}
    assert asked(recalled(stop(NUMPY))) != {}


def test_only_what_a_registrar_signed_shows_what_was_reached() -> None:
    assert asked(recalled(stop(NUMPY), bill("2.0.1", RoleKey("registrar")))) != {}
    validator = RoleKey("validator")
    facts = recalled(stop(NUMPY), bill("2.0.1", validator))
    assert asked(facts.model_copy(update={"keys": (validator.public,)})) != {}


def test_a_revoked_key_is_a_ground_only_against_itself() -> None:
    revoked = REGISTRAR.public.model_copy(update={"revoked_at": NOW})
    itself = stop(Recalled(kind="signer", name=REGISTRAR.public.name))
    for ground, waits in ((stop(NUMPY), True), (itself, False)):
        facts = recalled(ground, bill("2.0.1")).model_copy(update={"keys": (revoked,)})
        assert bool(asked(facts)) == waits


def test_of_several_deletions_each_needs_its_ground() -> None:
    other = DeploymentKey("production", "other", "oncology", "triage").path("release.yaml")
    facts = served(
        deleted(LIVE), deleted(other), releases=(LIVE, other),
        stops=(stop(NUMPY),), evidence=(bill("2.0.1"),),
    )  # fmt: skip
    releases = {LIVE: RELEASE, other: RELEASE.model_copy(update={"manifest": object_id("lost")})}
    base = facts.base.model_copy(update={"releases": releases})
    assert asked(facts.model_copy(update={"base": base})) != {}
