"""An instance as the tests use it: people propose, review and merge, validators testify."""

from __future__ import annotations

import subprocess
from collections.abc import Iterable, Iterator, Mapping
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from hashlib import sha256
from pathlib import Path

from end_to_end.people import AUTHORS
from end_to_end.verbs import Told, call
from turnpike.cli.wiring import House
from turnpike.documents.canonical import canonical_document
from turnpike.documents.identifiers import ObjectId
from turnpike.documents.reading import read
from turnpike.evidence.envelope import Envelope
from turnpike.evidence.statement import ISSUED_BY, Statement
from turnpike.forge.atomic_push import Move, push_atomically
from turnpike.forge.refs import MAIN, RECORD, evidence_ref
from turnpike.git.repository import Repository
from turnpike.instance.instance import ROLES
from turnpike.instance.locate import open_instance
from turnpike.manifest.model import MODEL, GenerativeModel, PredictiveModel
from turnpike.signing.process import SigningProcess

Files = Mapping[str, bytes | None]


@dataclass(frozen=True, slots=True)
class Draft:
    """A registered model: its files by path, with the artifact block, and what was testified."""

    key: str
    files: Mapping[str, bytes]
    testimony: tuple[Envelope, ...]

    def path(self, name: str) -> str:
        """Return the path of one of its files."""
        return f"models/{self.key}/{name}"

    @property
    def model(self) -> PredictiveModel | GenerativeModel:
        """Return the manifest."""
        return read(MODEL, self.files[self.path("model.yaml")], self.path("model.yaml"))

    def edited(self, *edits: tuple[str, str], file: str = "model.yaml") -> Draft:
        """Return the draft with texts of one file replaced, each of which stands there once."""
        text = self.files[self.path(file)].decode()
        for old, new in edits:
            assert text.count(old) == 1, f"{old!r} stands {text.count(old)} times in {file}"
            text = text.replace(old, new)
        return Draft(self.key, {**self.files, self.path(file): text.encode()}, self.testimony)

    def without(self, file: str) -> Draft:
        """Return the draft without one of its files."""
        left = {path: content for path, content in self.files.items() if path != self.path(file)}
        return Draft(self.key, left, self.testimony)

    def testified(self, *kinds: str) -> tuple[Envelope, ...]:
        """Return the registrar's testimony of some predicate types."""
        from turnpike.evidence.envelope import statement_in

        found = [(one, statement_in(one)) for one in self.testimony]
        return tuple(one for one, said in found if said and said.predicate_type in kinds)


class Signers:
    """The process of each role; a statement goes to the one that may issue it."""

    def __init__(self, processes: Mapping[str, SigningProcess]) -> None:
        """Keep the processes."""
        self._processes = processes

    @classmethod
    @contextmanager
    def of(cls, world: World) -> Iterator[Signers]:
        """Start the processes of an instance."""
        house = world.house
        with ExitStack() as stack:
            yield cls({role: stack.enter_context(house.signer(role)) for role in ROLES})

    def sign(self, *statements: Statement) -> tuple[Envelope, ...]:
        """Sign statements, each by its role."""
        return tuple(self._processes[ISSUED_BY[s.predicate_type]].sign(s) for s in statements)


@dataclass(frozen=True)
class World:
    """An instance, with the models that its teams have registered by their short names."""

    folder: Path
    drafts: Mapping[str, Draft]

    @property
    def monorepo(self) -> Path:
        """Return the clone that people work in."""
        return self.folder / "monorepo"

    @property
    def host(self) -> Path:
        """Return the bare repository of the host."""
        return self.folder / "host.git"

    @property
    def house(self) -> House:
        """Return the instance with its adapters, opened afresh."""
        return House(open_instance(self.folder))

    def copied(self, folder: Path) -> World:
        """Return the same world once more, in a folder of its own."""
        subprocess.run(["cp", "-a", self.folder, folder], check=True, timeout=300)
        copy = World(folder, self.drafts)
        copy.git("config", "remote.origin.url", str(copy.host))
        copy.git("config", "turnpike.instance", str(folder))
        return copy

    # --- what people do ---------------------------------------------------------------------

    def call(self, *words: str) -> Told:
        """Call a verb in the clone."""
        return call(self.monorepo, *words)

    def done(self, *words: str) -> Told:
        """Call a verb that must succeed."""
        told = self.call(*words)
        assert told.code == 0, str(told)
        return told

    def git(self, *words: str, at: Path | None = None, accept: tuple[int, ...] = (0,)) -> str:
        """Run git as a person would; return what it said."""
        done = subprocess.run(
            ["git", "-C", str(at or self.monorepo), *words],
            capture_output=True,
            text=True,
            check=False,
            timeout=300,
        )
        assert done.returncode in accept, f"git {words}: {done.stdout}{done.stderr}"
        return f"{done.stdout}{done.stderr}".strip()

    def ref(self, ref: str) -> ObjectId:
        """Return where a ref of the host stands."""
        return ObjectId(self.git("rev-parse", ref, at=self.host))

    @property
    def main(self) -> ObjectId:
        """Return where the host's main stands."""
        return self.ref(MAIN)

    @property
    def record(self) -> ObjectId:
        """Return where the record stands."""
        return self.ref(RECORD)

    def commit(self, files: Files, by: str, *, message: str = "Change", on: str = "") -> ObjectId:
        """Commit a change of files (None removes one) on main in the clone, on no branch."""
        self.git("fetch", "--quiet", "origin")
        base = ObjectId(on or self.main)
        with Repository(self.monorepo) as clone:
            tree = clone.write_tree_with(base, files)
            who = AUTHORS[by]
            return clone.write_commit(tree, (base,), who, who, f"{message}\n", datetime.now(UTC))

    def open(self, head: str, by: str) -> int:
        """Open a pull request of a commit."""
        opened = self.done("pr", "open", "--head", head, "--as", by, "--json").json()
        return int(opened["number"])

    def propose(
        self,
        files: Files,
        by: str,
        approved_by: Iterable[str] = (),
        evidence: Iterable[Envelope] = (),
    ) -> int:
        """Open a pull request of files, with evidence and approvals; return its number."""
        number = self.open(self.commit(files, by), by)
        self.attach(number, evidence)
        self.approve(number, *approved_by)
        return number

    def approve(self, number: int, *people: str) -> None:
        """Approve the head of a pull request."""
        for person in people:
            self.done("pr", "review", str(number), "--approve", "--as", person)

    def attach(self, number: int, evidence: Iterable[Envelope]) -> None:
        """Push signed statements to a pull request, as anybody may."""
        with Repository(self.monorepo) as clone:
            moves = []
            for envelope in evidence:
                content = canonical_document(envelope)
                ref = evidence_ref(number, sha256(content).hexdigest())
                moves.append(Move(ref, clone.write_blob(content), None))
            if moves:
                push_atomically(clone, str(self.host), *moves)

    def gate(self, number: int) -> Told:
        """Judge a pull request."""
        return self.call("gate", "--pr", str(number), "--json")

    def merge(self, number: int) -> Told:
        """Judge and merge a pull request."""
        return self.call("pr", "merge", str(number), "--json")

    def merged(self, number: int) -> None:
        """Merge a pull request, which must be allowed."""
        told = self.merge(number)
        assert told.code == 0, str(told)

    def change_of(self, *words: str) -> int:
        """Call a verb that opens changes, of which there is one; return its number."""
        (opened,) = self.done(*words, "--json").json()["opened"]
        return int(opened["number"])

    def change(self, *words: str) -> int:
        """Call a verb that opens a change; return the number of its pull request."""
        return int(self.done(*words, "--json").json()["number"])
