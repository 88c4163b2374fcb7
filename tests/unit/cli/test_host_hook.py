"""The hook of a real host, against real pushes: what gets past it, and what does not."""

from __future__ import annotations

import hashlib
import os
import subprocess
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest

from turnpike.documents.canonical import canonical_document
from turnpike.documents.identifiers import ObjectId
from turnpike.evidence.envelope import Envelope
from turnpike.forge.refs import observation_ref
from turnpike.git.objects import EMPTY_TREE
from turnpike.instance.create import GATE
from turnpike.record.record import RECORD_REF, Record
from turnpike.signing.ssh import sign_ssh
from unit.evidence.observations import SEEN, observation, stated
from unit.instance.aurora import MAIN, MARIA, Aurora, git, now
from unit.judge.examples import RoleKey


@pytest.fixture(autouse=True)
def _protected_refs_stay(aurora: Aurora) -> Iterator[None]:
    """No attack of this module moves main or the record, except where a test says so itself."""
    yield
    assert aurora.host.first_parents(MAIN)[-1] == aurora.instance.genesis
    assert aurora.host.fsck(aurora.main(), aurora.record_tip()) == ()


def attempt(aurora: Aurora, *refspecs: str, options: tuple[str, ...] = ()) -> str:
    """Push what must be refused, and return what the host says."""
    before = aurora.host.refs.under("refs/")
    said = aurora.push(*refspecs, options=options)
    assert aurora.host.refs.under("refs/") == before
    assert said
    return said


def test_a_refusal_names_code_expected_found_and_next_step(aurora: Aurora) -> None:
    commit = aurora.commit("README.md", "mine")
    said = attempt(aurora, f"{commit}:{MAIN}")
    for part in ("main.not-judged", "expected: one new commit", "found:", "next:     Open a pull"):
        assert part in said


@pytest.mark.parametrize("ref", [MAIN, RECORD_REF])
def test_protected_branches_are_neither_deleted_nor_rewritten(aurora: Aurora, ref: str) -> None:
    assert "ref.protected" in attempt(aurora, f":{ref}")
    orphan = aurora.clone.write_commit(EMPTY_TREE, (), MARIA, MARIA, "Mine\n", now())
    said = attempt(aurora, f"+{orphan}:{ref}")
    assert "main.not-judged" in said or "record.not-appended" in said


def test_a_branch_of_people_is_theirs(aurora: Aurora) -> None:
    commit = aurora.commit("README.md", "topic")
    assert aurora.push(f"{commit}:refs/heads/maria/topic") == ""
    assert aurora.push(":refs/heads/maria/topic") == ""


@pytest.mark.parametrize(
    "ref", ["refs/tags/v1", "refs/heads/MAIN", "refs/heads/turnpike/x", "refs/pull/1/merge"]
)
def test_unknown_refs_are_refused(aurora: Aurora, ref: str) -> None:
    assert "ref.unknown" in attempt(aurora, f"{aurora.main()}:{ref}")


def test_a_symbolic_ref_does_not_lead_to_main(aurora: Aurora) -> None:
    alias = "refs/heads/alias"
    git(aurora.instance.host, "symbolic-ref", alias, MAIN)
    try:
        commit = aurora.commit("README.md", "through the alias")
        assert "ref.symbolic" in attempt(aurora, f"{commit}:{alias}")
    finally:
        git(aurora.instance.host, "symbolic-ref", "--delete", alias)


def test_one_bad_ref_spoils_the_whole_push(aurora: Aurora) -> None:
    commit = aurora.commit("README.md", "together")
    attempt(aurora, f"{commit}:refs/heads/maria/good", f"{commit}:{MAIN}")


def test_a_head_without_its_event_is_refused(aurora: Aurora) -> None:
    number, _ = aurora.opened("loud")
    commit = aurora.commit("README.md", "silent")
    assert "pull.head-unsigned" in attempt(aurora, f"+{commit}:refs/pull/{number}/head")
    assert "pull.head-unsigned" in attempt(aurora, f"{commit}:refs/pull/{number + 1}/head")
    assert "pull.unknown" in attempt(aurora, f"{commit}:refs/pull/{number + 2}/head")


