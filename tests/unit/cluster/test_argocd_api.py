"""An answer of Argo CD is read whole or not at all; a real one answers in tests/cluster."""

from __future__ import annotations

import json
import traceback
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field

import pytest

from turnpike.bounded_server import Handler, Headers, Server, running
from turnpike.cluster.argocd_api import ArgoCdApi, Health, Managed, Parent
from turnpike.errors import CannotDecide, InputError, Unavailable

APPLICATION = "dev.local.oncology.triage"
BASE = f"/prefix/api/v1/applications/{APPLICATION}"
REVISION = "c" * 40


@dataclass
class Answers:
    """What a server says to every request, and what it was asked."""

    body: object
    status: int = 200
    headers: Headers = ()
    asked: list[tuple[str, str, str, bytes]] = field(default_factory=list)


@contextmanager
def argocd(answers: Answers) -> Iterator[ArgoCdApi]:
    class Answering(Handler):
        def meet(self) -> None:
            body = self.rfile.read(int(self.headers.get("Content-Length", 0)))
            token = self.headers.get("Authorization", "")
            answers.asked.append((self.command, self.path, token, body))
            said = answers.body
            content = said if isinstance(said, bytes) else json.dumps(said).encode()
            self.send_response(answers.status)
            for name, value in (*answers.headers, ("Content-Length", str(len(content)))):
                self.send_header(name, value)
            self.end_headers()
            self.wfile.write(content)

    with Server(("127.0.0.1", 0), Answering) as server, running(server):
        yield ArgoCdApi(f"http://127.0.0.1:{server.server_port}/prefix/", "token-word")


def test_it_is_asked_to_look_now_with_the_token() -> None:
    answers = Answers({"status": {"sync": {"revision": REVISION, "status": "OutOfSync"}}})
    with argocd(answers) as api:
        assert api.look_again(APPLICATION) == REVISION
    assert answers.asked == [("GET", f"{BASE}?refresh=normal", "Bearer token-word", b"")]


def test_a_sync_takes_nothing_away() -> None:
    answers = Answers({"metadata": {"name": APPLICATION}})
    with argocd(answers) as api:
        assert api.sync(APPLICATION)
    ((method, path, _, body),) = answers.asked
    assert (method, path, json.loads(body)) == ("POST", f"{BASE}/sync", {"prune": False})


def test_a_sync_that_is_under_way_is_none_anew() -> None:
    with at_a_sync("") as (api, _):
        assert not api.sync(APPLICATION)


@contextmanager
def at_a_sync(message: str) -> Iterator[tuple[ArgoCdApi, list[str]]]:
    """A server that is at a sync of its own, and lets itself be stopped; what it was asked."""
    asked: list[str] = []
    state = {"phase": "Running", "message": message}

    class Syncing(Handler):
        def do_DELETE(self) -> None:  # noqa: N802 - as http.server calls it
            self.do_POST()

        def meet(self) -> None:
            self.rfile.read(int(self.headers.get("Content-Length", 0)))
            asked.append(self.command)
            if self.command == "DELETE" and self.headers["Content-Type"] == "application/json":
                state["phase"] = "Failed"
            is_refused = self.command == "POST" and state["phase"] == "Running"
            said: object = {"status": {"operationState": state}}
            if is_refused:
                said = {"message": "another operation is already in progress"}
            content = json.dumps(said).encode()
            self.send_response(400 if is_refused else 200)
            self.send_header("Content-Length", str(len(content)))
            self.end_headers()
            self.wfile.write(content)

    with Server(("127.0.0.1", 0), Syncing) as server, running(server):
        yield ArgoCdApi(f"http://127.0.0.1:{server.server_port}", "token-word"), asked


def test_a_sync_that_waits_for_a_window_is_ended_and_begun_anew() -> None:
    with at_a_sync("Sync operation blocked by sync window") as (api, asked):
        assert api.sync(APPLICATION)
    assert asked == ["POST", "GET", "DELETE", "POST"]


def test_a_sync_that_waits_for_something_else_goes_on() -> None:
    with at_a_sync("waiting for healthy state of apps/Deployment/a") as (api, asked):
        assert not api.sync(APPLICATION)
    assert asked == ["POST", "GET"]


