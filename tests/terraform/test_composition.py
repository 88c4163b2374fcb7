"""The modules fit together: what one gives is what the next takes, by name and type, on each cloud.

Roots call two modules that wire the others, `foundation` and `services`, and the registry's server.
"""

import re
import shutil
import subprocess
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
TERRAFORM = ROOT / "terraform"
CHECK = ROOT / "tools" / "terraform" / "check"
CLOUDS = ("aws", "azure", "gcp")
COMPOSED = ("foundation", "services")


def called(file: Path) -> set[str]:
    """Return the entities whose modules a file calls."""
    return set(re.findall(r'source = "[./]+/(?:modules/)?(\w+)/\w+"', file.read_text("utf-8")))


def checked(tree: Path, root: str) -> "subprocess.CompletedProcess[str]":
    return subprocess.run(
        [CHECK, "--tree", tree, "environment", "--only", root],
        capture_output=True, text=True, check=False,
    )  # fmt: skip


@pytest.fixture
def tree(tmp_path: Path) -> Path:
    shutil.copytree(TERRAFORM, tmp_path / "terraform")
    return tmp_path / "terraform"


@pytest.mark.parametrize("root", sorted(TERRAFORM.glob("environments/*/*/main.tf")), ids=str)
def test_every_root_has_every_entity(root: Path) -> None:
    entities = {file.parent.name for file in TERRAFORM.glob("modules/*/contract.yaml")}
    wired = [TERRAFORM / "modules" / name / root.parent.name / "main.tf" for name in COMPOSED]
    assert set().union(*map(called, [root, *wired])) == entities


@pytest.mark.parametrize("name", COMPOSED)
def test_every_cloud_is_wired_alike(name: str) -> None:
    files = {cloud: TERRAFORM / "modules" / name / cloud / "main.tf" for cloud in CLOUDS}
    texts = {file.read_text("utf-8").replace(f"/{at}", "") for at, file in files.items()}
    assert len(texts) == 1


@pytest.mark.parametrize("cloud", CLOUDS)
def test_an_output_that_no_module_gives_fails(tree: Path, cloud: str) -> None:
    file = tree / "modules" / "foundation" / cloud / "outputs.tf"
    text = file.read_text("utf-8")
    assert "module.cluster.issuer" in text
    file.write_text(text.replace("module.cluster.issuer", "module.cluster.address"), "utf-8")
    done = checked(tree, f"production/{cloud}")
    assert done.returncode == 1, done.stdout + done.stderr
    assert "Unsupported attribute" in done.stdout


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ('prefix             = "production/gcp"', 'prefix             = "staging/gcp"'),
        ("kms_encryption_key", "encryption_key"),
    ],
)
def test_a_state_that_is_another_roots_or_open_fails(tree: Path, before: str, after: str) -> None:
    file = tree / "environments" / "production" / "gcp" / "backend.tf"
    text = file.read_text("utf-8")
    assert before in text
    file.write_text(text.replace(before, after), "utf-8")
    done = checked(tree, "production/gcp")
    assert done.returncode == 1, done.stdout + done.stderr
    assert "production/gcp/backend.tf: expected" in done.stdout


def test_the_untouched_copy_passes(tree: Path) -> None:
    done = checked(tree, "production/gcp")
    assert done.returncode == 0, done.stdout + done.stderr
    assert "2 passed, 0 failed" in done.stdout
