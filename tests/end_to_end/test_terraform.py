"""Plans pass the same gate: real Terraform, AWS' own provider, and moto_server in place of AWS."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from end_to_end.changes import Bench
from end_to_end.cloud import Cloud, cloud_on_loopback, missing
from end_to_end.people import PLATFORM_OWNER, RISK
from end_to_end.verbs import Told
from end_to_end.world import World

pytestmark = pytest.mark.skipif(bool(missing()), reason=missing())

AUTHOR = "sam-rivera"


def at(name: str) -> str:
    return f"terraform/environments/staging/{name}"


@pytest.fixture(scope="module")
def cloud(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Cloud]:
    with cloud_on_loopback(tmp_path_factory.mktemp("cloud")) as found:
        yield found


@pytest.fixture
def world(merged: Bench, cloud: Cloud, monkeypatch: pytest.MonkeyPatch) -> World:
    for name, value in cloud.settings.items():
        monkeypatch.setenv(name, value)
    return merged.copied().world


def codes(told: Told) -> set[str]:
    return {finding["code"] for finding in told.json()["findings"]}


def test_a_public_bucket_is_refused_by_its_plan(world: World, cloud: Cloud) -> None:
    number = world.propose(cloud.root(at("aws"), "open", closed=False), AUTHOR)
    planned = world.done("terraform", "plan", "--pr", str(number))
    assert "4 to add, 0 to change, 0 to destroy" in planned.output
    assert "+ add aws_s3_bucket.this (keeps state)" in planned.output
    assert "0 to destroy; costs 0 a month, of 3000 at most" in planned.output
    world.approve(number, PLATFORM_OWNER)
    told = world.gate(number)
    assert told.code == 1
    assert codes(told) == {"plan-exposes"}
    (first, *_) = told.json()["findings"]
    assert first["expected"].startswith("aws_s3_bucket_public_access_block.this: block_public_acls")
    assert "open" not in cloud.buckets()


def test_an_approval_counts_only_after_the_plan(world: World, cloud: Cloud) -> None:
    number = world.propose(cloud.root(at("aws"), "early"), AUTHOR, (PLATFORM_OWNER,))
    assert codes(world.gate(number)) == {"plan-missing"}
    world.done("terraform", "plan", "--pr", str(number))
    assert codes(world.gate(number)) == {"approvals-missing"}
    world.approve(number, PLATFORM_OWNER)
    assert world.gate(number).code == 0


def test_another_provider_is_never_installed(world: World, cloud: Cloud) -> None:
    files = cloud.root(at("aws"), "other")
    lock = files[f"{at('aws')}/.terraform.lock.hcl"] or b""
    evil = lock.replace(b"hashicorp/aws", b"hashicorp/external")
    files[f"{at('aws')}/.terraform.lock.hcl"] = evil
    told = world.call("terraform", "plan", "--pr", str(world.propose(files, AUTHOR)))
    assert told.code == 2
    assert "terraform.provider-refused" in told.errors


def test_what_could_harm_without_an_apply_is_never_planned(world: World, cloud: Cloud) -> None:
    files = cloud.root(at("aws"), "harmful")
    path = f"{at('aws')}/main.tf"
    plain = files[path] or b""
    config = b'shared_config_files = ["${path.module}/config"]'
    harmful = plain.replace(b'provider "aws" {', b'provider "aws" {\n  ' + config)
    assert harmful != plain
    ran = world.folder / "ran"
    program = f"[default]\ncredential_process = touch {ran}\n".encode()
    files |= {path: harmful, f"{at('aws')}/config": program}
    told = world.call("terraform", "plan", "--pr", str(world.propose(files, AUTHOR)), "--json")
    assert told.code == 2
    (problem,) = told.json()["problems"]
    assert (problem["file"], problem["field"]) == (path, "provider.aws.shared_config_files")
    assert not ran.exists()


def test_a_provider_that_is_not_to_be_had_is_named(world: World, cloud: Cloud) -> None:
    files = {
        path: text.replace(b"hashicorp/aws", b"hashicorp/google")
        for path, text in cloud.root(at("gcp"), "elsewhere").items()
        if text
    }
    told = world.call("terraform", "plan", "--pr", str(world.propose(files, AUTHOR)))
    assert told.code == 2
    assert "terraform.failed" in told.errors
    assert "hashicorp/google" in told.errors


def test_a_module_outside_of_the_inputs_is_not_found(world: World, cloud: Cloud) -> None:
    files = cloud.root(at("aws"), "outside")
    main = files[f"{at('aws')}/main.tf"] or b""
    call = b'module "outside" {\n  source = "../../../../tools/terraform/moto"\n}\n'
    files[f"{at('aws')}/main.tf"] = main + call
    told = world.call("terraform", "plan", "--pr", str(world.propose(files, AUTHOR)))
    assert told.code == 2
    assert "terraform.failed" in told.errors


def merged_root(world: World, files: dict[str, bytes | None]) -> None:
    number = world.propose(files, AUTHOR)
    world.done("terraform", "plan", "--pr", str(number))
    world.approve(number, PLATFORM_OWNER)
    world.merged(number)


def test_what_is_applied_is_the_plan_that_was_approved(world: World, cloud: Cloud) -> None:
    merged_root(world, cloud.root(at("aws"), "approved"))
    (file,) = (world.folder / "plans").iterdir()
    assert file.stat().st_mode & 0o777 == 0o600
    plan = file.read_bytes()
    file.write_bytes(plan + b"\0")
    tampered = world.call("terraform", "apply", at("aws"))
    assert tampered.code == 1
    assert "terraform.plan-file-differs" in tampered.errors
    assert "approved" not in cloud.buckets()

    file.write_bytes(plan)
    assert states(world) == [[]]
    applied = world.done("terraform", "apply", at("aws"))
    assert "Apply complete! Resources: 4 added" in applied.output
    assert "approved" in cloud.buckets()
    assert states(world) == [["begun", "applied"]]

    again = world.call("terraform", "apply", at("aws"))
    assert again.code == 2
    assert "stale" in again.errors
    assert states(world) == [["begun", "applied", "begun", "failed"]]

    # What is taken away again keeps state, so that the risk group is asked as well.
    bare = cloud.root(at("aws"), "approved")[f"{at('aws')}/main.tf"] or b""
    gone = {f"{at('aws')}/main.tf": bare[: bare.index(b'resource "aws_s3_bucket" "this"')]}
    number = world.propose(gone, AUTHOR)
    planned = world.done("terraform", "plan", "--pr", str(number))
    assert "0 to add, 0 to change, 4 to destroy; 1 of them keep state" in planned.output
    world.approve(number, PLATFORM_OWNER)
    assert codes(world.gate(number)) == {"approvals-missing", "destruction-unapproved"}
    world.approve(number, RISK)
    world.merged(number)
    world.done("terraform", "apply", at("aws"))
    assert "approved" not in cloud.buckets()
    assert states(world)[1:] == [["begun", "applied"]]
    assert "applied by planner" in world.done("history", at("aws")).output
    world.done("verify")


def test_what_was_changed_past_git_is_named(world: World, cloud: Cloud) -> None:
    merged_root(world, cloud.root(at("aws"), "drifting"))
    told = world.call("terraform", "drift", at("aws"), "--json")
    assert told.code == 1
    assert {one["found"] for one in told.json()} == {"nothing"}  # let in, and not applied

    world.done("terraform", "apply", at("aws"))
    assert "as main says" in world.done("terraform", "drift", at("aws")).output

    cloud.suspend_versions("drifting")
    told = world.call("terraform", "drift", at("aws"), "--json")
    assert told.code == 1
    (one,) = told.json()
    assert one["file"] == f"{at('aws')}/main.tf"
    assert one["field"] == "aws_s3_bucket_versioning.this.versioning_configuration"
    assert '"status": "Enabled"' in one["expected"]
    assert '"status": "Suspended"' in one["found"]


def test_an_apply_that_cannot_be_recorded_does_not_begin(world: World, cloud: Cloud) -> None:
    merged_root(world, cloud.root(at("aws"), "unrecorded"))
    key = world.folder / "keys" / "gate.key"
    away = key.rename(key.with_name("away"))
    refused = world.call("terraform", "apply", at("aws"))
    assert refused.code == 2
    assert "key.none-here" in refused.errors
    assert "unrecorded" not in cloud.buckets()
    away.rename(key)
    assert states(world) == [[]]


def states(world: World) -> list[list[str]]:
    """Return what the record says of the applies of each plan, oldest first."""
    plans = world.done("history", at("aws"), "--json").json()
    return [[one["state"] for one in plan["applies"]] for plan in plans]


def test_a_root_that_no_decision_let_in_is_not_applied(world: World) -> None:
    told = world.call("terraform", "apply", at("aws"))
    assert told.code == 2
    assert "terraform.not-approved" in told.errors


def test_only_a_root_can_be_applied(world: World) -> None:
    told = world.call("terraform", "apply", "terraform/modules/network")
    assert told.code == 2
    assert "input.no-root" in told.errors
