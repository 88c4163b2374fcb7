"""A suspect is found where a manifest, or a statement about its artifact, names it."""

from __future__ import annotations

import pytest
from pydantic import JsonValue

from turnpike.documents.identifiers import Digest, digest_of
from turnpike.evidence.envelope import Envelope
from turnpike.evidence.statement import BILL_OF_MATERIALS, PROVENANCE
from turnpike.judge.suspect import Suspect, reason_of, wanted_of
from turnpike.topology.stop import SuspectKind
from unit.judge.examples import RoleKey, model, statement

REGISTRAR = RoleKey("registrar")
RECORDS = digest_of(b"records")
HEX = RECORDS.removeprefix("sha256:")
SIGNERS = {REGISTRAR.public.id: REGISTRAR.public.name}
COMPONENTS: list[JsonValue] = [
    {"type": "library", "name": "scikit-learn", "version": "1.5.0"},
    {"type": "data", "name": "s3:trial-7#training", "hashes": [{"content": HEX}]},
]
MATERIALS: list[JsonValue] = [
    {"name": "numpy", "uri": "pkg:pypi/numpy@2.0.1"},
    {"name": "s3:trial-7#training", "uri": "s3:trial-7", "digest": {"sha256": HEX}},
]
SIGNED: tuple[Envelope, ...] = (
    REGISTRAR.sign(statement(BILL_OF_MATERIALS, {"components": COMPONENTS})),
    REGISTRAR.sign(statement(PROVENANCE, {"buildDefinition": {"resolvedDependencies": MATERIALS}})),
)


def found(kind: SuspectKind, name: str, envelopes: tuple[Envelope, ...] = SIGNED) -> bool:
    return reason_of(Suspect(kind, name), model(), envelopes, SIGNERS) is not None


@pytest.mark.parametrize(
    ("kind", "name"),
    [
        ("package", "scikit-learn"),
        ("package", "Scikit_Learn"),
        ("package", "scikit-learn==1.5.0"),
        ("package", "numpy==2.0.1"),
        ("data", "s3:trial-7"),
        ("data", "s3:trial-7#training"),
        ("data", RECORDS),
        ("signer", REGISTRAR.public.name),
        ("signer", REGISTRAR.public.id),
    ],
)
def test_it_is_found_by_every_name_that_it_has(kind: SuspectKind, name: str) -> None:
    assert found(kind, name)


@pytest.mark.parametrize(
    ("kind", "name"),
    [
        ("package", "scikit-learn==1.4.0"),
        ("package", "scikit"),
        ("data", "s3:trial"),
        ("data", digest_of(b"other records")),
        ("signer", "validator-1"),
        ("base-model", "anthropic/claude"),
        ("data", ""),
    ],
)
def test_what_nothing_names_is_not_found(kind: SuspectKind, name: str) -> None:
    assert not found(kind, name)


def test_the_manifest_alone_names_its_data() -> None:
    source = model().data.training.source
    assert found("data", source, ())


def test_a_statement_of_another_shape_names_nothing() -> None:
    odd = REGISTRAR.sign(statement(BILL_OF_MATERIALS, {"components": "none"}))
    assert not found("package", "scikit-learn", (odd,))
    assert Digest(REGISTRAR.public.id) in SIGNERS


@pytest.mark.parametrize(
    ("kind", "name", "can_be"),
    [
        ("package", "scikit-learn", True),
        ("package", "Zope.interface==5.0", True),
        ("package", "numpy>=1", False),
        ("package", "numpy=2.0.1", False),
        ("package", "numpy==2.*", False),
        ("package", "numpy==", False),
        ("package", "numpy[extra]", False),
        ("package", "numpy ==2.0.1", False),
        ("base-model", "openai/gpt@20250929", True),
        ("base-model", "bedrock/anthropic/claude", True),
        ("base-model", "openai", False),
        ("base-model", "/", False),
        ("base-model", "openai/gpt@", False),
        ("data", "sklearn:diabetes", True),
        ("data", RECORDS, True),
        ("data", "sha256:12", False),
        ("data", "", False),
        ("signer", "registrar", True),
        ("signer", "", False),
    ],
)
def test_what_nothing_can_be_called_is_told_from_what_reached_nothing(
    kind: SuspectKind, name: str, can_be: bool
) -> None:
    assert (wanted_of(Suspect(kind, name)) is None) == can_be
