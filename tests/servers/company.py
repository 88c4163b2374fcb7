"""An instance whose host is a real Gitea, connected and locked; its verbs are called as its bot."""

from __future__ import annotations

import json
import os
import subprocess
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from runbooks import Shell
from servers.gitea_world import BOT, NAME, OWNER, GiteaWorld, gitea_host, organisation_with_gitea
from turnpike.documents.identifiers import ObjectId
from turnpike.forge.interface import Opening

ROOT = Path(__file__).resolve().parents[2]


@dataclass(frozen=True, slots=True)
class Company:
    """An instance whose host is a real Gitea; verbs are called as its bot."""

    folder: Path
    world: GiteaWorld

    def verb(self, *words: str, token: str | None = None) -> subprocess.CompletedProcess[str]:
        """Call a verb in the instance with the bot's token, or another one."""
        secret = token or self.world.tokens[BOT].secret
        return subprocess.run(
            [str(ROOT / "turnpike"), *words],
            cwd=self.folder if self.folder.exists() else ROOT,
            env={**os.environ, "TURNPIKE_GITEA_TOKEN": secret},
            capture_output=True,
            text=True,
            check=False,
            timeout=600,
        )

    def told(self, *words: str, code: int = 0) -> Mapping[str, object]:
        """Return what a verb says to machines; it must end with that exit code."""
        done = self.verb(*words, "--json")
        assert done.returncode == code, f"{words}: {done.stdout}{done.stderr}"
        value: Mapping[str, object] = json.loads(done.stdout)
        return value

    def commit(self, path: str, text: str, on: str = "") -> ObjectId:
        """Commit one file on main, in the clone that everybody of the test pushes from."""
        return self.world.child_of(ObjectId(on) if on else self.world.main(), {path: text.encode()})

    def findings(self, number: int) -> set[str]:
        """Return the codes of what stands against a pull request."""
        decision = self.told("gate", "--pr", str(number), code=1)
        findings = decision["findings"]
        assert isinstance(findings, list)
        return {finding["code"] for finding in findings}

    def opened(self, name: str, by: str = "maria-lopez") -> tuple[int, ObjectId]:
        """Open a pull request that adds a page; return its number and its commit."""
        commit = self.commit(f"docs/{name}.md", f"{name}\n")
        return self.world.forge(by).open(Opening(head=commit, title=f"Add {name}")), commit

    def approved(self, name: str) -> int:
        """Open a pull request that may be merged, and return its number.

        Gitea notes who pushed a little after the push; a crash before that would lose it.
        """
        number, commit = self.opened(name)
        self.world.forge("sam-rivera").review(number, "approved", commit)
        ends = time.monotonic() + 300
        while not self.world.forge(BOT).pull_request(number).pushers:
            assert time.monotonic() < ends, f"Gitea never told who pushed {number}"
            time.sleep(0.05)
        return number

    def told_of(self, number: int) -> tuple[str, str | None]:
        """Return what Gitea shows of a pull request: its state, and the bot's word on its head."""
        pulls = self.world.forge(BOT).pull_requests()
        pull = next(one for one in pulls if one.number == number)
        return pull.state, self.world.word_on(pull.head)


@contextmanager
def gitea_company(folder: Path) -> Iterator[Company]:
    """Make the instance, connect it to a Gitea of its own, and lock the branches there."""
    organisation = organisation_with_gitea(folder / "organisation.yaml")
    with gitea_host(folder) as world:
        company = Company(folder / "instance", world)
        words = (
            "init",
            str(company.folder),
            "--with-personas",
            "--organisation",
            str(organisation),
        )
        done = subprocess.run(
            [str(ROOT / "turnpike"), *words], check=False, capture_output=True, text=True
        )
        assert done.returncode == 0, done.stderr
        at = ("--host", "gitea", "--address", world.gitea.url, "--repository", f"{OWNER}/{NAME}")
        company.told("forge", "connect", *at)
        secret = world.root_token.secret
        assert company.verb("forge", "check", token=secret).returncode == 1
        assert company.verb("forge", "protect", token=secret).returncode == 0
        assert company.verb("forge", "check", token=secret).returncode == 0
        yield company


def shell_of(company: Company, values: Mapping[str, str]) -> Shell:
    """Return where the commands of a runbook run: the bot's clone, an administrator's netrc."""
    home = company.folder / "home"
    company.world.netrc(home)
    environ = {
        **os.environ,
        "HOME": str(home),
        "TURNPIKE_CACHE": os.environ.get("TURNPIKE_CACHE") or str(_cache()),
        "TURNPIKE_GITEA_TOKEN": company.world.tokens[BOT].secret,
    }
    declared = {"host": company.world.gitea.url, "repository": f"{OWNER}/{NAME}", **values}
    return Shell(company.folder / "monorepo", environ, declared)


def _cache() -> Path:
    """Return where the set-up keeps things while HOME is not another one."""
    place = os.environ.get("XDG_CACHE_HOME")
    return Path(place or Path.home() / ".cache") / "turnpike"
