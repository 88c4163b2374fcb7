"""Step 6 for access: what each program reads of it is what organisation and environments say.

A gateway stands before a target that is there, in the namespace that the target's models let in.

A change of either brings the derived files along. One that changes neither the derivation nor a
derived file is asked for nothing: what a newer renderer would write is not this change's affair.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from turnpike.documents.identifiers import Digest, digest_of
from turnpike.judge.decision import Finding
from turnpike.judge.facts import Facts
from turnpike.judge.layout import ORGANISATION_PATH, environment_of, is_access_file
from turnpike.judge.subjects import changed_paths
from turnpike.rendering.access_files import access_files
from turnpike.topology.environment import Environment


def misrendered_access(facts: Facts) -> tuple[Finding, ...]:
    """Return each derived file of access that would differ from its derivation."""
    paths = changed_paths(facts)
    touched = {path for path in paths if is_access_file(path)}
    sources = any(path == ORGANISATION_PATH or environment_of(path) for path in paths)
    after = _derived(facts, after=True) if touched or sources else {}
    if not after:
        return ()
    before = _derived(facts, after=False)
    asked = touched | {p for p in {*before, *after} if before.get(p) != after.get(p)}
    return (*_misplaced(facts), *_differing(facts, after, asked))


def _derived(facts: Facts, *, after: bool) -> Mapping[str, Digest]:
    organisation = (facts.head.organisation if after else None) or facts.base.organisation
    if organisation is None:
        return {}
    files = access_files(organisation, _environments(facts) if after else facts.base.environments)
    return {path: digest_of(content) for path, content in files.items()}


def _environments(facts: Facts) -> Mapping[str, Environment]:
    """Return the environments after the change, by name."""
    gone = {environment_of(change.path) for change in facts.changes if change.new is None}
    there = {**facts.base.environments, **facts.head.environments}
    return {name: one for name, one in there.items() if name not in gone}


def _misplaced(facts: Facts) -> Iterator[Finding]:
    """Yield each gateway of a target that is not there, or beside the way into its models."""
    organisation = facts.head.organisation or facts.base.organisation
    environments = _environments(facts)
    gateways = organisation.sign_on.gateways if organisation and organisation.sign_on else ()
    for number, gateway in enumerate(gateways):
        subject = f"{ORGANISATION_PATH}: signOn.gateways.{number}"
        environment = environments.get(gateway.environment)
        target = environment.target(gateway.target) if environment else None
        place = f"{gateway.environment}/{gateway.target}"
        if target is None:
            yield _misplacement(subject, "a target of an environment", place)
        elif target.network.gateway_namespace != gateway.namespace:
            wanted = f"the gatewayNamespace of {place}: {target.network.gateway_namespace}"
            yield _misplacement(subject, wanted, gateway.namespace)


def _misplacement(subject: str, expected: str, actual: str) -> Finding:
    return Finding(
        code="access.gateway-misplaced",
        subject=subject,
        expected=expected,
        actual=actual,
        message="People would sign in before nothing, or could be passed by.",
        solution="Name an environment, a target and a namespace as environment.yaml has them.",
    )


def _differing(facts: Facts, wanted: Mapping[str, Digest], asked: set[str]) -> Iterator[Finding]:
    touched = changed_paths(facts)
    for path in sorted(asked):
        side = facts.head if path in touched else facts.base
        found = side.contents.get(path)
        if path in wanted and found != wanted[path]:
            yield _finding("access.differs", path, wanted[path], found or "no such file")
        elif path not in wanted and _stands(facts, path):
            yield _finding("access.left-over", path, "no file: nothing derives to it", "the file")


def _stands(facts: Facts, path: str) -> bool:
    changed = [change.new for change in facts.changes if change.path == path]
    return changed[0] is not None if changed else path in facts.base.contents


def _finding(code: str, subject: str, expected: str, actual: str) -> Finding:
    return Finding(
        code=code,
        subject=subject,
        expected=expected,
        actual=actual,
        message="A program would be told otherwise than organisation and environments declare.",
        solution="Run `turnpike access render`, and commit what it writes in the same change.",
    )
