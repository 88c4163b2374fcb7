"""What follows from the rules is written once, and found to be stale when they change."""

from __future__ import annotations

from pathlib import Path

from turnpike.opa.bundle import write_files
from turnpike.opa.generated import generated_files, stale_pages, write_generated
from unit.opa.small_policies import RULE, RULE_PATH, policies, program

PAGE = "docs/policies/known_subject.md"


def checkout(folder: Path) -> Path:
    write_files(folder / "checkout", policies())
    return folder / "checkout"


def test_writing_twice_changes_nothing_the_second_time(tmp_path: Path) -> None:
    place = checkout(tmp_path)
    assert PAGE in write_generated(place, program(), tmp_path)
    assert write_generated(place, program(), tmp_path) == ()


def test_an_edited_rule_changes_its_page(tmp_path: Path) -> None:
    place = checkout(tmp_path)
    write_generated(place, program(), tmp_path)
    edited = RULE.replace(b"Nobody unwanted passes", b"Everybody is asked")
    write_files(place, {RULE_PATH: edited})
    assert write_generated(place, program(), tmp_path) == (PAGE,)
    assert b"Everybody is asked" in (place / PAGE).read_bytes()


def test_the_page_of_a_rule_that_is_no_more_is_removed(tmp_path: Path) -> None:
    place = checkout(tmp_path)
    write_generated(place, program(), tmp_path)
    old = place / "docs/policies/old_rule.md"
    old.write_bytes(b"# Old\n")
    assert stale_pages(place, generated_files(place, program(), tmp_path)) == (
        "docs/policies/old_rule.md",
    )
    assert write_generated(place, program(), tmp_path) == ("docs/policies/old_rule.md",)
    assert not old.exists()


def test_edited_capabilities_are_written_anew(tmp_path: Path) -> None:
    place = checkout(tmp_path)
    write_generated(place, program(), tmp_path)
    write_files(place, {"policies/capabilities.json": b"{}"})
    assert write_generated(place, program(), tmp_path) == ("policies/capabilities.json",)
