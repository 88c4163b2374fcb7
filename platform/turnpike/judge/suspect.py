"""What may have gone bad: data, a base model, a signer or a package; and what it reached.

Pure: manifests and the statements about an artifact in, the reason in words out.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass

from pydantic import JsonValue

from turnpike.documents.identifiers import Digest
from turnpike.evidence.envelope import Envelope, statement_in
from turnpike.evidence.statement import BILL_OF_MATERIALS, PROVENANCE, Statement
from turnpike.manifest.model import GenerativeModel, PredictiveModel
from turnpike.topology.stop import SuspectKind

_PACKAGE = r"[A-Za-z0-9]([A-Za-z0-9._-]*[A-Za-z0-9])?"  # PEP 508
_SHAPES: Mapping[SuspectKind, tuple[str, str]] = {
    "data": (
        r"sha256:[0-9a-f]{64}|(?!sha256:).+",
        "a source, or sha256: and 64 hexadecimal digits",
    ),
    "base-model": (
        r"[^/@\s]+/[^@\s]+(@[^@\s]+)?",
        "PROVIDER/MODEL or PROVIDER/MODEL@REVISION",
    ),
    "package": (
        rf"{_PACKAGE}(==[^=<>~!,;*\s]+)?",
        "NAME or NAME==VERSION: one version, no range",
    ),
    "signer": (r".+", "a key's name or its id"),
}
"""What the name of each kind must be like, as an expression and in words."""


@dataclass(frozen=True, slots=True)
class Suspect:
    """What is recalled: its kind, and what it is called.

    ``data`` is a source or a digest, ``base-model`` is ``provider/model`` with or without
    ``@revision``, ``signer`` a key's name or id, ``package`` a name with or without ``==version``.
    """

    kind: SuspectKind
    name: str


def wanted_of(suspect: Suspect) -> str | None:
    """Return what a name of its kind looks like where this one can be nothing's; None where it can.

    That nothing was reached by what nothing can be called would say nothing.
    """
    shape, words = _SHAPES[suspect.kind]
    return None if re.fullmatch(shape, suspect.name) else words


def reason_of(
    suspect: Suspect,
    model: PredictiveModel | GenerativeModel,
    envelopes: Iterable[Envelope],
    signers: Mapping[Digest, str],
) -> str | None:
    """Return how the suspect reached an artifact; None where nothing says that it did.

    ``envelopes`` are all statements about the artifact, ``signers`` the names of keys by their id.
    """
    if not suspect.name:
        return None
    return next(_reasons(suspect, model, tuple(envelopes), signers), None)


def _reasons(
    suspect: Suspect,
    model: PredictiveModel | GenerativeModel,
    envelopes: tuple[Envelope, ...],
    signers: Mapping[Digest, str],
) -> Iterator[str]:
    statements = [one for envelope in envelopes if (one := statement_in(envelope))]
    match suspect.kind:
        case "data":
            yield from _by_data(suspect.name, model, statements)
        case "base-model":
            yield from _by_base_model(suspect.name, model)
        case "package":
            yield from _by_package(suspect.name, statements)
        case "signer":
            yield from _by_signer(suspect.name, envelopes, signers)


def _by_data(
    name: str, model: PredictiveModel | GenerativeModel, statements: Iterable[Statement]
) -> Iterator[str]:
    if isinstance(model, PredictiveModel):
        parts = (("training", model.data.training), ("validation", model.data.validation))
        for part, records in parts:
            if name in {records.source, records.digest}:
                yield f"its {part} data is {name}"
    for one in _materials(statements):
        if name in {one.name, one.source, one.digest}:
            yield f"it was made from {name}"


def _by_base_model(name: str, model: PredictiveModel | GenerativeModel) -> Iterator[str]:
    if not isinstance(model, GenerativeModel):
        return
    plain = f"{model.route.provider}/{model.route.model}"
    if name in {plain, f"{plain}@{model.route.revision}"}:
        yield f"its route is {plain}@{model.route.revision}"


def _by_package(name: str, statements: Iterable[Statement]) -> Iterator[str]:
    wanted, _, version = name.partition("==")
    for part in _materials(statements):
        same = part.package is not None and _normal(part.package) == _normal(wanted)
        if same and version in {"", part.version}:
            yield f"it contains {part.package} {part.version}"


def _by_signer(
    name: str, envelopes: Iterable[Envelope], signers: Mapping[Digest, str]
) -> Iterator[str]:
    for envelope in envelopes:
        key, statement = envelope.key_id(), statement_in(envelope)
        if statement and name in {key, signers.get(key)}:
            yield f"{signers.get(key, key)} signed its {statement.predicate_type}"


@dataclass(frozen=True, slots=True)
class _Material:
    """One thing that went into an artifact, as provenance or a bill of materials names it."""

    name: str
    source: str
    digest: str
    package: str | None
    version: str


def _materials(statements: Iterable[Statement]) -> Iterator[_Material]:
    for statement in statements:
        if statement.predicate_type == PROVENANCE:
            definition = _mapping(statement.predicate.get("buildDefinition"))
            yield from map(_dependency, _mappings(definition.get("resolvedDependencies")))
        if statement.predicate_type == BILL_OF_MATERIALS:
            yield from map(_component, _mappings(statement.predicate.get("components")))


def _dependency(entry: Mapping[str, JsonValue]) -> _Material:
    name, uri = str(entry.get("name", "")), str(entry.get("uri", ""))
    hexes = str(_mapping(entry.get("digest")).get("sha256", ""))
    package = re.fullmatch(r"pkg:pypi/([^@]+)@(.+)", uri)
    called, version = (package[1], package[2]) if package else (None, "")
    return _Material(name, name.partition("#")[0], f"sha256:{hexes}", called, version)


def _component(entry: Mapping[str, JsonValue]) -> _Material:
    name, version = str(entry.get("name", "")), str(entry.get("version", ""))
    hashes = [str(one.get("content", "")) for one in _mappings(entry.get("hashes"))]
    package = name if entry.get("type") == "library" else None
    digest = f"sha256:{hashes[0]}" if hashes else ""
    return _Material(name, name.partition("#")[0], digest, package, version)


def _normal(name: str) -> str:
    """Return a package's name as PEP 503 compares it."""
    return re.sub(r"[-_.]+", "-", name).lower()


def _mapping(value: JsonValue) -> Mapping[str, JsonValue]:
    return value if isinstance(value, dict) else {}


def _mappings(value: JsonValue) -> list[dict[str, JsonValue]]:
    return [one for one in value if isinstance(one, dict)] if isinstance(value, list) else []
