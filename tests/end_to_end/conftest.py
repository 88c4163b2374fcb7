"""One world for all: an instance of HEAD with real models, a real registry, host, OPA and keys."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

import pytest

from end_to_end.installed import told_of_source, use_installation

if TYPE_CHECKING:
    from end_to_end.changes import Bench
    from end_to_end.threat_model import Shown
    from end_to_end.world import Signers, World

SOURCE = use_installation()


def pytest_addoption(parser: pytest.Parser) -> None:
    """Let the long attacks run in full: 1,000 races, and a kill at every git command of a merge."""
    parser.addoption("--full", action="store_true", help="no sample: 1,000 races, every kill")


def pytest_report_header() -> str:
    """Say which code is tested."""
    return told_of_source(SOURCE)


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    """Count the attacks and faults of docs/threat-model.md that this run has met."""
    from end_to_end.threat_model import counted

    passed, failed = (_tests(terminalreporter, end) for end in ("passed", "failed"))
    for line in (*_measured(terminalreporter), *counted(passed, failed)):
        terminalreporter.write_line(line)


def _tests(reporter: pytest.TerminalReporter, end: str) -> frozenset[Shown]:
    from end_to_end.threat_model import Shown

    ids = [report.nodeid.partition("[")[0] for report in reporter.stats.get(end, ())]
    return frozenset(Shown(*one.split("::")) for one in ids if one.count("::") == 1)


def _measured(reporter: pytest.TerminalReporter) -> list[str]:
    properties = [p for r in reporter.stats.get("passed", ()) for p in r.user_properties]
    return [str(value) for name, value in properties if name == "attacks"]


@pytest.fixture(scope="session")
def made(tmp_path_factory: pytest.TempPathFactory) -> World:
    """An instance with registered models; nothing but its genesis is on main."""
    from end_to_end.making import make_world

    return make_world(tmp_path_factory.mktemp("world"))


@pytest.fixture(scope="session")
def signers(made: World) -> Iterator[Signers]:
    """The signing process of each role, for the statements of validators and registrars."""
    from end_to_end.world import Signers

    with Signers.of(made) as signers:
        yield signers


@pytest.fixture(scope="session")
def merged(made: World, signers: Signers, tmp_path_factory: pytest.TempPathFactory) -> Bench:
    """The same instance with one model on main; it is copied, and stays as it is."""
    from end_to_end.changes import Bench
    from end_to_end.evidence import GOOD

    folder = tmp_path_factory.mktemp("worlds")
    bench = Bench(made.copied(folder / "merged"), signers, folder)
    bench.admitted(bench.draft("diabetes"), GOOD)
    return bench
