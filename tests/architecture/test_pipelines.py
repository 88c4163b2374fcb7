"""The pipelines that ship read pull requests as data: they run main's verbs and nothing else."""

import re
import shlex
from pathlib import Path

import click
import pytest
import yaml

from turnpike.cli.main import root as turnpike

FOLDER = Path(__file__).resolve().parents[2] / "platform" / "pipelines"
GITHUB = FOLDER / "github" / "turnpike.yml"
GITLAB = FOLDER / "gitlab" / "turnpike.gitlab-ci.yml"
AZURE = FOLDER / "azure" / "turnpike.azure-pipelines.yml"
JENKINS = FOLDER / "jenkins" / "Jenkinsfile"


def steps() -> list[dict[str, object]]:
    return list(yaml.safe_load(GITHUB.read_text("utf-8"))["jobs"]["gate"]["steps"])


def commands() -> list[tuple[str, str]]:
    """Return each shell command of each pipeline, by the file that it stands in."""
    azure = yaml.safe_load(AZURE.read_text("utf-8"))["jobs"][0]["steps"]
    jenkins = re.findall(r"^ *sh '(.*)'$", JENKINS.read_text("utf-8"), re.MULTILINE)
    found = [("github", str(step["run"])) for step in steps()]
    found += [
        ("gitlab", line) for line in yaml.safe_load(GITLAB.read_text("utf-8"))["gate"]["script"]
    ]
    found += [("azure", step["script"]) for step in azure if "script" in step]
    for script in jenkins:
        found += [("jenkins", part) for part in re.findall(r"turnpike [^;]*", script)]
    return found


def test_each_host_has_its_pipeline() -> None:
    assert {host for host, _ in commands()} == {"github", "gitlab", "azure", "jenkins"}


@pytest.mark.parametrize(("host", "line"), commands())
def test_each_step_is_a_verb_with_arguments_that_it_takes(host: str, line: str) -> None:
    words = shlex.split(line.replace('"$NUMBER"', "1"))
    assert words[0] == "turnpike", host
    with click.Context(turnpike) as context:
        _, group, rest = turnpike.resolve_command(context, words[1:])
        assert isinstance(group, click.Group)
        name, verb, rest = group.resolve_command(context, rest)
        assert (name, verb is None) == ("merge", False)
        with group.make_context("pr", ["merge"], parent=context) as inner:
            assert verb is not None
            verb.make_context(name, rest, parent=inner)


@pytest.mark.parametrize(("host", "line"), commands())
def test_no_text_of_a_pull_request_becomes_a_script(host: str, line: str) -> None:
    assert "${{" not in line, host
    assert "$(" not in line, host
    assert set(re.findall(r"\$\w+", line)) <= {"$NUMBER"}
    assert "$NUMBER" not in line.replace('"$NUMBER"', ""), "unquoted"


@pytest.mark.parametrize("host", ["github", "gitlab", "azure", "jenkins"])
def test_what_was_approved_meanwhile_is_merged_without_a_push(host: str) -> None:
    assert "turnpike pr merge --open" in [line for name, line in commands() if name == host]


def test_azure_takes_the_number_from_azure_and_nothing_from_the_file_of_a_change() -> None:
    pipeline = yaml.safe_load(AZURE.read_text("utf-8"))
    assert set(pipeline) == {"jobs"}
    assert "${{" not in AZURE.read_text("utf-8")
    judge, rest = (step for step in pipeline["jobs"][0]["steps"] if "script" in step)
    assert judge["env"]["NUMBER"] == "$(System.PullRequest.PullRequestNumber)"
    assert (judge["condition"], rest["condition"]) == (
        "eq(variables['Build.Reason'], 'PullRequest')",
        "eq(variables['Build.Reason'], 'Schedule')",
    )


def test_github_runs_mains_own_file_without_rights_and_without_a_checkout() -> None:
    pipeline = yaml.safe_load(GITHUB.read_text("utf-8"))
    # YAML 1.1 reads the key "on" as true.
    assert set(pipeline[True]) == {"pull_request_target", "schedule"}
    assert pipeline[True]["pull_request_target"]["branches"] == ["main"]
    assert pipeline["permissions"] == {}
    assert not any("uses" in step for step in steps())


def test_no_pull_request_waits_in_the_place_of_another_at_github() -> None:
    """GitHub drops all that wait in a group but the newest: the others would never be told."""
    concurrency = yaml.safe_load(GITHUB.read_text("utf-8"))["concurrency"]
    assert "${{ github.event.pull_request.number ||" in concurrency["group"]
    assert concurrency["cancel-in-progress"] is False


def test_nothing_of_a_change_is_checked_out_elsewhere_either() -> None:
    assert yaml.safe_load(GITLAB.read_text("utf-8"))["variables"]["GIT_STRATEGY"] == "none"
    assert {"checkout": "none"} in yaml.safe_load(AZURE.read_text("utf-8"))["jobs"][0]["steps"]
    jenkins = JENKINS.read_text("utf-8")
    assert "skipDefaultCheckout()" in jenkins
    assert "checkout scm" not in jenkins
    assert not re.search(r'\bsh "', jenkins), "Groovy would put values into the script"
