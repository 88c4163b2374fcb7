"""A main with three models, swept as often as a test wants, and who was asked about what."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import timedelta
from pathlib import Path

from turnpike.change.sweep import Sweep, Swept, ground_at
from turnpike.change.sweep_cache import SweepCache
from turnpike.change.sweep_judging import Shelves
from turnpike.documents.canonical import canonical_document
from turnpike.documents.identifiers import Digest, ObjectId
from turnpike.judge.consistency import BUILD_TEXT
from turnpike.judge.policy_input import Answer, Denial, PolicyInput, SubjectAnswer
from turnpike.record.record import Record
from unit.change.gates import RULE, TOOLS
from unit.change.monorepo import Monorepo
from unit.git.folder import commit_files
from unit.judge.examples import ARTIFACT, NOW, model

BAD = "oncology/worse"


@dataclass
class World:
    """A main with a good and a bad model; ``asked`` are the models that rules were asked about."""

    monorepo: Monorepo
    main: ObjectId
    file: Path
    policies: Digest = TOOLS.policies
    registered: Digest | None = ARTIFACT
    asked: list[str] = field(default_factory=list)

    def ask(self, batch: tuple[PolicyInput, ...]) -> Answer:
        self.asked += [one.subject.id for one in batch if one.subject.kind == "model"]
        return Answer(results=tuple(map(_judged, batch)))

    def sweep(self, secret: bytes = b"s" * 32, *, later: timedelta = timedelta()) -> Swept:
        repository = self.monorepo.repository
        shelves = Shelves(repository, Record(repository), lambda *_: self.registered)
        tools = TOOLS.model_copy(update={"policies": self.policies})
        clock = NOW + timedelta(hours=1) + later
        ground = ground_at(repository, self.monorepo.base, self.main, shelves, tools, clock)
        self.asked.clear()
        return Sweep(ground, shelves, self.main, self.ask, SweepCache(self.file, secret)).run()


def _judged(one: PolicyInput) -> SubjectAnswer:
    denial = Denial(code="worse", message="m", expected="better", actual="worse", solution="s")
    return SubjectAnswer(rules=(RULE,), denials=(denial,) if one.subject.id == BAD else ())


def world_in(folder: Path, *names: str) -> World:
    """Return a world with models of these names."""
    monorepo = Monorepo(folder)
    files: dict[str, bytes | None] = {}
    for name in names:
        place = f"models/oncology/{name}"
        files[f"{place}/model.yaml"] = canonical_document(model(name=name))
        files[f"{place}/BUILD"] = BUILD_TEXT.encode()
    main = commit_files(monorepo.repository, files, monorepo.base)
    return World(monorepo, main, folder / "cache" / "sweep.jsonl")
