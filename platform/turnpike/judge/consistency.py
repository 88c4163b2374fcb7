"""Step 2: documents that do not parse, or whose content disagrees with the place they stand in."""

from __future__ import annotations

import re
from collections.abc import Iterator

from turnpike.documents.identifiers import Digest, digest_of
from turnpike.judge.clouds import cloud_findings
from turnpike.judge.consumers import consumer_findings, order_findings
from turnpike.judge.debt_terms import term_findings
from turnpike.judge.decision import Finding
from turnpike.judge.emergencies import emergency_findings, settlement_findings
from turnpike.judge.facts import Facts
from turnpike.judge.layout import ModelKey, build_path, class_of, deployment_of, model_of
from turnpike.judge.role_keys import key_findings
from turnpike.judge.schedules import schedule_findings
from turnpike.judge.stages import stage_findings
from turnpike.judge.stops import stop_findings
from turnpike.manifest.model import GenerativeModel
from turnpike.topology.environment import Environment

BUILD_TEXT = "turnpike_model()\n"
_ENVIRONMENTS = "environments/"
_RESERVED = frozenset(("debts", "stops"))
_AMBIGUOUS = re.compile(r"\{team\}-?\{model\}|\{model\}-?\{team\}")


def consistency(facts: Facts) -> tuple[Finding, ...]:
    """Return every document of the change that cannot be believed as it stands."""
    return (
        *_unreadable(facts),
        *_models(facts),
        *_releases(facts),
        *_environments(facts),
        *_strays(facts),
        *_derived_names(facts),
        *cloud_findings(facts),
        *stage_findings(facts),
        *schedule_findings(facts),
        *stop_findings(facts),
        *emergency_findings(facts),
        *settlement_findings(facts),
        *term_findings(facts),
        *key_findings(facts),
        *consumer_findings(facts),
        *order_findings(facts),
        *_builds(facts),
    )


def _unreadable(facts: Facts) -> Iterator[Finding]:
    for problem in facts.unreadable:
        place = f"{problem.path}:{problem.line}" if problem.line else problem.path
        yield Finding(
            code="document.invalid",
            subject=place,
            expected=f"{problem.field}: {problem.expected}" if problem.field else problem.expected,
            actual=problem.actual,
            message=f"{problem.path} ({problem.side}) does not follow its schema.",
            solution="Correct the field; docs/schemas/ has the schema of each kind of document.",
        )


def _models(facts: Facts) -> Iterator[Finding]:
    for path, model in facts.head.models.items():
        key = model_of(path)
        if key is not None and str(key) != model.key:
            yield _disagreement("document.path-and-name-disagree", path, str(key), model.key)
        if isinstance(model, GenerativeModel) and model.artifact:
            yield from _route(path, model, model.artifact.digest)
    keys = {key for c in facts.changes if c.new and (key := model_of(c.path))}
    for key in sorted(keys):
        yield from _missing_files(facts, key)


def _route(path: str, model: GenerativeModel, artifact: Digest) -> Iterator[Finding]:
    """A route that was edited is another version, with evidence and a digest of its own."""
    if model.route_digest() != artifact:
        yield Finding(
            code="artifact.route-differs",
            subject=path,
            expected=f"the digest of its route, {model.route_digest()}",
            actual=artifact,
            message="The artifact is not the route that the manifest describes.",
            solution="Register the route again with `turnpike register`, then push.",
        )


def unread(facts: Facts) -> frozenset[str]:
    """Return the documents that do not parse, or were not read because they hold a credential."""
    return frozenset(one.path for one in facts.unreadable) | {one.path for one in facts.leaks}


def _missing_files(facts: Facts, key: ModelKey) -> Iterator[Finding]:
    broken = unread(facts)
    if key.manifest_path not in facts.head.models and key.manifest_path not in broken:
        yield _missing(key.manifest_path, "every model has a manifest")
    if build_path(key) not in facts.head.contents:
        yield _missing(build_path(key), "every model has the BUILD file of the scaffold")


def _missing(path: str, why: str) -> Finding:
    return Finding(
        code="document.missing",
        subject=path,
        expected="the file",
        actual="nothing",
        message=f"{path} is missing: {why}.",
        solution="Add the file; `turnpike new TEAM/MODEL` writes a whole folder.",
    )


