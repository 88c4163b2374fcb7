"""A return to bytes that stood at the same path before, by the same decision."""

from __future__ import annotations

from turnpike.documents.identifiers import digest_of
from turnpike.judge.facts import EarlierRelease
from turnpike.judge.rollback import is_rollback
from unit.judge.deployed import PATH, RELEASE, edited, standing
from unit.judge.examples import object_id

NEWER = RELEASE.model_copy(update={"version": "2", "artifact": digest_of(b"newer bytes")})
STOOD = EarlierRelease(path=PATH, commit=object_id("before"), release=RELEASE)


def test_what_stood_here_before_is_a_rollback_and_what_stands_is_none() -> None:
    facts = standing(edited(PATH), releases={PATH: RELEASE})
    newer = facts.model_copy(
        update={
            "base": facts.base.model_copy(update={"releases": {PATH: NEWER}}),
            "earlier": (STOOD,),
        }
    )
    assert is_rollback(newer, PATH, RELEASE)
    assert not is_rollback(newer, PATH, NEWER)
    assert not is_rollback(facts.model_copy(update={"earlier": (STOOD,)}), PATH, RELEASE)


def test_what_only_ever_had_a_share_is_no_way_back() -> None:
    facts = standing(edited(PATH), releases={PATH: RELEASE})
    base = facts.base.model_copy(update={"releases": {PATH: NEWER}})
    tried = STOOD.model_copy(update={"release": RELEASE.model_copy(update={"traffic": 10})})
    assert not is_rollback(
        facts.model_copy(update={"base": base, "earlier": (tried,)}), PATH, RELEASE
    )
    whole = facts.model_copy(update={"base": base, "earlier": (tried, STOOD)})
    assert is_rollback(whole, PATH, RELEASE)
    assert not is_rollback(whole, PATH, RELEASE.model_copy(update={"traffic": 10}))
