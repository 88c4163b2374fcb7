"""``turnpike observe``: what it refuses before it looks, and how it tells of what it cannot see."""

from __future__ import annotations

import json
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from turnpike.cli.observe import command
from unit.cli.calling import at, refused
from unit.instance.aurora import Aurora

LOCAL = ("--environment", "dev", "--target", "local")
NOBODY = "http://127.0.0.1:9"


@pytest.fixture
def kubeconfig(tmp_path: Path) -> str:
    """Return a kubeconfig that knows dev's cluster, at which nobody answers."""
    document = {
        "apiVersion": "v1",
        "kind": "Config",
        "clusters": [{"name": "c", "cluster": {"server": NOBODY}}],
        "users": [{"name": "u", "user": {}}],
        "contexts": [{"name": "dev-local", "context": {"cluster": "c", "user": "u"}}],
    }
    file = tmp_path / "kubeconfig"
    file.write_text(json.dumps(document), "utf-8")
    return str(file)


@pytest.mark.parametrize(
    ("words", "why"),
    [
        (("--kubeconfig", "here"), "beside --prometheus"),
        (("--once", "--prometheus", NOBODY), "without --prometheus"),
        (("--once", "--for", "5s"), "without --for"),
        (("--interval", "500ms"), "a second at least"),
        (("--prometheus", ""), "expected https://HOST"),
        (("--prometheus", NOBODY, "--target", "moon"), "one of its targets"),
    ],
)
def test_what_cannot_work_is_refused_before_anybody_looks(
    aurora: Aurora, kubeconfig: str, words: tuple[str, ...], why: str
) -> None:
    known = ("--kubeconfig", kubeconfig) if "--prometheus" in words else ()
    error = refused(aurora.instance.monorepo, "observe", *LOCAL, *words, *known)
    assert (error.exit_code, why in error.message) == (2, True), error.message


def test_a_cluster_that_no_context_names_is_refused(aurora: Aurora, kubeconfig: str) -> None:
    words = ("--environment", "staging", "--prometheus", NOBODY, "--kubeconfig", kubeconfig)
    error = refused(aurora.instance.monorepo, "observe", *words)
    assert (error.code, "staging-local" in error.message) == ("cluster.no-context", True)


def test_a_token_is_read_from_its_file_and_not_sent_in_the_clear(
    aurora: Aurora, kubeconfig: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    file = tmp_path / "token"
    file.write_text("a-token\n", "utf-8")
    monkeypatch.setenv("TURNPIKE_PROMETHEUS_TOKEN_FILE", str(file))
    words = (*LOCAL, "--prometheus", "http://metrics.example", "--kubeconfig", kubeconfig)
    error = refused(aurora.instance.monorepo, "observe", *words)
    assert "https, for a token is sent there" in error.message
    assert "a-token" not in error.message


@contextmanager
def told_of(aurora: Aurora, *words: str) -> Iterator[Result]:
    """Run the observer in this process, whose signals it takes for itself, and give them back."""
    import signal

    before = {number: signal.getsignal(number) for number in (signal.SIGINT, signal.SIGTERM)}
    try:
        with at(aurora.instance.monorepo):
            yield CliRunner(catch_exceptions=False).invoke(command, words)
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)


def test_an_instance_without_releases_has_nothing_to_watch(aurora: Aurora, kubeconfig: str) -> None:
    words = ("--prometheus", NOBODY, "--kubeconfig", kubeconfig, "--interval", "1s", "--for", "1s")
    with told_of(aurora, *LOCAL, *words) as result:
        assert result.exit_code == 0, result.output
        assert "nothing is released here that is served and watched" in result.output
