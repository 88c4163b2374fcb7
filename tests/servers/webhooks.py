"""The webhook service of an instance as a process, and the messenger between Gitea and it."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.client import HTTPConnection
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import urlsplit

from contracts.serving import serving
from servers.company import ROOT, Company
from servers.gitea_world import BOT, NAME, OWNER

KNOWN_TO_BOTH = "what Gitea signs with"
_SIGNED = "X-Gitea-Signature"
_EVENT = "X-Gitea-Event"


@dataclass(frozen=True, slots=True)
class Letter:
    """One webhook as Gitea sent it."""

    headers: Mapping[str, str]
    body: bytes

    @property
    def number(self) -> int:
        """The number of the pull request that it is about."""
        return int(json.loads(self.body)["pull_request"]["number"])

    def altered(self, number: int) -> Letter:
        """Return it about another pull request, under the signature of this one."""
        value = json.loads(self.body)
        value["pull_request"]["number"] = value["number"] = number
        headers = {**self.headers, "X-Gitea-Delivery": "another"}
        return Letter(headers, json.dumps(value).encode())

    def unsigned(self) -> Letter:
        """Return it without its signature."""
        left = {name: value for name, value in self.headers.items() if name != _SIGNED}
        return Letter({**left, "X-Gitea-Delivery": "a third"}, self.body)


@dataclass
class Messenger:
    """Brings what Gitea sends to an address, keeps it, and can bring anything once more."""

    address: str = ""
    brought: list[tuple[Letter, int]] = field(default_factory=list)

    def about(self, number: int) -> list[tuple[Letter, int]]:
        """Return what came about a pull request and how it was answered, in order."""
        return [one for one in list(self.brought) if one[0].number == number]

    def approval(self, number: int) -> Letter | None:
        """Return the letter of a pull request's approval, once it came and was answered."""
        return self._first(number, "pull_request_approved")

    def opening(self, number: int) -> Letter | None:
        """Return the letter of its opening, once it came and was answered."""
        return self._first(number, "pull_request")

    def _first(self, number: int, kind: str) -> Letter | None:
        came = (one for one, _ in self.about(number) if one.headers[_EVENT] == kind)
        return next(came, None)

    def bring(self, letter: Letter) -> int:
        """Bring a letter to the service; return what it answers, 0 for nothing."""
        parts = urlsplit(self.address)
        line = HTTPConnection(str(parts.hostname), parts.port, timeout=120)
        try:
            line.request("POST", parts.path, letter.body, dict(letter.headers))
            return line.getresponse().status
        except OSError:
            return 0
        finally:
            line.close()

    def took(self, letter: Letter) -> int:
        """Bring a letter of Gitea's, and keep it with its answer."""
        status = self.bring(letter)
        self.brought.append((letter, status))
        return status


@contextmanager
def messenger() -> Iterator[tuple[Messenger, str]]:
    """Listen where Gitea is told to send; gives the messenger and that address."""
    made = Messenger()

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["Content-Length"]))
            kept = ("Content-Type", _SIGNED, "X-Gitea-Delivery", _EVENT)
            headers = {name: self.headers[name] for name in kept if name in self.headers}
            self.send_response(made.took(Letter(headers, body)) or 502)
            self.end_headers()

        def log_message(self, format: str, *args: object) -> None:  # noqa: A002 - the base's word
            pass

    with serving(ThreadingHTTPServer(("127.0.0.1", 0), Handler)) as address:
        yield made, f"{address}/webhooks"


@contextmanager
def service(company: Company) -> Iterator[str]:
    """Run ``turnpike serve-webhooks`` in the instance; gives the address that it listens at."""
    with subprocess.Popen(
        [str(ROOT / "turnpike"), "serve-webhooks", "--port", "0", "--json"],
        cwd=company.folder,
        env={
            **os.environ,
            "TURNPIKE_GITEA_TOKEN": company.world.tokens[BOT].secret,
            "TURNPIKE_WEBHOOK_SECRET": KNOWN_TO_BOTH,
        },
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        text=True,
    ) as process:
        try:
            yield _listening(process)
        finally:
            process.send_signal(signal.SIGTERM)
            process.wait(600)


def _listening(process: subprocess.Popen[str]) -> str:
    text = ""
    assert process.stdout is not None
    for line in process.stdout:
        text += line
        if line.startswith("}"):
            break
    return str(json.loads(text)["listening"])


def hooked(company: Company, url: str) -> None:
    """Let Gitea send everything about pull requests to an address, signed."""
    company.world.administrator.send(
        "POST",
        f"/api/v1/repos/{OWNER}/{NAME}/hooks",
        {"type": "gitea", "active": True, "events": ["pull_request"],
         "config": {"url": url, "content_type": "json", "secret": KNOWN_TO_BOTH}},
    )  # fmt: skip


def until(what: str, is_so: Callable[[], object], seconds: float = 600.0) -> None:
    """Wait until something is so."""
    ends = time.monotonic() + seconds
    while not is_so():
        assert time.monotonic() < ends, f"not within {seconds:.0f} s: {what}"
        time.sleep(0.1)
