"""A pull request of a root of Terraform, and what a planner says of it, as facts."""

from __future__ import annotations

from datetime import datetime, timedelta

from pydantic import JsonValue

from turnpike.documents.canonical import to_json
from turnpike.documents.identifiers import Digest, digest_of
from turnpike.evidence.envelope import Envelope
from turnpike.evidence.plan import PlannedResource, TerraformPlan
from turnpike.evidence.statement import TERRAFORM_PLAN, statement_about
from turnpike.judge.facts import Documents, Facts, Review, RootInputs
from unit.judge.examples import NOW, RoleKey, added, model_facts, pull_request

AT = "terraform/environments/dev/aws"
INPUTS, EARLIER, LOCK = digest_of(b"inputs"), digest_of(b"before"), digest_of(b"lock")
PLANNER = RoleKey("planner")
MADE = NOW - timedelta(minutes=5)
AWS = "registry.terraform.io/hashicorp/aws"


def resource(address: str, *actions: str, stateful: bool = False) -> PlannedResource:
    return PlannedResource.model_validate(
        {
            "address": address,
            "at": address,
            "type": address.split(".")[-2],
            "mode": "managed",
            "provider": AWS,
            "actions": actions or ("create",),
            "stands": "create" in (actions or ("create",)),
            "stateful": stateful,
            "attributes": {},
            "refersTo": (),
        }
    )


def plan(*resources: PlannedResource, at: datetime = MADE, root: str = AT) -> TerraformPlan:
    return TerraformPlan(
        root=root,
        terraform="1.11.4",
        lock=LOCK,
        plan=digest_of(at.isoformat().encode()),
        standing=0,
        providers=(),
        modules=(),
        resources=resources,
        finished_at=at,
    )


def signed(said: TerraformPlan, inputs: Digest = INPUTS, key: RoleKey = PLANNER) -> Envelope:
    body = to_json(said)
    assert isinstance(body, dict)
    predicate: dict[str, JsonValue] = body
    return key.sign(statement_about(said.root, inputs, TERRAFORM_PLAN, predicate))


def root(before: Digest | None = None, after: Digest | None = INPUTS) -> RootInputs:
    return RootInputs(path=AT, before=before, after=after, lock=LOCK)


def terraform_facts(*evidence: Envelope, reviews: tuple[Review, ...] = ()) -> Facts:
    """Return the facts of a change of one root, with these statements."""
    return model_facts().model_copy(
        update={
            "changes": (added(f"{AT}/main.tf"),),
            "head": Documents(),
            "keys": (PLANNER.public,),
            "evidence": evidence,
            "roots": (root(),),
            "registry": (),
            "pull_request": pull_request(*reviews),
        }
    )
