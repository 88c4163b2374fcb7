"""What an observer watches in one target: what main releases there, and what it promises."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from turnpike.cli.output import progress
from turnpike.cli.site import Site
from turnpike.cluster.interface import Watched
from turnpike.errors import InputError

if TYPE_CHECKING:
    from turnpike.cluster.table_request import Row
    from turnpike.delivery.serve import Planned
    from turnpike.documents.identifiers import Digest, ObjectId
    from turnpike.manifest.serving import ServiceLevel


def watched_releases(site: Site, said: ObjectId | None, asks: bool) -> Iterator[Watched]:
    """Yield the releases of a tree that are served; say of the others why they are not watched.

    Whoever ``asks`` a model itself needs the example that was registered with it.
    """
    from turnpike.delivery.serve import plan_serving

    plan = plan_serving(site.files(said), site.environment, site.target)
    for skipped in plan.skipped:
        progress(f"not watched: {skipped.key}, which {skipped.reason}")
    for one in plan.planned:
        promised = _promise(site, one)
        yield Watched(
            environment=site.environment,
            target=site.target,
            release=one.release,
            promised_milliseconds=promised.latency_p95_milliseconds if promised else None,
            rows=_example(site, one.release.artifact) if asks else (),
            tolerated_errors=(100 - promised.availability_percent) / 100 if promised else 0.0,
            beside=plan.beside(one),
        )


def _example(site: Site, artifact: Digest) -> tuple[Row, ...]:
    from turnpike.cli.example_rows import example_rows
    from turnpike.registry.store import ArtifactStore

    store = ArtifactStore(site.house.instance.store())
    try:
        return tuple(example_rows(store.path_of(artifact)))
    except InputError:  # it cannot be asked, which is what will be told of it
        return ()


def _promise(site: Site, planned: Planned) -> ServiceLevel | None:
    """Return what the manifest that was released promises."""
    from turnpike.documents.reading import read
    from turnpike.manifest.model import MODEL

    blob = planned.release.manifest
    content = site.house.host.blobs([blob])[blob]
    return read(MODEL, content, planned.key.path("release.yaml")).slo
