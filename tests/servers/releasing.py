"""A company whose host is a real Gitea, with a registered model that may be released.

Evidence of validation is signed by the instance's real keys and says that nothing was wrong (see
``end_to_end/evidence.py``): these tests are about what comes after it. Everything that decides is
the gate's, nothing is waved through.
"""

from __future__ import annotations

import os
import subprocess
from collections.abc import Iterable, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from end_to_end.evidence import statements_on
from end_to_end.installed import PRODUCT
from end_to_end.making import make_world
from end_to_end.people import AUTHORS, BOT
from end_to_end.verbs import Told
from end_to_end.world import Files, Signers, World
from servers.gitea_world import NAME, OWNER, GiteaWorld, gitea_host, organisation_with_gitea
from turnpike.documents.identifiers import ObjectId
from turnpike.evidence.envelope import Envelope
from turnpike.evidence.statement import BILL_OF_MATERIALS, PROVENANCE
from turnpike.forge.gitea_protection import protect
from turnpike.forge.interface import Opening
from turnpike.forge.refs import RECORD
from turnpike.forge.remote_git import RemoteGit, authenticated

REPOSITORY = f"/api/v1/repos/{OWNER}/{NAME}"


@dataclass(frozen=True, slots=True)
class Releasing:
    """The instance and its host, and what people and the bot do there."""

    company: World
    host: GiteaWorld
    signers: Signers

    def environ(self, by: str = BOT) -> dict[str, str]:
        """Return what the verbs of the bot, or of a person, find in their environment."""
        return {**os.environ, "TURNPIKE_GITEA_TOKEN": self.host.tokens[by].secret}

    def verb(self, *words: str, by: str = BOT) -> Told:
        """Call a verb with the bot's token, or a person's, in a process of its own."""
        done = subprocess.run(
            [str(PRODUCT / "turnpike"), *words],
            cwd=self.company.folder,
            env=self.environ(by),
            capture_output=True,
            text=True,
            check=False,
            timeout=900,
        )
        return Told(words, done.returncode, done.stdout, done.stderr)

    def told(self, *words: str, code: int = 0, by: str = BOT) -> Any:
        """Return what a verb says to machines; it must end with that exit code."""
        told = self.verb(*words, "--json", by=by)
        assert told.code == code, str(told)
        return told.json()

    def propose(self, files: Files, by: str, evidence: Iterable[Envelope] = ()) -> int:
        """Push a branch, open a pull request over Gitea's API, and attach evidence."""
        forge = self.host.forge(by)
        head = self.host.child_of(self.host.main(), files, AUTHORS[by])
        number = forge.open(Opening(head=head, title=f"Change of {by}"))
        forge.attach(number, *evidence)
        return number

    def propose_model(self, name: str) -> int:
        """Propose a registered model as its team does, with what was found about it."""
        draft = self.company.drafts[name]
        evidence = [*draft.testified(PROVENANCE, BILL_OF_MATERIALS)]
        evidence += self.signers.sign(*statements_on(draft.model))
        return self.propose(draft.files, "jonas-weber", evidence)

    def approve(self, number: int, person: str) -> None:
        """Approve, in Gitea, what a pull request now proposes."""
        head = next(one.head for one in self.host.forge(person).pull_requests()
                    if one.number == number)  # fmt: skip
        self.host.forge(person).review(number, "approved", head)

    def merge(self, number: int) -> ObjectId:
        """Let the bot judge and merge, which must be allowed; Gitea must show it as merged."""
        merged = self.told("pr", "merge", str(number))
        commit = ObjectId(merged["commit"])
        assert self.host.main() == commit
        shown = self.pull(number)
        assert (shown["merged"], shown["merge_commit_sha"]) == (True, commit), shown
        return commit

    def findings(self, number: int) -> set[str]:
        """Return the codes of what stands against a pull request."""
        decision = self.told("gate", "--pr", str(number), code=1)
        return {finding["code"] for finding in decision["findings"]}

    def opened(self, *words: str, by: str = BOT) -> int:
        """Open a change of releases with a verb, as the bot or a person."""
        number: int = self.told(*words, "--target", "local", "--as", by, by=by)["number"]
        return number

    def released(self, *words: str, by: str = BOT) -> ObjectId:
        """Open a change of releases with a verb that needs no approval, and merge it."""
        return self.merge(self.opened(*words, by=by))

    def pull(self, number: int) -> Any:
        """Return a pull request as Gitea shows it to the bot."""
        return self.host.api(BOT).get(f"{REPOSITORY}/pulls/{number}")

    def comments(self, number: int) -> list[Any]:
        """Return the comments on a pull request, as Gitea shows them to the bot."""
        found: Any = self.host.api(BOT).get(f"{REPOSITORY}/issues/{number}/comments")
        return list(found)

    def record(self) -> ObjectId:
        """Return the tip of the record at Gitea."""
        token = self.host.tokens[BOT]
        remote = RemoteGit(authenticated(self.host.clone.path, BOT, token), self.host.url)
        return remote.refs(RECORD)[RECORD]


def train(folder: Path, host: GiteaWorld, samples: tuple[str, ...]) -> World:
    """Make the instance, and register models of it, all really trained."""
    os.environ["TURNPIKE_GITEA_TOKEN"] = host.tokens[BOT].secret
    organisation = organisation_with_gitea(folder / "organisation.yaml")
    return make_world(folder, samples, organisation)


def connect(made: Releasing) -> None:
    """Make Gitea the instance's host, and lock it."""
    at = ("--host", "gitea", "--address", made.host.gitea.url, "--repository", f"{OWNER}/{NAME}")
    made.told("forge", "connect", *at)
    protect(made.host.administrator, f"{OWNER}/{NAME}", BOT)


@contextmanager
def releasing(folder: Path, people: Iterable[str], *samples: str) -> Iterator[Releasing]:
    """Start Gitea and make the company; nothing of it outlives the block."""
    with ExitStack() as stack:
        host = stack.enter_context(gitea_host(folder / "host", people))
        company = train(folder, host, samples)
        made = Releasing(company, host, stack.enter_context(Signers.of(company)))
        connect(made)
        yield made
