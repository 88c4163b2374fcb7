"""``turnpike recall`` goes through all of main's past, and tells what it cannot read."""

from __future__ import annotations

import importlib
import json
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner

from turnpike.cli.recall import unexamined_lines
from turnpike.documents.canonical import canonical_document
from turnpike.documents.identifiers import ObjectId, digest_of
from turnpike.errors import Problem, UsageError
from turnpike.promotion.former import Unexamined
from turnpike.rendering.release import release_bytes
from unit.cli.calling import at
from unit.instance.aurora import MAIN, MARIA, Aurora, new_product, now
from unit.judge.deployed import KEY, PATH, RELEASE
from unit.judge.examples import model

COMMAND = importlib.import_module("turnpike.cli.recall").command
OLD = digest_of(b"the old bytes")
DATA = model().data.training.source


@pytest.fixture(scope="module")
def aurora(tmp_path_factory: pytest.TempPathFactory) -> Aurora:
    """An instance whose main once had a release that today's schema cannot read."""
    product = new_product(tmp_path_factory.mktemp("product"))
    return Aurora.made(tmp_path_factory.mktemp("aurora") / "instance", product)


def merged(aurora: Aurora, files: dict[str, bytes | None]) -> ObjectId:
    """Put a commit on main behind everybody's back: what is merged is judged elsewhere."""
    main = aurora.main()
    tree = aurora.host.write_tree_with(main, files)
    commit = aurora.host.write_commit(tree, (main,), MARIA, MARIA, "Change\n", now())
    aurora.host.update_ref(MAIN, commit, main)
    return commit


def ran(folder: Path, *words: str) -> tuple[int, Any, str]:
    with at(folder):
        told = CliRunner().invoke(COMMAND, words)
        said = CliRunner().invoke(COMMAND, [*words, "--json"])
    assert said.exit_code == told.exit_code, (told.output, said.output)
    return said.exit_code, json.loads(said.stdout), told.output


def test_a_release_of_the_past_that_cannot_be_read_is_named_and_the_recall_goes_on(
    aurora: Aurora,
) -> None:
    manifest = KEY.model_key.manifest_path
    merged(aurora, {manifest: canonical_document(model())})
    blob = aurora.host.blob_id(aurora.main(), manifest)
    assert blob is not None
    now_there = RELEASE.model_copy(update={"manifest": blob})
    sound = release_bytes(now_there.model_copy(update={"artifact": OLD, "version": "0"}))
    merged(aurora, {PATH: sound})
    broken = merged(aurora, {PATH: sound.replace(b"traffic: 100", b"traffic: all")})
    merged(aurora, {PATH: release_bytes(now_there)})

    code, said, told = ran(aurora.instance.monorepo, "--data", DATA)
    assert code == 1
    assert [one["deployment"] for one in said["deployments"]] == [str(KEY)]
    (lost,) = said["unexamined"]
    assert (lost["file"], lost["commit"], lost["field"]) == (PATH, broken, "traffic")
    assert (lost["expected"], lost["found"]) == ("integer", '"all"')
    assert f"(commit {broken[:12]})" in told

    code, said, told = ran(aurora.instance.monorepo, "--data", "somebody-else's")
    assert code == 3, "nothing was reached, and still nobody can say so of everything"
    assert (said["deployments"], len(said["unexamined"])) == ([], 1)
    assert "1 of main's past could not be examined" in told


def test_part_of_a_digest_is_not_answered_with_nothing(aurora: Aurora) -> None:
    with at(aurora.instance.monorepo):
        part = CliRunner().invoke(COMMAND, ["--data", OLD[:-1]])
        whole = CliRunner().invoke(COMMAND, ["--data", OLD])
    assert isinstance(part.exception, UsageError)
    assert "64 hexadecimal digits" in part.exception.message
    assert not isinstance(whole.exception, UsageError)


def test_nothing_that_a_document_says_moves_the_terminal() -> None:
    evil = Unexamined(None, Problem("manifest x", 1, "kind", "text", "\x1b[2J"))
    assert all(line.isprintable() for line in unexamined_lines([evil]))
    assert unexamined_lines([]) == []
