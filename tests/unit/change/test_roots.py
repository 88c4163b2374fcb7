"""The roots that a change touches, read from Git's trees."""

from __future__ import annotations

from pathlib import Path

from turnpike.documents.canonical import canonical_document
from turnpike.documents.identifiers import digest_of
from turnpike.judge.facts import Facts
from unit.change.monorepo import Monorepo
from unit.judge.examples import organisation

AT = "terraform/environments/dev/aws"
MODULE = "terraform/modules/store/aws/main.tf"
FILES: dict[str, bytes | None] = {
    f"{AT}/main.tf": b'module "a" {\n  source = "../../../modules/store/aws"\n}\n',
    f"{AT}/.terraform.lock.hcl": b"lock\n",
    MODULE: b"one\n",
}


def facts_of(
    tmp_path: Path, before: dict[str, bytes | None], after: dict[str, bytes | None]
) -> Facts:
    monorepo = Monorepo(tmp_path)
    base = monorepo.head(before) if before else monorepo.base
    return monorepo.facts(monorepo.head(after, base), base=base)


def test_a_new_root_has_inputs_and_a_lock(tmp_path: Path) -> None:
    (one,) = facts_of(tmp_path, {}, FILES).roots
    assert (one.path, one.before, one.lock) == (AT, None, digest_of(b"lock\n"))
    assert one.after is not None


def test_a_change_of_a_module_touches_the_roots_that_use_it(tmp_path: Path) -> None:
    other: dict[str, bytes | None] = {"terraform/environments/dev/gcp/main.tf": b"other\n"}
    (one,) = facts_of(tmp_path, {**FILES, **other}, {MODULE: b"two\n"}).roots
    assert one.path == AT
    assert None not in (one.before, one.after)
    assert one.before != one.after


def test_a_change_beside_the_inputs_touches_no_root(tmp_path: Path) -> None:
    changed: dict[str, bytes | None] = {"terraform/modules/store/gcp/main.tf": b"other\n"}
    assert facts_of(tmp_path, FILES, changed).roots == ()


def test_a_removed_root_has_the_lock_that_it_had(tmp_path: Path) -> None:
    gone: dict[str, bytes | None] = {f"{AT}/main.tf": None, f"{AT}/.terraform.lock.hcl": None}
    (one,) = facts_of(tmp_path, FILES, gone).roots
    assert (one.after, one.lock) == (None, digest_of(b"lock\n"))


def test_a_change_of_another_class_reads_no_roots(tmp_path: Path) -> None:
    assert facts_of(tmp_path, FILES, {"docs/a.md": b"a\n"}).roots == ()


SIGN_ON = b'module "mlflow" {\n  sign_on = { groups = ["oncology"], administrators = [] }\n}\n'


def test_a_change_of_the_organisation_reads_whom_roots_let_in(tmp_path: Path) -> None:
    renamed = organisation().model_copy(update={"name": "Other"})
    path = "policies/data/organisation.yaml"
    standing: dict[str, bytes | None] = {**FILES, f"{AT}/sign_on.tf": SIGN_ON}
    (one,) = facts_of(tmp_path, standing, {path: canonical_document(renamed)}).let_in
    assert (one.path, one.group) == (f"{AT}/sign_on.tf", "oncology")


def test_no_other_change_asks_whom_roots_let_in(tmp_path: Path) -> None:
    standing: dict[str, bytes | None] = {**FILES, f"{AT}/sign_on.tf": SIGN_ON}
    assert facts_of(tmp_path, standing, {MODULE: b"two\n"}).let_in == ()
