"""Each option for a finding of the core settles it when it is carried out, or is not offered."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from turnpike.documents.identifiers import digest_of
from turnpike.explain.core_remedies import content_of, core_options
from turnpike.judge.decide import findings_against
from turnpike.judge.decision import Finding
from turnpike.judge.facts import Documents, Facts
from turnpike.judge.hygiene import SIZE_LIMIT
from turnpike.judge.hypothesis import Hypothesis, as_it_is, suppose
from turnpike.judge.policy_input import Answer, SubjectAnswer
from turnpike.judge.remedy import ApprovalRemedy, ContentRemedy, RenameRemedy
from turnpike.judge.situation import situation_of
from turnpike.judge.subjects import changed_paths
from unit.judge.deployed import FACTS, PATH, RELEASE, standing
from unit.judge.examples import (
    UNHURRIED,
    added,
    deleted,
    model,
    model_facts,
    pull_request,
    review,
    with_changes,
)
from unit.judge.test_waivers import PATH as WAIVER_PATH
from unit.judge.test_waivers import WAIVER

FOLDER = "models/oncology/triage"


def with_more(*paths: str) -> Facts:
    facts = model_facts()
    return with_changes(facts, *facts.changes, *map(added, paths))


def against(hypothesis: Hypothesis, code: str) -> list[Finding]:
    """Return what the core finds of a code where no rule denies anything."""
    said = SubjectAnswer(rules=hypothesis.situation.facts.tools.rules, denials=())
    answer = Answer(results=(said,) * len(hypothesis.queries))
    found = findings_against(hypothesis.situation, hypothesis.queries, answer)
    return [one for one in found if one.code == code]


def start(facts: Facts) -> Hypothesis:
    return as_it_is(situation_of(facts))


def options_for(facts: Facts, code: str) -> int:
    """Carry out each option for each finding of the code, and require that it settles that one."""
    count = 0
    found = against(start(facts), code)
    assert found, f"nothing is found to be {code}"
    for finding in found:
        for option in core_options(finding, facts):
            left = against(suppose(start(facts), option), code)
            assert finding.subject not in {one.subject for one in left}, option
            count += 1
    return count


def renamed_model() -> Facts:
    """Return the facts of a manifest that calls itself otherwise than its folder."""
    facts = model_facts()
    other = model(team="cardiology", name="other")
    head = facts.head.model_copy(update={"models": {f"{FOLDER}/model.yaml": other}})
    return facts.model_copy(update={"head": head})


def misplaced_release() -> Facts:
    head = FACTS.head.model_copy(
        update={"releases": {PATH: RELEASE.model_copy(update={"team": "cardiology"})}}
    )
    return FACTS.model_copy(update={"head": head})


def without_pusher() -> Facts:
    return model_facts().model_copy(update={"pull_request": pull_request(pushers=())})


def other_build() -> Facts:
    facts = model_facts()
    contents = {f"{FOLDER}/BUILD": digest_of(b"another BUILD")}
    return facts.model_copy(update={"head": facts.head.model_copy(update={"contents": contents})})


def without_build() -> Facts:
    facts = with_changes(model_facts(), added(f"{FOLDER}/model.yaml"))
    return facts.model_copy(update={"head": facts.head.model_copy(update={"contents": {}})})


def underived() -> Facts:
    return FACTS.model_copy(update={"head": FACTS.head.model_copy(update={"contents": {}})})


@pytest.mark.parametrize(
    ("facts", "code", "options"),
    [
        (model_facts(review("tom", "changes-requested")), "approval.changes-requested", 1),
        (without_pusher(), "approval.pusher-unknown", 1),
        (other_build(), "change.build-differs", 1),
        (with_changes(model_facts(), added("docs/a.md", mode="120000")), "change.file-kind", 1),
        (with_changes(model_facts(), added("docs/a.md", mode="160000")), "change.file-kind", 1),
        (with_more(f"{FOLDER}/conftest.py"), "change.file-not-allowed", 1),
        (with_changes(model_facts(), added("docs/a.md", size=SIZE_LIMIT * 50)),
         "change.file-too-large", 2),
        (with_more("models/oncology/other/card.md"), "change.many-models", 2),
        (with_more("docs/a.md", "policies/a.rego"), "change.mixed-classes", 3),
        (underived(), "derived.differs", 2),
        (standing(deleted(PATH)), "derived.left-over", 1),
        (without_build(), "document.missing", 1),
        (renamed_model(), "document.path-and-name-disagree", 1),
        (misplaced_release(), "document.path-and-name-disagree", 1),
    ],
    ids=lambda value: value if isinstance(value, str) else None,
)  # fmt: skip
def test_whatever_is_offered_settles_what_was_found(facts: Facts, code: str, options: int) -> None:
    assert options_for(facts, code) == options


HOSTILE = (
    "docs/a.md\n", "docs/ä.md", "docs/\u202egpj.md", "docs//a.md", "/docs/a.md", "docs/",
    "docs/..", "docs/./a.md", "docs/a.", "docs/a ", "docs/.git/config", "docs/.GIT/config",
    "docs/.gitattributes", "docs/.GitModules", "docs/.g\u0130t", "docs/git~1/x",
    "docs/a\\b", "docs/a:b", "docs/" + "a" * 300, "docs/" + "a" * 234 + "/bcd", "", " ", "~",
    "docs/" + "a" * 233 + ". b",
)  # fmt: skip
names = st.text(st.sampled_from("ab.gitGIT~1 /\\é\n\u202e:-"), max_size=12)


def is_settled_by_its_rename(path: str, *others: str) -> None:
    facts = with_changes(model_facts(), added(path), *map(added, others))
    for finding in against(start(facts), "change.path-not-plain"):
        if finding.subject == path:
            (rename, *_), *_ = core_options(finding, facts)
            assert isinstance(rename.remedy, RenameRemedy)
            taken = {one.casefold() for one in changed_paths(facts)}
            assert rename.remedy.to.casefold() not in taken
            left = against(suppose(start(facts), [rename]), "change.path-not-plain")
            assert rename.remedy.to not in {one.subject for one in left}


@pytest.mark.parametrize("path", HOSTILE, ids=ascii)
def test_a_path_that_hides_what_it_is_gets_a_plain_name(path: str) -> None:
    assert against(start(with_changes(model_facts(), added(path))), "change.path-not-plain")
    is_settled_by_its_rename(path)


@UNHURRIED
@given(names, st.lists(names, max_size=3))
def test_any_path_gets_a_plain_name_that_is_not_taken(path: str, others: list[str]) -> None:
    is_settled_by_its_rename(path, *(one for one in others if one != path))


def test_a_name_that_is_taken_twice_over_is_not_taken_again() -> None:
    is_settled_by_its_rename("docs/ä.md", "docs/_.md", "docs/_.md-2", "docs/_.MD-3")


def test_of_two_paths_that_only_case_tells_apart_one_gets_another_name() -> None:
    path = "docs/README.md"
    twin = added(path).model_copy(update={"twin": "docs/readme.md"})
    facts = with_changes(model_facts(), twin)
    assert options_for(facts, "change.case-twins") == 2


def test_only_the_build_of_a_model_is_written_for_its_author() -> None:
    said = dict.fromkeys(("expected", "actual", "message", "solution"), "x")
    facts = model_facts()
    for subject in (f"{FOLDER}/model.yaml", f"{FOLDER}/checks/BUILD", "BUILD", "docs/BUILD"):
        missing = Finding(code="document.missing", subject=subject, **said)
        assert core_options(missing, facts) == ()


@pytest.mark.parametrize("code", ["change.conflict", "change.secret", "", "no.such-code"])
def test_what_only_the_author_knows_is_not_guessed(code: str) -> None:
    said = dict.fromkeys(("expected", "actual", "message", "solution"), "x")
    finding = Finding(code=code, subject=f"{FOLDER}/model.yaml", **said)
    assert core_options(finding, model_facts()) == ()
    last = content_of(finding, "note").remedy
    assert isinstance(last, ContentRemedy)
    assert (last.code, last.subject, last.note) == (code, finding.subject, "note")


def test_a_waiver_is_approved_by_whom_it_names() -> None:
    facts = with_changes(model_facts(review("tom")), added(WAIVER_PATH))
    facts = facts.model_copy(update={"head": Documents(waivers={WAIVER.name: WAIVER})})
    assert options_for(facts, "waiver.unapproved") == 1
    ((approval,),) = core_options(against(start(facts), "waiver.unapproved")[0], facts)
    assert isinstance(approval.remedy, ApprovalRemedy)
    assert approval.remedy.in_words() == "one approval from @nora (nora)"
