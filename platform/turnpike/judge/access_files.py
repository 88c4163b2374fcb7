"""Step 6 for access: what each program reads of it is what organisation and environments say.

The sync windows of Argo CD's projects are among it, where an environment asks for them.
A gateway stands before a target that is there, in the namespace that the target's models let in.

A change of either brings the derived files along. One that changes neither the derivation nor a
derived file is asked for nothing: what a newer renderer would write is not this change's affair.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from turnpike.documents.identifiers import Digest, digest_of
from turnpike.judge.decision import Finding
from turnpike.judge.facts import Facts
from turnpike.judge.layout import (
    ORGANISATION_PATH,
    SCHEDULE_PATH,
    environment_of,
    is_access_file,
    is_access_source,
    project_of,
)
from turnpike.judge.subjects import changed_paths
from turnpike.judge.sync_windows import derived_projects, unsaid_times
from turnpike.rendering.access_files import access_files
from turnpike.topology.environment import Environment
from turnpike.topology.window import Schedule


def misrendered_access(facts: Facts) -> tuple[Finding, ...]:
    """Return each derived file of access that would differ from its derivation."""
    paths = changed_paths(facts)
    touched = {path for path in paths if is_access_file(path) or project_of(path)}
    sources = any(map(is_access_source, paths))
    after = _derived(facts, after=True) if touched or sources else {}
    if not after:
        return ()
    before = _derived(facts, after=False)
    asked = touched | {p for p in {*before, *after} if before.get(p) != after.get(p)}
    return (*_misplaced(facts), *_unsaid(facts), *_differing(facts, after, asked))


def _derived(facts: Facts, *, after: bool) -> Mapping[str, Digest]:
    organisation = (facts.head.organisation if after else None) or facts.base.organisation
    if organisation is None:
        return {}
    base = facts.base
    environments = _environments(facts) if after else base.environments
    projects = _projects(facts) if after else base.projects
    schedule = _schedule(facts) if after else base.schedule
    texts = derived_projects(projects, environments, schedule, facts.clock)
    files = access_files(organisation, environments)
    files |= {path: text.encode() for path, text in texts.items()}
    return {path: digest_of(content) for path, content in files.items()}


def _unsaid(facts: Facts) -> Iterator[Finding]:
    """Yield what keeps environments that ask for sync windows from having them."""
    environments = _environments(facts).values()
    return unsaid_times(_projects(facts), environments, _schedule(facts), facts.clock)


def _projects(facts: Facts) -> Mapping[str, str]:
    """Return the texts of Argo CD's projects after the change, by environment."""
    gone = {project_of(change.path) for change in facts.changes if change.new is None}
    there = {**facts.base.projects, **facts.head.projects}
    return {name: text for name, text in there.items() if name not in gone}


def _schedule(facts: Facts) -> Schedule | None:
    """Return the schedule of all environments after the change."""
    if any(change.path == SCHEDULE_PATH and change.new is None for change in facts.changes):
        return None
    return facts.head.schedule or facts.base.schedule


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
        elif path not in wanted and is_access_file(path) and _stands(facts, path):
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
