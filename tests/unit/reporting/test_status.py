"""What is released where, and since which commit of main."""

from __future__ import annotations

from pathlib import Path

import pytest

from turnpike.documents.reading import read
from turnpike.judge.layout import ModelKey
from turnpike.manifest.release import RELEASE
from turnpike.promotion.standing import standing_of_all
from turnpike.rendering.release import release_bytes
from turnpike.reporting.status import Line, status_lines
from unit.promotion.monorepo import Monorepo
from unit.promotion.world import KEY, version_of


@pytest.fixture
def monorepo(tmp_path: Path) -> Monorepo:
    return Monorepo.created(tmp_path)


def lines(monorepo: Monorepo, model: ModelKey | None = None) -> tuple[Line, ...]:
    releases = standing_of_all(monorepo.repository, monorepo.main).releases
    return status_lines(monorepo.repository, monorepo.main, releases.items(), model)


def test_a_line_says_since_which_commit_its_release_stands(monorepo: Monorepo) -> None:
    first = monorepo.release(1)
    staged = monorepo.promote("staging")
    newer = monorepo.release(2)
    monorepo.commit({"docs/a.md": b"later\n"})
    found = lines(monorepo)
    assert [(one.key.environment, one.version, one.commit) for one in found] == [
        ("dev", "2", newer),
        ("staging", "1", staged),
    ]
    assert first not in {one.commit for one in found}
    assert found[0].since == monorepo.repository.commit(newer).committer.time
    artifact = version_of(2).artifact
    assert artifact is not None
    assert (found[0].artifact, found[0].traffic, found[0].rest) == (artifact.digest, 100, None)


def test_a_share_is_told_with_what_serves_the_rest(monorepo: Monorepo) -> None:
    monorepo.release(1)
    path = "environments/dev/local/oncology/triage/release.yaml"
    whole = read(RELEASE, monorepo.repository.read(monorepo.main, path) or b"", path)
    share = whole.model_copy(update={"traffic": 10, "rest": whole.as_rest()})
    monorepo.commit({path: release_bytes(share)})
    (found,) = lines(monorepo)
    assert (found.traffic, found.rest) == (10, whole.as_rest())


def test_a_release_that_returned_stands_since_its_return(monorepo: Monorepo) -> None:
    monorepo.release(1)
    monorepo.retire("dev")
    again = monorepo.release(1)
    (line,) = lines(monorepo)
    assert line.commit == again


def test_a_release_in_the_very_first_commit_is_dated_as_well(tmp_path: Path) -> None:
    source = Monorepo.created(tmp_path / "a")
    source.release(1)
    files = source.repository.files(source.main)
    blobs = source.repository.blobs(entry.object for entry in files.values())
    whole = Monorepo(source.repository)
    first = whole.commit({path: blobs[entry.object] for path, entry in files.items()})
    (line,) = lines(whole)
    assert line.commit == first


def test_one_model_can_be_asked_for(monorepo: Monorepo) -> None:
    monorepo.release(1)
    assert len(lines(monorepo, KEY)) == 1
    assert lines(monorepo, ModelKey("oncology", "other")) == ()


def test_where_nothing_is_released_there_is_nothing_to_tell(monorepo: Monorepo) -> None:
    assert lines(monorepo) == ()
