"""A real Gitea with a monorepo, its people and the bot, protected as `forge protect` does it."""

from __future__ import annotations

import subprocess
import sys
import threading
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import cached_property
from itertools import count
from pathlib import Path
from typing import Any

from pydantic import JsonValue

from turnpike.documents.identifiers import ObjectId
from turnpike.evidence.envelope import Envelope
from turnpike.evidence.statement import Statement
from turnpike.forge.gitea import GiteaForge
from turnpike.forge.gitea_protection import protect
from turnpike.forge.hosted import CONTEXT
from turnpike.forge.refs import MAIN
from turnpike.forge.remote_git import RemoteGit, authenticated
from turnpike.forge.web import Token, WebApi
from turnpike.git.objects import EMPTY_TREE, Identity
from turnpike.git.repository import Repository
from turnpike.loopback.addresses import answers
from turnpike.loopback.gitea import Gitea, add_account, start_gitea, token_of
from turnpike.loopback.processes import Processes
from unit.judge.examples import RoleKey

OBSERVER = RoleKey("observer")  # the host takes every ref: what counts is the judge's affair
ROOT = Path(__file__).resolve().parents[2]
BOT = "turnpike-bot"
OWNER, NAME = "aurora", "monorepo"
PEOPLE = ("maria-lopez", "tom-becker", "nora-smith", "sam-rivera", BOT)
MARIA = Identity("Maria López", "maria.lopez@aurora-health.example")
SCOPES = "write:repository,write:issue,read:user,write:organization"


def set_up(part: str) -> Path:
    """Return the folder of a part that the set-up builds, or finds built."""
    done = subprocess.run(
        [sys.executable, str(ROOT / "tools" / "setup"), part],
        capture_output=True, text=True, check=True,
    )  # fmt: skip
    return Path(done.stdout.strip().splitlines()[-1])


def organisation_with_gitea(file: Path) -> Path:
    """Write the example company's organisation, in which everybody has an account on Gitea too."""
    text = (ROOT / "policies" / "data" / "organisation.yaml").read_text("utf-8")
    lines = [
        f"{line}\n{line.replace('embedded:', 'gitea:')}" if "      embedded:" in line else line
        for line in text.splitlines()
    ]
    file.write_text("\n".join(lines) + "\n", "utf-8")
    return file


