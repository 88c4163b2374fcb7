"""What is written tells who gives what is unknown: blocks that are computed and functions count."""

from __future__ import annotations

import pytest

from turnpike.infrastructure.arguments import UNREAD, Argument, configuration_of

FOLDER = "terraform/environments/dev/aws"
DOCUMENT = "data.aws_iam_policy_document.this"


def argument(body: str, path: str, more: str = "") -> Argument:
    """Return what is written at a path of a resource that has this body, and more beside it."""
    text = f'resource "aws_x" "this" {{\n{body}\n}}\n{more}\n'
    return configuration_of({f"{FOLDER}/main.tf": text.encode()}).argument(
        FOLDER, "aws_x.this", path
    )


@pytest.mark.parametrize(
    ("expression", "source"),
    [
        (f"{DOCUMENT}.json", f"{DOCUMENT}.json"),
        (f"{DOCUMENT}[each.key].json", f"{DOCUMENT}.json"),
        (f'{DOCUMENT}["a"].json', f'{DOCUMENT}["a"].json'),
        (f"{DOCUMENT}[count.index].json", f"{DOCUMENT}.json"),
        (f"{DOCUMENT}[each.value].json", f"{DOCUMENT}[each.value].json"),
        (f'"${{{DOCUMENT}.json}}"', f"{DOCUMENT}.json"),
        ("aws_iam_policy.this.arn", "aws_iam_policy.this.arn"),
    ],
)
def test_an_attribute_of_a_resource_is_a_source(expression: str, source: str) -> None:
    assert argument(f"policy = {expression}", "policy.@json").sources == (source,)


@pytest.mark.parametrize(
    "expression",
    [
        f'replace({DOCUMENT}.json, "a", "b")',
        f'true ? {DOCUMENT}.json : "x"',
        f'"[${{{DOCUMENT}.json}}]"',
        f"<<EOT\n${{{DOCUMENT}.json}}\nEOT",
        f"[for x in [1] : {DOCUMENT}.json][0]",
        "each.value",
        "var.policy",
        "local.policy",
        "module.one.policy",
        "aws_iam_role.value.arn",
        f"{DOCUMENT}[element([0], 0)].json",
    ],
)
def test_nothing_else_is_one(expression: str) -> None:
    found = argument(f"policy = {expression}", "policy.@json")
    assert found.given
    assert found.sources == ()


def test_all_must_be_sources_but_for_what_is_literal() -> None:
    path = "statement.@allow.principals.@each.identifiers.@each"
    block = "statement {{\n principals {{\n identifiers = {0}\n }}\n }}\n"
    both = block.format('["arn:x", aws_iam_role.a.arn]') + block.format("[aws_iam_role.b.arn]")
    assert argument(both, path).sources == ("aws_iam_role.a.arn", "aws_iam_role.b.arn")
    mixed = both + block.format("concat([aws_iam_role.b.arn], [])")
    assert argument(mixed, path).sources == ()


def test_an_override_counts_beside_what_it_overrides() -> None:
    other = 'resource "aws_x" "this" {\n  policy = replace("a", "b", "c")\n}'
    assert argument(f"policy = {DOCUMENT}.json", "policy", other).sources == ()


@pytest.mark.parametrize(
    ("body", "given"),
    [
        ("", False),
        ("policy = null", False),
        ('other = "x"', False),
        ('policy = "x"', True),
        ("policy = false", True),
        ("policy = var.x", True),
    ],
)
def test_what_is_written_is_given(body: str, given: bool) -> None:
    assert argument(body, "policy").given is given


@pytest.mark.parametrize(
    ("body", "given"),
    [
        ("block {\n encrypted = var.x\n}", True),
        ("block {\n size = 1\n}", False),
        ('dynamic "block" {\n for_each = [1]\n content {\n encrypted = var.x\n }\n}', True),
        ('dynamic "other" {\n for_each = [1]\n content {\n encrypted = var.x\n }\n}', False),
        ("block = var.blocks", True),
        ("block = [{ encrypted = true }]", True),
        ("block = [{ (var.name) = true }]", True),
    ],
)
def test_what_a_block_gives_is_given(body: str, given: bool) -> None:
    assert argument(body, "block.@each.encrypted").given is given


@pytest.mark.parametrize(
    ("expression", "begins"),
    [
        ('"serviceAccount:${var.x}"', ("serviceAccount:",)),
        ('"a%{ if true }b%{ endif }"', ("a",)),
        ("var.x", ("",)),
        ('"${var.x}a"', ("",)),
        ('"a\\tb${var.x}"', ("",)),
        ("<<EOT\na${var.x}\nEOT", ("",)),
        ('["group:a", "user:${var.x}", each.value]', ("", "group:a", "user:")),
        ("true", ()),
    ],
)
def test_a_text_begins_with_what_stands_before_anything_is_put_in(
    expression: str, begins: tuple[str, ...]
) -> None:
    assert argument(f"member = {expression}", "member.@each").begins == begins


def test_of_what_is_not_there_anything_may_be_written() -> None:
    assert configuration_of({}).argument(FOLDER, "aws_x.this", "policy") == UNREAD
    assert configuration_of({f"{FOLDER}/a.txt": b"{"}).bodies == {}


@pytest.mark.parametrize(
    ("body", "given"),
    [
        ('disk {\n  size = "1"\n}', True),
        ("disk {\n  encrypted = true\n}", True),
        ('size = "1"', False),
    ],
)
def test_what_is_required_counts_as_given_where_its_block_is(body: str, given: bool) -> None:
    assert argument(body, "disk.@each.encrypted.@required") == Argument(given, (), ())
