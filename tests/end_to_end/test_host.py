"""The host's hook: nobody goes round the gate, and what was said stays said."""

from __future__ import annotations

import pytest

from end_to_end.changes import DESCRIPTION, Bench
from end_to_end.world import World
from turnpike.forge.refs import MAIN, RECORD


@pytest.fixture(scope="module")
def bench(merged: Bench) -> Bench:
    """A world with a merged model, and the same model once more in an open pull request."""
    bench = merged.copied()
    bench.proposed(bench.draft("diabetes").edited(DESCRIPTION))
    bench.world.git("fetch", "--quiet", "origin", "+refs/*:refs/remotes/all/*")
    return bench


NUMBER = 2


def refs(world: World) -> str:
    return world.git("for-each-ref", at=world.host)


def forged_commit(world: World, *parents: str, message: str = "Just this once") -> str:
    """Commit the tree of the last parent, as anybody could write it."""
    named = [word for parent in parents for word in ("-p", parent)]
    who = ("-c", "user.name=Sam", "-c", "user.email=sam.rivera@aurora-health.example")
    return world.git(*who, "commit-tree", f"{parents[-1]}^{{tree}}", *named, "-m", message)


def with_anothers_trailers(world: World) -> str:
    """Merge the open pull request by the decision that let in the one before."""
    lines = world.git("log", "-1", "--format=%B", world.main).splitlines()
    trailers = "\n".join(line for line in lines if line.startswith("Turnpike-"))
    head = world.ref(f"refs/pull/{NUMBER}/head")
    return forged_commit(world, world.main, head, message=f"Merge\n\n{trailers}")


def first_under(world: World, folder: str) -> str:
    return world.git("for-each-ref", "--format=%(refname)", folder, at=world.host).splitlines()[0]


@pytest.mark.parametrize(
    ("pushed", "code"),
    [
        (lambda w: f"{forged_commit(w, w.main)}:{MAIN}", "main.not-judged"),
        (lambda w: f"+{w.house.instance.genesis}:{MAIN}", "main.not-judged"),
        (lambda w: f"{w.ref(f'refs/pull/{NUMBER}/head')}:{MAIN}", "main.not-judged"),
        (lambda w: f"{with_anothers_trailers(w)}:{MAIN}", "main.not-judged"),
        (lambda _: f":{MAIN}", "ref.protected"),
        (lambda _: f":{RECORD}", "ref.protected"),
        (lambda w: f"{forged_commit(w, w.record)}:{RECORD}", "record.not-appended"),
        (lambda w: f"+{w.ref(RECORD + '^')}:{RECORD}", "record.not-appended"),
        (lambda w: f"+{forged_commit(w, w.main)}:refs/pull/{NUMBER}/head", "pull.head-unsigned"),
        (lambda w: f"{forged_commit(w, w.main)}:refs/pull/99/head", "pull.unknown"),
        (lambda _: f":refs/pull/{NUMBER}/head", "ref.append-only"),
        (lambda w: f":{first_under(w, f'refs/pull/{NUMBER}/events')}", "ref.append-only"),
        (lambda w: f":{first_under(w, 'refs/pull/1/evidence')}", "ref.append-only"),
        (lambda w: f"{w.main}:refs/notes/decisions", "ref.unknown"),
        (lambda w: f"{w.main}:refs/replace/{w.main}", "ref.unknown"),
    ],
    ids=[
        "a commit on main", "main back to its genesis", "a head that nobody judged",
        "another decision's trailers", "main deleted", "the record deleted",
        "an entry without a signature", "the record rewound", "a head without its event",
        "a number far ahead", "a pull request deleted", "an event deleted", "a statement deleted",
        "notes", "a replaced commit",
    ],
)  # fmt: skip
def test_a_push_around_the_gate_is_refused(bench: Bench, pushed: object, code: str) -> None:
    world = bench.world
    before = refs(world)
    said = world.git("push", "origin", pushed(world), accept=(1,))  # type: ignore[operator]
    assert f"turnpike: {code}" in said, said
    assert "next:" in said
    assert refs(world) == before


def test_of_a_push_that_is_refused_in_part_nothing_is_taken(bench: Bench) -> None:
    world = bench.world
    before = refs(world)
    commit = forged_commit(world, world.main)
    world.git("push", "origin", f"{commit}:refs/heads/harmless", f"{commit}:{MAIN}", accept=(1,))
    assert refs(world) == before


def test_a_branch_of_ones_own_may_be_pushed_and_deleted(bench: Bench) -> None:
    world = bench.world
    world.git("push", "origin", f"{world.main}:refs/heads/maria/topic")
    world.git("push", "origin", ":refs/heads/maria/topic")


def test_all_that_was_tried_left_no_trace(bench: Bench) -> None:
    told = bench.world.call("verify", "--json")
    assert told.code == 0, str(told)
    assert told.json()["sound"]
