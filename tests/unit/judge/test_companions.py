"""The rest of a release group stands where a release goes as where it comes from."""

from __future__ import annotations

from turnpike.documents.identifiers import Digest, digest_of
from turnpike.judge.companions import companions_of
from turnpike.judge.facts import Facts
from turnpike.judge.layout import DeploymentKey
from turnpike.judge.policy_input import Companion
from turnpike.manifest.model import PredictiveModel
from turnpike.manifest.release import Release
from unit.judge.deployed import FACTS, KEY, RELEASE
from unit.judge.examples import ARTIFACT, deleted, model, object_id

STAGING = DeploymentKey("staging", "local", "oncology", "triage")
FIRST, SECOND = Digest(digest_of(b"first reader")), Digest(digest_of(b"second reader"))


def grouped(name: str, group: str | None = "mammography") -> PredictiveModel:
    return model(name=name).model_copy(update={"release_group": group})


def of(name: str, artifact: Digest, origin: str | None = None) -> Release:
    changes = {"model": name, "artifact": artifact, "promoted_from": origin}
    return RELEASE.model_copy(update={**changes, "manifest": object_id(f"manifest of {name}")})


def path(environment: str, name: str, team: str = "oncology") -> str:
    return DeploymentKey(environment, "local", team, name).path("release.yaml")


def facts(base: dict[str, Release], head: dict[str, Release], **groups: str | None) -> Facts:
    blobs = {
        object_id(f"manifest of {name}"): grouped(name, group) for name, group in groups.items()
    }
    return FACTS.model_copy(
        update={
            "changes": (),
            "base": FACTS.base.model_copy(update={"releases": base}),
            "head": FACTS.head.model_copy(update={"releases": head, "model_blobs": blobs}),
        }
    )


MOVED = of("triage", FIRST, "dev")
DEV = {path("dev", "triage"): of("triage", FIRST), path("dev", "reader"): of("reader", SECOND)}
BOTH: dict[str, str | None] = {"triage": "mammography", "reader": "mammography"}


def companion(here: Digest | None) -> Companion:
    return Companion(model="oncology/reader", group="mammography", there=(SECOND,), here=here)


def test_a_model_without_a_group_has_no_companions() -> None:
    found = facts(DEV, {path("staging", "triage"): MOVED}, triage=None, reader="mammography")
    assert companions_of(found, STAGING, MOVED) == ()


def test_one_that_stays_behind_is_told_with_what_stands_there_now() -> None:
    moves = {path("staging", "triage"): MOVED}
    assert companions_of(facts(DEV, moves, **BOTH), STAGING, MOVED) == (companion(None),)
    stands = {**DEV, path("staging", "reader"): of("reader", FIRST)}
    assert companions_of(facts(stands, moves, **BOTH), STAGING, MOVED) == (companion(FIRST),)


def test_one_that_moves_in_the_same_change_stands_there_after_it() -> None:
    moves = {path("staging", "triage"): MOVED, path("staging", "reader"): of("reader", SECOND)}
    assert companions_of(facts(DEV, moves, **BOTH), STAGING, MOVED) == (companion(SECOND),)


def test_one_that_the_change_takes_away_is_not_there_after_it() -> None:
    stands = {**DEV, path("staging", "reader"): of("reader", SECOND)}
    found = facts(stands, {path("staging", "triage"): MOVED}, **BOTH)
    gone = found.model_copy(update={"changes": (deleted(path("staging", "reader")),)})
    assert companions_of(gone, STAGING, MOVED) == (companion(None),)


def test_another_group_another_team_and_another_stage_are_no_companions() -> None:
    others = {
        path("dev", "other"): of("other", SECOND),
        path("dev", "reader", "cardiology"): of("reader", SECOND),
        path("production", "reader"): of("reader", SECOND),
    }
    found = facts(others, {path("staging", "triage"): MOVED}, **BOTH, other="other-group")
    assert companions_of(found, STAGING, MOVED) == ()


def test_into_a_first_environment_the_group_is_what_main_has() -> None:
    release = of("triage", FIRST)
    found = facts({}, {path("dev", "triage"): release}, triage="mammography")
    models = {f"models/oncology/{n}/model.yaml": grouped(n) for n in ("triage", "reader")}
    main = found.model_copy(update={"base": found.base.model_copy(update={"models": models})})
    (one,) = companions_of(main, KEY, release)
    assert (one.model, one.there, one.here) == ("oncology/reader", (Digest(ARTIFACT),), None)
