"""One question to a running OPA server, through ``opa-python-client``.

An undefined decision is HTTP 200 without ``result``; a page of HTML, half a body, an error, silence
and a server that is not ours are failures as well. None of them is ever taken for an answer.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from importlib import import_module
from urllib.parse import urlencode

from pydantic import JsonValue

from turnpike.free_ports import LOOPBACK
from turnpike.opa.answers import unavailable

PACKAGE = "turnpike.server"
RULE = "answer"
_FATAL_BUILTIN_ERRORS = {"strict-builtin-errors": "true"}
PATH = f"/v1/data/{PACKAGE.replace('.', '/')}/{RULE}?{urlencode(_FATAL_BUILTIN_ERRORS)}"
"""Where the same question is put without a library's help."""


@dataclass(frozen=True, slots=True)
class Client:
    """The address of a server and the token that it asks for; one question a call, never repeated.

    ``patience`` is how long the server may be silent, in seconds.
    """

    port: int
    token: str = field(repr=False)
    patience: float = 30.0

    def __post_init__(self) -> None:
        """Load what asks, which takes as long as a server does to start."""
        import_module("opa_client")

    def ask(self, question: dict[str, JsonValue]) -> dict[str, JsonValue]:
        """Return the value of the server's answer to one input."""
        from opa_client import OpaClient
        from requests.exceptions import ChunkedEncodingError, HTTPError, RequestException, Timeout
        from requests.exceptions import ConnectionError as NoConnection

        client = OpaClient(
            host=LOOPBACK, port=self.port, token=self.token, retries=0, timeout=self.patience
        )
        try:
            with client:
                body = client.query_rule(question, PACKAGE, RULE, _FATAL_BUILTIN_ERRORS)
        except Timeout as error:
            message = f"expected an answer of OPA within {self.patience:g} s, got silence"
            raise unavailable("slow", message) from error
        except HTTPError as error:
            status = error.response.status_code
            message = (
                f"expected an answer of OPA, got HTTP {status}: {start_of(error.response.text)}"
            )
            raise unavailable("refused", message) from error
        except ChunkedEncodingError as error:
            message = f"expected a whole answer of OPA, got a part: {error}"
            raise unavailable("truncated", message) from error
        except NoConnection as error:
            raise unavailable("stopped", f"expected OPA to answer, got: {error}") from error
        except (RequestException, ValueError) as error:
            raise unavailable("not-json", f"expected JSON from OPA, got: {error}") from error
        return result_of(body)


def result_of(body: JsonValue) -> dict[str, JsonValue]:
    """Return the result of what OPA said; raises Unavailable where there is none."""
    if not isinstance(body, dict):
        raise unavailable("wrong-shape", f"expected an object from OPA, got {start_of(str(body))}")
    if "result" not in body:
        raise unavailable("undefined", f"expected {PACKAGE}.{RULE} to be defined, got nothing")
    result = body["result"]
    if not isinstance(result, dict):
        raise unavailable(
            "wrong-shape", f"expected an object as result, got {start_of(str(result))}"
        )
    return result


def start_of(text: str) -> str:
    """Return as much of a text as a message has room for."""
    return text if len(text) <= 120 else text[:117] + "..."
