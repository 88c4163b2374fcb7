"""What a program's digest covers."""

from pathlib import Path

import pytest

from turnpike.documents.identifiers import digest_of
from turnpike.errors import InputError
from turnpike.validation.build_inputs import Inputs, inputs_of

KEY = "oncology/tumour"
PACKAGES = digest_of(b"python3=3.11\n")
FILES = (
    "pants.toml", "tools/locks/BUILD", "tools/locks/validation.in", "tools/locks/validation.lock",
    "tools/pants/macros.py", "tools/images/rootfs", "tools/runner/predict.py",
    f"models/{KEY}/BUILD", f"models/{KEY}/checks/bias.py", f"models/{KEY}/model.yaml",
)  # fmt: skip


@pytest.fixture
def source(tmp_path: Path) -> Path:
    for name in FILES:
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).write_text(name)
    return tmp_path


def _inputs(source: Path) -> Inputs:
    return inputs_of(source, (KEY,), PACKAGES)


@pytest.mark.parametrize("name", [n for n in FILES if not n.startswith("models/")])
def test_any_file_of_the_platform_changes_both_programs(source: Path, name: str) -> None:
    before = _inputs(source)
    (source / name).write_text("changed")
    after = _inputs(source)
    assert before.platform != after.platform
    assert before.teams[KEY] != after.teams[KEY]


@pytest.mark.parametrize("name", [f"models/{KEY}/BUILD", f"models/{KEY}/checks/bias.py"])
def test_a_check_changes_its_team_program_and_no_other(source: Path, name: str) -> None:
    before = _inputs(source)
    (source / name).write_text("changed")
    after = _inputs(source)
    assert before.platform == after.platform
    assert before.teams[KEY] != after.teams[KEY]


def test_a_description_in_the_manifest_changes_no_program(source: Path) -> None:
    before = _inputs(source)
    (source / f"models/{KEY}/model.yaml").write_text("changed")
    assert _inputs(source) == before


def test_other_packages_of_the_base_are_other_inputs(source: Path) -> None:
    other = inputs_of(source, (KEY,), digest_of(b"python3=3.12\n"))
    assert other.platform != _inputs(source).platform


def test_a_runner_without_checks_changes_what_the_libraries_are_not_made_of(source: Path) -> None:
    before = _inputs(source)
    (source / "tools/runner/predict.py").write_text("changed")
    assert _inputs(source).libraries == before.libraries


def test_a_link_in_place_of_a_check_is_refused(source: Path) -> None:
    check = source / f"models/{KEY}/checks/bias.py"
    check.unlink()
    check.symlink_to("/etc/hostname")
    with pytest.raises(InputError, match=r"bias\.py"):
        _inputs(source)
