"""What the stand-ins of Git hosts are made of: HTTP on loopback, and a real repository behind it.

Pushes are real: git speaks to ``git http-backend``, and a hook refuses what the stand-in's rules
do not let in. Faults can be ordered: each meets the next requests to a path.
"""

from __future__ import annotations

import base64
import gzip
import json
import os
import re
import subprocess
import threading
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any
from urllib.parse import parse_qsl, urlsplit

from contracts.serving import serving
from turnpike.forge.refs import NOTHING

_HOOK = """#!/bin/sh
# Refuses what FAKE_LOCKED names for this pusher, and rewritten or deleted FAKE_KEPT for everybody.
while read -r old new ref; do
  case " $FAKE_LOCKED " in *" $ref "*) echo "fake: protected: $ref" >&2; exit 1 ;; esac
  case " $FAKE_KEPT " in
    *" $ref "*)
      case $new in *[!0]*) ;; *) echo "fake: may not be deleted: $ref" >&2; exit 1 ;; esac
      case $old in *[!0]*) git merge-base --is-ancestor "$old" "$new" || exit 1 ;; esac ;;
  esac
done
"""


@dataclass(frozen=True, slots=True)
class Account:
    """Somebody with a token; ``member`` is whether they belong to the repository."""

    id: int
    name: str
    secret: str
    admin: bool = False


@dataclass(frozen=True, slots=True)
class Request:
    """One request of a client to the stand-in."""

    method: str
    path: str
    query: Mapping[str, str]
    headers: Mapping[str, str]
    body: bytes

    @property
    def json(self) -> Any:
        return json.loads(self.body or b"{}")


@dataclass(frozen=True, slots=True)
class Answer:
    """What the stand-in says; ``delay_seconds`` makes it slow."""

    status: int
    value: Any = None
    headers: Mapping[str, str] = field(default_factory=dict)
    raw: bytes | None = None
    kind: str = "application/json"
    delay_seconds: float = 0.0

    @property
    def content(self) -> bytes:
        if self.raw is not None:
            return self.raw
        return b"" if self.status == 204 else json.dumps(self.value).encode()


class Refused(Exception):
    """A rule of the host says no; ``answer`` says so to the client."""

    def __init__(self, status: int, message: str) -> None:
        super().__init__(message)
        self.answer = Answer(status, {"message": message})


@dataclass(frozen=True, slots=True)
class PushSeen:
    """One ref that a push moved; ``before`` and ``after`` are all zeros where there was none."""

    account: Account
    ref: str
    before: str
    after: str
    at: datetime


@dataclass
class FakeHost:
    """A bare repository with accounts, a clock that never stands still, and faults to come."""

    folder: Path
    accounts: dict[str, Account]
    pushes: list[PushSeen] = field(default_factory=list)
    asked: list[Request] = field(default_factory=list)
    faults: list[tuple[str, Answer]] = field(default_factory=list)
    lock: threading.RLock = field(default_factory=threading.RLock)
    on_push: Callable[[], None] = lambda: None
    locked_for: Callable[[Account], frozenset[str]] = lambda _: frozenset()
    kept: Callable[[], frozenset[str]] = frozenset
    _now: datetime = field(default_factory=lambda: datetime.now(UTC))

    def now(self) -> datetime:
        """Return a moment later than every one before."""
        self._now = max(self._now + timedelta(milliseconds=10), datetime.now(UTC))
        return self._now

    def order(self, path: str, *answers: Answer) -> None:
        """Meet the next requests whose path matches with these answers instead."""
        self.faults += [(path, answer) for answer in answers]

    def fault_for(self, request: Request) -> Answer | None:
        for index, (path, answer) in enumerate(self.faults):
            if re.search(path, request.path):
                del self.faults[index]
                return answer
        return None

    def account_of(self, secret: str) -> Account | None:
        return next((one for one in self.accounts.values() if one.secret == secret), None)

    def git(self, *words: str) -> str:
        done = subprocess.run(
            ["git", "-C", str(self.folder), *words], capture_output=True, text=True, check=False
        )
        return done.stdout.strip()

    def refs(self, pattern: str = "refs/") -> dict[str, str]:
        listed = self.git("for-each-ref", "--format=%(refname) %(objectname)", pattern)
        return dict(line.split(" ") for line in listed.splitlines())

    def is_ancestor(self, ancestor: str, descendant: str) -> bool:
        done = subprocess.run(
            ["git", "-C", str(self.folder), "merge-base", "--is-ancestor", ancestor, descendant],
            capture_output=True, check=False,
        )  # fmt: skip
        return done.returncode == 0

    def serve_git(self, request: Request, place: str) -> Answer:
        """Let ``git http-backend`` answer, and note which refs it moved."""
        account = self.account_of(_password(request.headers.get("authorization", "")))
        if account is None:
            return Answer(401, raw=b"", headers={"WWW-Authenticate": 'Basic realm="fake"'})
        with self.lock:
            before = self.refs()
            answer = self._backend(request, place, account)
            self._note(account, before)
        return answer

    def _backend(self, request: Request, place: str, account: Account) -> Answer:
        environ = {
            "PATH": os.environ["PATH"],
            "GIT_PROJECT_ROOT": str(self.folder),
            "GIT_HTTP_EXPORT_ALL": "1",
            "GIT_CONFIG_NOSYSTEM": "1",
            "HOME": str(self.folder),
            "PATH_INFO": place,
            "QUERY_STRING": "&".join(f"{k}={v}" for k, v in request.query.items()),
            "REQUEST_METHOD": request.method,
            "CONTENT_TYPE": request.headers.get("content-type", ""),
            "CONTENT_LENGTH": str(len(request.body)),
            "GIT_PROTOCOL": request.headers.get("git-protocol", ""),
            "REMOTE_USER": account.name,
            "FAKE_LOCKED": " ".join(self.locked_for(account)),
            "FAKE_KEPT": " ".join(self.kept()),
        }
        done = subprocess.run(
            ["git", "http-backend"],
            input=request.body,
            env=environ,
            capture_output=True,
            check=True,
        )
        head, _, content = done.stdout.partition(b"\r\n\r\n")
        headers = dict(line.split(": ", 1) for line in head.decode().split("\r\n"))
        status = int(headers.pop("Status", "200").split(" ")[0])
        return Answer(status, raw=content, headers=headers, kind=headers.pop("Content-Type", ""))

    def _note(self, account: Account, before: Mapping[str, str]) -> None:
        after = self.refs()
        moved = [ref for ref in {**before, **after} if before.get(ref) != after.get(ref)]
        for ref in sorted(moved):
            old, new = before.get(ref, NOTHING), after.get(ref, NOTHING)
            self.pushes.append(PushSeen(account, ref, old, new, self.now()))
        if moved:
            self.on_push()