def _releases(facts: Facts) -> Iterator[Finding]:
    for path, release in facts.head.releases.items():
        key = deployment_of(path)
        if key is None:
            continue
        named = f"{release.team}/{release.model}"
        if named != str(key.model_key):
            yield _disagreement("document.path-and-name-disagree", path, str(key.model_key), named)
        environment = facts.base.environments.get(key.environment)
        if environment is None or environment.target(key.target) is None:
            yield _disagreement(
                "release.unknown-target",
                path,
                "an environment and a target of environments/*/environment.yaml on main",
                f"{key.environment}/{key.target}",
            )
        manifest = facts.head.model_blobs.get(release.manifest)
        if manifest is None:
            yield _disagreement(
                "release.manifest-unknown",
                path,
                "the Git blob of a manifest on main",
                release.manifest,
            )
        elif manifest.artifact is None or manifest.artifact.digest != release.artifact:
            found = manifest.artifact.digest if manifest.artifact else "a draft without artifact"
            yield _disagreement("release.artifact-differs", path, release.artifact, found)
        elif manifest.key != named:
            yield _disagreement("release.foreign-manifest", path, named, manifest.key)


def _environments(facts: Facts) -> Iterator[Finding]:
    for folder, environment in facts.head.environments.items():
        path = f"environments/{folder}/environment.yaml"
        if environment.name != folder:
            yield _disagreement("document.path-and-name-disagree", path, folder, environment.name)
        if folder in _RESERVED:
            wanted = f"a name other than {', '.join(sorted(_RESERVED))}"
            yield _disagreement("environment.reserved-name", path, wanted, folder)
        yield from _unknown_groups(facts, path, environment)


def _strays(facts: Facts) -> Iterator[Finding]:
    """Argo CD deploys any folder of the right depth, whatever its name: nothing else lies there.

    As a change of class platform it would need neither evidence nor the environment's approvals.
    """
    paths = frozenset(change.path for change in facts.changes)
    for change in facts.changes:
        is_there = change.new and change.path.startswith(_ENVIRONMENTS)
        if is_there and class_of(change.path, paths) == "platform":
            wanted = "only files that Turnpike knows below environments/"
            yield _disagreement("environment.stray-file", change.path, wanted, "another")


def _unknown_groups(facts: Facts, path: str, environment: Environment) -> Iterator[Finding]:
    organisation = facts.base.organisation
    known = {group.name for group in organisation.groups} if organisation else set()
    for number, approval in enumerate(environment.approvals):
        if approval.group not in known:
            wanted = f"approvals.{number}.group: one of {', '.join(sorted(known)) or 'none'}"
            yield _disagreement("environment.unknown-group", path, wanted, approval.group)


def _derived_names(facts: Facts) -> Iterator[Finding]:
    """Names are joined by hyphens and may hold some: two pairs must never give one name."""
    names = sorted(facts.base.environments.keys() | facts.head.environments.keys())
    for folder, environment in facts.head.environments.items():
        path = f"environments/{folder}/environment.yaml"
        alike = [n for n in names if n.startswith(f"{folder}-") or folder.startswith(f"{n}-")]
        if alike:
            wanted = f"a name that does not start like {alike[0]}, whose namespaces it would share"
            yield _disagreement("environment.ambiguous-name", path, wanted, folder)
        for principal in sorted(_principals(environment)):
            if _AMBIGUOUS.search(principal):
                wanted = "{team} and {model} with another sign than one hyphen between them"
                yield _disagreement("environment.ambiguous-principal", path, wanted, principal)


def _principals(environment: Environment) -> Iterator[str]:
    for target in environment.targets:
        if target.identity is not None:
            yield target.identity.principal
            yield from target.identity.principals.values()


def _builds(facts: Facts) -> Iterator[Finding]:
    wanted = digest_of(BUILD_TEXT.encode())
    for path, digest in facts.head.contents.items():
        key = model_of(path)
        if key is not None and path == build_path(key) and digest != wanted:
            yield Finding(
                code="change.build-differs",
                subject=path,
                expected=BUILD_TEXT.strip(),
                actual="other content",
                message="A model's BUILD file may hold only the one macro of the scaffold.",
                solution=f"Make {path} hold exactly one line: {BUILD_TEXT.strip()}",
            )


def _disagreement(code: str, path: str, expected: str, actual: str) -> Finding:
    return Finding(
        code=code,
        subject=path,
        expected=expected,
        actual=actual,
        message=f"{path} says {actual}, but {expected} is what may stand here.",
        solution="Correct the file, or move it to the folder that it names.",
    )
