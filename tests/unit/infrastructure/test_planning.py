"""A plan is made from the inputs and nothing else, and stated with the digest of its file."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

import pytest

from turnpike.change.roots import terraform_files
from turnpike.evidence.statement import TERRAFORM_PLAN
from turnpike.git.repository import Repository
from turnpike.infrastructure.plan_files import kept_plan
from turnpike.infrastructure.planning import Planner, plan_root, statement_of_plan
from turnpike.infrastructure.workplace import workplace
from unit.git.folder import commit_files
from unit.infrastructure.plans import change, plan, table
from unit.infrastructure.programs import terraform
from unit.infrastructure.small_root import FILES, ROOT

NOW = datetime(2026, 3, 2, 9, 0, 0, 999, tzinfo=UTC)


@pytest.fixture
def git(tmp_path: Path) -> Repository:
    return Repository.create(tmp_path / "host.git")


def test_a_plan_is_stated_with_the_digest_of_the_file_that_is_kept(
    git: Repository, tmp_path: Path
) -> None:
    tree = git.commit(commit_files(git, FILES)).tree
    shown = plan(change("aws_s3_bucket", after={"bucket": "one"}))
    planner = Planner(terraform(tmp_path, shown), table(), tmp_path / "plans", lambda: NOW)
    with workplace(git, tree, ROOT, terraform_files(git, tree), table()) as place:
        said = plan_root(planner, ROOT, place)
    assert kept_plan(planner.store, said.plan) == b"the plan's file"
    assert said.finished_at == NOW.replace(microsecond=0)
    assert said.lock == place.lock
    statement = statement_of_plan(said, place.inputs)
    assert statement.predicate_type == TERRAFORM_PLAN
    assert statement.is_about(place.inputs)
