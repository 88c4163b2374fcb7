"""A model goes out of service once each of its consumers has acknowledged it, or by a recall.

Consumers are those of main's manifest, and they use what is live. A model goes out of service by
the release change that takes its last release out of a live environment, and by the change of its
manifest that retires or deletes it; a consumer goes out of a manifest by its own word as well, so
that nobody is forgotten first and passed over then. Whoever acknowledged that a manifest retires is
not asked again when its releases go.

A recall waits for no consumer. It is known by what main says: a stop names what is bad, and what
stands in the deployment was reached by it. A rollback deletes no release, so that it never waits.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from turnpike.approvals.owners import members_of
from turnpike.approvals.required import CONSUMER, Need
from turnpike.judge.decision import Finding
from turnpike.judge.facts import Facts
from turnpike.judge.layout import ModelKey, deployment_of, model_of
from turnpike.judge.recalls import recalls_in
from turnpike.judge.subjects import changed_paths, release_after, retired_deployments
from turnpike.manifest.serving import Consumer
from turnpike.topology.organisation import Organisation


@dataclass(frozen=True, slots=True, order=True)
class Farewell:
    """One consumer that a change takes something from: a model out of service, or its own entry."""

    model: ModelKey
    application: str
    contact: str
    what: str
    is_entry: bool = False


def farewells_in(facts: Facts) -> tuple[Farewell, ...]:
    """Return each consumer who must have its say on the change, in order."""
    return tuple(sorted({*_of_releases(facts), *_of_manifests(facts)}))


def consumer_needs(facts: Facts, organisation: Organisation) -> Iterator[Need]:
    """Yield the word of each such consumer's contact.

    Of an entry whose contact is nobody, the platform owners say that it may go.
    """
    for one in farewells_in(facts):
        asked = _reason(one)
        if members_of(organisation, one.contact):
            yield Need((one.contact,), 1, asked)
        elif one.is_entry:
            group = organisation.roles.platform_owners
            yield Need((group,), 1, f"{asked}, and {one.contact} is nobody whom main knows")


def consumer_findings(facts: Facts) -> Iterator[Finding]:
    """Yield each consumer whose contact is nobody: one that is asked, or one that is brought."""
    organisation = facts.base.organisation
    if organisation is None:
        return
    asked = [(one.model, one.application, one.contact) for one in farewells_in(facts)
             if not one.is_entry]  # fmt: skip
    for key, application, contact in sorted({*asked, *_brought(facts)}):
        if not members_of(organisation, contact):
            yield _unknown(key, application, contact)


def order_findings(facts: Facts) -> Iterator[Finding]:
    """Yield each manifest that a change deletes while releases of it stand on main.

    First routes, services and alerts go, with the releases that they are rendered from; then what
    says whose they were.
    """
    for change in facts.changes:
        key = model_of(change.path)
        if key is None or change.new is not None or change.path != key.manifest_path:
            continue
        standing = [path for path in sorted(facts.base.releases) if _is_of(path, key)]
        if standing:
            yield Finding(
                code="retirement.out-of-order",
                subject=change.path,
                expected="no release of the model on main",
                actual=", ".join(standing),
                message=f"{key} is deleted while it is still released.",
                solution=f"`turnpike retire {key} --from ENVIRONMENT` first, for each of them.",
            )


def recall_notes(facts: Facts) -> Iterator[Finding]:
    """Yield, for each deployment that is recalled, by which stop its consumers are passed over."""
    for key, (stop, why) in recalls_in(facts).items():
        consumers = ", ".join(one.application for one in _consumers_of(facts, key.model_key))
        if consumers:
            yield Finding(
                code="consumer.passed-over",
                subject=str(key),
                expected=f"the word of its consumers: {consumers}",
                actual=f"environments/stops/{stop}.yaml recalls it: {why}",
                message="A recall waits for no consumer.",
                solution="Tell the consumers that the model is gone, and why.",
            )


def _of_releases(facts: Facts) -> Iterator[Farewell]:
    """Yield the consumers of each model whose last release leaves a live environment."""
    recalled = recalls_in(facts)
    gone = [key for key in retired_deployments(facts) if key not in recalled]
    live = _live(facts) if gone else frozenset()
    for model, environment in sorted({(key.model_key, key.environment) for key in gone}):
        if environment not in live or _remains(facts, model, environment):
            continue
        manifest = facts.base.models.get(model.manifest_path)
        if manifest is not None and manifest.lifecycle == "retired":
            continue  # each acknowledged the change that said so
        for one in _consumers_of(facts, model):
            what = f"the end of {model} in {environment}"
            yield Farewell(model, one.application, one.contact, what)


def _of_manifests(facts: Facts) -> Iterator[Farewell]:
    """Yield the consumers of each live model that is retired, deleted, or forgets them."""
    in_service = _in_service(facts)
    for path in sorted(changed_paths(facts) & facts.base.models.keys()):
        key, before = model_of(path), facts.base.models[path]
        if key is None or key not in in_service or before.lifecycle == "retired":
            continue
        after = facts.head.models.get(path)
        if after is None or after.lifecycle == "retired":
            for one in before.consumers:
                yield Farewell(key, one.application, one.contact, f"the end of {key}")
        else:
            yield from _of_entries(key, before.consumers, after.consumers)


def _of_entries(
    key: ModelKey, before: Iterable[Consumer], after: Iterable[Consumer]
) -> Iterator[Farewell]:
    """Yield the consumers that a manifest forgets."""
    kept = {(one.application, one.contact) for one in after}
    for one in before:
        if (one.application, one.contact) not in kept:
            what = "that it stands in the manifest no longer"
            yield Farewell(key, one.application, one.contact, what, is_entry=True)


def _brought(facts: Facts) -> Iterator[tuple[ModelKey, str, str]]:
    """Yield the consumers that a change writes into a manifest."""
    for change in facts.changes:
        key, after = model_of(change.path), facts.head.models.get(change.path)
        if key is None or after is None:
            continue
        before = facts.base.models.get(change.path)
        known = {(one.application, one.contact) for one in before.consumers} if before else set()
        for one in after.consumers:
            if (one.application, one.contact) not in known:
                yield key, one.application, one.contact


def _consumers_of(facts: Facts, model: ModelKey) -> tuple[Consumer, ...]:
    """Return whom main's manifest names; where main has none any more, those of what serves."""
    manifest = facts.base.models.get(model.manifest_path)
    if manifest is not None:
        return manifest.consumers
    blobs = (r.manifest for p, r in sorted(facts.base.releases.items()) if _is_of(p, model))
    manifests = (facts.head.model_blobs.get(blob) for blob in blobs)
    return tuple(dict.fromkeys(one for found in manifests if found for one in found.consumers))


