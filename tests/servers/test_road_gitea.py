"""A change walks the road on a real Gitea: opened, gated, approved and merged over its own API."""

from __future__ import annotations

import json
import os
import subprocess
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

import pytest

from servers.gitea_world import (
    BOT,
    NAME,
    OWNER,
    GiteaWorld,
    gitea_host,
    organisation_with_gitea,
)
from turnpike.documents.identifiers import ObjectId
from turnpike.errors import CannotDecide
from turnpike.forge.interface import Landing, Opening
from turnpike.forge.refs import MAIN
from turnpike.git.repository import Repository

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
            timeout=120,
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


@pytest.fixture(scope="module")
def company(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Company]:
    folder = tmp_path_factory.mktemp("company")
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
        secret = world.administrator.headers["Authorization"].removeprefix("token ")
        assert company.verb("forge", "check", token=secret).returncode == 1
        assert company.verb("forge", "protect", token=secret).returncode == 0
        assert company.verb("forge", "check", token=secret).returncode == 0
        yield company


def opened(company: Company, name: str, by: str = "maria-lopez") -> tuple[int, ObjectId]:
    commit = company.commit(f"docs/{name}.md", f"{name}\n")
    return company.world.forge(by).open(Opening(head=commit, title=f"Add {name}")), commit


def told_of(company: Company, number: int) -> tuple[str, str | None]:
    pulls = company.world.forge(BOT).pull_requests()
    return next((one.state, one.status) for one in pulls if one.number == number)


def test_a_change_is_denied_then_approved_and_merged_by_the_bot(company: Company) -> None:
    number, commit = opened(company, "road")
    assert "approvals-missing" in company.findings(number)
    company.world.forge("sam-rivera").review(number, "approved", commit)
    merged = company.told("pr", "merge", str(number))
    assert company.world.main() == merged["commit"]
    assert told_of(company, number) == ("merged", "success")
    assert company.verb("verify").returncode == 0


def test_a_late_push_voids_the_approval(company: Company) -> None:
    number, commit = opened(company, "late")
    company.world.forge("sam-rivera").review(number, "approved", commit)
    later = company.commit("docs/late.md", "something else\n", commit)
    company.world.forge("maria-lopez").push(number, later)
    assert "approvals-missing" in company.findings(number)
    assert company.told("pr", "merge", str(number), code=1)["commit"] is None
    assert told_of(company, number) == ("open", "failure")
    assert "approvals-missing" in company.world.forge(BOT).comment_of(number, BOT)


def test_an_approval_by_somebody_removed_at_the_host_does_not_count(company: Company) -> None:
    number, commit = opened(company, "removed")
    company.world.forge("sam-rivera").review(number, "approved", commit)
    path = f"/api/v1/repos/{OWNER}/{NAME}/collaborators/sam-rivera"
    company.world.administrator.send("DELETE", path, {})
    try:
        assert "approvals-missing" in company.findings(number)
    finally:
        company.world.administrator.send("PUT", path, {"permission": "write"})


def test_a_forged_status_and_the_merge_button_get_nowhere(company: Company) -> None:
    number, commit = opened(company, "forged")
    maria, before = company.world.forge("maria-lopez"), company.world.main()
    maria.status(commit, "success", "forged")
    path = f"/api/v1/repos/{OWNER}/{NAME}/pulls/{number}/merge"
    with pytest.raises(CannotDecide):
        company.world.api("maria-lopez").send("POST", path, {"Do": "merge"})
    with pytest.raises(CannotDecide):
        company.world.administrator.send("POST", path, {"Do": "merge", "force_merge": True})
    with pytest.raises(CannotDecide):
        maria.land(number, Landing(commit, before))
    assert company.world.main() == before
    assert "approvals-missing" in company.findings(number)


def test_an_approval_by_whoever_pushed_does_not_count(company: Company) -> None:
    number, first = opened(company, "pushed")
    commit = company.commit("docs/pushed.md", "by sam\n", first)
    sam = company.world.forge("sam-rivera")
    sam.push(number, commit)
    sam.review(number, "approved", commit)
    assert "approvals-missing" in company.findings(number)


def test_a_host_that_is_down_decides_nothing(company: Company) -> None:
    number, _ = opened(company, "down")
    file = company.folder / "instance.yaml"
    text = file.read_text("utf-8")
    try:
        file.write_text(text.replace(company.world.gitea.url, "http://127.0.0.1:9"), "utf-8")
        done = company.verb("gate", "--pr", str(number))
    finally:
        file.write_text(text, "utf-8")
    assert done.returncode == 3
    assert "127.0.0.1:9" in done.stderr


def test_a_rewritten_main_is_noticed_and_nothing_goes_on(company: Company) -> None:
    number, _ = opened(company, "rewritten")
    before = company.world.main()
    mirror = Repository(company.folder / "host.git")
    elsewhere = company.commit("docs/elsewhere.md", "x\n", mirror.first_parents(MAIN)[-1])
    mirror.fetch(str(company.world.clone.path), f"+{elsewhere}:refs/heads/elsewhere")
    mirror.update_ref(MAIN, elsewhere, before)
    try:
        done = company.verb("gate", "--pr", str(number))
    finally:
        mirror.update_ref(MAIN, before, elsewhere)
    assert done.returncode == 1
    assert "host.rewritten" in done.stderr


def test_the_token_is_in_no_output_and_no_file(company: Company) -> None:
    secret = company.world.tokens[BOT].secret
    done = company.verb("doctor")
    assert secret not in done.stdout + done.stderr
    written = [f for f in company.folder.rglob("*") if f.is_file() and f.stat().st_size < 1_000_000]
    assert not [file for file in written if secret.encode() in file.read_bytes()]
