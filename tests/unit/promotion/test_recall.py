"""A recall reaches what names its suspect, and goes back only to what does not."""

from __future__ import annotations

from dataclasses import replace

from pydantic import JsonValue

from turnpike.documents.identifiers import Digest, digest_of
from turnpike.evidence.statement import BILL_OF_MATERIALS, statement_about
from turnpike.judge.layout import DeploymentKey, ModelKey
from turnpike.judge.suspect import Suspect
from turnpike.manifest.release import Release
from turnpike.manifest.serving import Consumer
from turnpike.promotion.plan import Standing
from turnpike.promotion.recall import Ground, blast_radius, passed_over, plan_recall, unknown_signer
from turnpike.topology.stop import Recalled, Stop
from unit.judge.deployed import BLOB, RELEASE
from unit.judge.examples import RoleKey, environment, model, object_id

REGISTRAR = RoleKey("registrar")
OLD_BLOB, OLD = object_id("the old manifest"), digest_of(b"old bytes")
BAD = Suspect("package", "numpy==2.0.1")
DEV = DeploymentKey("dev", "local", "oncology", "triage").path("release.yaml")
FORMER = RELEASE.model_copy(update={"version": "0", "artifact": OLD, "manifest": OLD_BLOB})


def made_of(artifact: Digest, version: str) -> tuple[Digest, tuple[object, ...]]:
    parts: list[JsonValue] = [{"type": "library", "name": "numpy", "version": version}]
    said = statement_about("oncology/triage", artifact, BILL_OF_MATERIALS, {"components": parts})
    return artifact, (REGISTRAR.sign(said),)


def ground(*earlier: Release, old_numpy: str = "2.0.0") -> Ground:
    now = model()
    assert now.artifact is not None
    old = now.model_copy(
        update={"artifact": now.artifact.model_copy(update={"digest": OLD, "version": "0"})}
    )
    statements = dict((made_of(now.artifact.digest, "2.0.1"), made_of(OLD, old_numpy)))
    return Ground(
        standing=Standing({"dev": environment("dev")}, {DEV: RELEASE}, {}),
        models={ModelKey("oncology", "triage"): now},
        manifests={BLOB: now, OLD_BLOB: old},
        earlier={DEV: earlier},
        statements=statements,  # type: ignore[arg-type]
        signers={},
    )


def standing_as(plain: Ground, release: Release) -> Ground:
    return replace(plain, standing=replace(plain.standing, releases={DEV: release}))


def test_it_goes_back_to_the_newest_release_that_was_not_reached() -> None:
    radius = blast_radius(BAD, ground(FORMER))
    assert [str(one.key) for one in radius.models] == ["oncology/triage"]
    (one,) = radius.deployments
    assert (one.remedy, one.back_to) == ("rollback", FORMER)


def test_without_a_sound_release_it_is_retired() -> None:
    for grounds in (ground(), ground(FORMER, old_numpy="2.0.1"), ground(RELEASE)):
        (one,) = blast_radius(BAD, grounds).deployments
        assert (one.remedy, one.back_to) == ("retirement", None)


def test_what_serves_the_rest_is_reached_as_well() -> None:
    plain = ground()
    sound = FORMER.model_copy(update={"traffic": 10, "rest": RELEASE.as_rest()})
    assert blast_radius(BAD, standing_as(plain, sound)).deployments != ()
    alone = sound.model_copy(update={"rest": None})
    assert blast_radius(BAD, standing_as(plain, alone)).deployments == ()


def test_what_was_only_tried_is_nothing_to_go_back_to() -> None:
    tried = FORMER.model_copy(update={"traffic": 10})
    (found,) = blast_radius(BAD, ground(tried)).deployments
    assert (found.remedy, found.back_to) == ("retirement", None)


def test_what_was_rolled_back_from_is_nothing_to_go_back_to() -> None:
    """Its change would be a way forward, which the stop that says what is recalled holds up."""
    left = FORMER.model_copy(update={"version": "9", "decision": digest_of(b"another")})
    (one,) = blast_radius(BAD, ground(left, RELEASE)).deployments
    assert one.remedy == "retirement"
    (one,) = blast_radius(BAD, ground(left, RELEASE, FORMER)).deployments
    assert (one.remedy, one.back_to) == ("rollback", FORMER)


def test_what_nobody_knows_is_nothing_to_go_back_to() -> None:
    unknown = FORMER.model_copy(update={"manifest": object_id("lost")})
    (one,) = blast_radius(BAD, ground(unknown)).deployments
    assert one.back_to is None


def test_what_is_not_reached_stays() -> None:
    radius = blast_radius(Suspect("package", "pandas"), ground(FORMER))
    assert (radius.models, radius.deployments) == ((), ())


def test_one_change_a_team_or_one_for_all() -> None:
    grounds = ground(FORMER)
    radius = blast_radius(BAD, grounds)
    (by_team,) = plan_recall(BAD, radius, grounds, by_team=True)
    (together,) = plan_recall(BAD, radius, grounds, by_team=False)
    assert by_team.title == "Recall package numpy==2.0.1 from oncology"
    assert by_team.files == together.files
    assert DEV in by_team.files


def test_a_retirement_leaves_nothing_behind() -> None:
    grounds = ground()
    (plan,) = plan_recall(BAD, blast_radius(BAD, grounds), grounds, by_team=True)
    assert set(plan.files.values()) == {None}


WARD = Consumer(application="ward", contact="ida", purpose="Shows it.")
STOPPED = Stop(
    api_version="turnpike.dev/v1",
    kind="Stop",
    name="numpy",
    reason="it computes wrongly",
    incident="INC-7",
    recalls=Recalled(kind="package", name="numpy==2.0.1"),
)


def test_consumers_of_what_is_retired_are_asked_unless_a_stop_recalls_it() -> None:
    plain = ground()
    key = ModelKey("oncology", "triage")
    used = replace(plain, models={key: plain.models[key].model_copy(update={"consumers": (WARD,)})})
    radius = blast_radius(BAD, used)
    assert passed_over(BAD, radius, used, ()) == (key,)
    assert passed_over(BAD, radius, used, (STOPPED,)) == ()
    elsewhere = STOPPED.model_copy(update={"teams": ("manufacturing",)})
    assert passed_over(BAD, radius, used, (elsewhere,)) == (key,)
    assert passed_over(BAD, radius, used, (STOPPED.model_copy(update={"recalls": None}),)) == (key,)
    assert passed_over(BAD, blast_radius(BAD, plain), plain, ()) == ()


def test_what_goes_back_or_serves_no_consumer_asks_nobody() -> None:
    plain = ground(FORMER)
    key = ModelKey("oncology", "triage")
    used = replace(plain, models={key: plain.models[key].model_copy(update={"consumers": (WARD,)})})
    assert passed_over(BAD, blast_radius(BAD, used), used, ()) == ()
    stages = {"dev": environment("dev"), "staging": environment("staging", ("dev",))}
    early = replace(used, earlier={}, standing=replace(used.standing, environments=stages))
    assert passed_over(BAD, blast_radius(BAD, early), early, ()) == ()


def test_only_a_signer_that_main_has_a_key_of_can_be_looked_for() -> None:
    key = digest_of(b"a key")
    known = replace(ground(), signers={key: "registrar-1"})
    for name in (key, "registrar-1"):
        assert not unknown_signer(Suspect("signer", name), known)
    assert unknown_signer(Suspect("signer", "registrar-2"), known)
    assert not unknown_signer(Suspect("package", "registrar-2"), known)
