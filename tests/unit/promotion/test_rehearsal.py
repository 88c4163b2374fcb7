"""When a place is clear of what is bad, and what a rehearsal says where it never is."""

from __future__ import annotations

from turnpike.documents.identifiers import digest_of
from turnpike.promotion.recall import BlastRadius, ReachedDeployment
from turnpike.promotion.rehearsal import Carried, Cleared, Step, cleared_by, rehearsal_value
from unit.judge.deployed import KEY, PATH, RELEASE

BAD = RELEASE.artifact
SOUND = RELEASE.model_copy(update={"artifact": digest_of(b"sound")})
REACHED = ReachedDeployment(KEY, RELEASE, "it contains numpy", None, frozenset((BAD,)))
RADIUS = BlastRadius((), (REACHED,))


def change(number: int, seconds: float, *codes: str) -> Carried:
    return Carried(f"Recall {number}", number, ("1 of risk (why)",), codes, seconds)


def test_a_place_is_clear_after_the_first_change_that_left_nothing_bad_there() -> None:
    first, *later = change(1, 1.5), change(2, 2.5), change(3, 3.5)
    steps = [Step(first, {PATH: RELEASE}), *(Step(one, {}) for one in later)]
    assert cleared_by(RADIUS, steps) == (Cleared(KEY, BAD, 2.5, 2),)


def test_sound_bytes_in_its_place_clear_it() -> None:
    assert cleared_by(RADIUS, [Step(change(1, 1.5), {PATH: SOUND})]) == (Cleared(KEY, BAD, 1.5, 1),)


def test_beside_a_share_what_is_bad_is_still_released() -> None:
    shared = SOUND.model_copy(update={"traffic": 10, "rest": RELEASE.as_rest()})
    assert cleared_by(RADIUS, [Step(change(1, 1.5), {PATH: shared})])[0].seconds is None


def test_what_stays_is_told_and_has_no_time() -> None:
    step = change(1, 1.5, "deletion-too-large")
    (place,) = cleared_by(RADIUS, [Step(step, {PATH: RELEASE})])
    assert (place.seconds, place.by) == (None, None)
    value = rehearsal_value([step], [place])
    assert value["seconds"] is None
    assert value["changes"] == [
        {
            "title": "Recall 1",
            "approvals": ["1 of risk (why)"],
            "merged": False,
            "codes": ["deletion-too-large"],
            "solutions": [],
            "seconds": 1.5,
        }
    ]


def test_a_place_goes_on_serving_until_its_server_has_followed() -> None:
    site = (KEY.environment, KEY.target)
    steps = [
        Step(change(1, 1.5), {}, {site: frozenset((BAD, SOUND.artifact))}, 1.6),
        Step(change(2, 2.5), {}, {site: frozenset((SOUND.artifact,))}, 2.7),
        Step(change(3, 3.5), {}, {site: frozenset()}, 3.7),
    ]
    assert cleared_by(RADIUS, steps) == (Cleared(KEY, BAD, 1.5, 1, 2.7),)
    (still,) = cleared_by(RADIUS, steps[:1])
    assert (still.unserved, still.still_serves) == (None, True)
    assert rehearsal_value([], [still])["unserved"] is None
    elsewhere = [Step(change(1, 1.5), {}, {("dev", "elsewhere"): frozenset()}, 1.6)]
    (unwatched,) = cleared_by(RADIUS, elsewhere)
    assert (unwatched.unserved, unwatched.still_serves) == (None, False)


def test_the_last_place_decides_how_long_it_took() -> None:
    places = [Cleared(KEY, BAD, 1.5, 1), Cleared(KEY, BAD, 2.5, 2)]
    value = rehearsal_value([change(1, 1.5), change(2, 2.5)], places)
    assert value["seconds"] == 2.5
    assert rehearsal_value([], [])["seconds"] == 0.0