def bare_repository(folder: Path) -> Path:
    """Make the repository that stands behind a stand-in."""
    subprocess.run(
        ["git", "init", "--quiet", "--bare", "--template=", "--initial-branch=main", str(folder)],
        check=True,
    )
    hook = folder / "hooks" / "pre-receive"
    hook.parent.mkdir()
    hook.write_text(_HOOK, "utf-8")
    hook.chmod(0o755)
    config = ["git", "-C", str(folder), "config"]
    subprocess.run([*config, "http.receivepack", "true"], check=True)
    subprocess.run([*config, "core.hooksPath", str(hook.parent)], check=True)
    return folder


@contextmanager
def served(answering: Callable[[Request], Answer]) -> Iterator[str]:
    """Serve a stand-in on loopback; gives its address."""
    server = ThreadingHTTPServer(("127.0.0.1", 0), _handler(answering))
    server.daemon_threads = True
    with serving(server) as address:
        yield address


def _handler(answering: Callable[[Request], Answer]) -> type[BaseHTTPRequestHandler]:
    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def handle_one_request(self) -> None:
            try:
                super().handle_one_request()
            except ConnectionError:  # the client gave up on a slow answer
                self.close_connection = True

        def _answer(self) -> None:
            parts = urlsplit(self.path)
            headers = {name.lower(): value for name, value in self.headers.items()}
            query = dict(parse_qsl(parts.query, keep_blank_values=True))
            body = _body(self, headers)
            request = Request(self.command, parts.path, query, headers, body)
            answer = answering(request)
            time.sleep(answer.delay_seconds)
            self.send_response(answer.status)
            content = answer.content
            for name, value in answer.headers.items():
                self.send_header(name, value)
            self.send_header("Content-Type", answer.kind)
            if answer.status != 204:
                self.send_header("Content-Length", str(len(content)))
            self.end_headers()
            self.wfile.write(content)

        do_GET = do_POST = do_PUT = do_PATCH = do_DELETE = _answer  # noqa: N815 - so it is called

        def log_message(self, *_: object) -> None:
            """Keep quiet."""

    return Handler


def _body(handler: BaseHTTPRequestHandler, headers: Mapping[str, str]) -> bytes:
    if headers.get("transfer-encoding") == "chunked":
        content = bytearray()
        while size := int(handler.rfile.readline(), 16):
            content += handler.rfile.read(size)
            handler.rfile.readline()
        handler.rfile.readline()
    else:
        content = bytearray(handler.rfile.read(int(headers.get("content-length", "0"))))
    packed = headers.get("content-encoding") == "gzip"
    return gzip.decompress(bytes(content)) if packed else bytes(content)


def _password(authorization: str) -> str:
    kind, _, value = authorization.partition(" ")
    if kind.lower() != "basic":
        return ""
    return base64.b64decode(value).decode().partition(":")[2]
