"""A release is opened and merged while its Git host is down, slow, or killed in the middle."""

from __future__ import annotations

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor

import pytest

from end_to_end.people import BOT
from servers.faults import until_written
from servers.gitea_world import NAME, OWNER
from servers.releasing import Releasing, releasing
from turnpike.judge.layout import DeploymentKey

TEAM, MODEL = "endocrinology", "diabetes-progression"
PEOPLE = ("jonas-weber", "lena-fischer", BOT)
OPEN = ("release", f"{TEAM}/{MODEL}", "--to", "dev", "--target", "local", "--as", BOT)
RELEASE = DeploymentKey("dev", "local", TEAM, MODEL).path("release.yaml")


@pytest.fixture(scope="module")
def approved(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Releasing]:
    """A company whose model is merged, and released nowhere."""
    with releasing(tmp_path_factory.mktemp("company"), PEOPLE, "diabetes") as made:
        number = made.propose_model("diabetes")
        made.approve(number, "lena-fischer")
        made.merge(number)
        yield made


def is_released(made: Releasing) -> bool:
    return made.host.clone.read(made.host.main(), RELEASE) is not None


def test_while_the_host_is_down_nothing_is_opened(approved: Releasing) -> None:
    pulls = len(approved.host.forge(BOT).pull_requests())
    with approved.host.down():
        told = approved.verb(*OPEN)
    assert told.code == 3, str(told)
    assert approved.host.gitea.url in told.errors
    assert len(approved.host.forge(BOT).pull_requests()) == pulls


def test_a_slow_host_is_waited_for_until_the_release_is_open(approved: Releasing) -> None:
    with approved.host.slow(6.0):
        number = approved.told(*OPEN)["number"]
    assert approved.pull(number)["state"] == "open"
    again = approved.told(*OPEN)["number"]
    assert again == number, "the same release was opened twice"


def test_a_host_killed_in_the_middle_releases_all_or_nothing(approved: Releasing) -> None:
    number = approved.told(*OPEN)["number"]
    before = approved.host.main()
    repository = approved.host.folder / "gitea" / "repositories" / OWNER / f"{NAME}.git"
    with ThreadPoolExecutor(1) as pool:
        merging = pool.submit(approved.verb, "pr", "merge", str(number))
        until_written(repository / "refs" / "heads" / "turnpike" / "record")
        with approved.host.down():  # the decision stands; the release comes next
            told = merging.result()
    assert told.code in {0, 3}, str(told)  # 0 where the kill came late: all was done already
    assert is_released(approved) == (approved.host.main() != before)
    with approved.host.slow(6.0):
        again = approved.told("pr", "merge", str(number))
    assert is_released(approved)
    assert approved.host.main() == again["commit"]
    assert approved.verb("verify").code == 0
