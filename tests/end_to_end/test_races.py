"""Merges that race with merges, new heads, approvals taken back and changes of membership.

A race is a pair of processes that act on one instance at the same time, one of them a merge: three
merges and a rival are six of them.
"""

from __future__ import annotations

import random
import subprocess
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from hashlib import sha256
from pathlib import Path

import pytest

from end_to_end import forking
from end_to_end.changes import DESCRIPTION, Bench
from end_to_end.people import AUTHORS
from end_to_end.world import World
from turnpike.documents.identifiers import ObjectId
from turnpike.forge.event import NAMESPACE, Event, EventKind, EventState, encode
from turnpike.forge.refs import event_ref, head_ref
from turnpike.git.repository import Repository
from turnpike.signing.ssh import sign_ssh

SEED = 20261
AUTHOR, OWNER = "sam-rivera", "ida-berg"
MERGES = 3
RIVALS = ("head", "approval")
PAIRS = 6
Does = Callable[[], int]


@dataclass(frozen=True, slots=True)
class Pull:
    """An approved pull request of a page, and a commit that nobody has approved."""

    number: int
    head: ObjectId
    later: ObjectId


def prepared(world: World, count: int) -> tuple[Pull, ...]:
    """Write approved pull requests into the host at once, as so many pushes would have left it."""
    start = datetime.now(UTC) - timedelta(seconds=5)
    pulls, moves = [], []
    world.git("fetch", "--quiet", "origin")
    with Repository(world.host) as host, Repository(world.monorepo) as clone:
        for number in range(2, 2 + count):
            heads = [page(one, world.main, number, text) for one, text in
                     ((host, "A page"), (clone, "Another page"))]  # fmt: skip
            said = (
                event(world, number, heads[0], AUTHOR, "opened", "", start),
                event(world, number, heads[0], OWNER, "reviewed", "approved",
                      start + timedelta(seconds=1)),
            )  # fmt: skip
            moves.append((head_ref(number), heads[0]))
            moves += [
                (event_ref(number, sha256(content).hexdigest()), host.write_blob(content))
                for content in said
            ]
            pulls.append(Pull(number, heads[0], heads[1]))
    lines = "".join(f"create {ref} {new}\n" for ref, new in moves)
    command = ["git", "-C", str(world.host), "update-ref", "--stdin"]
    subprocess.run(command, input=lines.encode(), check=True, timeout=300)
    return tuple(pulls)


def page(repository: Repository, base: ObjectId, number: int, text: str) -> ObjectId:
    tree = repository.write_tree_with(base, {f"docs/races/{number}.md": f"# {text}\n".encode()})
    who = AUTHORS[AUTHOR]
    return repository.write_commit(tree, (base,), who, who, f"{text}\n", datetime.now(UTC))


def event(
    world: World, number: int, head: ObjectId, person: str, kind: EventKind, state: EventState,
    at: datetime,
) -> bytes:  # fmt: skip
    said = Event(
        kind=kind, genesis=world.house.instance.genesis, pull_request=number, commit=head,
        account=person, at=at, state=state, title="A page" if kind == "opened" else "",
    )  # fmt: skip
    key = world.house.instance.person_key(person)
    return encode(said, sign_ssh(key, NAMESPACE, said.signed_bytes()))


def after(delay: float, does: Does) -> Does:
    def later() -> int:
        time.sleep(delay)
        return does()

    return later


def rival(world: World, pull: Pull, kind: str) -> Does:
    number = str(pull.number)
    words = {
        "head": ("pr", "push", number, "--head", pull.later, "--as", AUTHOR),
        "approval": ("pr", "review", number, "--dismiss", "--as", OWNER),
    }[kind]
    return lambda: world.call(*words).code


def raced(chance: random.Random, *does: Does) -> list[int]:
    """Do all of it at nearly the same time; return the exit codes."""
    children = [forking.start(after(chance.uniform(0.0, 0.4), one)) for one in does]
    return [forking.end(child) for child in children]


def merging(world: World, number: int) -> Does:
    return lambda: world.merge(number).code


def test_of_merges_that_race_main_takes_what_was_judged_and_nothing_is_lost(
    merged: Bench, request: pytest.FixtureRequest, record_property: Callable[[str, object], None]
) -> None:
    rounds = 160 if request.config.getoption("--full") else 16
    chance = random.Random(SEED)  # noqa: S311 - the same races every time
    world = merged.copied().world
    pulls = prepared(world, rounds * MERGES)
    for start in range(0, len(pulls), MERGES):
        run_round(world, chance, pulls[start : start + MERGES])
    told = world.call("verify", "--json")
    assert told.code == 0, str(told)
    record_property("attacks", f"{rounds * PAIRS} races of merges, nothing lost")


def run_round(world: World, chance: random.Random, pulls: tuple[Pull, ...]) -> None:
    kind = chance.choice(RIVALS)
    does = [*(merging(world, pull.number) for pull in pulls), rival(world, pulls[0], kind)]
    before = world.main
    codes = raced(chance, *does)[: len(pulls)]
    assert set(codes) <= {0, 1, 3}, codes
    for number, pull in enumerate(pulls):
        shaken = number == 0
        if codes[number] == 3:  # everything moved five times in a row: the next one finishes
            codes[number] = world.merge(pull.number).code
        assert codes[number] == 0 or (shaken and codes[number] in {1, 3}), (kind, codes)
    landed = sorted(heads_since(world, before))
    assert landed == sorted(p.head for p, code in zip(pulls, codes, strict=True) if code == 0)


def heads_since(world: World, before: str) -> Iterator[str]:
    """Yield the judged head of each merge since, which is what was approved or nothing."""
    words = ("log", "--first-parent", "--format=%P", f"{before}..{world.main}")
    for line in world.git(*words, at=world.host).splitlines():
        _, head = line.split()
        yield head


def test_no_approval_outlives_the_membership_that_it_rests_on(
    merged: Bench, request: pytest.FixtureRequest, record_property: Callable[[str, object], None]
) -> None:
    races = 40 if request.config.getoption("--full") else 4
    chance = random.Random(SEED)  # noqa: S311 - the same races every time
    first = merged.copied()
    model = first.proposed(first.draft("diabetes").edited(DESCRIPTION))
    leaving = first.world.propose(without_the_owner(first.world), AUTHOR, (OWNER, "nora-smith"))
    for _ in range(races):
        world = first.copied().world
        codes = raced(chance, merging(world, model), merging(world, leaving))
        assert codes[1] == 0, codes
        order = world.git("log", "--first-parent", "--format=%P", world.main, at=world.host)
        heads = [line.split()[1] for line in order.splitlines() if " " in line]
        model_head = world.ref(head_ref(model))
        if codes[0] == 0:  # newest first: the model went in while its owner still belonged
            assert heads.index(world.ref(head_ref(leaving))) < heads.index(model_head)
        else:
            assert model_head not in heads
            assert world.merge(model).code == 1
        assert world.call("verify").code == 0
        remove(world.folder)
    record_property("attacks", f"{races} races with a change of membership")


def without_the_owner(world: World) -> dict[str, bytes]:
    path = "policies/data/organisation.yaml"
    text = world.git("show", f"{world.main}:{path}", at=world.host) + "\n"
    before = "      - jonas-weber\n      - lena-fischer\n"
    assert text.count(before) == 1
    after_it = "      - jonas-weber\n      - ravi-patel\n"
    return {path: text.replace(before, after_it).encode()}


def remove(folder: Path) -> None:
    subprocess.run(["rm", "-rf", folder], check=True, timeout=300)
