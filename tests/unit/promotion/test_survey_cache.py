"""What an earlier plan kept is believed only where nobody touched it."""

from __future__ import annotations

from pathlib import Path

import pytest

from turnpike.promotion.brief import Brief
from turnpike.promotion.survey_cache import Kept, SurveyCache
from unit.judge.examples import model
from unit.promotion.outlooks import release
from unit.promotion.world import blob_of

SECRET = b"s" * 32
KEPT = Kept(
    trees=("a", "b"),
    briefs={blob_of(1): Brief.of(model())},
    releases={blob_of(2): release(1)},
    record="c",
)


@pytest.fixture
def cache(tmp_path: Path) -> SurveyCache:
    made = SurveyCache(tmp_path / "plans" / "kept.json", SECRET)
    made.keep(KEPT)
    return made


def test_what_is_kept_reads_back(cache: SurveyCache) -> None:
    assert cache.read() == KEPT


def test_nothing_is_kept_at_first(tmp_path: Path) -> None:
    assert SurveyCache(tmp_path / "none", SECRET).read() == Kept()


def test_a_lie_is_not_believed(cache: SurveyCache) -> None:
    content = cache.file.read_bytes()
    assert b'"high"' in content
    cache.file.write_bytes(content.replace(b'"high"', b'"low"'))
    assert cache.read() == Kept()


@pytest.mark.parametrize("length", [0, 10, 64, 200])
def test_what_was_cut_short_is_not_believed(cache: SurveyCache, length: int) -> None:
    cache.file.write_bytes(cache.file.read_bytes()[:length])
    assert cache.read() == Kept()


def test_another_instances_file_is_not_believed(cache: SurveyCache) -> None:
    assert SurveyCache(cache.file, b"t" * 32).read() == Kept()
