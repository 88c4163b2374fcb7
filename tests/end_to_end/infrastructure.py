"""Changes of one root of Terraform, and what a planner states of them: true, and then bent."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime, timedelta

from pydantic import JsonValue

from end_to_end.changes import Bench, Change, in_this
from end_to_end.installed import PRODUCT
from end_to_end.people import PLATFORM_OWNER
from turnpike.change.roots import changed_roots
from turnpike.documents.canonical import to_json
from turnpike.documents.identifiers import Digest, digest_of
from turnpike.documents.reading import read
from turnpike.evidence.plan import (
    Attribute,
    PlannedModule,
    PlannedProvider,
    PlannedResource,
    TerraformPlan,
)
from turnpike.evidence.statement import TERRAFORM_PLAN, Statement, statement_about
from turnpike.git.repository import Repository
from turnpike.topology.plan_table import PLAN_TABLE, PLAN_TABLE_PATH

ROOT = "terraform/environments/staging/aws"
AUTHOR = "sam-rivera"
AWS = "registry.terraform.io/hashicorp/aws"
FILES: dict[str, bytes | None] = {
    f"{ROOT}/main.tf": b'resource "aws_s3_bucket" "this" {}\n',
    f"{ROOT}/.terraform.lock.hcl": b"# a lock\n",
}
Bend = Callable[[TerraformPlan], TerraformPlan]


def planned(bend: Bend | None, *approvers: str) -> Change:
    """Return a new root that its owner approves, with a bent plan; None: with no plan at all."""

    def proposed(bench: Bench) -> int:
        world = bench.world
        head = world.commit(FILES, AUTHOR)
        number = world.open(head, AUTHOR)
        if bend is not None:
            with Repository(world.monorepo) as clone:
                trees = (clone.commit(world.main).tree, clone.commit(head).tree)
                (root,) = changed_roots(clone, *trees)
            assert root.after is not None
            said = bend(_plan(root.lock or digest_of(b"")))
            world.attach(number, bench.signers.sign(_statement(said, root.after)))
        world.approve(number, PLATFORM_OWNER, *approvers)
        return number

    return in_this(proposed)


def good(plan: TerraformPlan) -> TerraformPlan:
    """Return the plan as it is."""
    return plan


def abroad(plan: TerraformPlan) -> TerraformPlan:
    """Let the provider work in another region."""
    (provider,) = plan.providers
    return plan.model_copy(
        update={"providers": (provider.model_copy(update={"regions": told("us-east-1")}),)}
    )


def copied(plan: TerraformPlan) -> TerraformPlan:
    """Keep a secret whose copies lie wherever the cloud puts them."""
    secret = _resource("google_secret_manager_secret.this", deletion_protection=told("true"))
    return plan.model_copy(update={"resources": (*plan.resources, secret)})


def long_ago(plan: TerraformPlan) -> TerraformPlan:
    """Let the plan be older than plans of the environment may be."""
    return plan.model_copy(update={"finished_at": plan.finished_at - timedelta(hours=24)})


def replaced(plan: TerraformPlan) -> TerraformPlan:
    """Replace the bucket, with all that it holds."""
    return _with(plan, "aws_s3_bucket.this", actions=("delete", "create"), stateful=True)


def foreign(plan: TerraformPlan) -> TerraformPlan:
    """Take a module from wherever it lies, and a resource from a provider that nobody knows."""
    module = PlannedModule(at="module.a", source="hashicorp/consul/aws", version="~> 0.1")
    more = _resource("evil_thing.this").model_copy(
        update={"provider": "registry.example/evil/evil"}
    )
    return plan.model_copy(update={"modules": (module,), "resources": (*plan.resources, more)})


def careless(plan: TerraformPlan) -> TerraformPlan:
    """Open the bucket, leave it plain and deletable, log nothing, let a key do everything."""
    left = [one for one in plan.resources if "server_side" not in one.type]
    open_ = _with(
        plan.model_copy(update={"resources": tuple(left)}),
        "aws_s3_bucket_public_access_block.this",
        attributes={**left[1].attributes, "block_public_acls": told("false")},
    )
    kept = {**left[0].attributes, "force_destroy": told("true")}
    lost = _with(open_, "aws_s3_bucket.this", attributes=kept)
    role = _resource("aws_iam_role_policy.this", **{POLICY_ACTIONS: told("*"), NOT_ACTIONS: told()})
    key = _resource("aws_iam_access_key.this")
    quiet = _resource("aws_db_parameter_group.this", **{SETTINGS: told("log_connections=0")})
    return lost.model_copy(update={"resources": (*lost.resources, role, key, quiet)})


def dear(plan: TerraformPlan) -> TerraformPlan:
    """Take the largest machine there is, and one that nobody has a price of."""
    large = _resource("aws_instance.large", instance_type=told("p5.48xlarge"))
    other = _resource("aws_instance.other", instance_type=told("u-24tb1.metal"))
    return plan.model_copy(update={"resources": (*plan.resources, large, other)})


POLICY_ACTIONS = "policy.@json.Statement.@allow.Action.@each"
SETTINGS = "parameter.@settings"
NOT_ACTIONS = "policy.@json.Statement.@allow.NotAction.@each"


def told(*values: str) -> Attribute:
    """Return an attribute that is known."""
    return Attribute(known=True, values=values)


def _plan(lock: str) -> TerraformPlan:
    """Return a plan of one private, encrypted, versioned bucket."""
    bucket = "aws_s3_bucket.this"
    closed = ("block_public_acls", "block_public_policy", "ignore_public_acls",
              "restrict_public_buckets")  # fmt: skip
    algorithm = "rule.@each.apply_server_side_encryption_by_default.@each.sse_algorithm"
    kind = "aws_s3_bucket_server_side_encryption_configuration.this"
    status = "versioning_configuration.@each.status"
    bound = Attribute(known=False, values=(), sources=(f"{bucket}.id",))
    resources = (
        _resource(bucket, force_destroy=told("false")),
        _resource(
            "aws_s3_bucket_public_access_block.this",
            bucket,
            bucket=bound,
            **{one: told("true") for one in closed},
        ),
        _resource(kind, bucket, bucket=bound, **{algorithm: told("aws:kms")}),
        _resource(
            "aws_s3_bucket_versioning.this", bucket, bucket=bound, **{status: told("Enabled")}
        ),
    )
    return TerraformPlan.model_validate(
        {
            "root": ROOT,
            "terraform": "1.11.4",
            "lock": lock,
            "plan": digest_of(b"a plan's file"),
            "standing": 0,
            "providers": (PlannedProvider(source=AWS, judged=True, regions=told("eu-central-1")),),
            "modules": (),
            "resources": resources,
            "finished_at": datetime.now(UTC).replace(microsecond=0) - timedelta(minutes=1),
        }
    )


def _resource(at: str, *refers_to: str, **attributes: Attribute) -> PlannedResource:
    """Return a resource of which nothing is given but these attributes."""
    kind = at.partition(".")[0]
    absent = {path: _absent(path) for path in _judged(kind)}
    return PlannedResource(
        address=at,
        at=at,
        type=kind,
        mode="managed",
        provider=AWS,
        actions=("create",),
        stands=True,
        stateful=False,
        attributes=absent | attributes,
        refers_to=refers_to,
    )


def _absent(path: str) -> Attribute:
    """Return what is told of something that is not there: of how many there are, none."""
    return Attribute(known=True, values=("0",) if path.endswith("@count") else (), given=False)


def _judged(kind: str) -> tuple[str, ...]:
    path = PRODUCT / PLAN_TABLE_PATH
    return read(PLAN_TABLE, path.read_bytes(), str(path)).attributes_of(kind)


def _with(plan: TerraformPlan, address: str, **edits: object) -> TerraformPlan:
    resources = (
        one.model_copy(update=edits) if one.address == address else one for one in plan.resources
    )
    return plan.model_copy(update={"resources": tuple(resources)})


def _statement(said: TerraformPlan, inputs: Digest) -> Statement:
    body = to_json(said)
    assert isinstance(body, dict)
    predicate: dict[str, JsonValue] = body
    return statement_about(said.root, inputs, TERRAFORM_PLAN, predicate)