@dataclass
class GiteaWorld:
    """A host with a monorepo, people, and a gate that could allow something."""

    gitea: Gitea
    folder: Path
    tokens: Mapping[str, Token]
    administrator: WebApi
    processes: Processes

    @property
    def url(self) -> str:
        return f"{self.gitea.url}/{OWNER}/{NAME}.git"

    @property
    def root_token(self) -> Token:
        """Return the token of Gitea's administrator."""
        return Token(self.administrator.headers["Authorization"].removeprefix("token "))

    def api(self, person: str) -> WebApi:
        token = self.tokens[person].secret
        return WebApi(self.gitea.url, {"Authorization": f"token {token}"})

    def word_on(self, commit: ObjectId) -> str | None:
        """Return the state of the gate's status on a commit, as Gitea shows it; None for none."""
        place = f"/api/v1/repos/{OWNER}/{NAME}/commits/{commit}/status"
        shown: Any = self.api(BOT).get(place)
        words = {one["context"]: one["status"] for one in shown["statuses"] or ()}
        return words.get(CONTEXT)

    def forge(self, person: str) -> GiteaForge:
        return GiteaForge(self.api(person), f"{OWNER}/{NAME}", self.remote(person))

    def add_person(self, name: str) -> None:
        """Make an account for somebody, who may write to the repository from now on."""
        self.tokens = {**self.tokens, name: _account(self.gitea, name)}
        path = f"/api/v1/repos/{OWNER}/{NAME}/collaborators/{name}"
        self.administrator.send("PUT", path, {"permission": "write"})

    def remote(self, person: str) -> RemoteGit:
        """All people of a test push from one clone, as if each had fetched from the others."""
        clone = authenticated(self.clone.path, person, self.tokens[person])
        return RemoteGit(clone, self.url)

    @cached_property
    def clone(self) -> Repository:
        folder = self.folder / "clone"
        return Repository(folder) if folder.exists() else Repository.create(folder)

    def netrc(self, home: Path) -> None:
        """Let curl and git log in as Gitea's administrator, as people have it in ~/.netrc."""
        home.mkdir(exist_ok=True)
        file = home / ".netrc"
        file.touch(mode=0o600)
        name, secret = self.gitea.administrator, self.root_token.secret
        file.write_text(f"machine 127.0.0.1 login {name} password {secret}\n", "utf-8")

    @contextmanager
    def down(self) -> Iterator[None]:
        """Kill Gitea for the length of the block; it answers again after it."""
        with self.processes.without("gitea"):
            yield
        self.processes.wait_until("gitea", lambda: answers(f"{self.gitea.url}/api/healthz"))

    @contextmanager
    def slow(self, seconds: float) -> Iterator[None]:
        """Let Gitea answer nobody for some seconds, which begin with the block."""
        self.processes.pause("gitea")
        waking = threading.Timer(seconds, self.processes.resume, ("gitea",))
        waking.start()
        try:
            yield
        finally:
            waking.cancel()
            self.processes.resume("gitea")

    def commit(self, name: str) -> ObjectId:
        return self.child_of(self.main(), {f"docs/{name}.md": name.encode()})

    def child_of(
        self, parent: ObjectId, files: Mapping[str, bytes | None], author: Identity = MARIA
    ) -> ObjectId:
        tree = self.clone.write_tree_with(parent, files)
        return self.clone.write_commit(tree, (parent,), author, author, "Change\n", _now())

    def main(self) -> ObjectId:
        remote = self.remote(BOT)
        remote.fetch(f"+{MAIN}:{MAIN}")
        return remote.clone.resolve(MAIN)

    def observed(self, statement: Statement) -> Envelope:
        return OBSERVER.sign(statement)

    def judged_merge(self, head: ObjectId) -> ObjectId:
        """Write the merge commit; that only the gate's are taken is the host's protection."""
        base = self.main()
        tree = self.clone.merge_tree(base, head).tree or EMPTY_TREE
        gate = Identity("Turnpike gate", "gate@turnpike.dev")
        return self.clone.write_commit(tree, (base, head), gate, gate, "Merge\n", _now())


@contextmanager
def gitea_host(folder: Path, people: Iterable[str] = PEOPLE) -> Iterator[GiteaWorld]:
    """Start Gitea with people's accounts and an empty repository."""
    with Processes(folder / "logs") as processes:
        gitea = start_gitea(set_up("gitea"), folder / "gitea", processes)
        tokens = {name: _account(gitea, name) for name in people}
        secret = token_of(gitea, gitea.administrator, "all")
        api = WebApi(gitea.url, {"Authorization": f"token {secret}"})
        api.send("POST", "/api/v1/orgs", {"username": OWNER, "visibility": "private"})
        wanted: dict[str, JsonValue] = {"name": NAME, "private": True, "default_branch": "main"}
        api.send("POST", f"/api/v1/orgs/{OWNER}/repos", wanted)
        for name in tokens:
            path = f"/api/v1/repos/{OWNER}/{NAME}/collaborators/{name}"
            api.send("PUT", path, {"permission": "write"})
        manual: dict[str, JsonValue] = {"allow_manual_merge": True, "autodetect_manual_merge": True}
        api.send("PATCH", f"/api/v1/repos/{OWNER}/{NAME}", manual)
        yield GiteaWorld(gitea, folder, tokens, api, processes)


@contextmanager
def gitea_world(folder: Path) -> Iterator[GiteaWorld]:
    """Start Gitea with a genesis on main, protected as `turnpike forge protect` does it."""
    with gitea_host(folder) as world:
        tree = world.clone.write_tree_with(EMPTY_TREE, {"README.md": b"genesis\n"})
        genesis = world.clone.write_commit(tree, (), MARIA, MARIA, "Genesis\n", _now())
        world.clone.update_ref(MAIN, genesis, None)
        remote = RemoteGit(authenticated(world.clone.path, BOT, world.tokens[BOT]), world.url)
        remote.begin()
        protect(world.administrator, f"{OWNER}/{NAME}", BOT)
        yield world


_PASSWORDS = count(1)


def _account(gitea: Gitea, name: str) -> Token:
    add_account(gitea, name, f"password-of-{name}-{next(_PASSWORDS)}")
    return Token(token_of(gitea, name, SCOPES))


def _now() -> datetime:
    return datetime.now(UTC)
