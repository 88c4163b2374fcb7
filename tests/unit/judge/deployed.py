"""A release of the example's model, and what a change of it is judged by."""

from __future__ import annotations

from turnpike.documents.identifiers import Digest, ObjectId, digest_of
from turnpike.judge.facts import Change, Documents, Entry, Facts
from turnpike.judge.layout import DeploymentKey, deployment_of
from turnpike.manifest.release import Release
from turnpike.manifest.settings import SETTINGS, Settings
from turnpike.rendering.deployment import Deployment
from turnpike.rendering.derive import derived_files
from unit.judge.examples import (
    ARTIFACT,
    added,
    base_documents,
    environment,
    model,
    model_facts,
    object_id,
)

BLOB = object_id("the manifest")
DECISION = digest_of(b"the decision")
KEY = DeploymentKey("dev", "local", "oncology", "triage")
PATH = KEY.path("release.yaml")
MANIFESTS = KEY.path("manifests.yaml")
SETTINGS_PATH = KEY.path("settings.yaml")

RELEASE = Release(
    api_version="turnpike.dev/v1",
    kind="Release",
    team="oncology",
    model="triage",
    version="1",
    artifact=Digest(ARTIFACT),
    manifest=BLOB,
    decision=DECISION,
    promoted_from=None,
    traffic=100,
)


def edited(path: str) -> Change:
    """Return a change that edits a file."""
    old, new = (Entry(mode="100644", object=ObjectId(o), size=9) for o in ("1" * 40, "2" * 40))
    return Change(path=path, plain=True, old=old, new=new)


def settings(most: int) -> Settings:
    """Return settings with that many replicas at most."""
    return SETTINGS.validate_python(
        {
            "apiVersion": "turnpike.dev/v1",
            "kind": "Settings",
            "replicas": {"minimum": 1, "maximum": most},
        },
        strict=False,
    )


def digests(release: Release = RELEASE, sized: Settings | None = None) -> dict[str, Digest]:
    """Return the digests of the files that a release in dev derives to."""
    dev = environment("dev")
    deployment = Deployment(model(), release, dev, dev.targets[0], sized)
    return {path: digest_of(content) for path, content in derived_files(deployment).items()}


def released(path: str = PATH, release: Release = RELEASE) -> Facts:
    """Return the facts of a change that adds a release and its manifests."""
    place = deployment_of(path)
    assert place is not None
    head = Documents(
        releases={path: release},
        model_blobs={BLOB: model()},
        contents=dict(digests()),
    )
    changes = (added(path), added(place.path("manifests.yaml")))
    return model_facts().model_copy(update={"changes": changes, "head": head})


def with_release(release: Release) -> Facts:
    """Return the facts of a change that adds this release."""
    return released(release=release)


def standing(*changes: Change, sized: Settings | None = None, **head: object) -> Facts:
    """Return the facts of a change to a deployment that stands on main already."""
    contents = dict(digests(sized=sized))
    base = base_documents().model_copy(
        update={
            "releases": {PATH: RELEASE},
            "contents": contents,
            "settings": {SETTINGS_PATH: sized} if sized else {},
        }
    )
    fields = {"model_blobs": {BLOB: model()}} | head
    documents = Documents().model_copy(update=fields)
    return model_facts().model_copy(update={"changes": changes, "base": base, "head": documents})


FACTS = released()
