"""What is in the cache is not built again, and what is missing is built by the tree itself.

Pants itself is tried in ``contracts/test_sandbox_programs.py`` and end to end; here the tree's
launcher is a script that leaves what was asked for.
"""

from __future__ import annotations

from pathlib import Path

import pytest

from turnpike.errors import InputError
from turnpike.sandbox.bubblewrap import Bubblewrap
from turnpike.sandbox.container import Container
from turnpike.validation.build import Programs, build_programs
from unit.sandbox.engines import engine
from unit.validation.test_build_inputs import FILES, KEY

OTHER = "oncology/other"
LAUNCHER = """\
echo "$@" >> "$TURNPIKE_CACHE/launched"
for word in "$@"; do
  case "$word" in
    *:libraries) mkdir -p dist/tools.images/libraries.pex/.deps/a ;;
    tools/runner:platform) mkdir -p dist/tools.runner/platform.pex ;;
    *:team) folder=${word%:team}; mkdir -p "dist/${folder//\\//.}/team.pex" ;;
  esac
done
"""


class Tree:
    """A source with two models, a cache, and how often the launcher was called for what."""

    def __init__(self, folder: Path) -> None:
        self.source, self.cache = folder / "source", folder / "cache"
        self.cache.mkdir()
        more = [name.replace(KEY, OTHER) for name in FILES if KEY in name]
        for name in (*FILES, *more):
            (self.source / name).parent.mkdir(parents=True, exist_ok=True)
            (self.source / name).write_text(name)
        (self.source / "pants").write_text(LAUNCHER)
        self.says: list[str] = []

    def built(self, *models: str) -> Programs:
        sandbox = Bubblewrap(Path("/nowhere/bwrap"))
        return build_programs(self.source, models, sandbox, self.cache, self.says.append)

    def launched(self) -> list[set[str]]:
        """Return the targets of each call of the launcher."""
        file = self.cache / "launched"
        lines = file.read_text().splitlines() if file.exists() else []
        return [{word for word in line.split() if ":" in word} for line in lines]


@pytest.fixture
def tree(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Tree:
    monkeypatch.setenv("PATH", "/bin")
    (tmp_path / "bin").mkdir()
    for name in ("bash", "mkdir"):
        (tmp_path / "bin" / name).symlink_to(f"/bin/{name}")
    monkeypatch.setenv("PATH", str(tmp_path / "bin"))  # without mmdebstrap: this machine's base
    return Tree(tmp_path)


def test_one_run_of_the_launcher_builds_all_that_is_missing_and_then_nothing(tree: Tree) -> None:
    first = tree.built(KEY)
    team = f"models/{KEY}:team"
    every = {"tools/runner:platform", team, "tools/images:libraries"}
    assert tree.launched() == [every]
    assert tree.built(KEY) == first
    assert (len(tree.launched()), len(tree.says)) == (1, 1)


def test_a_check_that_changed_rebuilds_its_own_program_alone(tree: Tree) -> None:
    first = tree.built(KEY, OTHER)
    (tree.source / f"models/{KEY}/checks/bias.py").write_text("changed")
    second = tree.built(KEY, OTHER)
    assert tree.launched()[1:] == [{f"models/{KEY}:team"}]
    assert second.platform == first.platform
    assert second.teams[OTHER] == first.teams[OTHER]
    assert second.teams[KEY].inputs != first.teams[KEY].inputs
    assert second.teams[KEY].pex != first.teams[KEY].pex


def test_each_team_has_the_program_of_its_own_checks(tree: Tree) -> None:
    programs = tree.built(KEY, OTHER)
    assert {key: one.name for key, one in programs.teams.items()} == {
        KEY: f"team {KEY}", OTHER: f"team {OTHER}",
    }  # fmt: skip
    assert programs.platform.command[-1] == "/program/predict.py"
    assert {one.command[-1] for one in programs.teams.values()} == {"/program/team.py"}
    for one in (programs.platform, *programs.teams.values()):
        assert one.command[1:4] == ("-E", "-s", "-B")


def test_a_tree_that_does_not_build_leaves_no_program_in_the_cache(tree: Tree) -> None:
    (tree.source / "pants").write_text("exit 1\n")
    with pytest.raises(InputError):
        tree.built(KEY)
    (tree.source / "pants").write_text(LAUNCHER)
    tree.built(KEY)
    assert len(tree.launched()[0]) == 3


def test_images_are_found_by_their_inputs_and_not_built_again(
    tree: Tree, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The base is kept under its recipe, so nothing is made where all is there."""
    from turnpike.documents.identifiers import digest_of
    from turnpike.validation.build_inputs import inputs_of

    recipe = (tree.source / "tools/images/rootfs").read_bytes()
    base = tree.cache / "rootfs" / digest_of(recipe)[7:23]
    (base / "root").mkdir(parents=True)
    (base / "packages.txt").write_text("python3=3.11\n")
    inputs = inputs_of(tree.source, (KEY,), digest_of(b"python3=3.11\n"))
    engines = engine(tmp_path)
    for digest in (inputs.platform, inputs.teams[KEY]):
        (tmp_path / "images" / f"turnpike-program_{digest[7:39]}").write_text(f"id of {digest}")
    programs = build_programs(tree.source, (KEY,), Container(engines), tree.cache)
    assert programs.platform.image == f"id of {inputs.platform}"
    assert programs.teams[KEY].image == f"id of {inputs.teams[KEY]}"
    assert (programs.platform.pex, tree.launched()) == (None, [])
