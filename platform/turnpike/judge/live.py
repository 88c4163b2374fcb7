"""What is live, and what the platform's own run measured of exactly that.

Live is what stands in an environment from which no other promotes. Its measurements are those that
are bound to the manifest which its release names: its validation view, and its held-out records.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping

from turnpike.documents.identifiers import Digest
from turnpike.evidence.predicates import ScanResult, ValidationResult
from turnpike.judge.layout import ModelKey, deployment_of
from turnpike.manifest.model import GenerativeModel, PredictiveModel
from turnpike.manifest.release import Release
from turnpike.topology.environment import Environment


def live_releases(
    environments: Mapping[str, Environment], releases: Mapping[str, Release], key: ModelKey
) -> tuple[Release, ...]:
    """Return the releases of a model that are live; one for each artifact with its manifest."""
    sources = {name for one in environments.values() for name in one.promotes_from}
    live: dict[tuple[Digest, str], Release] = {}
    for path, release in sorted(releases.items()):
        place = deployment_of(path)
        if place is None or place.model_key != key or place.environment not in environments:
            continue
        if place.environment not in sources:
            live[release.artifact, release.manifest] = release
    return tuple(live[pair] for pair in sorted(live))


IsBound = Callable[[ValidationResult | ScanResult], bool]


def bound_to(model: PredictiveModel | GenerativeModel) -> IsBound:
    """Return what tells whether a result is about this very manifest, for any number of results.

    It must be of the manifest's view, and of its data where it pins them. What a person's own
    machine found is bound to nothing.
    """
    view = model.validation_view()
    data = None if isinstance(model, GenerativeModel) else model.data.validation.digest

    def is_bound(said: ValidationResult | ScanResult) -> bool:
        if said.preview or said.validation_view != view:
            return False
        return isinstance(said, ScanResult) or data in {None, said.data}

    return is_bound


def measured_of(
    release: Release,
    manifest: PredictiveModel | GenerativeModel | None,
    results: Iterable[ValidationResult],
) -> ValidationResult | None:
    """Return the platform run that measured a release; ``results`` are all about its artifact.

    None where there is none, or where the manifest is unknown or not of that artifact.
    """
    if manifest is None or manifest.artifact is None:
        return None
    if manifest.artifact.digest != release.artifact:
        return None
    runs = (one for one in results if one.run == "platform" and one.isolated)
    is_bound = bound_to(manifest)
    return next((one for one in runs if is_bound(one)), None)
