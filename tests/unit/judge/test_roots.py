"""The inputs of a root: its folder, the modules that its files name, and theirs; nothing else."""

from __future__ import annotations

import pytest

from turnpike.judge.layout import RootKey, root_of
from turnpike.judge.roots import (
    InputFile,
    digest_of_inputs,
    inputs_of,
    is_configuration,
    roots_in,
)
from unit.judge.examples import object_id

ROOT = RootKey("dev", "aws")
AT = "terraform/environments/dev/aws"
STORE, KEYS = "terraform/modules/artifact_store/aws", "terraform/modules/encryption_keys/aws"


def file(text: str = "", mode: str = "100644") -> InputFile:
    return InputFile(mode, object_id(text), text)


def calling(source: str) -> InputFile:
    return file(f'module "a" {{\n  source = "{source}"\n}}\n')


FILES = {
    f"{AT}/main.tf": calling("../../../modules/artifact_store/aws"),
    f"{AT}/.terraform.lock.hcl": file("lock"),
    f"{STORE}/main.tf": calling("../../encryption_keys/aws"),
    f"{STORE}/templates/policy.json": file("{}"),
    f"{KEYS}/main.tf": file("key"),
    "terraform/modules/network/aws/main.tf": file("network"),
    "terraform/modules/artifact_store/contract.yaml": file("contract"),
    "terraform/environments/dev/gcp/main.tf": calling("../../../modules/network/aws"),
}


def test_the_inputs_are_the_folder_and_the_modules_that_it_reaches() -> None:
    assert inputs_of(ROOT, FILES) == (
        f"{AT}/.terraform.lock.hcl",
        f"{AT}/main.tf",
        f"{STORE}/main.tf",
        f"{STORE}/templates/policy.json",
        f"{KEYS}/main.tf",
    )


def test_roots_are_found_by_their_folders() -> None:
    assert roots_in(FILES) == (ROOT, RootKey("dev", "gcp"))
    assert root_of("terraform/environments/dev/main.tf") is None
    assert root_of("terraform/environments/Dev/aws/main.tf") is None


@pytest.mark.parametrize(
    "path",
    [
        f"{AT}/main.tf",
        f"{AT}/.terraform.lock.hcl",
        f"{STORE}/templates/policy.json",
        f"{KEYS}/main.tf",
    ],
)
def test_another_file_among_the_inputs_is_another_digest(path: str) -> None:
    before = digest_of_inputs(ROOT, FILES)
    other = FILES[path]
    for changed in (file(f"{other.text}\n#"), InputFile("100755", other.object, other.text)):
        assert digest_of_inputs(ROOT, {**FILES, path: changed}) != before
    assert digest_of_inputs(ROOT, {p: f for p, f in FILES.items() if p != path}) != before


def test_what_is_no_input_changes_no_digest() -> None:
    other = {**FILES, "terraform/modules/network/aws/main.tf": file("other")}
    assert digest_of_inputs(ROOT, other) == digest_of_inputs(ROOT, FILES)


def test_a_root_without_files_has_no_digest() -> None:
    assert digest_of_inputs(RootKey("dev", "azure"), FILES) is None


@pytest.mark.parametrize(
    "source",
    ["../../..", "../../../modules", "../../../../policies", "../gcp", "../../../modulesx/a"],
)
def test_a_source_outside_of_the_modules_reaches_nothing(source: str) -> None:
    files = {
        f"{AT}/main.tf": calling(source),
        "terraform/modulesx/a/main.tf": file(),
        "terraform/environments/dev/gcp/main.tf": file(),
        "terraform/modules/network/aws/main.tf": file(),
    }
    assert inputs_of(ROOT, files) == (f"{AT}/main.tf",)


def test_modules_that_name_each_other_end() -> None:
    files = {
        f"{AT}/main.tf": calling("../../../modules/a/aws"),
        "terraform/modules/a/aws/main.tf": calling("../../b/aws/"),
        "terraform/modules/b/aws/main.tf": calling("../../a/aws"),
    }
    assert len(inputs_of(ROOT, files)) == 3


def test_only_terraforms_own_files_name_modules() -> None:
    assert is_configuration("a/main.tf")
    assert is_configuration("a/main.tf.json")
    assert not is_configuration("a/main.tfvars")
