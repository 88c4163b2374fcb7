"""``turnpike cost`` of an instance into which nothing was released yet."""

from __future__ import annotations

from pathlib import Path

from unit.cli.calling import answered, refused
from unit.instance.aurora import Aurora


def test_what_is_not_released_costs_nothing(aurora: Aurora, tmp_path: Path) -> None:
    page = tmp_path / "costs.html"
    said = answered(aurora.instance.monorepo, "cost", "--by", "team", "--html", str(page))
    assert said == {"currency": "EUR", "by": "team", "costs": [], "unpriced": []}
    assert "<h2>Teams</h2>" in page.read_text("utf-8")


def test_an_environment_that_main_does_not_know_is_refused(aurora: Aurora) -> None:
    error = refused(aurora.instance.monorepo, "cost", "--environment", "moon")
    assert "found moon" in error.message


def test_a_team_that_main_does_not_know_is_refused(aurora: Aurora) -> None:
    error = refused(aurora.instance.monorepo, "cost", "--team", "astrology")
    assert "found astrology" in error.message
    assert "oncology" in error.message


def test_a_page_that_cannot_be_written_is_named(aurora: Aurora, tmp_path: Path) -> None:
    file = tmp_path / "no" / "costs.html"
    assert refused(aurora.instance.monorepo, "cost", "--html", str(file)).exit_code == 2
