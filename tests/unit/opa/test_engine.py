"""The child server answers its parent, and nobody else."""

from __future__ import annotations

import json
import os
import signal
import sys
from pathlib import Path

import pytest
import requests
from pydantic import JsonValue

from turnpike.errors import Unavailable
from turnpike.opa.engine import Engine
from turnpike.opa.plain_client import PlainClient
from turnpike.opa.program import Program
from unit.opa.small_policies import bundle, policy_input, program

LINUX = pytest.mark.skipif(not sys.platform.startswith("linux"), reason="reads /proc")


def command_line(engine: Engine) -> list[str]:
    said = Path(f"/proc/{engine.process_id}/cmdline").read_bytes()
    return [word.decode() for word in said.split(b"\0")]


def address(engine: Engine) -> str:
    engine.decide((policy_input(),))  # it listens then
    words = command_line(engine)
    return "http://" + words[words.index("--addr") + 1]


@LINUX
@pytest.mark.parametrize(
    ("method", "path"),
    [
        ("POST", "/v1/data/turnpike/server/answer"),
        ("POST", "/v1/data"),
        ("GET", "/v1/data/turnpike/server/secret"),
        ("PUT", "/v1/policies/evil"),
        ("GET", "/v1/policies"),
        ("PUT", "/v1/data/turnpike/data"),
        ("POST", "/v1/query"),
        ("GET", "/health"),
    ],
)
def test_nobody_without_the_token_is_answered(tmp_path: Path, method: str, path: str) -> None:
    with Engine(bundle(tmp_path), program()) as engine:
        for headers in ({}, {"Authorization": "Bearer guess"}):
            said = requests.request(method, address(engine) + path, headers=headers, timeout=10)
            assert said.status_code == 401


@LINUX
@pytest.mark.parametrize(
    ("method", "path"),
    [
        ("PUT", "/v1/policies/evil"),
        ("GET", "/v1/data/turnpike/server"),
        ("POST", "/v1/data/turnpike/server"),
        ("POST", "/v1/data/turnpike/gate/batch"),
        ("POST", "/v1/query"),
        ("DELETE", "/v1/data/turnpike"),
    ],
)
def test_the_token_is_good_for_one_question_only(tmp_path: Path, method: str, path: str) -> None:
    with Engine(bundle(tmp_path), program()) as engine:
        headers = {"Authorization": f"Bearer {engine._token}"}
        said = requests.request(method, address(engine) + path, headers=headers, timeout=10)
        assert said.status_code == 401


@LINUX
def test_token_and_secret_stand_in_no_command_line_environment_or_file(tmp_path: Path) -> None:
    with Engine(bundle(tmp_path), program()) as engine:
        environment = Path(f"/proc/{engine.process_id}/environ").read_bytes().decode()
        words = command_line(engine)
        for hidden in (engine._token, engine._secret):
            assert hidden not in environment
            assert all(hidden not in word for word in words)
        engine.decide((policy_input(),))
        assert not Path(words[-2]).exists()


def test_a_child_that_was_killed_is_a_failure(tmp_path: Path) -> None:
    with Engine(bundle(tmp_path), program()) as engine:
        assert engine.process_id is not None
        os.kill(engine.process_id, signal.SIGKILL)
        with pytest.raises(Unavailable) as caught:
            engine.decide((policy_input(),))
    assert caught.value.code == "opa.stopped"


def test_a_closed_engine_answers_nothing(tmp_path: Path) -> None:
    engine = Engine(bundle(tmp_path), program())
    with engine:
        pass
    with pytest.raises(Unavailable) as caught:
        engine.decide((policy_input(),))
    assert caught.value.code == "opa.stopped"
    assert engine.process_id is None


IMPOSTOR = """
import json, sys
from http.server import BaseHTTPRequestHandler, HTTPServer

class Handler(BaseHTTPRequestHandler):
    def do_POST(self):
        answer = {"results": [{"rules": ["known_subject"], "denials": []}], "proof": "00"}
        body = json.dumps({"result": answer}).encode()
        self.send_response(200)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

host, port = sys.argv[sys.argv.index("--addr") + 1].split(":")
HTTPServer((host, int(port)), Handler).serve_forever()
"""


