"""``turnpike access`` of a checkout: what it says, and how it exits."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from turnpike.cli.access import of, render, review, who_can
from turnpike.errors import UsageError
from turnpike.rendering.argocd_access import ACCESS_FILE
from unit.cli.runner import ran
from unit.cli.test_sod import checkout

MODEL = "models/oncology/tumour-malignancy/model.yaml"
ORGANISATION = "policies/data/organisation.yaml"


def test_who_can_approve_a_path_is_what_the_judge_would_ask(tmp_path: Path) -> None:
    code, printed = ran(who_can, checkout(tmp_path), "approve", MODEL, "--json")
    (grant,) = json.loads(printed)["grants"]
    assert (code, grant["groups"], grant["count"]) == (0, ["oncology"], 1)
    assert grant["people"] == ["maria-lopez", "tom-becker"]
    assert grant["source"].startswith("CODEOWNERS line ")


def test_who_can_release_into_an_environment_names_its_approvers_and_stops(tmp_path: Path) -> None:
    folder = checkout(tmp_path)
    stops = folder / "environments" / "stops"
    stops.mkdir()
    head = "apiVersion: turnpike.dev/v1\nkind: Stop\nname: outage\n"
    (stops / "outage.yaml").write_text(f"{head}reason: the cluster is down\nincident: INC-7\n")
    code, printed = ran(who_can, folder, "approve-release", "production")
    assert code == 0
    assert "grace-lee, omar-haddad" in printed
    assert "stopped by outage: the cluster is down" in printed


def test_nobody_is_exit_code_1(tmp_path: Path) -> None:
    code, printed = ran(who_can, checkout(tmp_path), "approve-release", "dev")
    assert (code, printed) == (1, "nobody\n")


@pytest.mark.parametrize(
    "words", [("fly",), ("approve-release", "moon")], ids=["action", "environment"]
)
def test_an_unknown_action_or_environment_is_bad_input(
    tmp_path: Path, words: tuple[str, ...]
) -> None:
    with pytest.raises(UsageError, match=rf"expected one of .*, found {words[-1]}"):
        ran(who_can, checkout(tmp_path), *words)


@pytest.mark.parametrize("path", ["../../etc", "/etc/passwd", "./models/a", "models//a", "a/"])
def test_a_path_that_names_no_file_of_the_repository_is_bad_input(
    tmp_path: Path, path: str
) -> None:
    with pytest.raises(UsageError, match=f"expected a file's path .*, found {path}"):
        ran(who_can, checkout(tmp_path), "approve", path)


def test_what_an_action_is_not_about_is_bad_input_and_not_nobody(tmp_path: Path) -> None:
    folder = checkout(tmp_path)
    with pytest.raises(UsageError, match="ABOUT: expected one of the line, found production"):
        ran(who_can, folder, "stop", "production")
    assert ran(who_can, folder, "stop", "the line") == ran(who_can, folder, "stop")


def test_what_a_person_may_do_names_groups_and_grants(tmp_path: Path) -> None:
    folder = checkout(tmp_path)
    code, printed = ran(of, folder, "sam-rivera", "--json")
    told = json.loads(printed)
    assert (code, told["groups"]) == (0, ["platform-owners", "on-call"])
    actions = {grant["action"] for grant in told["grants"]}
    assert {"approve-platform", "stop", "lift-stop", "administer"} <= actions
    assert "approve-release" not in actions
    with pytest.raises(UsageError, match="found nobody"):
        ran(of, folder, "nobody")


def test_a_review_is_written_as_a_page_and_printed_as_json(tmp_path: Path) -> None:
    folder, page = checkout(tmp_path / "checkout"), tmp_path / "review.html"
    code, printed = ran(review, folder, "--html", str(page), "--json")
    told = json.loads(printed)
    assert (code, told["organisation"], told["commit"]) == (0, "Aurora Health", None)
    assert len(told["people"]) == 12
    assert "maria-lopez has no SSH key, and can sign nothing" in told["notices"]
    assert "Access review of Aurora Health" in page.read_text("utf-8")
    with pytest.raises(Exception, match="expected to write it"):
        ran(review, folder, "--html", str(tmp_path / "no" / "folder.html"))


def test_every_form_is_written_and_checked(tmp_path: Path) -> None:
    folder = checkout(tmp_path)
    assert ran(render, folder, "--check")[0] == 1
    code, printed = ran(render, folder)
    assert code == 0
    assert f"{ACCESS_FILE}: written\n" in printed
    code, printed = ran(render, folder, "--check", "--json")
    states = {one["file"]: one["state"] for one in json.loads(printed)}
    assert (code, set(states.values())) == (0, {"as it must be"})
    assert "platform/access/kubernetes/production.yaml" in states
    file = folder / ORGANISATION
    text = file.read_text("utf-8").replace(
        "{group: risk-quorum, role: viewer}", "{group: risk-quorum, role: operator}"
    )
    file.write_text(text, "utf-8")
    code, printed = ran(render, folder, "--check")
    assert code == 1
    assert f"{ACCESS_FILE}: differs\n" in printed


def test_a_file_that_nothing_derives_to_is_found_and_removed(tmp_path: Path) -> None:
    folder = checkout(tmp_path)
    ran(render, folder)
    stray = folder / "platform" / "access" / "kubernetes" / "moon.yaml"
    stray.write_text("kind: ClusterRoleBinding\n", "utf-8")
    code, printed = ran(render, folder, "--check")
    assert code == 1
    assert "platform/access/kubernetes/moon.yaml: left over\n" in printed
    assert ran(render, folder)[0] == 0
    assert not stray.exists()
    assert ran(render, folder, "--check")[0] == 0


def test_sync_windows_are_written_into_the_project_of_an_environment_that_asks(
    tmp_path: Path,
) -> None:
    folder = checkout(tmp_path)
    ran(render, folder)
    project = folder / "platform" / "argocd" / "projects" / "production.yaml"
    project.parent.mkdir(parents=True)
    project.write_text("kind: AppProject\nspec:\n  description: Models\n", "utf-8")
    asking = folder / "environments" / "production" / "environment.yaml"
    text = asking.read_text("utf-8")
    window = "windows: [{name: office, cron: 0 9 * * *, duration: PT8H}]\n"
    asking.write_text(f"{text}delivery: {{syncWindows: true}}\n{window}", "utf-8")
    code, printed = ran(render, folder, "--check")
    assert (code, f"{project.relative_to(folder)}: differs\n" in printed) == (1, True)
    assert ran(render, folder)[0] == 0
    assert 'schedule: "0 9 * * *"\n      duration: 8h0m\n' in project.read_text("utf-8")
    assert ran(render, folder, "--check")[0] == 0
    asking.write_text(f"{text}delivery: {{syncWindows: true}}\n{window.replace('9 * *', '9 L *')}")
    with pytest.raises(Exception, match=r"windows\.0\.cron: expected the same times"):
        ran(render, folder, "--check")
    asking.write_text(text, "utf-8")
    assert ran(render, folder)[0] == 0
    assert project.read_text("utf-8").endswith("  description: Models\n")
