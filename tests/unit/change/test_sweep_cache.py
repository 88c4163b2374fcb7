"""A sweep's cache may be lost or lied to: it changes how much is judged, never a verdict."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest

from turnpike.change.sweep_cache import Line
from turnpike.documents.canonical import canonical_document
from turnpike.documents.identifiers import digest_of
from unit.change.sweeping import BAD, World, world_in
from unit.git.folder import commit_files
from unit.judge.examples import ARTIFACT, NOW, model

LATE = NOW + timedelta(days=365 * 50)


@pytest.fixture
def world(tmp_path: Path) -> World:
    return world_in(tmp_path, "fine", "good", "worse")


def test_what_was_in_order_is_not_judged_again_and_what_was_denied_is(world: World) -> None:
    first = world.sweep()
    assert (first.models, first.reused, sorted(first.denied)) == (3, 0, [BAD])
    again = world.sweep()
    assert (again.reused, world.asked, again.denied) == (2, [BAD], first.denied)


def lost(lines: list[bytes]) -> list[bytes]:
    return lines[:0]


def truncated(lines: list[bytes]) -> list[bytes]:
    return [lines[0][: len(lines[0]) // 2]]


def corrupt(lines: list[bytes]) -> list[bytes]:
    return [line.replace(b"sha256:", b"sha256;") for line in lines] + [b"\xff\x00{", b"[1]", b"{}"]


def swapped(lines: list[bytes]) -> list[bytes]:
    return [line.replace(b"oncology/good", b"oncology/worse") for line in lines]


def made(**fields: object) -> Line:
    """Return a line about the bad model that nobody sealed."""
    whole = {"artifacts": (), "versions": (), "since": NOW, "until": LATE, "seal": "0" * 64}
    return Line.model_validate({"model": BAD, **whole, **fields})


def made_up(lines: list[bytes]) -> list[bytes]:
    line = made(artifacts=(ARTIFACT,), versions=(("r", "1"),))
    return [*lines, line.model_dump_json(by_alias=True).encode()]


def with_an_odd_seal(lines: list[bytes]) -> list[bytes]:
    line = made(seal="\u00e9")
    return [*lines, line.model_dump_json(by_alias=True).encode()]


@pytest.mark.parametrize(
    "lie",
    [lost, truncated, corrupt, swapped, made_up, with_an_odd_seal],
    ids=lambda lie: lie.__name__,
)
def test_a_cache_that_lies_changes_no_verdict(
    world: World, lie: Callable[[list[bytes]], list[bytes]]
) -> None:
    honest = world.sweep().denied
    lines = world.file.read_bytes().splitlines()
    world.file.write_bytes(b"\n".join(lie(lines)))
    assert world.sweep().denied == honest


def test_a_line_sealed_with_another_secret_is_not_believed(world: World) -> None:
    world.sweep(b"a" * 32)
    again = world.sweep(b"b" * 32)
    assert (again.reused, sorted(again.denied)) == (0, [BAD])


def test_an_allow_under_other_policies_is_not_believed(world: World) -> None:
    world.sweep()
    world.policies = digest_of(b"stricter policies")
    assert world.sweep().reused == 0


def test_a_registry_that_answers_otherwise_is_judged_anew(world: World) -> None:
    world.sweep()
    world.registered = digest_of(b"other bytes")
    assert world.sweep().reused == 0


def test_a_key_that_expired_since_is_judged_anew(world: World) -> None:
    world.sweep()
    assert world.sweep(later=timedelta(hours=1)).reused == 2
    assert world.sweep(later=timedelta(days=365 * 20)).reused == 0


def test_what_passed_is_kept_until_the_first_date_that_is_compared_with_the_clock(
    world: World,
) -> None:
    world.sweep()
    until = {Line.model_validate_json(line).until for line in world.file.read_bytes().splitlines()}
    assert until == {world.monorepo.validator.public.valid_until}
    just_before = min(until) - NOW - timedelta(hours=1, microseconds=1)
    assert world.sweep(later=just_before).reused == 2


def test_a_clock_that_was_set_back_finds_nothing_kept(world: World) -> None:
    world.sweep()
    assert world.sweep(later=-timedelta(seconds=1)).reused == 0


@pytest.mark.parametrize(
    ("later", "changed"),
    [
        (timedelta(days=365 * 20), {"until": LATE}),
        (-timedelta(minutes=30), {"since": NOW}),
    ],
    ids=["kept for longer", "found earlier"],
)
def test_when_a_line_holds_is_under_the_seal(
    world: World, later: timedelta, changed: dict[str, object]
) -> None:
    world.sweep()
    lines = [Line.model_validate_json(line) for line in world.file.read_bytes().splitlines()]
    edited = (one.model_copy(update=changed).model_dump_json(by_alias=True) for one in lines)
    world.file.write_text("\n".join(edited))
    assert world.sweep(later=later).reused == 0


def test_a_changed_model_is_judged_anew_and_the_others_are_not(world: World) -> None:
    world.sweep()
    edited = model(name="fine").model_copy(update={"description": "Another."})
    files: dict[str, bytes | None] = {"models/oncology/fine/model.yaml": canonical_document(edited)}
    changed = replace(world, main=commit_files(world.monorepo.repository, files, world.main))
    assert changed.sweep().reused == 1
    assert sorted(changed.asked) == ["oncology/fine", BAD]


def test_a_cache_that_cannot_be_written_changes_nothing(world: World) -> None:
    world.file.parent.write_bytes(b"a file where the folder should be")
    assert sorted(world.sweep().denied) == [BAD]
