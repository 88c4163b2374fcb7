"""What stands on a commit, listed but not read: each model with its files and its deployments."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass, field

from turnpike.documents.identifiers import Digest, ObjectId
from turnpike.git.objects import Entry
from turnpike.git.repository import Repository
from turnpike.judge.layout import DeploymentKey, ModelKey, deployment_of, model_of
from turnpike.record.record import Record

Place = tuple[str, str, str]
"""Environment, target and team: what a quota is counted over."""


@dataclass(slots=True)
class Standing:
    """One model on a commit: the entries of its folder, and of each of its deployments."""

    key: ModelKey
    files: dict[str, Entry] = field(default_factory=dict)
    deployments: dict[DeploymentKey, dict[str, Entry]] = field(default_factory=dict)

    def places(self) -> frozenset[Place]:
        """Return where the model is deployed."""
        return frozenset(map(place_of, self.deployments))


@dataclass(frozen=True, slots=True)
class RecordIndex:
    """What the record's index names: statements by artifact, decisions by ``team/model``."""

    statements: Mapping[Digest, tuple[Digest, ...]]
    decisions: Mapping[str, tuple[Digest, ...]]


def place_of(key: DeploymentKey) -> Place:
    """Return where a deployment counts towards a quota."""
    return key.environment, key.target, key.team


def standing_at(repository: Repository, commit: ObjectId) -> tuple[Standing, ...]:
    """Return every model that a commit holds or deploys, by team and name."""
    found: dict[ModelKey, Standing] = {}
    for path, entry in repository.files(commit, ["environments", "models"]).items():
        place = deployment_of(path)
        key = place.model_key if place else model_of(path)
        if key is None:
            continue
        one = found.setdefault(key, Standing(key))
        files = one.deployments.setdefault(place, {}) if place else one.files
        files[path] = entry
    return tuple(found[key] for key in sorted(found))


def index_of(record: Record) -> RecordIndex:
    """Return the record's index, read in one go."""
    statements: dict[Digest, list[Digest]] = defaultdict(list)
    decisions: dict[str, list[Digest]] = defaultdict(list)
    for path in record.index():
        match path.split("/"):
            case ["index", "artifacts", _, artifact, name]:
                statements[Digest(f"sha256:{artifact}")].append(Digest(f"sha256:{name}"))
            case ["index", "models", team, model, name]:
                decisions[f"{team}/{model}"].append(Digest(f"sha256:{name}"))
    return RecordIndex(
        {artifact: tuple(names) for artifact, names in statements.items()},
        {model: tuple(names) for model, names in decisions.items()},
    )
