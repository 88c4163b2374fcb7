"""One question to a running OPA server, through the standard library alone.

For verbs whose answer somebody waits for: what ``turnpike.opa.client`` imports takes longer than
all their questions. Nothing but a whole answer is taken for one, here as there.
"""

from __future__ import annotations

import json
from dataclasses import dataclass, field

from pydantic import JsonValue

from turnpike.free_ports import LOOPBACK
from turnpike.opa.answers import unavailable
from turnpike.opa.client import PATH, result_of, start_of

_OK = 200


@dataclass(frozen=True, slots=True)
class PlainClient:
    """The address of a server and the token that it asks for; one question a call, never repeated.

    ``patience`` is how long the server may be silent, in seconds.
    """

    port: int
    token: str = field(repr=False)
    patience: float = 30.0

    def ask(self, question: dict[str, JsonValue]) -> dict[str, JsonValue]:
        """Return the value of the server's answer to one input."""
        from http.client import HTTPException, IncompleteRead

        try:
            status, said = self._answer(json.dumps({"input": question}).encode())
        except TimeoutError as error:
            message = f"expected an answer of OPA within {self.patience:g} s, got silence"
            raise unavailable("slow", message) from error
        except IncompleteRead as error:
            raise unavailable(
                "truncated", f"expected a whole answer of OPA, got {error}"
            ) from error
        except (HTTPException, OSError) as error:
            raise unavailable("stopped", f"expected OPA to answer, got: {error}") from error
        if status != _OK:
            text = start_of(said.decode(errors="replace"))
            raise unavailable("refused", f"expected an answer of OPA, got HTTP {status}: {text}")
        try:
            body: JsonValue = json.loads(said)
        except ValueError as error:
            raise unavailable("not-json", f"expected JSON from OPA, got: {error}") from error
        return result_of(body)

    def _answer(self, question: bytes) -> tuple[int, bytes]:
        """Return the status and the whole body of one answer."""
        from http.client import HTTPConnection

        headers = {"Authorization": f"Bearer {self.token}", "Content-Type": "application/json"}
        server = HTTPConnection(LOOPBACK, self.port, timeout=self.patience)
        try:
            server.request("POST", PATH, question, headers)
            answer = server.getresponse()
            return answer.status, answer.read()
        finally:
            server.close()
