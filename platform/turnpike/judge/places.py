"""Where in the facts a field of a rule's input stands, and the facts with another value there.

What a rule reads was put together by ``queries.py``; a remedy names it by its path in that input.
Here the path is led back to the document that people would edit.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import TypeGuard, TypeVar

from pydantic import AwareDatetime, BaseModel, JsonValue, TypeAdapter, ValidationError

from turnpike.documents.canonical import to_json
from turnpike.documents.identifiers import DigestText
from turnpike.judge.deployments import deployment_after
from turnpike.judge.facts import Documents, Facts, RegistryAnswer
from turnpike.judge.layout import DeploymentKey, ModelKey
from turnpike.judge.policy_input import POLICY_INPUT, PolicyInput, SubjectInput
from turnpike.judge.remedy import FieldRemedy
from turnpike.judge.subjects import changed_paths, release_after
from turnpike.manifest.model import MODEL, GenerativeModel, PredictiveModel
from turnpike.manifest.release import RELEASE
from turnpike.manifest.settings import SETTINGS
from turnpike.topology.environment import ENVIRONMENT
from turnpike.topology.organisation import ORGANISATION

Steps = tuple[str | int, ...]
D = TypeVar("D")

_MOMENT: TypeAdapter[datetime] = TypeAdapter(AwareDatetime)
_Card = tuple[str, ...]
_CARD: TypeAdapter[_Card] = TypeAdapter(_Card)
_DIGEST: TypeAdapter[DigestText] = TypeAdapter(DigestText)


@dataclass(frozen=True, slots=True)
class Place:
    """A document of the facts: what people call it, its value, the way inside, how to replace it.

    ``write`` raises ValidationError for a value that no such document may have.
    """

    name: str
    inside: Steps
    value: JsonValue
    write: Callable[[JsonValue], Facts]


def with_field(facts: Facts, about: SubjectInput, remedy: FieldRemedy) -> Facts:
    """Return the facts with a field changed; as they are where no document of theirs holds it."""
    place = place_of(facts, about, remedy.path)
    if place is None:
        return facts
    try:
        return place.write(changed(place.value, place.inside, remedy))
    except ValidationError:  # no such document can exist, so this remedy is none
        return facts


def with_input(query: PolicyInput, remedy: FieldRemedy) -> PolicyInput:
    """Return a rule's input with a field changed: for what stands in no document of the facts."""
    try:
        return POLICY_INPUT.validate_json(json.dumps(changed(to_json(query), remedy.path, remedy)))
    except ValidationError:
        return query


def changed(value: JsonValue, steps: Steps, remedy: FieldRemedy) -> JsonValue:
    """Return the value with what stands at the end of the steps as the remedy wants it."""
    if not steps:
        return _bounded(value, remedy)
    first, rest = steps[0], steps[1:]
    if isinstance(value, list) and isinstance(first, int) and 0 <= first < len(value):
        return [*value[:first], changed(value[first], rest, remedy), *value[first + 1 :]]
    if isinstance(first, str) and (value is None or isinstance(value, dict)):
        known = value or {}
        return {**known, first: changed(known.get(first), rest, remedy)}
    return value


def _bounded(value: JsonValue, remedy: FieldRemedy) -> JsonValue:
    wanted = remedy.value
    if remedy.bound == "one-of":
        choices = wanted if isinstance(wanted, list) else [wanted]
        return value if value in choices or not choices else choices[0]
    if remedy.bound == "includes":
        items = value if isinstance(value, list) else []
        return items if wanted in items else [*items, wanted]
    if _is_number(value) and _is_number(wanted) and remedy.bound in ("at-least", "at-most"):
        keeps = value >= wanted if remedy.bound == "at-least" else value <= wanted
        return value if keeps else wanted
    return wanted


def _is_number(value: JsonValue) -> TypeGuard[int | float]:
    return isinstance(value, int | float) and not isinstance(value, bool)


def place_of(facts: Facts, about: SubjectInput, path: Steps) -> Place | None:
    """Return the place of a field of a subject's input; None where no document holds it."""
    match path:
        case ("now",):
            return _clock(facts)
        case ("team", *rest):
            return _team(facts, about.team, tuple(rest))
        case ("registry", "digest"):
            return _registry(facts, about)
    return _of_model(facts, about, path) or _of_deployment(facts, about, path)


def _of_model(facts: Facts, about: SubjectInput, path: Steps) -> Place | None:
    key = ModelKey(about.team, about.model)
    match path:
        case ("previousModel", *rest):
            return _held(facts, "base", "models", key.manifest_path, MODEL, tuple(rest))
        case ("card", *rest):
            card = f"{key.folder}/card.md"
            return _held(facts, "head", "cards", card, _CARD, tuple(rest), missing=[])
        case ("model", *rest) if about.kind == "model":
            return _held(facts, "head", "models", key.manifest_path, MODEL, tuple(rest))
    return None


