"""A team, a name and a kind to the files of a model's folder."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal

from pydantic import TypeAdapter, ValidationError

from turnpike.documents.identifiers import Name
from turnpike.errors import InputError
from turnpike.judge.consistency import BUILD_TEXT
from turnpike.scaffold.card import card
from turnpike.scaffold.generative import generative_manifest
from turnpike.scaffold.predictive import (
    CHECK,
    DATA,
    TRAIN_ONNX,
    TRAIN_SKOPS,
    predictive_manifest,
)
from turnpike.scaffold.subject import Subject
from turnpike.topology.organisation import Organisation, Team

__all__ = ["BUILD_TEXT", "Kind", "Request", "scaffold"]

Kind = Literal["predictive", "generative"]
ArtifactFormat = Literal["skops", "onnx"]
_NAME: TypeAdapter[str] = TypeAdapter(Name)


@dataclass(frozen=True, slots=True)
class Request:
    """What a person asks for; ``artifact_format`` counts for a predictive model only."""

    team: str
    name: str
    kind: Kind = "predictive"
    artifact_format: ArtifactFormat = "skops"


def scaffold(request: Request, organisation: Organisation) -> Mapping[str, str]:
    """Return the files of a new model by their path from the repository's root.

    The contact is the first member of the team's group, for the team to correct. Raises InputError
    where the organisation has no such team, or the name is none that a model can have.
    """
    _require_name(request.name)
    subject = _subject(request, organisation)
    folder = f"models/{subject.team}/{subject.name}"
    files = _generative(subject) if request.kind == "generative" else _predictive(request, subject)
    return {f"{folder}/{file}": text for file, text in files.items()}


def _predictive(request: Request, subject: Subject) -> Mapping[str, str]:
    return {
        "BUILD": BUILD_TEXT,
        "card.md": card(subject),
        "checks/plausibility.py": CHECK,
        "data.py": DATA,
        "model.yaml": predictive_manifest(subject),
        "train.py": TRAIN_ONNX if request.artifact_format == "onnx" else TRAIN_SKOPS,
    }


def _generative(subject: Subject) -> Mapping[str, str]:
    return {
        "BUILD": BUILD_TEXT,
        "card.md": card(subject),
        "model.yaml": generative_manifest(subject),
    }


def _subject(request: Request, organisation: Organisation) -> Subject:
    team = _team(request.team, organisation)
    members = next((g.members for g in organisation.groups if g.name == team.group), ())
    if not members:
        raise InputError(
            f"team: expected one whose group has members, found {team.name} with {team.group}",
            code="scaffold.no-member",
            solution="Add a member to the group in policies/data/organisation.yaml first.",
        )
    rotation = next(iter(team.on_call_rotations), "")
    return Subject(team.name, request.name, members[0], rotation)


def _team(name: str, organisation: Organisation) -> Team:
    team = organisation.team(name)
    if team is None:
        names = ", ".join(sorted(known.name for known in organisation.teams))
        raise InputError(
            f"team: expected one of {names}, found {name!r}",
            code="scaffold.unknown-team",
            solution="Name one of these; policies/data/organisation.yaml is where a team is added.",
        )
    return team


def _require_name(name: str) -> None:
    try:
        _NAME.validate_python(name)
    except ValidationError as error:
        raise InputError(
            "name: expected lower-case words joined by single hyphens, at most 40 characters, "
            f"found {name!r}",
            code="scaffold.name",
            solution="Choose a name such as readmission-risk.",
        ) from error
