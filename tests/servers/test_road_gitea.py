"""A change walks the road on a real Gitea: opened, gated, approved and merged over its own API."""

from __future__ import annotations

import json
from collections.abc import Iterator

import pytest

from servers.company import Company, gitea_company
from servers.gitea_world import BOT, NAME, OWNER
from turnpike.errors import CannotDecide
from turnpike.forge.atomic_push import Move
from turnpike.forge.interface import Landing
from turnpike.forge.refs import MAIN, MOST_EVIDENCE
from turnpike.git.repository import Repository


@pytest.fixture(scope="module")
def company(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Company]:
    with gitea_company(tmp_path_factory.mktemp("company")) as made:
        yield made


def test_a_change_is_denied_then_approved_and_merged_by_the_bot(company: Company) -> None:
    number, commit = company.opened("road")
    assert "approvals-missing" in company.findings(number)
    company.world.forge("sam-rivera").review(number, "approved", commit)
    merged = company.told("pr", "merge", str(number))
    assert company.world.main() == merged["commit"]
    assert company.told_of(number) == ("merged", "success")
    assert company.verb("verify").returncode == 0


def test_a_late_push_voids_the_approval(company: Company) -> None:
    number, commit = company.opened("late")
    company.world.forge("sam-rivera").review(number, "approved", commit)
    later = company.commit("docs/late.md", "something else\n", commit)
    company.world.forge("maria-lopez").push(number, later)
    assert "approvals-missing" in company.findings(number)
    assert company.told("pr", "merge", str(number), code=1)["commit"] is None
    assert company.told_of(number) == ("open", "failure")
    assert "approvals-missing" in company.world.forge(BOT).comment_of(number, BOT)


def test_an_approval_by_somebody_removed_at_the_host_does_not_count(company: Company) -> None:
    number, commit = company.opened("removed")
    company.world.forge("sam-rivera").review(number, "approved", commit)
    path = f"/api/v1/repos/{OWNER}/{NAME}/collaborators/sam-rivera"
    company.world.administrator.send("DELETE", path, {})
    try:
        assert "approvals-missing" in company.findings(number)
    finally:
        company.world.administrator.send("PUT", path, {"permission": "write"})


def test_a_forged_status_and_the_merge_button_get_nowhere(company: Company) -> None:
    number, commit = company.opened("forged")
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
    number, first = company.opened("pushed")
    commit = company.commit("docs/pushed.md", "by sam\n", first)
    sam = company.world.forge("sam-rivera")
    sam.push(number, commit)
    sam.review(number, "approved", commit)
    assert "approvals-missing" in company.findings(number)


def test_a_flood_of_evidence_on_one_pull_request_holds_up_no_other(company: Company) -> None:
    flooded, _ = company.opened("flooded")
    allowed = company.approved("beside-the-flood")
    maria = company.world.remote("maria-lopez")
    names = (
        f"refs/turnpike/evidence/{flooded}/{number:064x}" for number in range(MOST_EVIDENCE + 1)
    )
    blob = maria.clone.write_blob(b"{}")
    flood = [Move(name, blob, None) for name in names]
    maria.push(*flood)
    try:
        done = company.verb("pr", "merge", "--open", "--json")
    finally:
        maria.push(*(Move(one.ref, None, blob) for one in flood))
    assert done.returncode == 3, done.stderr
    assert f"pull request {flooded}: expected at most {MOST_EVIDENCE} statements" in done.stderr
    assert allowed in [one["pullRequest"] for one in json.loads(done.stdout)]
    assert company.told_of(allowed) == ("merged", "success")
    assert company.told_of(flooded) == ("open", None)


def test_a_host_that_is_down_decides_nothing(company: Company) -> None:
    number, _ = company.opened("down")
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
    number, _ = company.opened("rewritten")
    before = company.world.main()
    mirror = Repository(company.folder / "host.git")
    elsewhere = company.commit("docs/elsewhere.md", "x\n", mirror.first_parents(MAIN)[-1])
    mirror.fetch(str(company.world.clone.path), f"+{elsewhere}:refs/heads/elsewhere")
    mirror.update_ref(MAIN, elsewhere, before)
    try:
        done = company.verb("gate", "--pr", str(number))
    finally:
        mirror.update_ref(MAIN, before, elsewhere)
    assert done.returncode == 3
    assert "host.rewritten" in done.stderr


def test_the_token_is_in_no_output_and_no_file(company: Company) -> None:
    secret = company.world.tokens[BOT].secret
    done = company.verb("doctor")
    assert secret not in done.stdout + done.stderr
    written = [f for f in company.folder.rglob("*") if f.is_file() and f.stat().st_size < 1_000_000]
    assert not [file for file in written if secret.encode() in file.read_bytes()]
