"""A child ``opa run --server`` on loopback that answers this process and nobody else.

It listens on a free port of 127.0.0.1, takes a random token, and lets it do one thing: ask the
gate. Another process could take the port in between, so each answer carries a proof made with a
secret that only the child was given. The child ends with its parent.
"""

from __future__ import annotations

import hashlib
import hmac
import json
import secrets
import socket
import subprocess
import tempfile
import threading
import time
from collections.abc import Sequence
from importlib import import_module
from importlib.resources import files
from pathlib import Path
from types import TracebackType
from typing import IO, Self

from pydantic import JsonValue

from turnpike.documents.canonical import canonical
from turnpike.errors import Unavailable
from turnpike.free_ports import free_ports
from turnpike.judge.batch import batch_json
from turnpike.judge.policy_input import Answer, PolicyInput
from turnpike.opa.answers import unavailable, whole_answer
from turnpike.opa.bundle import Bundle, write_files
from turnpike.opa.client import HOST, Client
from turnpike.opa.program import Program, start
from turnpike.opa.question import QUESTION, Part, answered_in_parts

_ATTEMPTS = 3
_START_SECONDS = 120.0
_STEP_SECONDS = 0.003
_PART = 100  # inputs: a server has loaded its policies, so that small parts cost no time


class Engine:
    """A policy engine that serves many batches; use it as a context manager.

    Enter it in a thread that lives as long as it does: the kernel ends the child with that thread.
    """

    def __init__(self, bundle: Bundle, program: Program, *, patience: float = 60.0) -> None:
        """Keep what to serve; ``patience`` is the longest that one part may take, in seconds."""
        self._bundle = bundle
        self._program = program
        self._patience = patience
        self._secret = secrets.token_hex(32)
        self._token = secrets.token_urlsafe(32)
        self._child: subprocess.Popen[bytes] | None = None
        self._port = 0

    def __enter__(self) -> Self:
        """Start the child; meanwhile what will talk to it is imported, which takes longer."""
        loading = threading.Thread(target=import_module, args=("opa_client",), daemon=True)
        with tempfile.TemporaryDirectory(prefix="turnpike-opa-") as folder:
            write_files(Path(folder), self._server_files())
            for _ in range(_ATTEMPTS):
                if self._starts(folder, loading):
                    return self
        raise unavailable("stopped", f"expected a free port on {HOST}, got none that stayed free")

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
        return self._child.pid if self._child else None

    def close(self) -> None:
        """End the child, which has nothing to save."""
        if self._child is not None:
            self._child.kill()
            self._child.wait()
            self._child = None

    def decide(self, batch: Sequence[PolicyInput]) -> Answer:
        """Return what every rule says of every input; see ``PolicyEngine``."""
        return answered_in_parts(tuple(batch), self._decide_part, _PART)

    def _decide_part(self, part: Part) -> Answer:
        nonce = secrets.token_hex(16)
        said = self._ask({**json.loads(batch_json(part)), "nonce": nonce})
        proof = hmac.digest(self._secret.encode(), nonce.encode(), "sha256").hex()
        if not hmac.compare_digest(str(said.get("proof")), proof):
            raise unavailable("impostor", f"expected our own OPA on port {self._port}, got another")
        return whole_answer(said.get("results"), len(part), self._bundle.rules)

    def _ask(self, question: dict[str, JsonValue]) -> dict[str, JsonValue]:
        """Ask within the patience as a whole: a child that drips its answer is ended."""
        if self._child is None or self._child.poll() is not None:
            raise unavailable("stopped", "expected OPA to be running, it is not")
        expired = threading.Timer(self._patience, self._child.kill)
        expired.daemon = True
        expired.start()
        try:
            return Client(self._port, self._token, self._patience).ask(question)
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

    def _starts(self, folder: str, loading: threading.Thread) -> bool:
        """Start a child and what is loaded meanwhile; false where the child's port was taken."""
        with tempfile.TemporaryFile() as said:
            self._child = self._spawn(folder, said)
            if not loading.ident:
                loading.start()
            return self._is_listening(self._child, said)

    def _spawn(self, folder: str, said: IO[bytes]) -> subprocess.Popen[bytes]:
        (self._port,) = free_ports(1)
        command = self._program.command(
            "run",
            "--server",
            "--addr",
            f"{HOST}:{self._port}",
            "--authentication=token",
            "--authorization=basic",
            "--skip-version-check",
            "--log-level=error",
            "--bundle",
            str(self._bundle.policies),
            folder,
        )
        return start(command, stdin=subprocess.DEVNULL, stdout=said, stderr=said)

    def _is_listening(self, child: subprocess.Popen[bytes], said: IO[bytes]) -> bool:
        """Wait until the child listens; false where its port was taken."""
        deadline = time.monotonic() + _START_SECONDS
        while child.poll() is None:
            if _accepts(self._port):
                return True
            if time.monotonic() > deadline:
                self.close()
                message = f"expected OPA to start within {_START_SECONDS:g} s"
                raise unavailable("slow", message)
            time.sleep(_STEP_SECONDS)
        said.seek(0)
        text = said.read().decode(errors="replace")
        if "address already in use" in text:
            return False
        raise unavailable("stopped", f"expected OPA to start, it ended: {text.strip()[:300]}")


_SERVER_POLICIES = ("authorization", "answer")
_RESULTS = f"package turnpike.server\n\nresults := said if said := {QUESTION}\n"


def _accepts(port: int) -> bool:
    with socket.socket() as probe:
        probe.settimeout(_STEP_SECONDS * 10)
        return probe.connect_ex((HOST, port)) == 0
