"""Each decision is made again by its own base's code, and one that fails spoils no other."""

from __future__ import annotations

from pathlib import Path

import pytest
from pydantic import JsonValue

from turnpike.auditing.decide_again import Installations
from turnpike.auditing.replay import Recorded
from turnpike.documents.canonical import canonical
from turnpike.documents.identifiers import ObjectId, digest_of
from turnpike.errors import CannotDecide, TurnpikeError
from turnpike.git.repository import Repository
from unit.auditing.small_instance import SmallInstance
from unit.git.folder import commit_files, real_git

CODE = """\
#!/usr/bin/env python3
import json, pathlib, sys
named = [sys.argv[n + 1] for n, word in enumerate(sys.argv) if word == "--facts"]
facts = [json.loads(pathlib.Path(name).read_bytes()) for name in named]
bundle = json.loads(pathlib.Path("bundle.json").read_bytes())
said = [{"by": "BY", "of": one["number"], "rules": sorted(bundle["files"])} for one in facts]
match {one["does"] for one in facts} - {""}:
    case kinds if "spoils" in kinds:
        sys.exit("cannot read these facts")
    case kinds if "forgets" in kinds:
        print(json.dumps(said[1:]))
    case kinds if "nests" in kinds:
        print("[" * 100_000)
    case _:
        print(json.dumps(said if len(said) > 1 else said[0]))
"""


class World:
    """Commits whose code says who it is."""

    def __init__(self, folder: Path) -> None:
        self.repository = Repository.create(folder / "host.git")
        small = SmallInstance(folder / "small")
        self.decision = small.decision(small.main(), small.main())

    def base(self, by: str, rules: dict[str, bytes | None] | None = None) -> ObjectId:
        """Return a commit with the code as an executable file, and these policies."""
        code: dict[str, bytes | None] = {"turnpike": CODE.replace("BY", by).encode()}
        path = self.repository.path
        commit = commit_files(self.repository, code | (rules or {}))
        listed = real_git(path, "ls-tree", commit).splitlines()
        executable = [
            line.replace("100644", "100755") if line.endswith("\tturnpike") else line
            for line in listed
        ]
        tree = real_git(path, "mktree", stdin="\n".join((*executable, "")).encode())
        return ObjectId(real_git(path, "commit-tree", tree, "-m", "Code"))

    def recorded(self, base: ObjectId, number: int, does: str = "") -> Recorded:
        facts = canonical({"number": number, "does": does})
        return Recorded(digest_of(facts), self.decision, None, facts, base)

    def again(self, *decisions: Recorded) -> list[JsonValue | TurnpikeError]:
        return list(Installations(self.repository, lambda _: None)(decisions))


@pytest.fixture
def world(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> World:
    monkeypatch.setenv("TURNPIKE_CACHE", str(tmp_path / "cache"))
    return World(tmp_path)


def answer(by: str, number: int, *rules: str) -> JsonValue:
    return {"by": by, "of": number, "rules": list(rules)}


def test_each_is_decided_by_the_code_of_its_own_base_and_answers_keep_their_order(
    world: World,
) -> None:
    old, new = world.base("old"), world.base("new")
    bases = (new, old, new, old)
    decisions = [world.recorded(base, number) for number, base in enumerate(bases)]
    assert world.again(*decisions) == [
        answer("new", 0), answer("old", 1), answer("new", 2), answer("old", 3),
    ]  # fmt: skip


def test_the_same_code_with_other_policies_is_another_court(world: World) -> None:
    one, two = "policies/a/a.rego", "policies/b/b.rego"
    before, after = (world.base("same", {path: b"package x\n"}) for path in (one, two))
    assert world.again(world.recorded(before, 1), world.recorded(after, 2)) == [
        answer("same", 1, one),
        answer("same", 2, two),
    ]


@pytest.mark.parametrize("does", ["spoils", "nests", "forgets"])
def test_one_that_yields_no_decision_spoils_no_other(world: World, does: str) -> None:
    base = world.base("base")
    first, bad, last = (
        world.recorded(base, 1),
        world.recorded(base, 2, does),
        world.recorded(base, 3),
    )
    got = world.again(first, bad, last)
    assert (got[0], got[2]) == (answer("base", 1), answer("base", 3))
    if does == "forgets":  # asked about it alone, it says that there is none
        assert got[1] == []
    else:
        assert isinstance(got[1], CannotDecide)
        assert got[1].code == "replay.no-decision"


def test_a_base_that_holds_no_code_leaves_the_others_decided(world: World) -> None:
    empty = commit_files(world.repository, {"README.md": b"read\n"})
    unknown = ObjectId("f" * 40)
    good = world.base("base")
    decisions = [world.recorded(base, n) for n, base in enumerate((empty, unknown, good))]
    got = world.again(*decisions)
    assert [isinstance(one, TurnpikeError) for one in got] == [True, True, False]


def test_nothing_to_decide_is_no_question(world: World) -> None:
    assert world.again() == []