def _live(facts: Facts) -> frozenset[str]:
    """Return the environments with releases that nothing promotes from; listed or not."""
    places = (key for path in facts.base.releases if (key := deployment_of(path)))
    sources = {name for one in facts.base.environments.values() for name in one.promotes_from}
    return frozenset(key.environment for key in places) - sources


def _in_service(facts: Facts) -> frozenset[ModelKey]:
    """Return the models that main releases in a live environment."""
    places, live = (deployment_of(path) for path in facts.base.releases), _live(facts)
    return frozenset(key.model_key for key in places if key and key.environment in live)


def _remains(facts: Facts, model: ModelKey, environment: str) -> bool:
    places = ((path, deployment_of(path)) for path in facts.base.releases | facts.head.releases)
    return any(
        (key.model_key, key.environment) == (model, environment) and release_after(facts, path)
        for path, key in places
        if key
    )


def _is_of(path: str, model: ModelKey) -> bool:
    key = deployment_of(path)
    return key is not None and key.model_key == model


def _reason(one: Farewell) -> str:
    return f"{CONSUMER}{one.application} of {one.model} acknowledges {one.what}"


def _unknown(key: ModelKey, application: str, contact: str) -> Finding:
    return Finding(
        code="consumer.unknown-contact",
        subject=key.manifest_path,
        expected=f"consumers: {application}: contact: a person or a group of organisation.yaml",
        actual=contact,
        message=f"Nobody can be asked about {application}, which uses {key}.",
        solution="Name somebody in the manifest by a change of its own, which the platform owners"
        " approve too; or add the person to policies/data/organisation.yaml.",
    )
