"""Which released versions need to be validated again, and the change that asks for it."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime

from turnpike.documents.reading import read
from turnpike.errors import InputError, InvalidDocument
from turnpike.judge.layout import DeploymentKey, ModelKey, deployment_of
from turnpike.manifest.model import MODEL, Revalidation
from turnpike.promotion.evidence import Evidence
from turnpike.promotion.plan import ReleasePlan, Standing

_BLOCK = "revalidation:"


@dataclass(frozen=True, slots=True)
class Due:
    """A released version whose findings end: where it stands, and when; None: none count now.

    ``failed`` tells that a later finding on the record speaks against it, whenever they end.
    """

    key: ModelKey
    version: str
    places: tuple[DeploymentKey, ...]
    ends_at: datetime | None
    failed: bool = False


def due_by(standing: Standing, evidence: Evidence, until: datetime) -> tuple[Due, ...]:
    """Return what ends by a moment or has failed since, sorted.

    A provider's model has no findings that could end.
    """
    found: dict[tuple[ModelKey, str, bool], list[tuple[DeploymentKey, datetime | None]]] = {}
    for place, version, end, failed in ends_of(standing, evidence):
        if failed or end is None or end <= until:
            found.setdefault((place.model_key, version, failed), []).append((place, end))
    return tuple(
        Due(key, version, tuple(sorted(place for place, _ in places)), _earliest(places), failed)
        for (key, version, failed), places in sorted(found.items())
    )


def ends_of(
    standing: Standing, evidence: Evidence
) -> Iterator[tuple[DeploymentKey, str, datetime | None, bool]]:
    """Yield of each released version when its findings end there, and whether one disproves it."""
    for path, release in standing.releases.items():
        place, found = deployment_of(path), evidence.of(release.artifact, release.manifest)
        environment = standing.environments.get(place.environment) if place else None
        if place is None or environment is None or found is None:
            continue
        manifest, about = found
        end = about.end(manifest, environment.evidence_days.get(manifest.risk_tier))
        yield place, release.version, end, about.speak_against(manifest)


def _earliest(places: list[tuple[DeploymentKey, datetime | None]]) -> datetime | None:
    ends = [end for _, end in places]
    return None if None in ends else min(end for end in ends if end is not None)


def train_of(key: ModelKey) -> str:
    """Return the train by which the open request for a model is found again."""
    return f"revalidate/{key}"


def plan_revalidation(key: ModelKey, text: str, asked: Revalidation) -> ReleasePlan:
    """Plan the request; ``text`` is the manifest on main, of which every other byte stays.

    Raises InputError for a draft, and where the manifest's style leaves no place for it.
    """
    model = read(MODEL, text.encode(), key.manifest_path)
    if model.artifact is None:
        raise InputError(
            f"{key.manifest_path}: expected a registered version, found a draft",
            code="revalidation.draft",
            solution="Register it first: turnpike register " + key.folder,
        )
    edited = _with_request(text, asked)
    try:
        written = read(MODEL, edited.encode(), key.manifest_path)
    except InvalidDocument:
        written = model
    if written != model.model_copy(update={"revalidation": asked}):
        raise InputError(
            f"{key.manifest_path}: expected a manifest in block style, one field a line",
            code="revalidation.unwritable",
            solution="Write `revalidation` with requestedAt and reason into it by hand.",
        )
    return ReleasePlan(
        f"Validate {key} again", {key.manifest_path: edited.encode()}, train=train_of(key)
    )


def _with_request(text: str, asked: Revalidation) -> str:
    """Return the manifest's text with this request at its end, in place of an earlier one."""
    kept: list[str] = []
    inside = False
    for line in text.splitlines(keepends=True):
        inside = line.startswith(_BLOCK) or (inside and line.startswith((" ", "\t")))
        if not inside:
            kept.append(line)
    body = "".join(kept)
    body += "" if body.endswith("\n") else "\n"
    moment = asked.requested_at.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
    reason = json.dumps(asked.reason, ensure_ascii=False)
    return f'{body}{_BLOCK}\n  requestedAt: "{moment}"\n  reason: {reason}\n'
