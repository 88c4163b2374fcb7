"""A change walks the road at GitHub and at GitLab, by Turnpike's own verbs against stand-ins."""

from __future__ import annotations

import hmac
import json
import os
import signal
import subprocess
import time
from collections.abc import Iterator, Mapping
from contextlib import ExitStack, contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path

import pytest
import requests

from contracts.fake_host import Answer, FakeHost
from contracts.fake_worlds import BOT, PEOPLE, QUICK, REPOSITORY, FakeWorld, clone_in
from contracts.github_fake import github_fake
from contracts.gitlab_fake import gitlab_fake
from turnpike.documents.identifiers import ObjectId
from turnpike.forge.github import GitHubForge
from turnpike.forge.github_api import github_api
from turnpike.forge.gitlab import GitLabForge
from turnpike.forge.gitlab_api import gitlab_api
from turnpike.forge.interface import Forge, Landing, Opening
from turnpike.forge.refs import GITLAB_PULLS, MAIN, PULLS
from turnpike.forge.remote_git import RemoteGit
from turnpike.forge.web import Token

ROOT = Path(__file__).resolve().parents[2]
HOOK = "known-to-both-sides"


@dataclass(frozen=True, slots=True)
class Company:
    """An instance whose host is a stand-in; verbs are called as its bot."""

    host: str
    folder: Path
    world: FakeWorld
    fake: FakeHost

    def verb(self, *words: str, by: str = BOT) -> subprocess.CompletedProcess[str]:
        """Call a verb in the instance with somebody's token."""
        token = {f"TURNPIKE_{self.host.upper()}_TOKEN": f"secret-of-{by}"}
        return subprocess.run(
            [str(ROOT / "turnpike"), *words],
            cwd=self.folder, env={**os.environ, **token},
            capture_output=True, text=True, check=False, timeout=900,
        )  # fmt: skip

    def told(self, *words: str, code: int = 0, by: str = BOT) -> Mapping[str, object]:
        """Return what a verb says to machines; it must end with that exit code."""
        done = self.verb(*words, "--json", by=by)
        assert done.returncode == code, f"{words}: {done.stdout}{done.stderr}"
        assert f"secret-of-{by}" not in done.stdout + done.stderr
        value: Mapping[str, object] = json.loads(done.stdout)
        return value

    def findings(self, number: int) -> set[str]:
        """Return the codes of what stands against a pull request."""
        findings = self.told("gate", "--pr", str(number), code=1)["findings"]
        assert isinstance(findings, list)
        return {finding["code"] for finding in findings}

    def opened(self, name: str) -> tuple[int, ObjectId]:
        commit = self.world.commit(name)
        maria = self.world.forge("maria-lopez")
        return maria.open(Opening(head=commit, title=f"Add {name}")), commit


def github(at: str, token: Token, git: RemoteGit) -> Forge:
    return GitHubForge(github_api(at, token, QUICK), REPOSITORY, git)


def gitlab(at: str, token: Token, git: RemoteGit) -> Forge:
    return GitLabForge(gitlab_api(at, token, QUICK), REPOSITORY, git)


@pytest.fixture(scope="module", params=["github", "gitlab"])
def company(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Company]:
    host: str = request.param
    folder = tmp_path_factory.mktemp(host)
    with ExitStack() as stack:
        if host == "github":
            address, hub = stack.enter_context(github_fake(folder, PEOPLE, REPOSITORY))
            world, fake = FakeWorld(address, clone_in(folder), PULLS, github), hub.host
        else:
            address, lab = stack.enter_context(gitlab_fake(folder, PEOPLE, REPOSITORY))
            world, fake = FakeWorld(address, clone_in(folder), GITLAB_PULLS, gitlab), lab.host
        made = _instance(folder / "instance", folder, host)
        company = Company(host, made, world, fake)
        at = ("--host", host, "--address", address, "--repository", REPOSITORY)
        company.told("forge", "connect", *at)
        assert company.verb("forge", "check", by="owner").returncode == 1
        assert company.verb("doctor", "--forge", by="owner").returncode == 1
        company.told("forge", "protect", by="owner")
        assert company.verb("forge", "check", by="owner").returncode == 0
        yield company


def _instance(instance: Path, folder: Path, host: str) -> Path:
    """Make an instance whose people have the same accounts at the host as at the embedded one."""
    text = (ROOT / "policies" / "data" / "organisation.yaml").read_text("utf-8")
    lines = [
        f"{line}\n{line.replace('embedded:', f'{host}:')}" if "      embedded:" in line else line
        for line in text.splitlines()
    ]
    organisation = folder / "organisation.yaml"
    organisation.write_text("\n".join(lines) + "\n", "utf-8")
    words = ("init", str(instance), "--with-personas", "--organisation", str(organisation))
    done = subprocess.run(
        [str(ROOT / "turnpike"), *words], check=False, capture_output=True, text=True
    )
    assert done.returncode == 0, done.stderr
    return instance


def test_a_change_is_denied_then_approved_and_merged_by_the_bot(company: Company) -> None:
    number, commit = company.opened("road")
    assert "approvals-missing" in company.findings(number)
    company.world.forge("sam-rivera").review(number, "approved", commit)
    merged = company.told("pr", "merge", str(number))
    assert company.world.main() == merged["commit"]
    bot = company.world.forge(BOT)
    assert [one.state for one in bot.pull_requests() if one.number == number] == ["merged"]
    assert company.verb("verify").returncode == 0
    assert company.verb("doctor", "--forge", by="owner").returncode in (0, 3)


