"""Who decides is read of a checkout from where its own host would read it."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from turnpike.approvals.dialects import DIALECTS
from turnpike.cli.arrangement_here import (
    arrangement_in,
    environments_in,
    organisation_in,
    owner_files_in,
    place_of,
)
from turnpike.errors import InputError, InvalidDocument, UsageError

PRODUCT = Path(__file__).parents[3]


@pytest.fixture
def checkout(tmp_path: Path) -> Path:
    for place in ("CODEOWNERS", "policies/data/organisation.yaml"):
        (tmp_path / place).parent.mkdir(parents=True, exist_ok=True)
        shutil.copy(PRODUCT / place, tmp_path / place)
    shutil.copytree(PRODUCT / "environments", tmp_path / "environments")
    return tmp_path


def test_a_checkout_says_who_decides_in_every_environment(checkout: Path) -> None:
    found = arrangement_in(checkout)
    assert found.codeowners == (PRODUCT / "CODEOWNERS").read_text()
    assert {"dev", "staging", "production"} <= found.environments.keys()
    assert found.organisation == organisation_in(checkout)


def test_the_file_that_the_host_reads_first_is_the_one(checkout: Path) -> None:
    (checkout / ".github").mkdir()
    (checkout / ".github/CODEOWNERS").write_text("* @intruder\n")
    dialect = DIALECTS["github"]
    files = owner_files_in(checkout)
    assert set(files) == {"CODEOWNERS", ".github/CODEOWNERS"}
    assert place_of(dialect, files) == next(p for p in dialect.locations if p in files)
    assert arrangement_in(checkout).codeowners == files[place_of(dialect, files)]


def test_a_file_that_only_another_host_reads_is_none(checkout: Path) -> None:
    elsewhere = {place for one in DIALECTS.values() for place in one.locations}
    for name, dialect in DIALECTS.items():
        for place in sorted(elsewhere - set(dialect.locations)):
            with pytest.raises(InputError, match="expected one of") as missing:
                place_of(dialect, {place: f"of another host than {name}"})
            assert missing.value.code == "codeowners.missing"


def test_a_folder_that_is_no_monorepo_sends_to_its_root(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match=r"policies/data/organisation\.yaml") as refused:
        arrangement_in(tmp_path)
    assert "root" in refused.value.solution


def test_a_folder_in_the_place_of_a_file_is_no_file(checkout: Path) -> None:
    (checkout / "CODEOWNERS").unlink()
    (checkout / "CODEOWNERS").mkdir()
    with pytest.raises(InputError, match="expected one of"):
        arrangement_in(checkout)


def test_an_environment_that_cannot_be_read_is_named_and_not_left_out(checkout: Path) -> None:
    (checkout / "environments/dev/environment.yaml").write_bytes(b"\xff")
    with pytest.raises(InvalidDocument, match=r"environments/dev/environment\.yaml"):
        environments_in(checkout)


@pytest.mark.parametrize(
    ("old", "new", "told"),
    [
        ("      - grace-lee\n", "      - grace-le\n", "groups.4.members: expected the id of a"),
        ("risk: risk-quorum", "risk: rsk", "roles.risk: expected the name of a group, found rsk"),
        (
            "      embedded: tom-becker",
            "      embedded: maria-lopez",
            "people.accounts: expected each one once, found embedded: maria-lopez more than once",
        ),
    ],
)
def test_who_is_nobody_or_two_at_once_is_no_answer(
    checkout: Path, old: str, new: str, told: str
) -> None:
    file = checkout / "policies/data/organisation.yaml"
    text = file.read_text("utf-8")
    assert old in text
    file.write_text(text.replace(old, new, 1), "utf-8")
    with pytest.raises(InvalidDocument) as refused:
        arrangement_in(checkout)
    assert refused.value.message.startswith(f"policies/data/organisation.yaml: {told}")
