"""Before anybody has approved a configuration, it says nothing that harms without an apply."""

from __future__ import annotations

from pathlib import Path

import pytest

from turnpike.documents.reading import read
from turnpike.errors import InvalidDocument
from turnpike.infrastructure.configuration import require_plain_configuration
from turnpike.topology.plan_table import PLAN_TABLE, PLAN_TABLE_PATH
from unit.infrastructure.plans import table

FILE = "terraform/environments/dev/aws/main.tf"
GOOD = """\
# provider "evil" {}, file("/etc/shadow")
terraform {
  required_version = "1.11.4"
  backend "s3" {
    bucket = "states"
    key    = "dev/aws"
  }
}
provider "aws" {
  region = var.region
  default_tags {
    tags = { team = "platform" }
  }
}
provider google {
  project = "p"
}
module "here" {
  source = "../../../modules/network/aws"
}
module "there" {
  source = "git::https://git.example/platform/network?ref=0123"
}
data "aws_iam_policy_document" "this" {}
resource "aws_s3_object" "this" {
  for_each = fileset(path.module, "rules/*.json")
  content  = file("${path.module}/rules/one.json")
  source   = templatefile("${path.module}/a.tpl", { profile = "a file" })
  text     = <<EOT
a profile(d) text
EOT
}
"""


def refused(text: str, name: str = FILE) -> list[str]:
    """Return the fields of what is refused."""
    with pytest.raises(InvalidDocument) as caught:
        require_plain_configuration({name: text.encode()}, table())
    assert all(problem.file == name for problem in caught.value.problems)
    return [problem.field for problem in caught.value.problems]


def test_what_roots_need_passes() -> None:
    require_plain_configuration({FILE: GOOD.encode(), "terraform/README.md": b"{"}, table())


@pytest.mark.parametrize(
    ("text", "field"),
    [
        ('provider "aws" {\n  shared_config_files = ["./evil"]\n}', "shared_config_files"),
        ('provider "aws" {\n  endpoints {\n    s3 = "https://evil"\n  }\n}', "endpoints"),
        ('provider "aws" {\n  dynamic "endpoints" {\n    for_each = [1]\n  }\n}', "dynamic"),
        ('provider "aws" {\n  http_proxy = "evil:80"\n}', "http_proxy"),
        ('provider "google" {\n  credentials = "{}"\n}', "credentials"),
    ],
)
def test_a_provider_is_told_nothing_but_what_main_names(text: str, field: str) -> None:
    name = text.split('"')[1]
    assert refused(f"{text}\n") == [f"provider.{name}.{field}"]


def test_a_second_block_of_a_provider_is_read_as_well() -> None:
    text = 'provider "aws" {}\nprovider "aws" {\n  alias = "b"\n  profile = "p"\n}\n'
    assert refused(text) == ["provider.aws.profile"]


def test_a_provider_by_another_name_is_refused() -> None:
    assert refused('provider "evil" {}\n') == ["provider.evil"]
    assert refused('provider "a\\u0077s" {}\n') == ["provider.a\\u0077s"]


def test_states_lie_where_main_says() -> None:
    assert refused('terraform {\n  backend "http" {}\n}\n') == ["backend.http"]
    text = 'terraform {\n  backend "s3" {\n    endpoints = { s3 = "https://evil" }\n  }\n}\n'
    assert refused(text) == ["backend.s3.endpoints"]
    assert refused('terraform {\n  cloud {\n    organization = "e"\n  }\n}\n') == [
        "terraform.cloud"
    ]


@pytest.mark.parametrize("kind", ["terraform_remote_state", "terraform_remote\\u005fstate"])
def test_no_state_of_another_root_is_read(kind: str) -> None:
    assert refused(f'data "{kind}" "x" {{\n  backend = "http"\n}}\n') == [f"data.{kind}"]


def test_no_key_is_read_either() -> None:
    assert refused('data "aws_iam_access_key" "x" {}\n') == ["data.aws_iam_access_key"]


def test_data_of_a_check_is_read_as_well() -> None:
    text = 'check "a" {\n  data "terraform_remote_state" "x" {\n    backend = "http"\n  }\n}\n'
    assert refused(text) == ["data.terraform_remote_state"]
    plain = text.replace("terraform_remote_state", "aws_iam_role")
    require_plain_configuration({FILE: plain.encode()}, table())


def test_nothing_acts_while_it_is_planned() -> None:
    text = 'ephemeral "aws_lambda_invocation" "x" {\n  function_name = "a"\n}\n'
    assert refused(text) == ["ephemeral.aws_lambda_invocation"]


@pytest.mark.parametrize(
    "source",
    ['"hashicorp/vpc/aws"', '"git::https://evil.example/m"', '"/etc"', "<<EOT\ngit::x\nEOT"],
)
def test_modules_come_from_here_or_from_where_main_says(source: str) -> None:
    assert refused(f'module "m" {{\n  source = {source}\n}}\n') == ["module.m.source"]


@pytest.mark.parametrize(
    "expression",
    [
        'file("/etc/key")',
        'file("${path.module}/../../../../key")',
        'file("${path.module}/${var.name}")',
        'filebase64("~/key")',
        'fileset(path.module, "../**")',
        'fileset("/", "**")',
        'templatefile("${path.module}/a.tpl", { key = file("/etc/key") })',
        'pathexpand("~/key")',
        '1\n  __comments__ = file("/etc/key")',
        '"a ${file(var.name)}"',
        '"%{ if fileexists("/etc/key") }a%{ endif }"',
        '<<EOT\n${file/* */("/etc/key")}\nEOT',
        '{ (file("/etc/key")) = 1 }',
    ],
)
def test_the_machine_is_not_read(expression: str) -> None:
    assert refused(f"locals {{\n  x = {expression}\n}}\n")


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("provider {", FILE),
        ('x = file /* */ ("/etc/key")\n', FILE),
        ("\x00", FILE),
        ("{}", FILE.replace(".tf", ".tf.json")),
    ],
)
def test_what_is_not_read_is_refused(text: str, name: str) -> None:
    assert refused(text, name) == [""]


def test_all_that_is_wrong_is_told_at_once() -> None:
    text = 'provider "evil" {}\ndata "terraform_remote_state" "x" {}\nx = file("/y")\n'
    assert refused(text) == ["provider.evil", "data.terraform_remote_state", "file"]


def test_the_roots_of_this_product_pass() -> None:
    own = read(PLAN_TABLE, Path(PLAN_TABLE_PATH).read_bytes(), PLAN_TABLE_PATH)
    files = {
        str(path): path.read_bytes()
        for path in sorted(Path("terraform").rglob("*.tf"))
        if ".terraform" not in path.parts
    }
    assert files
    require_plain_configuration(files, own)
