"""The policies of the base commit, compiled, and the real OPA that answers by them.

Meanwhile what judges is imported: its documents while OPA says its version, all else as it loads.
"""

from __future__ import annotations

import os
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from functools import cached_property, lru_cache
from importlib import import_module
from pathlib import Path
from typing import TYPE_CHECKING
from weakref import finalize

from turnpike.documents.identifiers import Digest, ObjectId, digest_of
from turnpike.errors import IntegrityError, InvalidDocument, Problem, Unavailable
from turnpike.git.repository import Repository
from turnpike.installation.set_up import can_set_up, set_up
from turnpike.opa.bundle import (
    CAPABILITIES,
    Bundle,
    compile_bundle,
    digest_of_policies,
    policy_dates,
    rules_in,
    tested,
)
from turnpike.opa.bundle_file import unpacked
from turnpike.opa.capabilities import require_allowed
from turnpike.opa.metadata import waivable_codes
from turnpike.opa.program import (
    PATH_VARIABLE,
    Program,
    ask_version,
    find_program,
    pinned_version,
    program_at,
)

if TYPE_CHECKING:
    from turnpike.change.collect import ExaminePolicies
    from turnpike.change.gate import AskPolicies
    from turnpike.judge.facts import Facts, ProposedPolicies, Tools
    from turnpike.judge.policy_input import Answer, PolicyInput
    from turnpike.opa.engine import Engine
    from turnpike.opa.policy_tests import PolicyTests
    from turnpike.record.record import Record

_PIN = "tools/opa/go.mod"
_PATIENCE_SECONDS = 60.0
_PAST_SECONDS = 20.0


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

    def examining(self, record: Record) -> ExaminePolicies:
        """Return what examines the policies that a change proposes; ``record`` holds the past."""
        return lambda proposed: self.examine(proposed, record)

    def examine(self, proposed: Mapping[str, bytes], record: Record) -> ProposedPolicies:
        """Compile what a change proposes, run its tests, and decide the past again by it.

        All of it with the base's built-ins alone. Where none of what the tests depend on changes,
        as when people come and go, they passed when it came to main.
        """
        from turnpike.judge.facts import ProposedPolicies
        from turnpike.opa.policy_tests import run_policy_tests

        confined = {**proposed, CAPABILITIES: self.files.get(CAPABILITIES, b"")}
        digest = digest_of_policies(proposed)
        if tested(proposed) == tested(self.files):
            return ProposedPolicies(digest=digest, problems=())
        try:
            tests = run_policy_tests(confined, self.program)
        except InvalidDocument as error:
            return ProposedPolicies(digest=digest, problems=tuple(map(str, error.problems)))
        failed = (f"{name}: the test fails" for name in tests.failed)
        none = () if tests.passed else ("policies/: there are no tests",)
        problems = (*failed, *none, *_never_reached(tests))
        if problems or digest == digest_of_policies(self.files):
            return ProposedPolicies(digest=digest, problems=problems)
        return self._with_past(digest, Policies(confined, self.program, self.cache), record)

    def _with_past(self, digest: Digest, proposed: Policies, record: Record) -> ProposedPolicies:
        """Refuse policies that can't answer what others have answered."""
        from turnpike.change.past import Asked, decided_again
        from turnpike.judge.facts import ProposedPolicies

        before = Asked(self.ask, rules_in(self.files))
        after = Asked(proposed.ask_soon, rules_in(proposed.files))
        try:
            past = decided_again(record, before, after)
        except (InvalidDocument, Unavailable) as error:
            problem = f"past facts: {error.message}"
            return ProposedPolicies(digest=digest, problems=(problem,))
        return ProposedPolicies(digest=digest, problems=(), past=past)

    @cached_property
    def _engine(self) -> Engine:
        """Return the OPA that answers from when it is first asked until nobody holds these."""
        engine = self._answering()
        finalize(self, engine.close)
        engine.start()
        engine.prepare()
        return engine

    def _answering(self, patience: float = _PATIENCE_SECONDS) -> Engine:
        """Return an OPA for whoever waits for its answer, not started."""
        from turnpike.opa.engine import Engine
        from turnpike.opa.plain_client import PlainClient

        return Engine(self.bundle, self.program, patience=patience, connect=PlainClient)

    def load(self) -> None:
        """Have OPA load the policies from now on, for whoever is sure to ask soon.

        What is wrong with them is said when they are asked.
        """
        with suppress(InvalidDocument, Unavailable):
            _ = self._engine

    def ask(self, batch: tuple[PolicyInput, ...]) -> Answer:
        """Return what every rule says of every input; OPA has loaded the rules once for all asked.

        Raises Unavailable for anything less than a whole answer.
        """
        return self._engine.decide(batch)

    def ask_soon(self, batch: tuple[PolicyInput, ...]) -> Answer:
        """Return the same within seconds; raises Unavailable where OPA takes longer."""
        with self._answering(_PAST_SECONDS) as engine:
            return engine.decide(batch)

    @contextmanager
    def asking(self, batches: int) -> Iterator[AskPolicies]:
        """Yield what answers that many batches."""
        if batches == 1:
            self.load()
            yield self.ask
            return
        from turnpike.opa.engine import Engine

        with Engine(self.bundle, self.program) as engine:
            yield engine.decide

    def tools(self, repository: Repository, base: ObjectId) -> Tools:
        """Return the versions and digests of what judges a change on this base."""
        from turnpike.judge.facts import Tools

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
            policy_dates=policy_dates(self.files),
            waivable=waivable_codes(self.files),
        )


