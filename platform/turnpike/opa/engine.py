"""A child ``opa run --server`` on loopback that answers this process and nobody else.

It listens on a free port of 127.0.0.1, takes a random token, and lets it do one thing: ask the
gate. Another process could take the port in between, so each answer carries a proof made with a
secret that only the child was given. The child loads its policies while this process goes on, and
ends with it.
"""

from __future__ import annotations

import hashlib
import hmac
import json
import secrets
import threading
from collections.abc import Callable, Sequence
from importlib.resources import files
from types import TracebackType
from typing import Protocol, Self

from pydantic import JsonValue

from turnpike.documents.canonical import canonical
from turnpike.errors import Unavailable
from turnpike.free_ports import LOOPBACK
from turnpike.judge.batch import batch_json
from turnpike.judge.policy_input import Answer, PolicyInput
from turnpike.opa.answers import unavailable, whole_answer
from turnpike.opa.bundle import Bundle
from turnpike.opa.child import Child
from turnpike.opa.client import Client
from turnpike.opa.program import Program
from turnpike.opa.question import QUESTION, Part, answered_in_parts

_ATTEMPTS = 3
_PART = 100  # inputs: a server has loaded its policies, so that small parts cost no time


class Asking(Protocol):
    """What puts one question to a server; see ``turnpike.opa.client``."""

    def ask(self, question: dict[str, JsonValue]) -> dict[str, JsonValue]:
        """Return the value of the server's answer; raises Unavailable for anything else."""
        ...


Connect = Callable[[int, str, float], Asking]
"""Makes what asks the server at a port, with a token, and how many seconds it may be silent."""


class Engine:
    """A policy engine that serves many batches; use it as a context manager.

    Enter it in a thread that lives as long as it does: the kernel ends the child with that thread.
    """

    def __init__(
        self,
        bundle: Bundle,
        program: Program,
        *,
        patience: float = 60.0,
        connect: Connect = Client,
    ) -> None:
        """Keep what to serve; ``patience`` is the longest that one part may take, in seconds."""
        self._bundle = bundle
        self._program = program
        self._patience = patience
        self._connect = connect
        self._secret = secrets.token_hex(32)
        self._token = secrets.token_urlsafe(32)
        self._child: Child | None = None
        self._listens = False
        self._preparing: threading.Thread | None = None
        self._unprepared: Unavailable | None = None

    def __enter__(self) -> Self:
        """Start the child."""
        self.start()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        """End the child."""
        self.close()

    @property
    def process_id(self) -> int | None:
        """Return the process id of the running child."""
        return self._child.process_id if self._child else None

    def start(self) -> None:
        """Start the child, and what talks to it; neither is waited for before a question is asked.

        Raises Unavailable where the program is not there.
        """
        self._child = Child(self._program, self._bundle.policies, self._server_files())
        self._client = self._connect(self._child.port, self._token, self._patience)

    def prepare(self) -> None:
        """Ask the child about nothing, while this process goes on.

        OPA compiles a question when it is first put, which takes longer than answering it. What is
        wrong with the answer, ``decide`` says.
        """
        self._preparing = threading.Thread(target=self._ask_about_nothing, daemon=True)
        self._preparing.start()

    def close(self) -> None:
        """End the child, which has nothing to save."""
        if self._child is not None:
            self._child.end()
            self._child = None

    def decide(self, batch: Sequence[PolicyInput]) -> Answer:
        """Return what every rule says of every input; see ``PolicyEngine``."""
        if self._preparing is not None:
            self._preparing.join()
            self._preparing = None
        if self._unprepared is not None:
            raise self._unprepared
        self._wait_until_it_listens()
        return answered_in_parts(tuple(batch), self._decide_part, _PART)

    def _ask_about_nothing(self) -> None:
        child = self._child
        try:
            if child is not None and child.is_reached():
                self._decide_part(())
        except Unavailable as error:
            self._unprepared = error

    def _wait_until_it_listens(self) -> None:
        """Start another child where the port of the one before was taken; not for ever."""
        for _ in range(_ATTEMPTS):
            if self._listens or self._child is None:
                return
            try:
                self._listens = self._child.listens()
            except Unavailable:
                self.close()
                raise
            if not self._listens:
                self.start()
        if not self._listens:
            self.close()
            message = f"expected a free port on {LOOPBACK}, got none that stayed free"
            raise unavailable("stopped", message)

    def _decide_part(self, part: Part) -> Answer:
        nonce = secrets.token_hex(16)
        said = self._ask({**json.loads(batch_json(part)), "nonce": nonce})
        proof = hmac.digest(self._secret.encode(), nonce.encode(), "sha256").hex()
        if not hmac.compare_digest(str(said.get("proof")), proof):
            raise unavailable("impostor", "expected an answer of our own OPA, got another's")
        return whole_answer(said.get("results"), len(part), self._bundle.rules)

    def _ask(self, question: dict[str, JsonValue]) -> dict[str, JsonValue]:
        """Ask within the patience as a whole: a child that drips its answer is ended."""
        child = self._child
        if child is None or not child.runs:
            raise unavailable("stopped", "expected OPA to be running, it is not")
        expired = threading.Timer(self._patience, child.kill)
        expired.daemon = True
        expired.start()
        try:
            return self._client.ask(question)
        except Unavailable as error:
            if expired.is_alive():
                raise
            message = f"expected an answer of OPA within {self._patience:g} s, got none"
            raise unavailable("slow", message) from error
        finally:
            expired.cancel()

    def _server_files(self) -> dict[str, bytes]:
        room = files("turnpike.opa") / "server"
        rego = {f"{name}.rego": (room / f"{name}.rego").read_bytes() for name in _SERVER_POLICIES}
        digest = hashlib.sha256(self._token.encode()).hexdigest()
        own: JsonValue = {"tokenDigest": digest, "secret": self._secret}
        return {
            **rego,
            "question.rego": _RESULTS.encode(),
            ".manifest": canonical({"roots": ["system", "turnpike/server"], "rego_version": 1}),
            "data.json": json.dumps({"turnpike": {"server": own}}).encode(),
        }


_SERVER_POLICIES = ("authorization", "answer")
_RESULTS = f"package turnpike.server\n\nresults := said if said := {QUESTION}\n"
