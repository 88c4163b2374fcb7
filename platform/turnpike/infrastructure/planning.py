"""Plan a root with the real Terraform, and state what the plan does."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from pydantic import JsonValue

from turnpike.documents.canonical import to_json
from turnpike.documents.identifiers import Digest
from turnpike.evidence.plan import TerraformPlan
from turnpike.evidence.statement import TERRAFORM_PLAN, Statement, statement_about
from turnpike.infrastructure.plan_files import keep_plan
from turnpike.infrastructure.reduce import Planned, reduced
from turnpike.infrastructure.workplace import Workplace
from turnpike.judge.layout import RootKey
from turnpike.terraform.program import Terraform
from turnpike.topology.plan_table import PlanTable

_PLAN = "turnpike.tfplan"


@dataclass(frozen=True, slots=True)
class Planner:
    """What plans: the program, the table of what is kept, where plans' files stay, the clock."""

    terraform: Terraform
    table: PlanTable
    store: Path
    clock: Callable[[], datetime]


def plan_root(planner: Planner, root: RootKey, at: Workplace) -> TerraformPlan:
    """Return what Terraform would do to a root; the plan's file is kept by its digest.

    Raises InputError where Terraform refuses, Unavailable where it never ends.
    """
    file = at.folder / _PLAN
    said = planned(planner.terraform, at.folder)
    digest = keep_plan(planner.store, file.read_bytes())
    # Whole seconds: a review in the same second has seen it.
    now = planner.clock().replace(microsecond=0)
    about = Planned(str(root), at.lock, digest, now, at.configuration)
    return reduced(said, about, planner.table)


def planned(terraform: Terraform, folder: Path) -> dict[str, JsonValue]:
    """Return Terraform's JSON of a plan, whose file is left in the folder; raises as above."""
    terraform.init(folder)
    terraform.plan(folder, folder / _PLAN)
    said: dict[str, JsonValue] = json.loads(terraform.show(folder, folder / _PLAN))
    return said


def statement_of_plan(plan: TerraformPlan, inputs: Digest) -> Statement:
    """Return the statement about the inputs from which a plan was made."""
    said = to_json(plan)
    predicate: dict[str, JsonValue] = said if isinstance(said, dict) else {}
    return statement_about(plan.root, inputs, TERRAFORM_PLAN, predicate)
