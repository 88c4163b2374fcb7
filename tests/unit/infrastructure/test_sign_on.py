"""A root lets nobody sign in to whom the organisation gives nothing there."""

from __future__ import annotations

from pathlib import Path

import pytest

from turnpike.documents.reading import read
from turnpike.errors import InvalidDocument
from turnpike.infrastructure.sign_on import DeclaredSignOn, let_in, require_declared_groups
from turnpike.rendering.mlflow_access import administrators_of, permissions_of
from turnpike.topology.organisation import ORGANISATION

MAIN = "terraform/environments/dev/aws/main.tf"
ISSUER = "https://sso.example.org"
DECLARED = DeclaredSignOn(frozenset({"oncology", "owners"}), frozenset({"owners"}), ISSUER)


def checked(sign_on: str, declared: DeclaredSignOn = DECLARED) -> None:
    """Check a root whose server has this for its sign-on."""
    text = f'module "mlflow" {{\n  source  = "../a"\n  sign_on = {sign_on}\n}}\n'
    require_declared_groups({MAIN: text.encode(), "README.md": b"{"}, declared)


def said(groups: str = '["oncology"]', administrators: str = '["owners"]', issuer: str = "") -> str:
    """Return a sign-on as it is written."""
    address = issuer or f'"{ISSUER}"'
    return f"{{ issuer = {address}, groups = {groups}, administrators = {administrators} }}"


def test_declared_groups_pass() -> None:
    checked(said())
    checked(said(groups='["owners", "oncology"]'))
    checked(
        said(issuer='"https://other.example"'),
        DeclaredSignOn(DECLARED.groups, DECLARED.administrators, None),
    )
    require_declared_groups({MAIN: b'module "a" {\n  source = "../a"\n}\n'}, DECLARED)


@pytest.mark.parametrize(
    ("sign_on", "field", "found"),
    [
        (said(groups='["oncology", "everybody"]'), ".groups.1", "everybody"),
        (said(administrators='["oncology"]'), ".administrators.0", "oncology"),
        (said(groups="var.groups"), ".groups", "${var.groups}"),
        (said(groups='["${var.group}"]'), ".groups.0", '"${var.group}"'),
        (said(issuer='"https://other.example"'), ".issuer", "https://other.example"),
        ("local.sign_on", "", "${local.sign_on}"),
    ],
)
def test_a_contradiction_is_named_with_file_and_field(sign_on: str, field: str, found: str) -> None:
    with pytest.raises(InvalidDocument) as refused:
        checked(sign_on)
    (problem,) = refused.value.problems
    assert (problem.file, problem.field) == (MAIN, f"module.mlflow.sign_on{field}")
    assert problem.actual == found


def test_what_is_left_out_is_refused() -> None:
    with pytest.raises(InvalidDocument, match=r"sign_on\.administrators"):
        checked(f'{{ issuer = "{ISSUER}", groups = ["oncology"] }}')


@pytest.mark.parametrize(
    "file", sorted(Path("terraform/environments").glob("*/*/main.tf")), ids=str
)
def test_the_roots_of_this_product_pass(file: Path) -> None:
    path = Path("policies/data/organisation.yaml")
    given = permissions_of(read(ORGANISATION, path.read_bytes(), str(path)))
    groups = frozenset(one.group for one in given)
    declared = DeclaredSignOn(groups, administrators_of(given), ISSUER)
    require_declared_groups({str(file): file.read_bytes()}, declared)
    assert {one.group for one in let_in({str(file): file.read_bytes()})} == groups


def test_whom_a_root_lets_in_is_told_by_place() -> None:
    text = f'module "a" {{\n  source  = "../a"\n  sign_on = {said()}\n}}\n'
    found = let_in({MAIN: text.encode(), "terraform/README.md": b"{", "terraform/b.tf": b"{"})
    assert [(one.path, one.field, one.kind, one.group) for one in found] == [
        (MAIN, "module.a.sign_on.groups.0", "groups", "oncology"),
        (MAIN, "module.a.sign_on.administrators.0", "administrators", "owners"),
    ]


@pytest.mark.parametrize("sign_on", ["local.sign_on", said("var.groups", '["${var.a}"]')])
def test_who_is_not_written_out_is_nobody(sign_on: str) -> None:
    text = f'module "a" {{\n  source  = "../a"\n  sign_on = {sign_on}\n}}\n'
    assert let_in({MAIN: text.encode()}) == ()