def test_objects_and_what_they_differ_by_are_read() -> None:
    health = {"status": "Degraded", "message": "no image"}
    place = {"kind": "Pod", "name": "a-1", "namespace": "n", "uid": "2"}
    made = {**place, "parentRefs": [{"uid": "1"}], "health": health, "createdAt": "now"}
    with argocd(Answers({"nodes": [made], "hosts": [{"name": "one"}]})) as api:
        (pod,) = api.tree(APPLICATION)
    assert (pod.kind, pod.uid, pod.group) == ("Pod", "2", "")
    assert pod.parent_refs == (Parent(uid="1"),)
    assert pod.health == Health(status="Degraded", message="no image")
    with argocd(Answers({"items": [{"kind": "Role", "name": "r", "targetState": "{}"}]})) as api:
        assert api.managed(APPLICATION) == (Managed(kind="Role", name="r", target_state="{}"),)


@pytest.mark.parametrize("body", [{}, {"nodes": None, "items": None}])
def test_an_application_of_nothing_has_no_objects(body: object) -> None:
    with argocd(Answers(body)) as api:
        assert api.tree(APPLICATION) == ()
        assert api.managed(APPLICATION) == ()


@pytest.mark.parametrize(
    ("answers", "said"),
    [
        (Answers(b"<html>sign in</html>"), "20 bytes that are none"),
        (Answers([]), "2 bytes that are none"),
        (Answers({"items": [{"name": "of no kind"}]}), "bytes that are none"),
        (
            Answers({"items": [{"kind": "a", "name": "b", "targetState": "{"}]}),
            "bytes that are none",
        ),
        (Answers({}, status=502), "HTTP 502"),
        (Answers({}, status=302, headers=(("Location", "http://elsewhere.example/"),)), "HTTP 302"),
        (Answers(b'{"nodes": [', headers=(("X-Cut", "1"),)), "11 bytes that are none"),
    ],
)
def test_what_is_no_answer_is_an_outage(answers: Answers, said: str) -> None:
    with argocd(answers) as api, pytest.raises(Unavailable) as away:
        api.managed(APPLICATION)
    assert said in away.value.message
    assert away.value.code == "argocd.unavailable"
    assert len(answers.asked) == 1, "asked once, and nobody else"


@pytest.mark.parametrize(
    ("status", "reason"), [(401, "no session"), (403, "denied"), (404, "gone")]
)
def test_a_refusal_says_why_and_shows_no_token(status: int, reason: str) -> None:
    said = {"error": reason, "message": f"{reason}\x1b[31m"}
    with argocd(Answers(said, status=status)) as api, pytest.raises(CannotDecide) as refused:
        api.sync(APPLICATION)
    assert not isinstance(refused.value, Unavailable)
    assert f"HTTP {status}: {reason}" in refused.value.message
    assert "token-word" not in "".join(traceback.format_exception(refused.value))


def test_nobody_there_is_an_outage_whose_picture_holds_no_token() -> None:
    api = ArgoCdApi("http://127.0.0.1:9", "token" + "-word")
    with pytest.raises(Unavailable) as away:
        api.tree(APPLICATION)
    assert "token-word" not in "".join(traceback.format_exception(away.value))


@pytest.mark.parametrize(
    "address",
    ["argocd.example", "http://argocd.example", "https://me:word@argocd.example", "file:///etc",
     "https://", "https://argocd.example?x", "https://argocd.example:port"],
)  # fmt: skip
def test_a_token_goes_nowhere_but_to_a_server_over_tls(address: str) -> None:
    with pytest.raises(InputError) as refused:
        ArgoCdApi(address, "token-word")
    assert refused.value.code == "argocd.address"
    assert "me:word" not in refused.value.message


@pytest.mark.parametrize("token", ["", "two words", "line\nline", "n\u00f6"])
def test_a_token_that_no_header_carries_is_refused_unquoted(token: str) -> None:
    with pytest.raises(InputError) as refused:
        ArgoCdApi("https://argocd.example", token)
    assert refused.value.code == "argocd.token"
    assert not token or token not in refused.value.message
