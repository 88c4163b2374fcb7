"""The record under load, side by side writers and sudden death; with real git."""

from __future__ import annotations

import multiprocessing
import os
import signal
import time
from pathlib import Path

import pytest

from contracts.quiet import wait_until_quiet
from turnpike.auditing.record import check_record
from turnpike.documents.identifiers import digest_of
from turnpike.errors import RepositoryChanged
from turnpike.git.repository import Repository
from turnpike.record.keys import keys_at
from turnpike.record.record import Record
from turnpike.signing.keys import private_file_of
from turnpike.signing.process import SigningProcess
from unit.auditing.small_instance import ARTIFACT, GATE, SmallInstance


def _append_for_ever(instance: SmallInstance) -> None:
    with Repository(instance.repository.path) as repository:
        record = Record(repository)
        for number in range(10_000):
            envelope = instance.validation(said=str(number))
            tip = record.commit()
            record.append([envelope], tip, GATE, instance.now, instance.gate.sign_commit)


@pytest.mark.parametrize("delay", [0.1, 0.25])
def test_a_gate_that_is_killed_leaves_a_record_that_keeps_the_rules(
    tmp_path: Path, delay: float
) -> None:
    instance = SmallInstance(tmp_path)
    start = instance.record_tip()
    writer = multiprocessing.get_context("fork").Process(target=_append_for_ever, args=(instance,))
    writer.start()
    deadline = time.monotonic() + 300
    while instance.record_tip() == start and time.monotonic() < deadline:
        time.sleep(0.01)
    time.sleep(delay)
    os.kill(writer.pid or 0, signal.SIGKILL)
    writer.join()
    wait_until_quiet(tmp_path)  # git children of the killed gate end by themselves
    (instance.repository.path / "refs/heads/turnpike/record.lock").unlink(missing_ok=True)
    with Repository(instance.repository.path) as repository:
        record, keys = Record(repository), keys_at(repository, instance.genesis)
        tip = record.commit()
        assert tip != start
        assert check_record(repository, None, tip or start, keys) == ()
        found = record.statements_about([ARTIFACT])
        assert len(found) == len(repository.first_parents(tip or start, start))
    instance.add(instance.validation(said="afterwards"))


def test_of_two_writers_on_one_tip_exactly_one_appends(tmp_path: Path) -> None:
    instance = SmallInstance(tmp_path)
    tip = instance.record_tip()
    won = 0
    for said in ("one", "other"):
        try:
            instance.record.append(
                [instance.validation(said=said)], tip, GATE, instance.now, instance.gate.sign_commit
            )
        except RepositoryChanged:
            continue
        won += 1
    assert won == 1
    assert len(instance.record.statements_about([ARTIFACT])) == 1


def test_the_process_of_the_gate_signs_a_record_that_keeps_the_rules(tmp_path: Path) -> None:
    instance = SmallInstance(tmp_path)
    key = instance.gate.key
    with SigningProcess(key, private_file_of(tmp_path / "keys", key.name)) as gate:
        tip = instance.record.append(
            [instance.validation()], instance.record_tip(), GATE, instance.tick(), gate.sign_commit
        )
    keys = keys_at(instance.repository, instance.genesis)
    assert check_record(instance.repository, None, tip, keys) == ()


def test_finding_and_appending_do_not_grow_with_the_number_of_entries(tmp_path: Path) -> None:
    instance = SmallInstance(tmp_path)
    instance.add(instance.validation(), *(instance.validation(digest_of(b"%d" % n))
                                          for n in range(3000)))  # fmt: skip
    read, written = _bytes_moved(instance)
    # A list of all entries alone would be 200 KiB.
    assert 0 < read < 64 * 1024
    assert 0 < written < 64 * 1024


def _bytes_moved(instance: SmallInstance) -> tuple[int, int]:
    """Return how much git said and stored while a statement was found and another appended."""
    assert instance.record.statements_about([ARTIFACT])  # git answers from now on
    child = instance.repository._reader._child
    assert child is not None
    said, stored = _said_by(child.pid), _size(instance.repository.path)
    assert instance.record.statements_about([ARTIFACT])
    instance.add(instance.validation(digest_of(b"one more")))
    assert instance.repository._reader._child is child
    return _said_by(child.pid) - said, _size(instance.repository.path) - stored


def _said_by(process: int) -> int:
    """Return how many bytes a process has written; proc(5), file ``io``."""
    text = Path(f"/proc/{process}/io").read_text("ascii")
    return int(text.partition("wchar: ")[2].split()[0])


def _size(folder: Path) -> int:
    return sum(file.stat().st_size for file in folder.rglob("*") if file.is_file())
