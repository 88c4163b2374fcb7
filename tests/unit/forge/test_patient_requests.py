from __future__ import annotations

from pathlib import Path

import pytest
import requests

from contracts.fake_host import Answer, Request, served
from turnpike.forge.answers import LARGEST_ANSWER
from turnpike.forge.patience import Patience
from turnpike.forge.patient_requests import TooLarge, patient_session

QUICK = Patience(tries=3, first_seconds=0.0, longest_seconds=1.0)


class Host:
    """Answers in turn, and remembers what it was asked."""

    def __init__(self, *answers: Answer) -> None:
        self.answers = list(answers)
        self.asked: list[Request] = []

    def __call__(self, request: Request) -> Answer:
        self.asked.append(request)
        return self.answers.pop(0)


def test_an_answer_is_handed_out_whole() -> None:
    host = Host(Answer(503), Answer(200, {"it": "is"}))
    with served(host) as address, patient_session(QUICK, {}) as session:
        assert session.get(address).json() == {"it": "is"}
    assert len(host.asked) == 2


def test_patience_ends_with_the_last_answer() -> None:
    host = Host(*[Answer(503, {"n": n}) for n in range(3)])
    with served(host) as address, patient_session(QUICK, {}) as session:
        assert session.get(address).json() == {"n": 2}


def test_a_post_is_sent_once() -> None:
    host = Host(Answer(503))
    with served(host) as address, patient_session(QUICK, {}) as session:
        assert session.post(address, json={}).status_code == 503
    assert len(host.asked) == 1


def test_nobody_listening_is_a_failure() -> None:
    with patient_session(QUICK, {}) as session, pytest.raises(requests.ConnectionError):
        session.get("http://127.0.0.1:9/")


def test_more_than_anybody_asked_for_is_not_taken() -> None:
    host = Host(*[Answer(200, raw=b"x" * (LARGEST_ANSWER + 1)) for _ in range(3)])
    with served(host) as at, patient_session(QUICK, {}) as session, pytest.raises(TooLarge):
        session.get(at)


def test_an_account_of_the_machine_does_not_replace_the_one_given(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    netrc = tmp_path / "netrc"
    netrc.write_text("machine 127.0.0.1 login somebody password else\n", "utf-8")
    netrc.chmod(0o600)
    monkeypatch.setenv("NETRC", str(netrc))
    host = Host(Answer(200, {}))
    with served(host) as address, patient_session(QUICK, {"Authorization": "token x"}) as session:
        session.get(address)
    assert host.asked[0].headers["authorization"] == "token x"
