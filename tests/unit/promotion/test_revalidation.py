"""What ends, where it stands, and a request that leaves every other byte of a manifest alone."""

from __future__ import annotations

from datetime import datetime, timedelta
from pathlib import Path

import pytest

from turnpike.documents.reading import read
from turnpike.errors import InputError
from turnpike.evidence.predicates import Check, ScanResult
from turnpike.evidence.statement import SCAN, VALIDATION
from turnpike.judge import testimony as offered
from turnpike.judge.ageing import end_of_findings
from turnpike.judge.layout import ModelKey
from turnpike.manifest.model import MODEL, Revalidation
from turnpike.promotion.evidence import Evidence, Findings
from turnpike.promotion.plan import Standing
from turnpike.promotion.revalidation import Due, due_by, plan_revalidation
from unit.judge.deployed import BLOB, KEY, PATH, RELEASE
from unit.judge.examples import ARTIFACT, NOW, RoleKey, environment, model, run_of

VALIDATOR = RoleKey("validator")
TRIAGE = ModelKey("oncology", "triage")
ASKED = Revalidation(requested_at=NOW, reason='It is "old": validate again')
PRODUCT = Path(__file__).parents[3]
SAMPLE = PRODUCT / "models/oncology/discharge-summary/model.yaml"


def heard(
    *, scanned: datetime, ran: datetime, isolated: bool = True, passed: bool = True
) -> tuple[offered.Testimony, ...]:
    view = model().validation_view()
    assert view is not None
    check = Check(name="formats", passed=True, expected="allowed", actual="allowed")
    found = run_of(view, ran, check.model_copy(update={"passed": passed}), isolated=isolated)
    envelopes = (
        VALIDATOR.state(
            SCAN, ScanResult(validation_view=view, checks=(check,), finished_at=scanned)
        ),
        VALIDATOR.state(VALIDATION, found),
    )
    return offered.weigh(envelopes, [VALIDATOR.public], NOW).testimony


DAY = timedelta(days=1)


def test_the_first_kind_that_ends_decides() -> None:
    said = heard(scanned=NOW - 5 * DAY, ran=NOW)
    assert end_of_findings(model(), said, 30) == NOW + 25 * DAY


def test_the_newest_of_a_kind_decides() -> None:
    old, new = heard(scanned=NOW - 9 * DAY, ran=NOW - 9 * DAY), heard(scanned=NOW, ran=NOW)
    assert end_of_findings(model(), (*old, *new), 30) == NOW + 30 * DAY


def test_where_age_does_not_count_the_keys_time_does() -> None:
    end = end_of_findings(model(), heard(scanned=NOW, ran=NOW), None)
    assert end == VALIDATOR.public.valid_until


@pytest.mark.parametrize("said", [(), heard(scanned=NOW, ran=NOW, isolated=False)])
def test_without_a_finding_that_counts_there_is_no_end(said: tuple[offered.Testimony, ...]) -> None:
    assert end_of_findings(model(), said, 30) is None


def due(within: timedelta, said: tuple[offered.Testimony, ...], days: int = 30) -> tuple[Due, ...]:
    dev = environment("dev").model_copy(update={"evidence_days": {"high": days}})
    standing = Standing({"dev": dev}, {PATH: RELEASE}, {})
    evidence = Evidence({BLOB: model()}, {RELEASE.artifact: Findings(said)})
    return due_by(standing, evidence, NOW + within)


def test_what_ends_by_then_is_due_with_its_place() -> None:
    said = heard(scanned=NOW, ran=NOW)
    assert due(29 * DAY, said) == ()
    assert due(30 * DAY, said) == (Due(TRIAGE, "1", (KEY,), NOW + 30 * DAY),)


def test_what_does_not_count_is_due_at_once() -> None:
    assert due(timedelta(), ()) == (Due(TRIAGE, "1", (KEY,), None),)


def test_what_a_later_run_disproved_is_due_at_once() -> None:
    good = heard(scanned=NOW, ran=NOW)
    bad = heard(scanned=NOW, ran=NOW + timedelta(minutes=1), passed=False)
    assert due(timedelta(), (*good, *bad)) == (
        Due(TRIAGE, "1", (KEY,), NOW + 30 * DAY, failed=True),
    )
    earlier = heard(scanned=NOW, ran=NOW - timedelta(minutes=1), passed=False)
    assert due(timedelta(), (*good, *earlier)) == ()


# --- the request ----------------------------------------------------------------------------------


def registered(text: str) -> str:
    """Return a sample's text as if it had been registered."""
    return text + (
        "artifact:\n  registryModel: oncology.discharge-summary\n"
        f'  version: "1"\n  digest: {ARTIFACT}\n  format: route\n'
    )


KEY_OF_SAMPLE = ModelKey("oncology", "discharge-summary")


def test_a_request_leaves_all_other_bytes_alone_and_can_be_read() -> None:
    text = registered(SAMPLE.read_text("utf-8"))
    plan = plan_revalidation(KEY_OF_SAMPLE, text, ASKED)
    ((path, content),) = plan.files.items()
    assert content is not None
    assert content.decode().startswith(text)
    assert read(MODEL, content, path).revalidation == ASKED


def test_a_later_request_takes_the_place_of_an_earlier_one() -> None:
    text = registered(SAMPLE.read_text("utf-8"))
    (first,) = plan_revalidation(KEY_OF_SAMPLE, text, ASKED).files.values()
    assert first is not None
    later = ASKED.model_copy(update={"requested_at": NOW + DAY})
    (second,) = plan_revalidation(KEY_OF_SAMPLE, first.decode(), later).files.values()
    assert second is not None
    assert second.count(b"revalidation:") == 1
    assert read(MODEL, second, "model.yaml").revalidation == later


def test_no_evidence_is_bound_to_a_request() -> None:
    text = registered(SAMPLE.read_text("utf-8"))
    (content,) = plan_revalidation(KEY_OF_SAMPLE, text, ASKED).files.values()
    assert content is not None
    before, after = read(MODEL, text.encode(), "a"), read(MODEL, content, "b")
    assert before.validation_view() == after.validation_view()


def test_a_draft_is_registered_first() -> None:
    with pytest.raises(InputError, match="draft"):
        plan_revalidation(KEY_OF_SAMPLE, SAMPLE.read_text("utf-8"), ASKED)
