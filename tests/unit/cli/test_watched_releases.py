"""What is watched is what main releases, with what its manifest of that release promised."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from turnpike.cli.site import Site
from turnpike.cli.watched_releases import watched_releases
from turnpike.cli.wiring import House
from turnpike.cluster.interface import Watched
from turnpike.documents.canonical import canonical_document
from turnpike.errors import InvalidDocument
from turnpike.manifest.release import Release
from turnpike.manifest.serving import ServiceLevel
from turnpike.rendering.deployment import Deployment
from turnpike.rendering.derive import derived_files
from unit.instance.aurora import Aurora
from unit.judge.deployed import PATH, RELEASE
from unit.judge.examples import environment, model

SLO = ServiceLevel(latency_p95_milliseconds=250.0, availability_percent=99.0)
Watching = Callable[..., list[Watched]]


@pytest.fixture
def watching(aurora: Aurora) -> Watching:
    """Return what tells what is watched where these files are released."""
    site = Site(House(aurora.instance), "dev", "local")

    def watch(files: dict[str, bytes | None], *, asks: bool = False) -> list[Watched]:
        tree = aurora.host.write_tree_with(aurora.main(), files)
        return list(watched_releases(site, aurora.host.tree_id(tree, site.folder), asks))

    return watch


def released(aurora: Aurora, slo: ServiceLevel | None, content: bytes | None = None) -> Release:
    """Return a release of a manifest that the host holds, with this promise in it."""
    manifest = content or canonical_document(model().model_copy(update={"slo": slo}))
    blob = aurora.host.write_blob(manifest)
    return RELEASE.model_copy(update={"manifest": blob})


def files_of(release: Release) -> dict[str, bytes | None]:
    dev = environment("dev")
    deployment = Deployment(model(), release, dev, dev.targets[0], None)
    return {**derived_files(deployment), PATH: canonical_document(release)}


def test_a_release_is_watched_with_the_promise_of_its_own_manifest(
    aurora: Aurora, watching: Watching
) -> None:
    (one,) = watching(files_of(released(aurora, SLO)))
    assert (one.environment, one.target) == ("dev", "local")
    assert one.release.artifact == RELEASE.artifact
    assert one.promised_milliseconds == 250.0
    assert one.tolerated_errors == pytest.approx(0.01)


def test_a_manifest_that_promises_nothing_tolerates_no_error(
    aurora: Aurora, watching: Watching
) -> None:
    (one,) = watching(files_of(released(aurora, None)))
    assert (one.promised_milliseconds, one.tolerated_errors) == (None, 0.0)


def test_without_an_example_a_model_is_watched_and_not_asked(
    aurora: Aurora, watching: Watching
) -> None:
    (one,) = watching(files_of(released(aurora, SLO)), asks=True)
    assert one.rows == ()


def test_a_manifest_that_cannot_be_read_is_named_and_its_release_not_left_unwatched(
    aurora: Aurora, watching: Watching
) -> None:
    broken = files_of(released(aurora, None, b"kind: predictive\n"))
    with pytest.raises(InvalidDocument, match=PATH):
        watching(broken)


def test_where_nothing_is_released_nothing_is_watched(watching: Watching) -> None:
    assert watching({}) == []
