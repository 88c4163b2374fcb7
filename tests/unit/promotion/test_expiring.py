"""A move waits for people where its evidence failed, expired, or will have by then."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

from turnpike.evidence.envelope import Envelope
from turnpike.judge.testimony import weigh
from turnpike.promotion.candidates import entering
from turnpike.promotion.evidence import Evidence, Findings
from turnpike.promotion.move import Move
from turnpike.promotion.outlook import Asking, Outlook
from turnpike.topology.waiver import Waiver
from unit.judge.examples import NOW
from unit.promotion.findings import DAY, VALIDATOR, found
from unit.promotion.outlooks import Entries, Main, codes, schedule, stage, stages
from unit.promotion.world import blob_of, version_of


def known(*envelopes: Envelope) -> Evidence:
    """Return what is known of version 1 by these."""
    made = version_of(1).artifact
    assert made is not None
    heard = weigh(envelopes, [VALIDATOR.public], NOW)
    findings = Findings(heard.testimony, heard.lapsed)
    return Evidence({blob_of(1): version_of(1)}, {made.digest: findings})


def main(*envelopes: Envelope, days: int = 30) -> Main:
    """Return a main on which version 1 serves in dev and could go on to staging."""
    staging = stage("staging", "dev", evidenceDays={"high": days})
    road = stages(stage("dev"), staging)
    return Main(environments=road, serves={"dev": 1}, evidence=known(*envelopes))


def move(*envelopes: Envelope, days: int = 30) -> Move:
    return main(*envelopes, days=days).move("staging")


def test_evidence_that_counts_stands_before_nothing() -> None:
    assert move(*found(1, NOW)).can_now


def test_expired_evidence_says_when_and_names_both_ways_on() -> None:
    waits = move(*found(1, NOW - 31 * DAY))
    (blocker,) = waits.blockers
    assert (blocker.code, waits.earliest) == ("release-evidence-expired", None)
    assert blocker.says == "its evidence expired, 2026-03-01 09:00 UTC"
    assert "turnpike revalidate oncology/triage" in blocker.solution
    assert "turnpike rollback" in blocker.solution


def test_at_its_very_end_it_has_expired() -> None:
    assert codes(move(*found(1, NOW - 30 * DAY))) == ["release-evidence-expired"]
    assert move(*found(1, NOW - 30 * DAY + timedelta(seconds=1))).can_now


def test_what_expires_before_it_could_move_is_told_beforehand() -> None:
    closed: Entries = [
        {"name": "close", "start": "2026-03-01T00:00", "end": "2026-03-05T06:00", "reason": "x"}
    ]
    frozen = main(*found(1, NOW - 29 * DAY)).having(schedule=schedule(freezes=closed))
    waits = frozen.move("staging")
    assert codes(waits) == ["schedule-closed", "release-evidence-expired"]
    assert waits.blockers[1].says == "its evidence expires before, 2026-03-03 09:00 UTC"
    assert waits.earliest is None
    longer = main(*found(1, NOW - 29 * DAY), days=90).having(schedule=schedule(freezes=closed))
    assert codes(longer.move("staging")) == ["schedule-closed"]


def test_without_evidence_that_counts_it_waits() -> None:
    assert codes(move()) == ["release-evidence-missing"]


def test_a_later_run_that_failed_keeps_it_out() -> None:
    waits = move(*found(1, NOW - DAY), *found(1, NOW - timedelta(hours=1), passed=False))
    assert codes(waits) == ["release-evidence-failed"]


def test_a_waiver_excuses_what_yields_to_one() -> None:
    waiver = Waiver(
        api_version="turnpike.dev/v1",
        kind="Waiver",
        name="old",
        code="release-evidence-expired",
        subject="oncology/triage",
        reason="it is renewed",
        approver="nora",
        expires_at=NOW + DAY,
    )
    old = main(*found(1, NOW - 31 * DAY))
    assert excused(old, waiver).can_now
    missing = waiver.model_copy(update={"code": "release-evidence-missing"})
    assert codes(excused(main(), missing)) == ["release-evidence-missing"]


def excused(stands: Main, waiver: Waiver) -> Move:
    ground = replace(stands.ground, waivers={waiver.name: waiver})
    look = Outlook(ground, stands.fleet, {}, lambda *_: True, NOW, evidence=stands.evidence)
    (found,) = look.moves(Asking(environment="staging"))
    return found


def test_what_serves_there_already_is_not_asked() -> None:
    old = main(*found(1, NOW - 31 * DAY)).having(serves={"dev": 1, "staging": 1})
    assert codes(old.move("staging")) == ["nothing-new"]


def test_a_manifest_of_which_nothing_is_known_is_not_asked() -> None:
    assert main().having(evidence=Evidence()).move("staging").can_now


def test_what_enters_is_what_some_target_does_not_serve() -> None:
    both = main().having(manifest=None, serves={"dev": 1, "staging": 2})
    made = version_of(1).artifact
    assert made is not None
    assert entering(both.ground, both.fleet) == {(made.digest, blob_of(1))}
    same = both.having(serves={"dev": 1, "staging": 1})
    assert entering(same.ground, same.fleet) == frozenset()