def test_what_was_said_stays_said(aurora: Aurora) -> None:
    number, _ = aurora.opened("said")
    (event,) = aurora.host.refs.under(f"refs/pull/{number}/events/")
    assert "ref.append-only" in attempt(aurora, f":{event}")
    assert "ref.append-only" in attempt(aurora, f":refs/pull/{number}/head")
    blob = aurora.clone.write_blob(b"something else")
    assert "ref.append-only" in attempt(aurora, f"+{blob}:{event}")


def test_settings_of_whoever_pushes_do_not_switch_the_hook_off(
    aurora: Aurora, tmp_path: Path
) -> None:
    settings = tmp_path / "gitconfig"
    settings.write_text("[core]\n\thooksPath = /dev/null\n")
    commit = aurora.commit("README.md", "no hooks")
    done = subprocess.run(
        ["git", "-C", str(aurora.instance.monorepo), "-c", "core.hooksPath=/dev/null", "push",
         str(aurora.instance.host), f"{commit}:{MAIN}"],
        env={"PATH": os.environ["PATH"], "GIT_CONFIG_GLOBAL": str(settings)},
        capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert done.returncode != 0
    assert "main.not-judged" in done.stderr


# --- main -------------------------------------------------------------------------------------


def judged(aurora: Aurora, name: str) -> ObjectId:
    return aurora.commit(f"docs/{name}.md", name)


def test_a_denied_change_is_not_merged(aurora: Aurora) -> None:
    head = judged(aurora, "denied")
    merge = aurora.merge_commit(head, aurora.decide(head, verdict="deny"))
    assert "verdict: expected allow, found deny" in attempt(aurora, f"{merge}:{MAIN}")


def test_a_decision_that_has_run_out_is_no_ground(aurora: Aurora) -> None:
    head = judged(aurora, "old")
    before = now() - timedelta(seconds=2)
    merge = aurora.merge_commit(head, aurora.decide(head, valid_until=before))
    assert "the decision held" in attempt(aurora, f"{merge}:{MAIN}")


def test_a_merge_with_another_tree_is_refused(aurora: Aurora) -> None:
    head = judged(aurora, "tree")
    envelope = aurora.decide(head)
    other = aurora.clone.write_tree_with(aurora.main(), {"smuggled.txt": b"in"})
    merge = aurora.merge_commit(head, envelope, tree=other)
    assert "tree: expected" in attempt(aurora, f"{merge}:{MAIN}")


def test_a_commit_on_top_of_a_judged_merge_is_refused(aurora: Aurora) -> None:
    head = judged(aurora, "top")
    merge = aurora.merge_commit(head, aurora.decide(head))
    rider = aurora.clone.write_commit(
        aurora.clone.commit(merge).tree, (merge,), MARIA, MARIA, "Ride along\n", now()
    )
    assert "main.not-judged" in attempt(aurora, f"{rider}:{MAIN}")


def test_a_merge_that_the_gate_did_not_sign_is_refused(aurora: Aurora) -> None:
    head = judged(aurora, "unsigned")
    envelope = aurora.decide(head)
    maria = aurora.instance.person_key("maria-lopez")

    def sign(text: bytes) -> str:
        return sign_ssh(maria, "git", text)

    merge = aurora.merge_commit(head, envelope, sign=sign)
    assert "not signed by a gate key" in attempt(aurora, f"{merge}:{MAIN}")


def test_a_decision_that_is_not_on_the_record_is_no_ground(aurora: Aurora) -> None:
    head = judged(aurora, "unrecorded")
    tip = aurora.record_tip()
    envelope = aurora.decide(head)
    merge = aurora.merge_commit(head, envelope)
    aurora.host.update_ref(RECORD_REF, tip, aurora.record_tip())
    assert "is not on the record" in attempt(aurora, f"{merge}:{MAIN}")


def test_another_genesis_in_the_pins_lets_nothing_in(aurora: Aurora) -> None:
    head = judged(aurora, "pins")
    merge = aurora.merge_commit(head, aurora.decide(head))
    pins = aurora.instance.pins
    good = pins.read_text()
    try:
        pins.write_text(good.replace(aurora.instance.genesis, "f" * 40))
        assert "genesis: expected ffff" in attempt(aurora, f"{merge}:{MAIN}")
        pins.unlink()
        assert "host.defect" in attempt(aurora, f"{merge}:{MAIN}")
    finally:
        pins.write_text(good)
    assert aurora.push(f"{merge}:{MAIN}") == ""


# --- the record -------------------------------------------------------------------------------


def test_the_record_is_appended_to_by_the_gate_alone(aurora: Aurora) -> None:
    tip = aurora.record_tip()
    tree = aurora.clone.write_tree_with(tip, {"statements/aa/x.json": b"{}"})
    mine = aurora.clone.write_commit(tree, (tip,), MARIA, MARIA, "Mine\n", now())
    said = attempt(aurora, f"{mine}:{RECORD_REF}")
    assert "record.not-appended" in said
    assert "not signed by the gate" in said


def test_the_record_loses_nothing(aurora: Aurora) -> None:
    tip = aurora.record_tip()
    (first, *_) = aurora.host.files(tip, ["decisions"])
    tree = aurora.clone.write_tree_with(tip, {first: None})
    with aurora.gate() as gate:
        less = aurora.clone.write_commit(
            tree, (tip,), GATE, GATE, "Less\n", now(), gate.sign_commit
        )
    assert "it was removed" in attempt(aurora, f"{less}:{RECORD_REF}")


def test_the_record_grows_by_a_push_of_the_gate(aurora: Aurora) -> None:
    head = judged(aurora, "pushed-record")
    before = aurora.record_tip()
    aurora.decide(head)
    after = aurora.record_tip()
    aurora.clone.fetch("origin", "+refs/heads/*:refs/remotes/origin/*")
    aurora.host.update_ref(RECORD_REF, before, after)
    assert aurora.push(f"{after}:{RECORD_REF}") == ""
    assert Record(aurora.host).commit() == after


def test_a_host_without_its_python_lets_nothing_in(aurora: Aurora) -> None:
    hook = aurora.instance.host / "hooks" / "pre-receive"
    good = hook.read_text()
    try:
        hook.write_text(good.replace("/bin/python", "/bin/no-python"))
        said = attempt(aurora, f"{aurora.main()}:refs/heads/maria/any")
        assert "host.no-python" in said
    finally:
        hook.write_text(good)


# --- observations -----------------------------------------------------------------------------


def observation_refspec(aurora: Aurora, envelope: Envelope) -> tuple[str, str]:
    content = canonical_document(envelope)
    ref = observation_ref(SEEN.removeprefix("sha256:"), hashlib.sha256(content).hexdigest())
    return f"{aurora.clone.write_blob(content)}:{ref}", ref


def test_only_an_observer_of_main_says_what_was_seen(aurora: Aurora) -> None:
    with aurora.signer("observer") as observer:
        envelope = observer.sign(stated(observation(0, 10)))
    stranger = RoleKey("observer").sign(stated(observation(0, 10)))
    good, ref = observation_refspec(aurora, envelope)
    bad, _ = observation_refspec(aurora, stranger)
    assert "observation.unverified" in attempt(aurora, bad)
    elsewhere = ref.replace(SEEN.removeprefix("sha256:"), "0" * 64)
    assert "it is about" in attempt(aurora, good.replace(ref, elsewhere))
    assert aurora.push(good) == ""


def test_what_was_seen_goes_only_for_more_of_the_same(aurora: Aurora) -> None:
    with aurora.signer("observer") as observer:
        short = observer.sign(stated(observation(0, 10, healthy=False)))
        healthy = observer.sign(stated(observation(0, 20)))
        longer = observer.sign(stated(observation(0, 20, healthy=False)))
    first, ref = observation_refspec(aurora, short)
    assert aurora.push(first) == ""
    assert "observation.lost" in attempt(aurora, f":{ref}")
    assert "observation.lost" in attempt(aurora, observation_refspec(aurora, healthy)[0], f":{ref}")
    assert aurora.push(observation_refspec(aurora, longer)[0], f":{ref}") == ""
    assert ref not in aurora.host.refs.under(ref.rpartition("/")[0] + "/")
