"""The policies of the base commit, compiled, and the real OPA that answers by them."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from turnpike.change.gate import AskPolicies
from turnpike.documents.identifiers import ObjectId
from turnpike.errors import IntegrityError
from turnpike.git.repository import Repository
from turnpike.judge.facts import Tools
from turnpike.judge.policy_input import Answer, PolicyInput
from turnpike.opa.bundle import Bundle, compile_bundle
from turnpike.opa.program import Program, find_program, pinned_version, program_at

_PIN = "tools/opa/go.mod"


@dataclass(frozen=True, slots=True)
class Policies:
    """One commit's policies, and what evaluates them."""

    bundle: Bundle
    program: Program

    def ask(self, batch: tuple[PolicyInput, ...]) -> Answer:
        """Return what every rule says of every input, by one run of OPA.

        Raises Unavailable for anything less than a whole answer.
        """
        from turnpike.opa.evaluation import Evaluation

        return Evaluation(self.bundle, self.program).decide(batch)

    @contextmanager
    def asking(self, batches: int) -> Iterator[AskPolicies]:
        """Yield what answers that many batches: one run of OPA, or a child that stays for many."""
        if batches == 1:
            yield self.ask
            return
        from turnpike.opa.engine import Engine

        with Engine(self.bundle, self.program) as engine:
            yield engine.decide

    def tools(self, repository: Repository, base: ObjectId) -> Tools:
        """Return the versions and digests of what judges a change on this base."""
        code = repository.tree_id(base, "platform/turnpike")
        if code is None:
            raise _not_there(base, "platform/turnpike")
        return Tools(
            git=repository.version(),
            opa=self.program.version,
            turnpike=code,
            policies=self.bundle.digest,
            capabilities=self.bundle.capabilities,
            rules=self.bundle.rules,
        )


def policies_at(repository: Repository, base: ObjectId, cache: Path) -> Policies:
    """Return the policies of a commit, with OPA at the version that the commit pins.

    Raises Unavailable where that OPA is not on this machine, InvalidDocument where the policies
    of the commit do not compile.
    """
    pin = repository.read(base, _PIN)
    if pin is None:
        raise _not_there(base, _PIN)
    program = program_at(find_program(os.environ), pinned_version(pin.decode("utf-8", "replace")))
    entries = repository.files(base, ["policies"])
    blobs = repository.blobs(entry.object for entry in entries.values())
    files = {path: blobs[entry.object] for path, entry in entries.items()}
    bundle = compile_bundle(files, program, cache)
    return Policies(bundle, program)


def _not_there(base: ObjectId, path: str) -> IntegrityError:
    return IntegrityError(
        f"{path} is not in {base}",
        code="base.no-platform",
        solution="Judge with a base that holds the gate's own code and pins.",
    )