def fake(folder: Path, body: str) -> Program:
    path = folder / "opa"
    path.write_text(f"#!{sys.executable}\n{body}", encoding="utf-8")
    path.chmod(0o755)
    return Program(path, program().version)


def test_a_server_that_does_not_know_the_secret_is_not_believed(tmp_path: Path) -> None:
    with (
        Engine(bundle(tmp_path), fake(tmp_path, IMPOSTOR)) as engine,
        pytest.raises(Unavailable) as caught,
    ):
        engine.decide((policy_input("bad"),))
    assert caught.value.code == "opa.impostor"


def test_what_is_wrong_when_it_is_prepared_is_said_when_it_is_asked(tmp_path: Path) -> None:
    with Engine(bundle(tmp_path), fake(tmp_path, IMPOSTOR)) as engine:
        engine.prepare()
        with pytest.raises(Unavailable) as caught:
            engine.decide((policy_input("bad"),))
    assert caught.value.code == "opa.impostor"


def test_it_is_prepared_by_the_question_that_it_will_answer_about_nothing(tmp_path: Path) -> None:
    asked: list[dict[str, JsonValue]] = []

    class Telling(PlainClient):
        def ask(self, question: dict[str, JsonValue]) -> dict[str, JsonValue]:
            asked.append(question)
            return super().ask(question)

    with Engine(bundle(tmp_path), program(), connect=Telling) as engine:
        engine.prepare()
        answer = engine.decide((policy_input("bad"),))
    assert [one["own"] == [] for one in asked] == [True, False]
    assert [len(result.denials) for result in answer.results] == [1]


def test_one_that_is_ended_while_it_is_prepared_leaves_nothing_behind(tmp_path: Path) -> None:
    with Engine(bundle(tmp_path), program()) as engine:
        engine.prepare()
        preparing = engine._preparing
    assert preparing is not None
    preparing.join(20)
    assert not preparing.is_alive()
    assert engine.process_id is None


def test_what_a_batch_shares_is_sent_once(tmp_path: Path) -> None:
    """A train names every path that it touches, and each of its models has an input about it."""
    asked = tmp_path / "asked"
    keeping = IMPOSTOR.replace(
        "        answer =",
        f"        open({str(asked)!r}, 'ab').write(self.rfile.read("
        "int(self.headers['Content-Length'])) + b'\\n')\n        answer =",
    )
    one = policy_input().change.model_copy(update={"paths": tuple(f"docs/{n}" for n in range(99))})
    batch = [policy_input(str(n)).model_copy(update={"change": one}) for n in range(1000)]
    with (
        Engine(bundle(tmp_path), fake(tmp_path, keeping)) as engine,
        pytest.raises(Unavailable),
    ):
        engine.decide(batch)
    questions = [json.loads(line)["input"] for line in asked.read_bytes().splitlines()]
    assert questions
    for question in questions:
        assert len(question["changes"]) == 1
        assert len(question["own"]) <= 100
        assert all("change" not in own for own in question["own"])


def test_a_child_that_ends_at_once_is_a_failure_that_shows_its_words(tmp_path: Path) -> None:
    broken = fake(tmp_path, "raise SystemExit('no room left')")
    with Engine(bundle(tmp_path), broken) as engine:
        with pytest.raises(Unavailable, match="no room left") as caught:
            engine.decide((policy_input(),))
        assert caught.value.code == "opa.stopped"
        with pytest.raises(Unavailable, match="it is not") as again:
            engine.decide((policy_input(),))
    assert again.value.code == "opa.stopped"


def test_a_port_that_is_always_taken_is_a_failure(tmp_path: Path) -> None:
    taken = fake(tmp_path, "raise SystemExit('listen: address already in use')")
    with (
        Engine(bundle(tmp_path), taken) as engine,
        pytest.raises(Unavailable, match="free port"),
    ):
        engine.decide((policy_input(),))
