"""Changed manifests are held against the real schemas, and other changes cost nothing."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from turnpike.change.conformance import held_against_schemas, schemas_file
from turnpike.errors import Unavailable
from turnpike.judge.facts import Facts
from turnpike.rendering.conformance import SCHEMAS_DIGEST
from unit.judge.deployed import FACTS, MANIFESTS
from unit.judge.examples import model_facts, with_changes


def unchecked(facts: Facts) -> Facts:
    tools = facts.tools.model_copy(update={"schemas": None})
    return facts.model_copy(update={"tools": tools})


@pytest.fixture
def file() -> Path:
    base = os.environ.get("XDG_CACHE_HOME") or str(Path.home() / ".cache")
    return schemas_file(Path(os.environ.get("TURNPIKE_CACHE") or Path(base, "turnpike")))


def test_manifests_that_conform_bring_the_digest_and_no_problem(file: Path) -> None:
    found = held_against_schemas(unchecked(FACTS), file)
    assert (found.tools.schemas, found.manifest_problems) == (SCHEMAS_DIGEST, ())


def test_a_release_without_its_manifests_is_held_against_what_they_must_be(file: Path) -> None:
    """So that a denial can tell that writing them anew is all that is missing."""
    alone = with_changes(FACTS, *(one for one in FACTS.changes if one.path != MANIFESTS))
    found = held_against_schemas(unchecked(alone), file)
    assert (found.tools.schemas, found.manifest_problems) == (SCHEMAS_DIGEST, ())


def test_what_a_cluster_would_refuse_is_a_fact_about_the_file(file: Path) -> None:
    """A wrong environment is refused by its schema long before: here it is made past it."""
    dev = FACTS.base.environments["dev"]
    pool = dev.targets[0].model_copy(update={"node_selector": {"zone": 3}})
    environments = {"dev": dev.model_copy(update={"targets": (pool,)})}
    base = FACTS.base.model_copy(update={"environments": environments})
    found = held_against_schemas(unchecked(FACTS.model_copy(update={"base": base})), file)
    (problem,) = found.manifest_problems
    assert problem.path == MANIFESTS
    assert "nodeSelector.zone" in problem.problem


def test_without_schemas_the_facts_stay_unchecked(tmp_path: Path) -> None:
    facts = unchecked(FACTS)
    assert held_against_schemas(facts, schemas_file(tmp_path)) == facts


def test_a_file_of_other_bytes_is_not_believed(tmp_path: Path) -> None:
    damaged = tmp_path / "schemas.json"
    damaged.write_bytes(b"{}")
    with pytest.raises(Unavailable, match="expected"):
        held_against_schemas(unchecked(FACTS), damaged)


def test_a_change_without_manifests_reads_no_file(tmp_path: Path) -> None:
    damaged = tmp_path / "schemas.json"
    damaged.write_bytes(b"{}")
    facts = unchecked(model_facts())
    assert held_against_schemas(facts, damaged) is facts
