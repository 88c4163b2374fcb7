"""The dearest root is really planned, by AWS' own provider against moto_server, and is let in.

So much as its first change brings: the second names the issuer of a cluster that stands by then.
"""

from __future__ import annotations

import json
import os
import shutil
from collections.abc import Iterator, Mapping
from datetime import UTC, datetime
from pathlib import Path

import pytest
from pydantic import JsonValue

from end_to_end.cloud import cloud_on_loopback, missing
from policies.test_inputs import Json, table
from policies.test_properties import Ask, ask, named, read
from turnpike.documents.canonical import to_json
from turnpike.documents.identifiers import digest_of
from turnpike.evidence.plan import TerraformPlan
from turnpike.infrastructure.arguments import configuration_of
from turnpike.infrastructure.planning import planned
from turnpike.infrastructure.reduce import Planned, reduced
from turnpike.judge.policy_input import SubjectAnswer
from turnpike.terraform.program import find_terraform

__all__ = ["ask"]  # the fixture of a neighbour

pytestmark = pytest.mark.skipif(bool(missing()), reason=missing())

ROOT = "terraform/environments/production/aws"
ACCOUNT = "444455556666"
LIMIT = 9000.0  # of environments/production/environment.yaml
LINE = "# ----"
"""What stands below it in a root comes with its second change."""


@pytest.fixture(scope="module")
def settings(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Mapping[str, str]]:
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("MOTO_ACCOUNT_ID", ACCOUNT)
        with cloud_on_loopback(tmp_path_factory.mktemp("cloud")) as cloud:
            yield cloud.settings


def plan_of(tree: Path, settings: Mapping[str, str], *, whole: bool) -> TerraformPlan:
    """Return what the planner would state of the root, with a state in a file beside it."""
    shutil.copytree("terraform", tree / "terraform")
    folder = tree / ROOT
    (folder / "backend.tf").unlink()
    main = (folder / "main.tf").read_text("utf-8")
    (folder / "main.tf").write_text(main if whole else main[: main.index(LINE)], "utf-8")
    said = planned(find_terraform(table().terraform, {**os.environ, **settings}), folder)
    written = configuration_of(
        {
            str(file.relative_to(tree)): file.read_bytes()
            for file in (*folder.glob("*.tf"), *tree.glob("terraform/modules/*/aws/*.tf"))
        }
    )
    about = Planned(ROOT, None, digest_of(b""), datetime.now(UTC), written)
    return reduced(said, about, table())


def judged(ask: Ask, plan: TerraformPlan, limit: float = LIMIT) -> SubjectAnswer:
    """Return what the rules say of a plan."""
    document = named("root")
    root = document["terraformRoot"]
    assert isinstance(root, dict)
    made = json.loads(json.dumps(to_json(plan)))
    told: JsonValue = root["plan"]
    assert isinstance(told, dict)
    kept: Json = {name: made.get(name, value) for name, value in told.items()}
    edited: Json = {**root, "monthlyCost": limit, "regions": ["eu-central-1"], "plan": kept}
    (answer,) = ask([read({**document, "terraformRoot": edited})])
    return answer


def test_the_first_change_of_production_is_let_in(
    ask: Ask, settings: Mapping[str, str], tmp_path: Path
) -> None:
    plan = plan_of(tmp_path, settings, whole=False)
    assert plan.count("create") > 100
    assert judged(ask, plan).denials == ()
    assert {one.code for one in judged(ask, plan, limit=100.0).denials} == {"plan-too-costly"}


def test_all_of_production_is_denied_for_nothing_but_what_nobody_can_know_yet(
    ask: Ask, settings: Mapping[str, str], tmp_path: Path
) -> None:
    denials = judged(ask, plan_of(tmp_path, settings, whole=True)).denials
    assert denials
    assert {one.actual for one in denials} == {"what is known only after the apply"}
    assert all("_policy_document." in one.expected for one in denials)
