"""What a judgement must have read and its facts leave out: statements that the record had by then.

A finding that speaks against a version can only count for as long as nobody can withhold it. The
record keeps it; this makes sure that whoever collected the facts brought it along.
"""

from __future__ import annotations

from pydantic import BaseModel, ConfigDict, Field, TypeAdapter, ValidationError
from pydantic.alias_generators import to_camel

from turnpike.documents.identifiers import Digest, DigestText, ObjectIdText
from turnpike.errors import InputError
from turnpike.evidence.envelope import Envelope
from turnpike.git.repository import Repository
from turnpike.record.record import Record


class _Read(BaseModel):
    """A part of facts of any time: what else stands there is of no concern here."""

    model_config = ConfigDict(extra="ignore", frozen=True, alias_generator=to_camel)


class _Artifact(_Read):
    digest: DigestText


class _Model(_Read):
    artifact: _Artifact | None = None


class _Head(_Read):
    models: dict[str, _Model] = Field(default_factory=dict)
    model_blobs: dict[str, _Model] = Field(default_factory=dict)


class _Tip(_Read):
    tip: ObjectIdText | None = None


class _Facts(_Read):
    head: _Head = _Head()
    evidence: tuple[Envelope, ...] = ()
    record: _Tip = _Tip()

    def artifacts(self) -> set[Digest]:
        """Return what every statement was to be read about."""
        models = (*self.head.models.values(), *self.head.model_blobs.values())
        return {model.artifact.digest for model in models if model.artifact}


_FACTS: TypeAdapter[_Facts] = TypeAdapter(_Facts)


def left_out_of(facts: bytes, repository: Repository) -> tuple[Digest, ...]:
    """Return the statements about a judgement's artifacts that the record had and its facts lack.

    Raises InputError where the record that the facts name is not here, and for facts that are none.
    """
    try:
        said = _FACTS.validate_json(facts)
    except ValidationError as error:
        found = error.errors(include_url=False, include_input=False)[0]
        where = ".".join(map(str, found["loc"])) or "the document"
        raise InputError(
            f"its facts: {where}: expected what a judgement reads, found: {found['msg']}",
            code="facts.unreadable",
        ) from error
    artifacts = said.artifacts()
    if said.record.tip is None or not artifacts:
        return ()
    had = Record(repository).at(said.record.tip).statements_about(sorted(artifacts))
    read = {envelope.digest() for envelope in said.evidence}
    return tuple(sorted({envelope.digest() for envelope in had} - read))