def policies_at(repository: Repository, base: ObjectId, cache: Path) -> Policies:
    """Return the policies of a commit, with OPA at the version that the commit pins.

    Raises Unavailable where that OPA is not on this machine.
    """
    pin = repository.read(base, _PIN)
    if pin is None:
        raise _not_there(base, _PIN)
    with ask_version(_opa_path()) as said:
        files = files_at(repository, base)  # meanwhile
        _import_documents()
        program = said.program(pinned_version(pin.decode("utf-8", "replace")))
    return Policies(files, program, cache)


def _import_documents() -> None:
    """Import what each question is made of: it takes as long as OPA takes to say its version."""
    for name in ("turnpike.judge.facts", "turnpike.judge.policy_input"):
        import_module(name)


def opa_program(version: str) -> Program:
    """Return OPA at a version; the one that the launcher names is set up on first use.

    Raises Unavailable where there is none, or one of another version.
    """
    return program_at(_opa_path(), version)


def _opa_path() -> Path:
    named = os.environ.get(PATH_VARIABLE)
    if named and not Path(named).is_file() and can_set_up():
        set_up("opa")
    return find_program(os.environ)


def files_at(repository: Repository, commit: ObjectId) -> dict[str, bytes]:
    """Return every file below ``policies/`` in a commit, by its path from the root."""
    entries = repository.files(commit, ["policies"])
    blobs = repository.blobs(entry.object for entry in entries.values())
    return {path: blobs[entry.object] for path, entry in entries.items()}


def asking_of(facts: Facts, bundle: bytes, name: str, cache: Path) -> AskPolicies:
    """Return what asks the policies that facts name, from a bundle's file called ``name``.

    Reads no Git. Raises InputError for another bundle, InvalidDocument for one that may do more
    than rules may; asking raises Unavailable where this machine lacks the OPA that the facts name.
    """
    files = unpacked(bundle, facts.tools.policies, name)
    capabilities = files.get(CAPABILITIES, b"")
    if digest_of(capabilities) != facts.tools.capabilities:
        found = digest_of(capabilities)
        problem = Problem(name, 0, CAPABILITIES, facts.tools.capabilities, found)
        raise InvalidDocument((problem,))
    require_allowed(capabilities, f"{name}: {CAPABILITIES}")

    @lru_cache(maxsize=1)
    def policies() -> Policies:
        return Policies(files, opa_program(facts.tools.opa), cache)

    return lambda batch: policies().ask(batch)


def _never_reached(tests: PolicyTests) -> Iterator[str]:
    """A rule that no test makes true might be one that nothing can: a gate that is always open."""
    for path, lines in tests.uncovered:
        where = ", ".join(map(str, lines))
        yield f"{path}:{where}: no test makes this true, so it may never deny"


def _not_there(base: ObjectId, path: str) -> IntegrityError:
    return IntegrityError(
        f"{path} is not in {base}",
        code="base.no-platform",
        solution="Judge with a base that holds the gate's own code and pins.",
    )