def test_a_late_push_voids_the_approval(company: Company) -> None:
    number, commit = company.opened("late")
    company.world.forge("sam-rivera").review(number, "approved", commit)
    later = company.world.child_of(commit, {"docs/late.md": b"something else\n"})
    company.world.forge("maria-lopez").push(number, later)
    assert "approvals-missing" in company.findings(number)
    assert company.told("pr", "merge", str(number), code=1)["commit"] is None


def test_nobody_speaks_by_anothers_token(company: Company) -> None:
    number, _ = company.opened("borrowed")
    review = ("pr", "review", str(number), "--approve", "--as", "sam-rivera")
    told = company.told(*review, code=2)
    assert told["error"] == "forge.other-account", told
    assert f"got one of {BOT}" in str(told["message"])
    assert not company.world.forge(BOT).pull_request(number).reviews
    opening = ("pr", "open", "--as", "maria-lopez")
    assert company.told(*opening, code=2, by="tom-becker")["error"] == "forge.other-account"
    assert company.told(*review, by="sam-rivera")["person"] == "sam-rivera"


def test_a_host_that_is_down_or_shows_a_page_decides_nothing(company: Company) -> None:
    number, _ = company.opened("down")
    page = Answer(200, raw=b"<html>Maintenance</html>", kind="text/html")
    company.fake.order(rf"/(pulls|merge_requests)/{number}$", page)
    done = company.verb("gate", "--pr", str(number))
    assert done.returncode == 3, done.stdout + done.stderr
    assert "forge.un" in done.stderr


@contextmanager
def serving(company: Company) -> Iterator[tuple[subprocess.Popen[str], str]]:
    """Run the service that listens for webhooks; gives its process and where it listens."""
    token = {f"TURNPIKE_{company.host.upper()}_TOKEN": f"secret-of-{BOT}"}
    process = subprocess.Popen(
        [str(ROOT / "turnpike"), "serve-webhooks", "--port", "0"],
        cwd=company.folder, env={**os.environ, **token, "TURNPIKE_WEBHOOK_SECRET": HOOK},
        stdout=subprocess.PIPE, text=True, start_new_session=True,
    )  # fmt: skip
    assert process.stdout is not None
    try:
        yield process, process.stdout.readline().removeprefix("Listening at ").strip()
    finally:
        with suppress(ProcessLookupError):
            os.killpg(process.pid, signal.SIGKILL)
        process.wait()
        process.stdout.close()


def told_of(company: Company, url: str, number: int, name: str, known: str = HOOK) -> int:
    """Send what the host sends when a review was submitted; return the status."""
    pull = {"action": "submitted", "pull_request": {"number": number}}
    request = {"object_attributes": {"iid": number, "action": "approved"}}
    is_github = company.host == "github"
    body = json.dumps(
        pull | {"repository": {"full_name": REPOSITORY}}
        if is_github
        else request | {"project": {"path_with_namespace": REPOSITORY}}
    ).encode()
    digest = hmac.new(known.encode(), body, "sha256").hexdigest()
    headers = (
        {"X-GitHub-Event": "pull_request_review", "X-GitHub-Delivery": name,
         "X-Hub-Signature-256": f"sha256={digest}"}
        if is_github
        else {"X-Gitlab-Event": "Merge Request Hook", "Idempotency-Key": name,
              "X-Gitlab-Token": known}
    )  # fmt: skip
    return requests.post(url, data=body, headers=headers, timeout=120).status_code


def is_merged(company: Company, number: int) -> bool:
    pulls = company.world.forge(BOT).pull_requests()
    return any(one.number == number and one.state == "merged" for one in pulls)


def test_a_webhook_merges_what_is_allowed_even_after_a_kill(company: Company) -> None:
    number, commit = company.opened("webhook")
    company.world.forge("sam-rivera").review(number, "approved", commit)
    with serving(company) as (_, url):
        assert told_of(company, url, number, "forged", known="guessed") == 401
        assert told_of(company, url, number, "first") == 202
    # Killed at once: whatever it had begun, the next start brings to its end, once.
    with serving(company) as (_, url):
        assert told_of(company, url, number, "first") == 202
        deadline = time.monotonic() + 900
        while not is_merged(company, number) and time.monotonic() < deadline:
            time.sleep(1)
        assert is_merged(company, number)
    merges = company.fake.git("log", "--format=%P", "--first-parent", "main").splitlines()
    assert [parents.split()[1:] for parents in merges].count([str(commit)]) == 1
    assert company.verb("verify").returncode == 0


def test_the_token_is_in_no_file_of_the_instance(company: Company) -> None:
    secret = f"secret-of-{BOT}".encode()
    written = [f for f in company.folder.rglob("*") if f.is_file() and f.stat().st_size < 1_000_000]
    assert not [file for file in written if secret in file.read_bytes()]
    assert MAIN in company.fake.refs()


def test_a_main_that_was_moved_around_the_gate_is_no_base(company: Company) -> None:
    """The last one: main stays as whoever had the bot's token left it."""
    number, commit = company.opened("around")
    company.world.forge(BOT).land(number, Landing(commit, company.world.main()))
    later, head = company.opened("on top of it")
    company.world.forge("sam-rivera").review(later, "approved", head)
    for words in (("gate", "--pr", str(later)), ("pr", "merge", str(later))):
        told = company.told(*words, code=3)
        assert told["error"] == "base.not-judged", told
        assert commit in str(told["message"])
    assert company.world.main() == commit
    assert "verify.unjudged" in company.verb("verify").stdout
