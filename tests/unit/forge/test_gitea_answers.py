"""Who pushed, as Gitea's activities tell it; their form was seen at a real one."""

from __future__ import annotations

import json
from typing import Any

from turnpike.forge.gitea_answers import ACTIVITY, Activity, once_each, pushes_in
from turnpike.forge.pushes import Pushed, pushers_of

OLD, FIRST, SECOND = "0" * 40, "1" * 40, "2" * 40
BRANCH = "change/one"


def activity(who: str, content: str, **bent: Any) -> Activity:
    said = {"id": 1, "op_type": "commit_repo", "act_user": {"login": who}, "content": content}
    return ACTIVITY.validate_python(said | {"ref_name": f"refs/heads/{BRANCH}"} | bent)


def pushed(who: str, before: str, after: str, **bent: Any) -> Activity:
    address = f"aurora/monorepo/compare/{before}...{after}" if before else ""
    return activity(who, json.dumps({"HeadCommit": {"Sha1": after}, "CompareURL": address}), **bent)


MADE = activity("maria", "")


def test_the_moves_of_a_branch_lead_back_to_its_making() -> None:
    told = (pushed("tom", FIRST, SECOND), MADE, pushed("maria", OLD, FIRST))
    assert list(pushes_in(told, BRANCH)) == [
        Pushed("tom", FIRST, SECOND), Pushed("maria", None, FIRST),
    ]  # fmt: skip
    assert pushers_of(SECOND, pushes_in(told, BRANCH)) == ("maria", "tom")


def test_what_a_page_brings_once_more_is_no_gap() -> None:
    last, first = pushed("tom", FIRST, SECOND, id=9), pushed("maria", OLD, FIRST, id=7)
    made = activity("maria", "", id=8)
    told = (last, made, last, made, first)
    assert list(once_each(told)) == [last, made, first]
    assert pushers_of(SECOND, pushes_in(once_each(told), BRANCH)) == ("maria", "tom")


def test_without_the_making_or_with_a_gap_nobody_is_told() -> None:
    last, first = pushed("tom", FIRST, SECOND), pushed("maria", OLD, FIRST)
    for told in ((last,), (last, first), (last, MADE), (pushed("tom", OLD, SECOND), MADE, first)):
        assert pushers_of(SECOND, pushes_in(told, BRANCH)) == ()


def test_an_earlier_branch_of_the_same_name_is_another_one() -> None:
    told = (MADE, pushed("maria", OLD, SECOND), MADE, pushed("tom", OLD, FIRST))
    assert pushers_of(SECOND, pushes_in(told, BRANCH)) == ("maria",)


def test_other_branches_and_other_happenings_are_left_aside() -> None:
    told = (
        pushed("nora", FIRST, SECOND, ref_name="refs/heads/other"),
        pushed("nora", FIRST, SECOND, op_type="mirror_sync_push"),
        MADE,
        pushed("maria", OLD, SECOND),
    )
    assert pushers_of(SECOND, pushes_in(told, BRANCH)) == ("maria",)


def test_what_is_not_said_whole_is_nobodys() -> None:
    for last in (activity("tom", "no JSON"), activity("tom", "{}"), pushed("tom", "", SECOND)):
        told = (last, pushed("tom", FIRST, SECOND), MADE, pushed("maria", OLD, FIRST))
        assert pushers_of(SECOND, pushes_in((last, *told[2:]), BRANCH)) == ()
