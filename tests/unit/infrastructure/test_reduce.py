"""A plan is reduced to what is judged: nothing sensitive is kept, nothing unread is taken."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime

import pytest
from pydantic import JsonValue

from turnpike.documents.identifiers import digest_of
from turnpike.errors import InputError
from turnpike.evidence.plan import Attribute, TerraformPlan
from turnpike.infrastructure.arguments import Configuration, configuration_of
from turnpike.infrastructure.reduce import Planned, reduced
from unit.infrastructure.plans import AWS, Json, change, plan, table

ABOUT = Planned(
    "terraform/environments/dev/aws",
    digest_of(b"lock"),
    digest_of(b"plan"),
    datetime(2026, 3, 2, 9, 0, tzinfo=UTC),
    Configuration({}),
)
POLICY = "policy.@json.Statement.@allow.Action.@each"


def read(said: Json) -> TerraformPlan:
    return reduced(said, ABOUT, table())


def configured(**config: JsonValue) -> Json:
    provider: Json = {"name": "aws", "full_name": AWS, **config}
    return {"provider_config": {"aws": provider}, "root_module": {}}


def test_a_resource_keeps_its_judged_attributes_and_no_other() -> None:
    said = plan(change("aws_s3_bucket", after={"bucket": "one", "tags": {"password": "secret"}}))
    found = read(said)
    (one,) = found.resources
    assert (one.address, one.at, one.actions) == ("aws_s3_bucket.this",) * 2 + (("create",),)
    assert one.attributes == {"bucket": Attribute(known=True, values=("one",))}
    assert one.stands
    assert one.stateful
    assert not one.is_destroyed
    assert "secret" not in found.model_dump_json()
    assert (found.plan, found.lock, found.root) == (ABOUT.plan, ABOUT.lock, ABOUT.root)


def test_a_sensitive_value_is_never_stored() -> None:
    said = plan(change("aws_s3_bucket", after={"bucket": "hidden"}, sensitive={"bucket": True}))
    assert "hidden" not in read(said).model_dump_json()
    assert not read(said).resources[0].attributes["bucket"].known


@pytest.mark.parametrize("actions", [("delete",), ("delete", "create"), ("forget",)])
def test_a_resource_that_is_taken_away_is_destroyed(actions: tuple[str, ...]) -> None:
    after: JsonValue = {"bucket": "one"} if "create" in actions else None
    (one,) = read(plan(change("aws_s3_bucket", after=after, actions=actions))).resources
    assert one.is_destroyed
    assert one.stands is ("create" in actions)
    assert bool(one.attributes) is one.stands


def test_the_place_in_the_configuration_has_no_keys() -> None:
    said = plan(
        change("aws_s3_bucket", after={}, module='module.a["x.y[0]"].module.b[2]', key='["k"]')
    )
    assert read(said).resources[0].at == "module.a.module.b.aws_s3_bucket.this"


def test_a_resource_refers_to_what_its_arguments_name_in_the_same_module() -> None:
    inner: Json = {
        "resources": [
            {
                "address": "aws_s3_bucket_policy.this",
                "expressions": {
                    "bucket": {"references": ["aws_s3_bucket.this.id", "aws_s3_bucket.this"]},
                    "policy": {
                        "references": ["data.aws_iam_policy_document.this.json", "var.x", "local.y"]
                    },
                    "block": [{"key": {"references": ["each.value"]}}],
                },
            }
        ]
    }
    call: Json = {"source": "../../../modules/store/aws", "module": inner}
    said = plan(
        change("aws_s3_bucket_policy", after={}, unknown={"policy": True}, module="module.store"),
        configuration={"root_module": {"module_calls": {"store": call}}},
    )
    found = read(said)
    assert found.resources[0].refers_to == (
        "module.store.aws_s3_bucket.this",
        "module.store.data.aws_iam_policy_document.this",
    )
    assert found.resources[0].attributes[POLICY] == Attribute(known=False, values=())
    assert [(one.at, one.source, one.version) for one in found.modules] == [
        ("module.store", "../../../modules/store/aws", None)
    ]


def written(policy: str, *, folder: str = "terraform/modules/store/aws") -> Attribute:
    """Return what is kept of a policy that is unknown, in a module that is written so."""
    text = f'resource "aws_s3_bucket_policy" "this" {{\n  policy = {policy}\n}}\n'
    call: Json = {"source": "../../../modules/store/aws", "module": {}}
    made = change("aws_s3_bucket_policy", unknown={"policy": True}, after={}, module="module.a")
    said = plan(made, configuration={"root_module": {"module_calls": {"a": call}}})
    about = replace(ABOUT, configuration=configuration_of({f"{folder}/main.tf": text.encode()}))
    return reduced(said, about, table()).resources[0].attributes[POLICY]


def test_what_is_unknown_comes_from_what_is_written_in_its_module() -> None:
    found = written("data.aws_iam_policy_document.this.json")
    assert found.sources == ("module.a.data.aws_iam_policy_document.this.json",)
    assert (found.given, found.begins) == (True, ("",))
    assert written('"arn:${aws_iam_role.this.name}"').begins == ("arn:",)


def test_of_a_module_that_nobody_has_read_anything_may_be_written() -> None:
    found = written("data.aws_iam_policy_document.this.json", folder="terraform/modules/b/aws")
    assert (found.given, found.begins, found.sources) == (True, (), ())


def test_a_place_that_nobody_gives_is_that_of_the_provider() -> None:
    files = {f"{ABOUT.root}/main.tf": b'resource "aws_eip" "this" {}\n'}
    about = replace(ABOUT, configuration=configuration_of(files))
    allowed = table().providers[0].model_copy(update={"locations": ("region",)})
    located = table().model_copy(update={"providers": (allowed,)})
    said = plan(change("aws_eip", after={}, unknown={"region": True}))
    assert not reduced(said, about, located).resources[0].attributes
    told = plan(change("aws_eip", after={"region": "us-east-1"}))
    assert reduced(told, about, located).resources[0].attributes["region"].values == ("us-east-1",)
    unread = reduced(said, ABOUT, located).resources[0].attributes
    assert not unread["region"].known


@pytest.mark.parametrize(
    ("expression", "expected"),
    [
        ({"constant_value": "eu-west-1"}, Attribute(known=True, values=("eu-west-1",))),
        ({"references": ["var.region"]}, Attribute(known=True, values=("eu-central-1",))),
        ({"references": ["local.region"]}, Attribute(known=False, values=())),
        ({"references": ["var.missing"]}, Attribute(known=False, values=())),
        ({}, Attribute(known=False, values=())),
    ],
)
def test_the_region_of_a_provider_is_a_constant_or_a_variable(
    expression: Json, expected: Attribute
) -> None:
    found = read(plan(configuration=configured(expressions={"region": expression})))
    assert [(one.source, one.judged, one.regions) for one in found.providers] == [
        (AWS, True, expected)
    ]


def test_a_provider_within_a_module_has_other_variables() -> None:
    config = configured(
        module_address="module.a", expressions={"region": {"references": ["var.region"]}}
    )
    assert not read(plan(configuration=config)).providers[0].regions.known


def test_a_provider_that_main_does_not_name_is_not_judged() -> None:
    found = read(plan(configuration=configured(full_name="registry.terraform.io/evil/aws")))
    assert not found.providers[0].judged


def test_a_location_is_kept_where_the_provider_has_them() -> None:
    google = "registry.terraform.io/hashicorp/google"
    said = plan(
        change("google_storage_bucket", after={"location": "EU"}, provider=google),
        change("google_project_service", after={}, provider=google),
    )
    first, second = read(said).resources
    assert first.attributes == {"location": Attribute(known=True, values=("EU",))}
    assert second.attributes == {}


def test_what_the_state_had_is_counted_without_data() -> None:
    values: Json = {
        "root_module": {
            "resources": [{"mode": "managed"}, {"mode": "data"}],
            "child_modules": [{"resources": [{"mode": "managed"}]}],
        }
    }
    assert read(plan(prior_state={"values": values})).standing == 2
    assert read(plan()).standing == 0


def test_the_count_of_an_action_leaves_out_data() -> None:
    said = plan(
        change("aws_s3_bucket", after={}),
        change("aws_s3_bucket", "other", actions=("delete", "create"), after={}),
        change("aws_iam_policy_document", after={}, mode="data", actions=("read",)),
    )
    assert [read(said).count(action) for action in ("create", "update", "delete", "read")] == [
        2,
        0,
        1,
        0,
    ]


@pytest.mark.parametrize(
    "said",
    [
        {**plan(), "complete": False},
        {**plan(), "errored": True},
        {**plan(), "format_version": "2.0"},
        {},
        plan(change("aws_s3_bucket", actions=("explode",), after={})),
        {**plan(), "terraform_version": None},
        {**plan(), "deferred_changes": [{"reason": "provider_config_unknown"}]},
        plan(change("aws_s3_bucket", after=None)),
        plan(change("aws_s3_bucket", after=None, actions=("no-op",))),
        plan(change("aws_s3_bucket", after=None, actions=("delete", "create"))),
        plan(change("aws_s3_bucket", after={}, actions=("delete",))),
        plan(change("aws_s3_bucket", after={}, actions=("forget",))),
    ],
)
def test_a_plan_that_is_not_whole_or_not_understood_is_refused(said: Json) -> None:
    with pytest.raises(InputError) as refused:
        read(said)
    assert refused.value.code == "terraform.plan-unreadable"


@pytest.mark.parametrize("depth", [0, 1])
def test_a_program_that_would_run_while_applying_is_refused(depth: int) -> None:
    resource: Json = {"address": "aws_vpc.this", "provisioners": [{"type": "local-exec"}]}
    module: Json = {"resources": [resource]}
    for _ in range(depth):
        module = {"module_calls": {"a": {"source": "./a", "module": module}}}
    with pytest.raises(InputError) as refused:
        read(plan(configuration={"root_module": module}))
    assert refused.value.code == "terraform.provisioner"
    assert f"{'module.a.' * depth}aws_vpc.this" in refused.value.message
