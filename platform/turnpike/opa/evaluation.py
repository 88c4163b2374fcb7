"""Runs of ``opa eval``, one for each part of a batch: no server, no port, no token."""

from __future__ import annotations

import json
import subprocess
from collections.abc import Sequence
from dataclasses import dataclass

from pydantic import JsonValue

from turnpike.judge.batch import batch_json
from turnpike.judge.policy_input import Answer, PolicyInput
from turnpike.opa.answers import unavailable, whole_answer
from turnpike.opa.bundle import QUERY, Bundle
from turnpike.opa.program import Program, start
from turnpike.opa.question import PART, QUESTION, Part, answered_in_parts


@dataclass(frozen=True, slots=True)
class Evaluation:
    """Evaluates a bundle by processes of its own, each for a part of so many inputs.

    ``patience`` is in seconds, for each process.
    """

    bundle: Bundle
    program: Program
    patience: float = 60.0
    part: int = PART

    def decide(self, batch: Sequence[PolicyInput]) -> Answer:
        """Return what every rule says of every input; see ``PolicyEngine``."""
        return answered_in_parts(tuple(batch), self._decide_part, self.part)

    def _decide_part(self, part: Part) -> Answer:
        said = self._run(batch_json(part))
        return whole_answer(_value(said), len(part), self.bundle.rules)

    def _run(self, question: bytes) -> bytes:
        process = start(
            self._command(),
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
        )
        with process:
            try:
                said, complaint = process.communicate(question, timeout=self.patience)
            except subprocess.TimeoutExpired as error:
                message = f"expected an answer of OPA within {self.patience:g} s, got silence"
                raise unavailable("slow", message) from error
            finally:
                process.kill()
        if process.returncode < 0:
            message = f"expected OPA to answer, it was stopped by signal {-process.returncode}"
            raise unavailable("stopped", message)
        if process.returncode > 0:
            found = _error(said, complaint)
            raise unavailable("refused", f"expected an answer of OPA, got: {found}")
        return said

    def _command(self) -> list[str]:
        return self.program.command(
            "eval",
            "--bundle",
            str(self.bundle.policies),
            "--capabilities",
            str(self.bundle.capabilities_file),
            "--strict-builtin-errors",
            "--format",
            "json",
            "--stdin-input",
            QUESTION,
        )


def _value(said: bytes) -> JsonValue:
    """Return the one value in the output of ``opa eval --format json``."""
    try:
        body = json.loads(said)
    except ValueError as error:
        message = f"expected JSON from OPA, got {len(said)} bytes that are none"
        raise unavailable("not-json", message) from error
    if not isinstance(body, dict):
        raise unavailable("wrong-shape", "expected an object from OPA, got another value")
    if "result" not in body:
        raise unavailable("undefined", f"expected {QUERY} to be defined, got nothing")
    try:
        value: JsonValue = body["result"][0]["expressions"][0]["value"]
    except (LookupError, TypeError) as error:
        message = "expected one result with one expression from OPA, got another shape"
        raise unavailable("wrong-shape", message) from error
    return value


def _error(said: bytes, complaint: bytes) -> str:
    """Return the first complaint of ``opa eval``, which stands in its output or beside it."""
    try:
        first = json.loads(said)["errors"][0]
        return f"{first['code']}: {first['message']}"
    except (ValueError, LookupError, TypeError):
        return complaint.decode(errors="replace").strip()[:200]
