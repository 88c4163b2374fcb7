"""A small company's main in a real repository, with heads to be looked at."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import timedelta
from pathlib import Path

from turnpike.change.collect import Question, Sources, collect
from turnpike.documents.canonical import canonical_document
from turnpike.documents.identifiers import Digest, ObjectId
from turnpike.evidence.envelope import Envelope
from turnpike.evidence.observed import observed_in
from turnpike.git.repository import Repository
from turnpike.infrastructure.sign_on import let_in
from turnpike.judge.consistency import BUILD_TEXT
from turnpike.judge.facts import Facts
from turnpike.record.record import Record
from unit.change.gates import NO_SCHEMAS, TOOLS, SmallRegistry, unexamined
from unit.git.folder import commit_files
from unit.judge.examples import CODEOWNERS, NOW, RoleKey, environment, organisation

FOLDER = "models/oncology/triage"
MANIFEST = f"{FOLDER}/model.yaml"
BUILD: dict[str, bytes | None] = {f"{FOLDER}/BUILD": BUILD_TEXT.encode()}


class Monorepo:
    """A main with a company, three environments and one validator's key."""

    def __init__(self, folder: Path) -> None:
        self.repository = Repository.create(folder / "host.git")
        self.validator = RoleKey("validator")
        files: dict[str, bytes | None] = {
            "policies/data/organisation.yaml": canonical_document(organisation()),
            "CODEOWNERS": CODEOWNERS.encode(),
            "policies/keys/validator.yaml": canonical_document(self.validator.public),
            "README.md": b"read\n",
        }
        for name, sources in (("dev", ()), ("staging", ("dev",)), ("production", ("staging",))):
            path = f"environments/{name}/environment.yaml"
            files[path] = canonical_document(environment(name, sources))
        self.base = commit_files(self.repository, files)

    def head(self, files: dict[str, bytes | None], base: ObjectId | None = None) -> ObjectId:
        return commit_files(self.repository, files, base or self.base)

    def facts(
        self,
        head: ObjectId,
        *attachments: Envelope,
        base: ObjectId | None = None,
        registry: SmallRegistry | None = None,
        observed: tuple[Envelope, ...] = (),
    ) -> Facts:
        question = Question(
            genesis=self.base,
            base=base or self.base,
            head=head,
            pull_request=None,
            attachments=attachments,
            clock=NOW + timedelta(hours=1),
            tools=TOOLS,
        )
        record = Record(self.repository)
        known = registry or SmallRegistry()

        def observations(artifacts: Iterable[Digest]) -> tuple[Envelope, ...]:
            wanted = set(artifacts)
            return tuple(
                e for e in observed if (seen := observed_in(e)) and seen.artifact in wanted
            )

        sources = Sources(
            self.repository, record, known, unexamined, NO_SCHEMAS, observations, let_in
        )
        return collect(sources, question)
