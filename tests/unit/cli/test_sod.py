"""``turnpike sod`` of a checkout: what it says, and how it exits."""

from __future__ import annotations

import json
import shutil
from pathlib import Path

import pytest
from click.testing import CliRunner

from turnpike.cli.sod import command
from turnpike.errors import InvalidDocument, UsageError

OPTIONAL = "[Team]\n/models/x/ @oncology\n^[Optional]\n/models/oncology/ "
PRODUCT = Path(__file__).parents[3]


def checkout(folder: Path, *edits: tuple[str, str, str]) -> Path:
    """Copy what says who decides, with texts of its files replaced."""
    for place in ("CODEOWNERS", "policies/data/organisation.yaml"):
        (folder / place).parent.mkdir(parents=True, exist_ok=True)
        shutil.copy(PRODUCT / place, folder / place)
    shutil.copytree(PRODUCT / "environments", folder / "environments")
    for place, old, new in edits:
        text = (folder / place).read_text(encoding="utf-8")
        assert old in text
        (folder / place).write_text(text.replace(old, new), encoding="utf-8")
    return folder


def run(folder: Path, *words: str) -> tuple[int, str]:
    result = CliRunner(catch_exceptions=False).invoke(command, ["--checkout", str(folder), *words])
    return result.exit_code, result.output


def test_the_product_lets_nobody_alone_and_no_two_with_a_high_risk_model(tmp_path: Path) -> None:
    code, printed = run(checkout(tmp_path), "--json")
    told = json.loads(printed)
    assert (code, told["allowed"], told["production"]) == (0, True, ["production"])
    assert {len(path["people"]) for path in told["paths"]} == {2}
    assert not any(path["highRisk"] for path in told["paths"])
    assert told["unfillable"] == []


def test_one_person_who_could_alone_is_exit_code_1_with_the_steps(tmp_path: Path) -> None:
    organisation = "policies/data/organisation.yaml"
    folder = checkout(
        tmp_path,
        (organisation, "codeownersDialect: github", "codeownersDialect: gitlab"),
        ("CODEOWNERS", "/models/oncology/ ", f"!/models/oncology/\n{OPTIONAL}"),
    )
    code, printed = run(folder, "--json")
    alone = [path for path in json.loads(printed)["paths"] if len(path["people"]) == 1]
    assert code == 1
    assert {path["people"][0] for path in alone} >= {"grace-lee", "omar-haddad"}
    (first, *_, last) = next(p for p in alone if p["people"] == ["grace-lee"])["steps"]
    assert (first["class"], first["author"], first["approvals"]) == ("model", "grace-lee", [])
    assert last["approvals"] == [{"group": "release-managers", "people": ["grace-lee"]}]
    code, printed = run(folder)
    assert code == 1
    assert "grace-lee" in printed


def test_an_owner_who_is_also_of_the_risk_group_makes_denied_pairs(tmp_path: Path) -> None:
    risk = ("      - nora-smith\n", "      - nora-smith\n      - maria-lopez\n")
    code, printed = run(checkout(tmp_path, ("policies/data/organisation.yaml", *risk)), "--json")
    denied = [path for path in json.loads(printed)["paths"] if path["rule"] == "deny"]
    assert code == 1
    assert all(path["highRisk"] for path in denied)
    assert [path["people"] for path in denied] == [
        ["grace-lee", "maria-lopez"], ["maria-lopez", "omar-haddad"],
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("place", "old", "new", "told"),
    [
        (
            "policies/data/organisation.yaml",
            "  pairs: warn\n",
            "  pairs: warn\n  production: [prodution]\n",
            "segregation.production: expected environments that exist, found prodution",
        ),
        (
            "environments/dev/environment.yaml",
            "promotesFrom: []",
            "promotesFrom: [production]",
            "promotesFrom: expected no stage that waits for this one, found dev from production",
        ),
        (
            "environments/staging/environment.yaml",
            "promotesFrom: [dev]",
            "promotesFrom: [dve]",
            "promotesFrom: expected one that exists, found dve",
        ),
    ],
)
def test_where_nobody_knows_what_production_is_nothing_is_proven(
    tmp_path: Path, place: str, old: str, new: str, told: str
) -> None:
    with pytest.raises(InvalidDocument) as refused:
        run(checkout(tmp_path, (place, old, new)))
    assert refused.value.message.startswith(f"{place}: {told}")


def test_without_any_environment_nothing_is_proven_either(tmp_path: Path) -> None:
    folder = checkout(tmp_path)
    shutil.rmtree(folder / "environments")
    with pytest.raises(UsageError, match=r"expected environments/\*/environment\.yaml"):
        run(folder)
