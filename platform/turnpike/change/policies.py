"""The policies of the base commit, compiled, and the real OPA that answers by them."""

from __future__ import annotations

import os
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

from turnpike.change.gate import AskPolicies
from turnpike.documents.identifiers import ObjectId, digest_of
from turnpike.errors import IntegrityError, InvalidDocument
from turnpike.git.repository import Repository
from turnpike.judge.facts import ProposedPolicies, Tools
from turnpike.judge.policy_input import Answer, PolicyInput
from turnpike.opa.bundle import (
    CAPABILITIES,
    Bundle,
    compile_bundle,
    digest_of_policies,
    rules_in,
)
from turnpike.opa.policy_tests import run_policy_tests
from turnpike.opa.program import Program, find_program, pinned_version, program_at

_PIN = "tools/opa/go.mod"


@dataclass(frozen=True)
class Policies:
    """One commit's policies, and what evaluates them."""

    files: Mapping[str, bytes]
    program: Program
    cache: Path

    @cached_property
    def bundle(self) -> Bundle:
        """Return the compiled bundle; raises InvalidDocument where the policies do not compile.

        Compiled when it is first asked: a change that repairs broken policies asks nothing of them.
        """
        return compile_bundle(self.files, self.program, self.cache)

    def examine(self, proposed: Mapping[str, bytes]) -> ProposedPolicies:
        """Compile what a change proposes and run its tests, with the base's built-ins alone."""
        confined = {**proposed, CAPABILITIES: self.files.get(CAPABILITIES, b"")}
        digest = digest_of_policies(proposed)
        try:
            tests = run_policy_tests(confined, self.program)
        except InvalidDocument as error:
            return ProposedPolicies(digest=digest, problems=tuple(map(str, error.problems)))
        failed = (f"{name}: the test fails" for name in tests.failed)
        none = () if tests.passed else ("policies/: there are no tests",)
        return ProposedPolicies(digest=digest, problems=(*failed, *none))

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
            policies=digest_of_policies(self.files),
            capabilities=digest_of(self.files.get(CAPABILITIES, b"")),
            rules=rules_in(self.files),
        )


def policies_at(repository: Repository, base: ObjectId, cache: Path) -> Policies:
    """Return the policies of a commit, with OPA at the version that the commit pins.

    Raises Unavailable where that OPA is not on this machine.
    """
    pin = repository.read(base, _PIN)
    if pin is None:
        raise _not_there(base, _PIN)
    program = program_at(find_program(os.environ), pinned_version(pin.decode("utf-8", "replace")))
    entries = repository.files(base, ["policies"])
    blobs = repository.blobs(entry.object for entry in entries.values())
    files = {path: blobs[entry.object] for path, entry in entries.items()}
    return Policies(files, program, cache)


def _not_there(base: ObjectId, path: str) -> IntegrityError:
    return IntegrityError(
        f"{path} is not in {base}",
        code="base.no-platform",
        solution="Judge with a base that holds the gate's own code and pins.",
    )
