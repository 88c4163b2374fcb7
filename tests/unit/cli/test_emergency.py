"""``turnpike emergency`` breaks no glass for what does not exist, and owes nothing for nothing."""

from __future__ import annotations

import pytest

from turnpike.cli.emergency import _name_of
from turnpike.documents.identifiers import is_name
from unit.cli.calling import answered, refused, told
from unit.instance.aurora import Aurora

MODEL = "oncology/tumour-malignancy"
WHY = ("--reason", "it burns", "--incident", "INC-9", "--commander", "ida-berg")
BOT = ("--as", "turnpike-bot")


@pytest.mark.parametrize(
    ("words", "code"),
    [
        ((MODEL, "--to", "staging"), "promotion.no-source"),
        ((MODEL, "--to", "nowhere"), "environment.unknown"),
        (("oncology", "--to", "staging"), "input.model-name"),
    ],
)
def test_not_even_an_emergency_promotes_what_is_not_there(
    aurora: Aurora, words: tuple[str, ...], code: str
) -> None:
    clone = aurora.instance.monorepo
    before = answered(clone, "pr", "list")
    assert refused(clone, "emergency", "promote", *words, *WHY, *BOT).code == code
    assert answered(clone, "pr", "list") == before


@pytest.mark.parametrize(
    ("option", "value"),
    [
        ("--commander", "Ida Berg"),
        ("--commander", ""),
        ("--reason", ""),
        ("--reason", "x\x1b[2J"),
        ("--incident", "y" * 5_000),
    ],
)
def test_a_wrong_option_is_named_and_is_no_defect(aurora: Aurora, option: str, value: str) -> None:
    words = (MODEL, "--to", "staging", *WHY, option, value)
    error = refused(aurora.instance.monorepo, "emergency", "promote", *words)
    assert error.code == "input.usage"
    assert error.message.startswith(f"{option.removeprefix('--')}: expected ")
    assert error.solution == "turnpike emergency promote --help"


@pytest.mark.parametrize(("team", "review"), [("Oncology", "It was."), ("oncology", "")])
def test_a_review_that_says_nothing_or_of_no_team_settles_nothing(
    aurora: Aurora, team: str, review: str
) -> None:
    words = ("INC-9", "--team", team, "--review", review, *BOT)
    assert refused(aurora.instance.monorepo, "emergency", "settle", *words).code == "input.usage"


@pytest.mark.parametrize("left_out", ["--reason", "--incident", "--commander"])
def test_an_emergency_without_reason_incident_or_commander_is_none(
    aurora: Aurora, left_out: str
) -> None:
    pairs = dict(zip(WHY[::2], WHY[1::2], strict=True))
    del pairs[left_out]
    words = [word for pair in pairs.items() for word in pair]
    with pytest.raises(AssertionError, match=left_out):  # click itself refuses the call
        told(aurora.instance.monorepo, "emergency", "promote", MODEL, "--to", "staging", *words)


@pytest.mark.parametrize("hours", ["0", "-1", "169", "4.5", "forever"])
def test_an_emergency_ends_within_a_week(aurora: Aurora, hours: str) -> None:
    words = (MODEL, "--to", "staging", *WHY, "--hours", hours)
    with pytest.raises(AssertionError, match="--hours"):
        told(aurora.instance.monorepo, "emergency", "promote", *words)


def test_the_file_of_an_incident_is_nobody_elses() -> None:
    """Two that are spelled alike, or that differ behind what a name can hold, pay each its own."""
    team = "endocrinology"
    long = "diabetes-progression-1-evidence-2026-11-3"
    for first, second in (("INC-5", "INC 5"), (f"{long}0", f"{long}1")):
        name = _name_of(team, first, ())
        assert _name_of(team, second, ()) == name
        other = _name_of(team, second, {name})
        assert other != name
        assert is_name(other)


def test_without_emergencies_nothing_is_owed(aurora: Aurora) -> None:
    assert answered(aurora.instance.monorepo, "emergency", "debts") == []
    assert told(aurora.instance.monorepo, "emergency", "debts") == "Nothing is owed.\n"


@pytest.mark.parametrize("incident", ["INC-9", "../../policies/x", "9", "\u00e9\x1b[2J", "-" * 80])
def test_what_is_not_owed_cannot_be_settled(aurora: Aurora, incident: str) -> None:
    clone = aurora.instance.monorepo
    before = answered(clone, "pr", "list")
    words = ("--team", "oncology", "--review", "It was reviewed by two.", *BOT, "--", incident)
    assert refused(clone, "emergency", "settle", *words).exit_code == 2
    assert answered(clone, "pr", "list") == before
