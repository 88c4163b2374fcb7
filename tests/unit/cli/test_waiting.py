"""``turnpike waiting --to``: a sink is told of the same waits once, and of others at once."""

from __future__ import annotations

import json
from pathlib import Path

from unit.cli.calling import refused, told
from unit.instance.aurora import Aurora
from unit.registry.bad_server import answers, server


def ids(file: Path) -> list[str]:
    return [json.loads(line)["id"] for line in file.read_text().splitlines()]


def test_the_same_digest_is_told_once_and_what_is_new_at_once(
    aurora: Aurora, tmp_path: Path
) -> None:
    clone, file = aurora.instance.monorepo, tmp_path / "digests.jsonl"
    words = ("--to", f"file:{file}")
    aurora.opened("digest-one")
    first = told(clone, "waiting", *words)
    assert "nothing is recorded for its head yet" in first
    assert "it was not told again" in told(clone, "waiting", *words)
    assert len(ids(file)) == 1
    aurora.opened("digest-two")
    told(clone, "waiting", *words)
    assert len(set(ids(file))) == len(ids(file)) == 2


def test_each_sink_and_each_team_has_a_place_of_its_own(aurora: Aurora, tmp_path: Path) -> None:
    clone, file, other = aurora.instance.monorepo, tmp_path / "a.jsonl", tmp_path / "b.jsonl"
    teams = (("--team", "oncology"), ("--team", "endocrinology"), ())
    for _ in range(2):
        for team in teams:
            told(clone, "waiting", *team, "--to", f"file:{file}")
    told(clone, "waiting", "--to", f"file:{other}")
    told(clone, "notify", "--to", f"file:{file}", "--dry-run")  # its own place is untouched
    assert (len(ids(file)), len(ids(other))) == (len(teams), 1)


def test_what_a_receiver_refused_is_told_by_the_next_run(aurora: Aurora) -> None:
    with server(answers("no", "403 Forbidden")) as address:
        words = ("--to", f"webhook:{address}/a")
        errors = [refused(aurora.instance.monorepo, "waiting", *words) for _ in range(2)]
    assert [one.exit_code for one in errors] == [3, 3]
