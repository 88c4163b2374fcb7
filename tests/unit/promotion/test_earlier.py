"""A rollback returns to other bytes that stood at the very same place."""

from __future__ import annotations

from pathlib import Path

import pytest

from turnpike.documents.reading import read
from turnpike.errors import InputError
from turnpike.judge.layout import DeploymentKey
from turnpike.manifest.release import RELEASE
from turnpike.promotion.earlier import earlier_release, ever_released, ways_back
from turnpike.rendering.release import release_bytes
from unit.promotion.monorepo import Monorepo
from unit.promotion.world import KEY

DEV = DeploymentKey("dev", "local", KEY.team, KEY.model)


@pytest.fixture(scope="module")
def monorepo(tmp_path_factory: pytest.TempPathFactory) -> Monorepo:
    made = Monorepo.created(tmp_path_factory.mktemp("monorepo"))
    for version in (1, 2, 3):
        made.release(version)
    return made


def test_without_a_version_it_is_the_one_before(monorepo: Monorepo) -> None:
    found = earlier_release(monorepo.repository, monorepo.main, DEV, None)
    assert found.version == "2"


def test_a_version_is_found_wherever_it_stood(monorepo: Monorepo) -> None:
    assert earlier_release(monorepo.repository, monorepo.main, DEV, "1").version == "1"


@pytest.mark.parametrize("version", ["3", "9"])
def test_what_stands_now_or_never_stood_is_no_earlier_one(monorepo: Monorepo, version: str) -> None:
    with pytest.raises(InputError, match="found versions: 3, 2, 1") as error:
        earlier_release(monorepo.repository, monorepo.main, DEV, version)
    assert error.value.code == "rollback.nothing-earlier"


def test_a_place_where_nothing_ever_stood_has_nothing_earlier(monorepo: Monorepo) -> None:
    place = DeploymentKey("staging", "local", KEY.team, KEY.model)
    assert ever_released(monorepo.repository, monorepo.main, DEV)
    assert not ever_released(monorepo.repository, monorepo.main, place)
    with pytest.raises(InputError, match="found versions: none"):
        earlier_release(monorepo.repository, monorepo.main, place, None)


def test_what_only_had_a_share_is_nothing_to_return_to(tmp_path: Path) -> None:
    tried = Monorepo.created(tmp_path)
    tried.release(1)
    tried.release(2)
    path = DEV.path("release.yaml")
    whole = read(RELEASE, tried.repository.read(tried.main, path) or b"", path)
    tried.commit({path: release_bytes(whole.model_copy(update={"traffic": 10}))})
    tried.release(3)
    assert earlier_release(tried.repository, tried.main, DEV, None).version == "2"
    history = tried.repository.history_of(path, tried.main)
    assert len(history) == 4
    tried.commit({path: release_bytes(whole.model_copy(update={"traffic": 50}))})
    assert earlier_release(tried.repository, tried.main, DEV, None).version == "3"


def test_what_serves_the_rest_is_what_it_returns_to_even_of_the_same_bytes(tmp_path: Path) -> None:
    tried = Monorepo.created(tmp_path)
    tried.release(1)
    tried.release(2)
    path = DEV.path("release.yaml")
    whole = read(RELEASE, tried.repository.read(tried.main, path) or b"", path)
    edited = {"manifest": "1" * 40, "traffic": 10, "rest": whole.as_rest()}
    tried.commit({path: release_bytes(whole.model_copy(update=edited))})
    assert earlier_release(tried.repository, tried.main, DEV, None) == whole


def test_what_was_rolled_back_from_is_passed_over(tmp_path: Path) -> None:
    """A second rollback goes further back, and not to what the first one left."""
    back = Monorepo.created(tmp_path)
    for version in (1, 2, 3, 2):
        back.release(version)
    assert earlier_release(back.repository, back.main, DEV, None).version == "1"
    with pytest.raises(InputError, match="found versions: 2, 3, 1") as refused:
        earlier_release(back.repository, back.main, DEV, "3")
    assert "`turnpike promote`" in refused.value.solution


class TestSeveralPlaces:
    """Two targets of one environment, of which the first is ahead."""

    EAST, WEST = (DeploymentKey("dev", place, KEY.team, KEY.model) for place in ("local", "west"))

    @pytest.fixture
    def halfway(self, tmp_path: Path) -> Monorepo:
        made = Monorepo.created(tmp_path)
        for version in (0, 1):
            made.release(version)
            content = made.repository.read(made.main, DEV.path("release.yaml"))
            made.commit({self.WEST.path("release.yaml"): content})
        made.release(2)
        return made

    def versions(self, made: Monorepo, version: str | None, *, named: bool) -> dict[str, str]:
        places = (self.EAST, self.WEST)
        found = ways_back(made.repository, made.main, places, version, named=named)
        return {place.target: one.version for place, one in found.items()}

    def test_what_is_ahead_goes_back_alone_to_where_the_others_stand(
        self, halfway: Monorepo
    ) -> None:
        assert self.versions(halfway, None, named=False) == {"local": "1"}

    def test_places_that_were_named_go_back_each(self, halfway: Monorepo) -> None:
        assert self.versions(halfway, None, named=True) == {"local": "1", "west": "0"}

    def test_what_stands_at_the_version_already_stays(self, halfway: Monorepo) -> None:
        assert self.versions(halfway, "1", named=False) == {"local": "1"}
        assert self.versions(halfway, "0", named=False) == {"local": "0", "west": "0"}

    def test_places_that_stand_alike_go_back_together(self, halfway: Monorepo) -> None:
        content = halfway.repository.read(halfway.main, DEV.path("release.yaml"))
        halfway.commit({self.WEST.path("release.yaml"): content})
        assert self.versions(halfway, None, named=False) == {"local": "1", "west": "1"}


def test_later_commits_are_not_looked_at(monorepo: Monorepo) -> None:
    (*_, before_last, _, _) = monorepo.commits
    found = earlier_release(monorepo.repository, before_last, DEV, None)
    assert found.version == "1"


def test_after_a_retirement_it_is_what_was_retired(tmp_path: Path) -> None:
    retired = Monorepo.created(tmp_path)
    for version in (1, 2):
        retired.release(version)
    retired.retire("dev")
    assert ever_released(retired.repository, retired.main, DEV)
    assert earlier_release(retired.repository, retired.main, DEV, None).version == "2"
    assert earlier_release(retired.repository, retired.main, DEV, "1").version == "1"


def test_what_cannot_be_read_is_never_returned_to_and_only_a_version_goes_past_it(
    tmp_path: Path,
) -> None:
    """Nobody is taken two versions back without having said so, and nobody is trapped."""
    aged = Monorepo.created(tmp_path)
    aged.release(1)
    path = DEV.path("release.yaml")
    text = aged.repository.read(aged.main, path) or b""
    broken = aged.commit({path: text.replace(b"traffic: 100", b"share: 100")})
    aged.commit({path: None})
    aged.release(2)
    with pytest.raises(InputError, match=f"{path}.*commit {broken[:12]}") as refused:
        earlier_release(aged.repository, aged.main, DEV, None)
    assert refused.value.code == "rollback.earlier-unreadable"
    assert "--version VERSION" in refused.value.solution
    assert earlier_release(aged.repository, aged.main, DEV, "1").version == "1"
    with pytest.raises(InputError, match=f"versions: 2, 1; unreadable: .*{broken[:12]}"):
        earlier_release(aged.repository, aged.main, DEV, "9")
    aged.release(3)
    assert earlier_release(aged.repository, aged.main, DEV, None).version == "2"
