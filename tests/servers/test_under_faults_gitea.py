"""Faults of the Git host, injected for real; each is met with the commands of its runbook."""

from __future__ import annotations

import subprocess
import threading
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from runbooks import carried_out
from servers.company import Company, gitea_company, shell_of
from servers.faults import until_written
from servers.gitea_world import NAME, OWNER


@pytest.fixture(scope="module")
def company(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Company]:
    with gitea_company(tmp_path_factory.mktemp("company")) as made:
        yield made


def merges(company: Company, number: int) -> int:
    """Return how often main has the merge of a pull request."""
    main = company.world.main()
    clone = company.world.clone
    subjects = [one.message for one in clone.commits(clone.first_parents(main))]
    return sum(text.startswith(f"Merge pull request {number}:") for text in subjects)


def test_a_host_that_is_down_stops_the_gate_and_the_runbook_goes_on(company: Company) -> None:
    number, before = company.approved("down"), company.world.main()
    with carried_out("GitHostUnavailable", shell_of(company, {"number": str(number)})) as page:
        with company.world.down():
            look = page.run("Look", 7, 3)
            assert "git.remote-failed" in look or "expected the host" in look
            assert "GitHostUnavailable" in look
        assert company.world.main() == before
        assert "merged as" in page.run("Help")
        page.run("Over when")
    assert merges(company, number) == 1


@pytest.mark.parametrize("verb", [("gate", "--pr"), ("pr", "merge")])
def test_a_host_that_is_slow_for_a_while_is_waited_for(
    company: Company, verb: tuple[str, ...]
) -> None:
    number = company.approved(f"slow-{verb[0]}")
    with company.world.slow(6.0):
        assert company.verb(*verb, str(number)).returncode == 0


def test_a_host_killed_in_the_middle_of_a_merge_leaves_all_or_nothing(company: Company) -> None:
    number = company.approved("killed")
    repository = company.world.folder / "gitea" / "repositories" / OWNER / f"{NAME}.git"
    with ThreadPoolExecutor(1) as pool:
        before = company.world.main()
        merging = pool.submit(company.verb, "pr", "merge", str(number))
        record = repository / "refs" / "heads" / "turnpike" / "record"
        until_written(record)  # the decision stands; the merge comes next
        with company.world.down():
            done = merging.result()
    # 0 where the kill came late, and everything was done already.
    assert done.returncode in {0, 3}, done.stdout + done.stderr
    assert merges(company, number) == (company.world.main() != before)
    assert company.verb("pr", "merge", str(number)).returncode == 0
    assert merges(company, number) == 1
    assert company.verb("verify").returncode == 0


def twin_of(company: Company, folder: Path) -> Company:
    """Return a second bot: the same instance with the same keys on another machine."""
    subprocess.run(["cp", "-a", company.folder, folder], check=True, timeout=300)
    clone = folder / "monorepo"
    for name, value in (("turnpike.instance", folder), ("remote.origin.url", folder / "host.git")):
        subprocess.run(["git", "-C", clone, "config", name, str(value)], check=True, timeout=300)
    return Company(folder, company.world)


def test_two_bots_at_once_merge_each_change_once(company: Company, tmp_path: Path) -> None:
    twin = twin_of(company, tmp_path / "twin")
    numbers = [company.approved(f"both-{index}") for index in range(2)]
    start = threading.Barrier(2)

    def work(bot: Company, order: list[int]) -> list[int]:
        start.wait()
        return [bot.verb("pr", "merge", str(number)).returncode for number in order]

    with ThreadPoolExecutor(2) as pool:
        one = pool.submit(work, company, numbers)
        other = pool.submit(work, twin, [numbers[0], *reversed(numbers[1:])])
        codes = one.result() + other.result()
    assert set(codes) <= {0, 3}
    with carried_out("ConcurrentGates", shell_of(company, {"number": str(numbers[0])})) as page:
        page.run("Look")
        page.run("Help")
        page.run("Over when")
    assert [merges(company, number) for number in numbers] == [1, 1]
    assert twin.verb("verify").returncode == 0
