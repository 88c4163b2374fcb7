"""Terraform runs at its pinned version, and is told of the environment what it needs, no more."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from turnpike.errors import InputError, Unavailable
from turnpike.terraform.program import environment_of, find_terraform
from unit.infrastructure.programs import terraform


def test_it_is_told_its_credentials_and_no_variables(tmp_path: Path) -> None:
    program = terraform(
        tmp_path, AWS_PROFILE="planner", TF_VAR_region="us-east-1", TF_CLI_ARGS="-destroy", X="y"
    )
    told = json.loads(program.run(tmp_path, "environ"))
    assert told["AWS_PROFILE"] == "planner"
    assert told["TF_INPUT"] == "0"
    assert not {"TF_VAR_region", "TF_CLI_ARGS", "X"} & told.keys()


@pytest.mark.parametrize("name", ["GOOGLE_CREDENTIALS", "ARM_CLIENT_ID", "CLOUDSDK_CONFIG", "PATH"])
def test_what_reaches_a_cloud_is_kept(name: str) -> None:
    assert environment_of({name: "x"})[name] == "x"


def test_a_command_that_fails_says_why(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="the cloud said no") as refused:
        terraform(tmp_path).run(tmp_path, "fail")
    assert refused.value.code == "terraform.failed"


def test_another_version_is_unavailable(tmp_path: Path) -> None:
    terraform(tmp_path)
    with pytest.raises(Unavailable, match=r"expected Terraform 1\.12\.0 on PATH, found 1\.11\.4"):
        find_terraform("1.12.0", {"PATH": str(tmp_path)})


def test_none_at_all_is_unavailable(tmp_path: Path) -> None:
    with pytest.raises(Unavailable, match="found none"):
        find_terraform("1.11.4", {"PATH": str(tmp_path)})


def test_one_that_does_not_say_its_version_is_unavailable(tmp_path: Path) -> None:
    path = tmp_path / "terraform"
    path.write_text("#!/bin/sh\necho hello\n", "utf-8")
    path.chmod(0o755)
    with pytest.raises(Unavailable, match="does not say its version"):
        find_terraform("1.11.4", {"PATH": str(tmp_path)})
