"""``turnpike notify``: each sink is told everything once, in order, from where it is."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from unit.cli.calling import refused, told
from unit.instance.aurora import Aurora
from unit.registry.bad_server import answers, server


def notified(aurora: Aurora, *words: str) -> list[str]:
    """Return the ids of the events that a run told of."""
    lines = told(aurora.instance.monorepo, "notify", *words, "--json").splitlines()
    return [json.loads(line)["id"] for line in lines]


@pytest.fixture
def decided(aurora: Aurora) -> Aurora:
    _, head = aurora.opened(f"notified-{len(aurora.record_tip())}-{aurora.record_tip()[:8]}")
    aurora.decide(head)
    return aurora


def test_a_sink_is_told_everything_once_and_then_what_is_new(
    decided: Aurora, tmp_path: Path
) -> None:
    file = tmp_path / "events.jsonl"
    first = notified(decided, "--to", f"file:{file}")
    assert len(first) == len(set(first)) > 0
    assert notified(decided, "--to", f"file:{file}") == []
    _, head = decided.opened("notified-later")
    envelope = decided.decide(head)
    (one,) = notified(decided, "--to", f"file:{file}")
    assert envelope.digest() in one
    kept = [json.loads(line)["id"] for line in file.read_text().splitlines()]
    assert kept == [*first, one]


def test_a_dry_run_tells_nobody_and_moves_no_place(decided: Aurora, tmp_path: Path) -> None:
    file = tmp_path / "dry.jsonl"
    shown = notified(decided, "--to", f"file:{file}", "--dry-run")
    assert not file.exists()
    assert notified(decided, "--to", f"file:{file}", "--dry-run") == shown
    assert notified(decided, "--to", f"file:{file}") == shown


def test_two_sinks_have_a_place_each(decided: Aurora, tmp_path: Path) -> None:
    first = notified(decided, "--to", f"file:{tmp_path / 'a.jsonl'}")
    assert notified(decided, "--to", f"file:{tmp_path / 'b.jsonl'}") == first


def test_what_a_receiver_refuses_is_told_again_by_the_next_run(decided: Aurora) -> None:
    with server(answers("no", "403 Forbidden")) as address:
        sink = f"webhook:{address}/a"
        errors = [refused(decided.instance.monorepo, "notify", "--to", sink) for _ in range(2)]
    assert [one.exit_code for one in errors] == [3, 3]


@pytest.mark.parametrize(
    "since",
    ["yesterday", "2026-11-28", "2026-11-28T09:00:00", "2026-13-01T00:00:00Z", "", "HEAD", "12"],
)
def test_a_beginning_that_is_no_moment_and_no_decision_is_refused(
    aurora: Aurora, tmp_path: Path, since: str
) -> None:
    words = ("--to", f"file:{tmp_path / 'x'}", "--since", since)
    assert refused(aurora.instance.monorepo, "notify", *words).code == "input.usage"


def test_a_decision_that_the_record_does_not_have_is_no_beginning(
    aurora: Aurora, tmp_path: Path
) -> None:
    words = ("--to", f"file:{tmp_path / 'x'}", "--since", "sha256:" + "f" * 64)
    assert refused(aurora.instance.monorepo, "notify", *words).exit_code == 2


@pytest.mark.parametrize("to", ["nowhere", "ftp:x", "webhook:", "webhook:host", "webhook:$NO_SUCH"])
def test_what_is_no_sink_is_refused_before_anything_is_told(aurora: Aurora, to: str) -> None:
    assert refused(aurora.instance.monorepo, "notify", "--to", to).exit_code == 2


def test_a_secret_in_a_sinks_address_is_shown_to_nobody(
    decided: Aurora, monkeypatch: pytest.MonkeyPatch
) -> None:
    with server(answers("no", "403 Forbidden")) as address:
        monkeypatch.setenv("HOOK", f"{address}/known-to-the-host-alone")
        error = refused(decided.instance.monorepo, "notify", "--to", "slack:$HOOK")
    assert "known-to-the-host-alone" not in str(error) + error.solution


def test_a_dry_run_does_not_go_on_for_ever(aurora: Aurora, tmp_path: Path) -> None:
    words = ("--to", f"file:{tmp_path / 'x'}", "--follow", "--dry-run")
    assert refused(aurora.instance.monorepo, "notify", *words).code == "input.usage"


def test_outside_of_an_instance_there_is_nothing_to_tell(tmp_path: Path) -> None:
    assert refused(tmp_path, "notify", "--to", f"file:{tmp_path / 'x'}").exit_code == 2
