"""The in-toto Statement v1 (https://in-toto.io/Statement/v1) and what Turnpike says in it."""

from __future__ import annotations

from typing import Final, Literal

from pydantic import Field, JsonValue, TypeAdapter

from turnpike.documents.canonical import canonical_document
from turnpike.documents.document import Part
from turnpike.documents.identifiers import Digest

STATEMENT_TYPE: Final = "https://in-toto.io/Statement/v1"
PAYLOAD_TYPE = "application/vnd.in-toto+json"

VALIDATION = "https://turnpike.dev/attestation/validation/v1"
SCAN = "https://turnpike.dev/attestation/scan/v1"
OBSERVATION = "https://turnpike.dev/attestation/observation/v1"
TERRAFORM_PLAN = "https://turnpike.dev/attestation/terraform-plan/v1"
TERRAFORM_APPLY = "https://turnpike.dev/attestation/terraform-apply/v1"
DECISION = "https://turnpike.dev/attestation/decision/v1"
OUTCOME = "https://turnpike.dev/attestation/outcome/v1"
PROVENANCE = "https://slsa.dev/provenance/v1"
BILL_OF_MATERIALS = "https://cyclonedx.org/bom"

ISSUED_BY: dict[str, str] = {
    VALIDATION: "validator",
    SCAN: "validator",
    OBSERVATION: "observer",
    TERRAFORM_PLAN: "planner",
    TERRAFORM_APPLY: "planner",
    DECISION: "gate",
    OUTCOME: "gate",
    PROVENANCE: "registrar",
    BILL_OF_MATERIALS: "registrar",
}
"""The one role that may issue each predicate type; any other signer counts for nothing."""


class Subject(Part):
    """What a statement is about: a name for people and the hex digest that decides."""

    name: str
    digest: dict[Literal["sha256", "gitCommit", "gitTree"], str] = Field(min_length=1)


class Statement(Part):
    """An in-toto statement; the predicate's shape depends on its type."""

    type: Literal["https://in-toto.io/Statement/v1"] = Field(
        validation_alias="_type", serialization_alias="_type"
    )
    subject: tuple[Subject, ...] = Field(min_length=1)
    predicate_type: str
    predicate: dict[str, JsonValue]

    def is_about(self, digest: Digest) -> bool:
        """Tell whether one of the subjects is the artifact with that digest."""
        return any(s.digest.get("sha256") == digest.removeprefix("sha256:") for s in self.subject)


STATEMENT: TypeAdapter[Statement] = TypeAdapter(Statement)


def statement_about(
    name: str, digest: Digest, predicate_type: str, predicate: dict[str, JsonValue]
) -> Statement:
    """Return a statement about one artifact."""
    subject = Subject(name=name, digest={"sha256": digest.removeprefix("sha256:")})
    return Statement(
        type=STATEMENT_TYPE, subject=(subject,), predicate_type=predicate_type, predicate=predicate
    )


def payload_of(statement: Statement) -> bytes:
    """Return the bytes that are signed: the canonical JSON of the statement."""
    return canonical_document(statement)