def _of_deployment(facts: Facts, about: SubjectInput, path: Steps) -> Place | None:
    if about.kind != "deployment":
        return None
    key = DeploymentKey.parse(about.id)
    match path:
        case ("model", *rest):
            release = release_after(facts, key.path("release.yaml"))
            blob = release.manifest if release else ""
            return _held(facts, "head", "model_blobs", blob, MODEL, tuple(rest))
        case ("deployment", "release", *rest):
            file = key.path("release.yaml")
            return _held(facts, "head", "releases", file, RELEASE, tuple(rest))
        case ("deployment", "environment", *rest):
            name = key.environment
            return _held(facts, "base", "environments", name, ENVIRONMENT, tuple(rest))
        case ("deployment", "replicas" | "resources", *_):
            return _settings(facts, key, path[1:])
    return None


def _held(
    facts: Facts,
    side: str,
    field: str,
    key: str,
    schema: TypeAdapter[D],
    inside: Steps,
    missing: JsonValue = None,
) -> Place | None:
    """Return a document that one side holds in a dictionary, such as ``head.models``."""
    documents: Documents = getattr(facts, side)
    held: Mapping[str, BaseModel | _Card] = getattr(documents, field)
    if key not in held and missing is None:
        return None
    value = missing if key not in held else _plain(held[key])

    def write(new: JsonValue) -> Facts:
        document = schema.validate_json(json.dumps(new))
        more = documents.model_copy(update={field: {**held, key: document}})
        return facts.model_copy(update={side: more})

    return Place(_name_of(field, key, held.get(key)), inside, value, write)


def _name_of(field: str, key: str, document: object) -> str:
    if field == "environments":
        return f"environments/{key}/environment.yaml on main"
    if field == "model_blobs" and isinstance(document, PredictiveModel | GenerativeModel):
        return f"models/{document.key}/model.yaml of the release"
    return key


def _plain(document: BaseModel | _Card) -> JsonValue:
    return to_json(document) if isinstance(document, BaseModel) else [*document]


def _clock(facts: Facts) -> Place:
    def write(new: JsonValue) -> Facts:
        moment = _MOMENT.validate_json(json.dumps(new))
        return facts.model_copy(update={"clock": moment})

    return Place("the clock", (), facts.clock.isoformat(), write)


def _team(facts: Facts, team: str, inside: Steps) -> Place | None:
    organisation = facts.base.organisation
    names = [one.name for one in organisation.teams] if organisation else []
    if organisation is None or team not in names:
        return None

    def write(new: JsonValue) -> Facts:
        document = ORGANISATION.validate_json(json.dumps(new))
        base = facts.base.model_copy(update={"organisation": document})
        return facts.model_copy(update={"base": base})

    where: Steps = ("teams", names.index(team), *inside)
    return Place("policies/data/organisation.yaml on main", where, to_json(organisation), write)


def _registry(facts: Facts, about: SubjectInput) -> Place | None:
    model = model_about(facts, about)
    if model is None or model.artifact is None:
        return None
    name, version = model.artifact.registry_model, model.artifact.version
    others = tuple(a for a in facts.registry if (a.model, a.version) != (name, version))

    def write(new: JsonValue) -> Facts:
        digest = _DIGEST.validate_json(json.dumps(new))
        answer = RegistryAnswer(model=name, version=version, digest=digest)
        return facts.model_copy(update={"registry": (*others, answer)})

    return Place(f"the registry's {name} version {version}", (), None, write)


def model_about(facts: Facts, about: SubjectInput) -> PredictiveModel | GenerativeModel | None:
    """Return the manifest that a query about a subject would show to the rules."""
    if about.kind == "model":
        return facts.head.models.get(ModelKey(about.team, about.model).manifest_path)
    if about.kind == "deployment":
        key = DeploymentKey.parse(about.id)
        release = release_after(facts, key.path("release.yaml"))
        return facts.head.model_blobs.get(release.manifest) if release else None
    return None


def _settings(facts: Facts, key: DeploymentKey, inside: Steps) -> Place | None:
    """Settings that this change does not bring are edited on main: one class a change."""
    deployment = deployment_after(facts, key)
    if deployment is None:
        return None
    file = key.path("settings.yaml")
    side = "head" if file in changed_paths(facts) else "base"
    documents: Documents = getattr(facts, side)
    value: dict[str, JsonValue] = {
        "apiVersion": "turnpike.dev/v1",
        "kind": "Settings",
        "replicas": to_json(deployment.replicas),
        "resources": to_json(deployment.resources),
    }

    def write(new: JsonValue) -> Facts:
        settings = {**documents.settings, file: SETTINGS.validate_json(json.dumps(new))}
        more = documents.model_copy(update={"settings": settings})
        return facts.model_copy(update={side: more})

    return Place(file if side == "head" else f"{file} on main", inside, value, write)
