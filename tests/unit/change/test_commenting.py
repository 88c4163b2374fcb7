"""What a pull request is told follows from the decision, in one comment and one status."""

from __future__ import annotations

from dataclasses import replace

import pytest

from turnpike.change.commenting import report_on
from turnpike.change.gate import AskPolicies, Judged
from turnpike.change.merge import judge_pull_request
from turnpike.documents.identifiers import ObjectId, digest_of
from turnpike.explain.comment import LONGEST, MARKER
from turnpike.judge.decision import Verdict
from turnpike.judge.facts import Change, Entry
from turnpike.judge.hygiene import SIZE_LIMIT
from unit.change.gates import ask, gate_of
from unit.change.recording import answering
from unit.instance.aurora import Aurora
from unit.judge.deployed import MANIFESTS, PATH

DIGEST = digest_of(b"the decision")
SILENT = answering(rules=()).ask


def judged(aurora: Aurora, number: int, rules: AskPolicies = ask) -> Judged:
    return judge_pull_request(gate_of(aurora, rules), number)


def comment_after(aurora: Aurora, number: int, what: Judged) -> str:
    forge = gate_of(aurora).forge
    report_on(forge, aurora.host, what, DIGEST, None)
    return forge.comment_of(number, "turnpike-bot")


def status_of(aurora: Aurora, number: int) -> str | None:
    return next(one.status for one in aurora.forge().pull_requests() if one.number == number)


def with_manifests(
    aurora: Aurora, what: Judged, path: str, content: bytes, mode: str = "100644"
) -> Judged:
    """Return the judgement of a change that also writes a file, as Git would hold it."""
    blob = aurora.host.write_blob(content)
    entry = Entry(mode=mode, object=ObjectId(blob), size=len(content))
    change = Change(path=path, plain=True, old=None, new=entry)
    facts = what.facts.model_copy(update={"changes": (*what.facts.changes, change)})
    return replace(what, facts=facts)


@pytest.mark.parametrize(
    ("verdict", "status", "heading"),
    [
        ("allow", "success", "**Allowed**"),
        ("deny", "failure", "**Denied**"),
        ("undecided", "error", "**Not decided**"),
    ],
)
def test_only_an_allow_is_reported_as_a_success(
    aurora: Aurora, verdict: Verdict, status: str, heading: str
) -> None:
    number, head = aurora.opened(f"told-{verdict}")
    if verdict == "allow":
        aurora.forge("sam-rivera").review(number, "approved", head)
    what = judged(aurora, number, SILENT if verdict == "undecided" else ask)
    assert what.decision.verdict == verdict
    comment = comment_after(aurora, number, what)
    assert comment.startswith(MARKER)
    assert heading in comment
    assert DIGEST in comment
    assert status_of(aurora, number) == status


def test_a_later_decision_replaces_what_was_told(aurora: Aurora) -> None:
    number, head = aurora.opened("told-again")
    comment_after(aurora, number, judged(aurora, number))
    aurora.forge("sam-rivera").review(number, "approved", head)
    comment = comment_after(aurora, number, judged(aurora, number))
    assert comment.count(MARKER) == 1
    assert "**Denied**" not in comment
    assert status_of(aurora, number) == "success"


def test_a_decision_on_a_head_that_was_moved_meanwhile_is_no_status_of_the_new_one(
    aurora: Aurora,
) -> None:
    number, head = aurora.opened("told-of-the-old")
    aurora.forge("sam-rivera").review(number, "approved", head)
    what = judged(aurora, number)
    newer = aurora.commit("docs/told-later.md", "newer", head)
    aurora.forge("maria-lopez").push(number, newer)
    comment_after(aurora, number, what)
    assert status_of(aurora, number) is None


def test_what_is_about_no_pull_request_is_told_nobody(aurora: Aurora) -> None:
    number, _ = aurora.opened("told-nobody")
    what = judged(aurora, number)
    alone = replace(what, facts=what.facts.model_copy(update={"pull_request": None}))
    assert comment_after(aurora, number, alone) == ""


def test_rendered_manifests_are_shown_as_a_difference_and_nothing_else_is(aurora: Aurora) -> None:
    number, _ = aurora.opened("told-manifests")
    what = judged(aurora, number)
    shown = with_manifests(aurora, what, MANIFESTS, b"kind: Shown\n")
    both = with_manifests(aurora, shown, PATH, b"kind: Unshown\n")
    comment = comment_after(aurora, number, both)
    assert "+kind: Shown" in comment
    assert "Unshown" not in comment


@pytest.mark.parametrize(
    ("content", "mode"),
    [(b"/etc/passwd-link", "120000"), (b"#" * (SIZE_LIMIT + 1), "100644")],
    ids=["a link", "a file that nobody may bring"],
)
def test_what_hygiene_refuses_is_not_shown(aurora: Aurora, content: bytes, mode: str) -> None:
    number, _ = aurora.opened(f"told-odd-{mode}")
    odd = with_manifests(aurora, judged(aurora, number), MANIFESTS, content, mode)
    assert content[:12].decode() not in comment_after(aurora, number, odd)


def test_manifests_in_bytes_that_are_no_text_still_leave_a_comment(aurora: Aurora) -> None:
    number, _ = aurora.opened("told-bytes")
    odd = with_manifests(aurora, judged(aurora, number), MANIFESTS, b"\xff\xfe\x00</details>\n")
    comment = comment_after(aurora, number, odd)
    assert MARKER in comment
    assert len(comment) <= LONGEST
