"""The story stops where a verb does not end as it says, and tells why."""

from __future__ import annotations

from pathlib import Path

import pytest

from turnpike.cli.story.teller import Teller
from turnpike.errors import CannotDecide, Defect
from unit.cli.calling import at


def test_what_a_verb_printed_is_shown_and_given_back(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    with at(tmp_path):
        output = Teller().run("status", expect=2, shows="instance.not-found")
    assert output.startswith("instance.not-found: ")
    assert "  $ turnpike status\n    instance.not-found: " in capsys.readouterr().out


@pytest.mark.parametrize(("expect", "shows"), [(0, ""), (2, "something else")])
def test_another_end_than_the_story_s_is_a_defect(tmp_path: Path, expect: int, shows: str) -> None:
    with at(tmp_path), pytest.raises(Defect, match="turnpike status: expected exit code") as error:
        Teller(quiet=True).run("status", expect=expect, shows=shows)
    assert "Where a check of time failed" in error.value.solution


def test_a_part_that_is_missing_is_no_defect_of_the_story(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "tools" / "opa").mkdir(parents=True)
    pin = "require github.com/open-policy-agent/opa v1.2.3\n"
    (tmp_path / "tools" / "opa" / "go.mod").write_text(pin)
    (tmp_path / "policies").mkdir()
    monkeypatch.setenv("PATH", str(tmp_path))
    monkeypatch.delenv("TURNPIKE_OPA", raising=False)
    with at(tmp_path), pytest.raises(CannotDecide) as error:
        Teller(quiet=True).run("policy", "test")
    assert (error.value.code, error.value.exit_code) == ("opa.missing", 3)
    assert error.value.solution


def test_chapters_are_numbered_and_closed_with_their_times() -> None:
    teller = Teller(quiet=True)
    with teller.chapter("One", "it went well"):
        pass
    with pytest.raises(ValueError, match="stop"), teller.chapter("Two", "never told"):
        raise ValueError("stop")
    (step,) = teller.steps
    assert (step.number, step.title, step.outcome) == (1, "One", "it went well")
    assert "it went well" in "\n".join(teller.closing())
