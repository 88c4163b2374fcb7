"""A small product, and the instance that ``init`` makes of it, with everybody's keys at hand."""

from __future__ import annotations

import os
import shutil
import subprocess
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

import turnpike
import turnpike.cli.host_hook  # the hook runs it from the product
import turnpike.signing.service  # the gate's process runs it
from turnpike.documents.canonical import canonical
from turnpike.documents.identifiers import ObjectId, digest_of
from turnpike.documents.reading import read
from turnpike.evidence.envelope import Envelope
from turnpike.forge.embedded import EmbeddedForge, EmbeddedHost
from turnpike.forge.interface import Opening
from turnpike.forge.speaker import SshSpeaker
from turnpike.git.objects import EMPTY_TREE, Identity
from turnpike.git.repository import Repository
from turnpike.instance.create import GATE, Wish, init
from turnpike.instance.instance import Instance
from turnpike.judge.decision import Decision
from turnpike.judge.layout import ACCESS_FILES, ACCESS_FOLDERS, ORGANISATION_PATH
from turnpike.record.record import RECORD_REF, Record
from turnpike.record.statements import statement_of_decision
from turnpike.signing.process import SigningProcess
from turnpike.topology.key import KEY, Role
from turnpike.topology.organisation import ORGANISATION

ROOT = Path(__file__).resolve().parents[3]
MAIN = "refs/heads/main"
MARIA = Identity("Maria López", "maria.lopez@aurora-health.example")


def now() -> datetime:
    return datetime.now(UTC)


def git(folder: Path, *words: str, check: bool = True) -> subprocess.CompletedProcess[str]:
    """Run the git of a person, with no settings of this machine."""
    return subprocess.run(
        ["git", "-C", str(folder), "-c", "user.name=x", "-c", "user.email=x@example.com", *words],
        env={"PATH": os.environ["PATH"], "GIT_CONFIG_GLOBAL": os.devnull},
        capture_output=True,
        text=True,
        check=check,
    )


def new_product(folder: Path) -> Path:
    """Commit what an instance needs of the product, a sample model, and an executable file."""
    shutil.copytree(
        Path(turnpike.__file__).parent,
        folder / "platform" / "turnpike",
        ignore=shutil.ignore_patterns("__pycache__"),
    )
    for path in ("policies/data/organisation.yaml", "CODEOWNERS"):
        (folder / path).parent.mkdir(parents=True, exist_ok=True)
        shutil.copy(ROOT / path, folder / path)
    shutil.copytree(ROOT / "environments", folder / "environments")
    for told in ACCESS_FOLDERS:
        shutil.copytree(ROOT / told, folder / told)
    for path in ACCESS_FILES:
        (folder / path).parent.mkdir(parents=True)
        shutil.copy(ROOT / path, folder / path)
    sample = folder / "models" / "oncology" / "tumour-malignancy" / "model.yaml"
    sample.parent.mkdir(parents=True)
    sample.write_text("kind: Model\n")
    (folder / "turnpike").write_text("#!/bin/sh\n")
    (folder / "turnpike").chmod(0o755)
    git(folder, "init", "-q", "-b", "main")
    git(folder, "add", "-A")
    git(folder, "commit", "-q", "-m", "The product")
    return folder


@dataclass(frozen=True, slots=True)
class Aurora:
    """An instance with personas, and what its people and its gate would do."""

    instance: Instance
    host: Repository
    clone: Repository

    @classmethod
    def made(cls, folder: Path, product: Path) -> Aurora:
        made = init(Wish(folder, product, with_personas=True), now())
        return cls(
            made.instance, Repository(made.instance.host), Repository(made.instance.monorepo)
        )

    def main(self) -> ObjectId:
        return self.host.resolve(MAIN)

    def record_tip(self) -> ObjectId:
        return self.host.resolve(RECORD_REF)

    def forge(self, person: str | None = None) -> EmbeddedForge:
        content = self.host.read(self.main(), ORGANISATION_PATH)
        organisation = read(ORGANISATION, content or b"", ORGANISATION_PATH)
        speaker = SshSpeaker(person, self.instance.person_key(person)) if person else None
        host = EmbeddedHost(self.host, self.instance.genesis, organisation)
        return EmbeddedForge(host, self.clone, now, speaker)

    def commit(self, path: str, text: str, *parents: ObjectId) -> ObjectId:
        """Write a commit into the clone that changes one file, on main unless said otherwise."""
        self.clone.fetch("origin", "+refs/heads/*:refs/remotes/origin/*")
        chosen = parents or (self.main(),)
        tree = self.clone.write_tree_with(chosen[0], {path: text.encode()})
        return self.clone.write_commit(tree, chosen, MARIA, MARIA, f"Change {path}\n", now())

    def opened(self, text: str, person: str = "maria-lopez") -> tuple[int, ObjectId]:
        """Open a pull request of its own kind."""
        commit = self.commit(f"docs/{text}.md", text)
        return self.forge(person).open(Opening(head=commit, title=text)), commit

    def push(self, *refspecs: str, options: tuple[str, ...] = ()) -> str:
        """Push from the clone as anybody could; return what the host says, empty if it agrees."""
        done = git(self.instance.monorepo, "push", "-q", *options, str(self.instance.host),
                   *refspecs, check=False)  # fmt: skip
        return done.stderr if done.returncode else ""

    # --- what the gate does -----------------------------------------------------------------

    def signer(self, role: Role) -> SigningProcess:
        content = self.host.read(self.main(), f"policies/keys/{role}.yaml")
        return SigningProcess(read(KEY, content or b"", role), self.instance.key(role))

    def gate(self) -> SigningProcess:
        return self.signer("gate")

    def decide(self, head: ObjectId, **bent: object) -> Envelope:
        """Record a decision on a head at the host, as the gate does; it is an allow."""
        facts = canonical({"kind": "Facts", "merge": {"head": head}})
        base = self.main()
        fields: dict[str, object] = {
            "api_version": "turnpike.dev/v1",
            "kind": "Decision",
            "facts": digest_of(facts),
            "previous": Record(self.host).tip().previous,
            "genesis": self.instance.genesis,
            "base": base,
            "head": head,
            "merge_tree": self.clone.merge_tree(base, head).tree,
            "pull_request": 1,
            "change_class": "docs",
            "subjects": ("docs",),
            "verdict": "allow",
            "findings": (),
            "notes": (),
            "requirements": (),
            "evidence": (),
            "admitted": (),
            "decided_at": now(),
            "valid_until": now() + timedelta(minutes=10),
        }
        decision = Decision.model_validate({**fields, **bent})
        with self.gate() as gate:
            envelope = gate.sign(statement_of_decision(decision))
            Record(self.host).append(
                [envelope], self.record_tip(), GATE, now(), gate.sign_commit, facts=facts
            )
        return envelope

    def merge_commit(self, head: ObjectId, envelope: Envelope, **bent: object) -> ObjectId:
        """Write the signed merge commit of a decision into the clone; main stays where it is."""
        self.clone.fetch("origin", "+refs/heads/*:refs/remotes/origin/*")
        base = self.main()
        fields: dict[str, object] = {
            "tree": self.clone.merge_tree(base, head).tree or EMPTY_TREE,
            "parents": (base, head),
            "message": (
                f"Merge\n\nTurnpike-Decision: {envelope.digest()}\n"
                f"Turnpike-Record: {self.record_tip()}\n"
            ),
        }
        with self.gate() as gate:
            fields["sign"] = gate.sign_commit
            return self.clone.write_commit(
                author=GATE, committer=GATE, when=now(), **{**fields, **bent},  # type: ignore[arg-type]
            )  # fmt: skip
