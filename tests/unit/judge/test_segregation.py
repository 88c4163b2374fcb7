"""What two people could do together is found, and nothing that they could not."""

from __future__ import annotations

from dataclasses import replace
from itertools import combinations, product

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from turnpike.judge.arrangement import Arrangement
from turnpike.judge.decision import ChangeClass
from turnpike.judge.facts import Documents, Facts
from turnpike.judge.layout import class_of
from turnpike.judge.requirements import requirements_of
from turnpike.judge.roads import production_of, ways_to_production
from turnpike.judge.segregation import (
    emptied,
    forbidden,
    in_words,
    opened,
    shortest_paths,
    unfillable,
)
from turnpike.topology.organisation import Group, Organisation, Segregation
from unit.judge.examples import (
    added,
    environment,
    model,
    model_facts,
    organisation,
    pull_request,
    review,
)

PEOPLE = ("maria", "tom", "nora", "sam")
GROUPS = ("oncology", "risk-quorum", "release-managers", "platform-owners")
STAGES = ("dev", "production")


def company(members: dict[str, tuple[str, ...]], dialect: str = "github") -> Organisation:
    known = organisation()
    return known.model_copy(
        update={
            "people": tuple(p for p in known.people if p.id in PEOPLE),
            "groups": tuple(Group(name=n, members=m) for n, m in members.items()),
            "codeowners_dialect": dialect,
        }
    )


APART = {
    "oncology": ("maria", "tom"),
    "risk-quorum": ("nora",),
    "release-managers": ("nora",),
    "platform-owners": ("sam",),
}
OWNERS = "* @platform-owners\n/models/oncology/ @oncology\n"


def arranged(
    owners: str = OWNERS,
    members: dict[str, tuple[str, ...]] | None = None,
    approvals: int = 1,
    dialect: str = "github",
) -> Arrangement:
    stages = {
        "dev": environment("dev"),
        "production": environment("production", ("dev",), approvals),
    }
    return Arrangement(company(members or APART, dialect), owners, stages)


def who(arrangement: Arrangement) -> set[tuple[tuple[str, ...], bool]]:
    return {path.who for path in shortest_paths(arrangement)}


# --- brute force: every path, author and approver, by the judge's own requirements ---------------

MODELS = [f"models/oncology/{name}/model.yaml" for name in ("triage", "special")]
DIRECT = [
    *(f"environments/production/local/oncology/{name}/settings.yaml" for name in ("a", "special")),
    "environments/production/environment.yaml", "policies/data/organisation.yaml", "CODEOWNERS",
    "policies/keys/gate.yaml", "policies/x", "policies/x.yaml", "policies/special", "terraform/x",
    "terraform/x.yaml", "terraform/special", "x", "x.yaml", "special", "special.yaml",
    "environments/x", "environments/x.yaml", "environments/special", "platform/x",
    "environments/special.yaml", "policies/special.yaml", "terraform/special.yaml",
    *(f"environments/production/local/oncology/special/{file}.yaml/{rest}"
      for file in ("settings", "manifests") for rest in ("x", "special", "x.yaml", "special.yaml")),
]  # fmt: skip


def met(
    arrangement: Arrangement, paths: list[str], kind: ChangeClass, people: tuple[str, ...],
    author: str, *, high: bool = False,
) -> bool:  # fmt: skip
    """Ask the judge whether these people's approvals are enough for the author's change."""
    facts = model_facts(manifest=model("high" if high else "low"))
    request = pull_request(*(review(person) for person in people), pushers=(author,))
    head = facts.head if high else Documents()
    asked = facts.model_copy(
        update={
            "base": Documents(
                organisation=arrangement.organisation,
                codeowners=arrangement.codeowners,
                environments=dict(arrangement.environments),
            ),
            "head": head,
            "commits": (facts.commits[0].model_copy(update={
                "author": f"{author}@example.org", "committer": f"{author}@example.org"}),),
            "changes": tuple(added(path) for path in paths),
            "pull_request": request.model_copy(update={"author": author}),
        }
    )  # fmt: skip
    return all(one.is_met for one in requirements_of(without_reowning(asked), kind))


def without_reowning(facts: Facts) -> Facts:
    """A change of CODEOWNERS asks the new file too; here it says the same."""
    head = facts.head.model_copy(update={"codeowners": facts.base.codeowners})
    return facts.model_copy(update={"head": head})


def could(arrangement: Arrangement, people: tuple[str, ...], *, high: bool) -> bool:
    if not high:
        for path in DIRECT:
            paths = [path]
            if path.endswith("/settings.yaml"):
                paths.append(path.replace("settings", "manifests"))
            kind = class_of(path, frozenset(paths))
            if any(met(arrangement, paths, kind, people, author) for author in people):
                return True
    released = all(
        met(arrangement, [f"environments/{stage}/local/oncology/m/release.yaml"], "release",
            people, "robot")
        for stage in STAGES
    )  # fmt: skip
    written = any(
        met(arrangement, [path], "model", people, author, high=high)
        for path, author in product(MODELS[: 1 if high else 2], people)
    )
    return released and written


members = st.fixed_dictionaries(
    {name: st.lists(st.sampled_from(PEOPLE), min_size=1, max_size=3, unique=True).map(tuple)
     for name in GROUPS}
)  # fmt: skip
patterns = ["*", "/models/oncology/", "/environments/", "/policies/", "*.yaml",
            "/environments/*/*/oncology/", "special", "/terraform/",
            "/environments/production/local/oncology/special/settings.yaml",
            "/environments/production/local/oncology/special/manifests.yaml"]  # fmt: skip
rows = st.tuples(
    st.sampled_from(patterns), st.lists(st.sampled_from(GROUPS), max_size=2, unique=True)
).map(lambda row: f"{row[0]} {' '.join(f'@{owner}' for owner in row[1])}\n")
lines = st.lists(rows, min_size=1, max_size=5).map("".join)


@settings(deadline=None, max_examples=40)
@given(lines, members, st.integers(0, 2))
def test_brute_force_finds_the_same_people(
    owners: str, groups: dict[str, tuple[str, ...]], approvals: int
) -> None:
    arrangement = arranged(owners, groups, approvals)
    found = {w for w in who(arrangement) if not w[1]}
    singles = [(p,) for p in PEOPLE if could(arrangement, (p,), high=False)]
    pairs = [
        pair
        for pair in combinations(sorted(PEOPLE), 2)
        if could(arrangement, pair, high=False) and not any((p,) in singles for p in pair)
    ]
    assert found == {(group, False) for group in (*singles, *pairs)}


@settings(deadline=None, max_examples=30)
@given(members, st.integers(0, 2))
def test_brute_force_finds_the_same_pairs_for_high_risk(
    groups: dict[str, tuple[str, ...]], approvals: int
) -> None:
    arrangement = arranged(OWNERS, groups, approvals)
    pairs = [p for p in combinations(sorted(PEOPLE), 2) if could(arrangement, p, high=True)]
    assert {w for w in who(arrangement) if w[1]} == {(pair, True) for pair in pairs}


# --- what is said of it ---------------------------------------------------------------------------


def test_nobody_alone_where_everything_has_an_owner() -> None:
    assert all(len(people) == 2 for people, _ in who(arranged()))
    assert not forbidden(arranged(), shortest_paths(arranged()))


def test_an_optional_section_lets_everybody_who_releases_go_alone() -> None:
    owners = "[Platform]\n* @platform-owners\n!/models/\n^[Models]\n/models/ @oncology\n"
    found = arranged(owners, dialect="gitlab")
    (path,) = [path for path in shortest_paths(found) if len(path.people) == 1]
    assert path.people == ("nora",)
    assert [(step.change_class, step.author) for step in path.steps] == [
        ("model", "nora"), ("release", None), ("release", None),
    ]  # fmt: skip
    assert path in forbidden(found, [path])
    assert in_words(path).startswith("nora alone could take a change of their own to production")


def test_an_exclusion_in_one_section_leaves_its_paths_to_an_optional_one() -> None:
    owners = "* @platform-owners\n{}^[Side]\n* @oncology\n"
    excluded = arranged(owners.format("!triage/\n"), approvals=0, dialect="gitlab")
    assert {group for group, _ in who(excluded) if len(group) == 1} == {(p,) for p in PEOPLE}
    assert could(excluded, ("nora",), high=False)
    whole = arranged(owners.format(""), approvals=0, dialect="gitlab")
    assert not any(len(group) == 1 for group, _ in who(whole))


def test_of_two_sections_the_weaker_rules_of_both_may_decide_together() -> None:
    """Neither section has them on the path that its other rules, or the other section, decide."""
    owners = "* @risk-quorum\ntriage*/ @oncology\n[Side]\n* @risk-quorum\n*special/ {}\n"
    found = who(arranged(owners.format("@oncology"), approvals=0, dialect="gitlab"))
    assert (("maria", "tom"), False) in found
    apart = who(arranged(owners.format("@platform-owners"), approvals=0, dialect="gitlab"))
    assert (("maria", "tom"), False) not in apart


def test_a_pair_with_a_high_risk_model_is_denied_and_others_warn_by_default() -> None:
    members = {**APART, "oncology": ("maria", "nora")}
    denied = forbidden(arranged(members=members), shortest_paths(arranged(members=members)))
    assert {path.who for path in denied} == {
        (("maria", "nora"), True), (("nora", "sam"), True), (("nora", "tom"), True),
    }  # fmt: skip


@pytest.mark.parametrize("rule", ["allow", "warn", "deny"])
def test_the_organisation_says_what_pairs_mean(rule: str) -> None:
    known = arranged()
    ruled = Segregation.model_validate({"pairs": rule, "highRiskPairs": "allow"})
    company = known.organisation.model_copy(update={"segregation": ruled})
    stricter = Arrangement(company, known.codeowners, known.environments)
    assert bool(forbidden(stricter, shortest_paths(stricter))) == (rule == "deny")


def test_production_is_what_nothing_moves_on_from_or_what_is_declared() -> None:
    known = arranged()
    assert production_of(known) == ("production",)
    declared = known.organisation.model_copy(
        update={"segregation": Segregation(production=("dev",))}
    )
    assert production_of(Arrangement(declared, "", known.environments)) == ("dev",)


def test_the_shortest_path_is_the_one_that_is_told() -> None:
    lengths = {path.people: len(path.steps) for path in shortest_paths(arranged())}
    assert lengths["maria", "sam"] == 1
    assert len(ways_to_production(arranged())) >= 3


def test_whoever_a_new_path_rests_on_does_not_agree_to_it() -> None:
    owners = "[Platform]\n* @platform-owners\n!/models/\n^[Models]\n/models/ @oncology\n"
    members = {**APART, "release-managers": ("sam", "tom")}
    before = arranged(OWNERS, members, dialect="gitlab")
    (need,) = opened(before, arranged(owners, members, dialect="gitlab"))
    assert set(need.barred) >= {"sam", "tom"}
    assert "sam alone could take" in need.reason
    assert need.reason.endswith("(of the platform owners: nobody else)")


def test_one_more_member_opens_a_path_that_the_others_approve_by_name() -> None:
    after = arranged(members={**APART, "oncology": ("maria", "tom", "nora"),
                              "platform-owners": ("sam", "tom")})  # fmt: skip
    (need,) = opened(arranged(), after)
    assert need.groups == ("platform-owners",)
    assert need.barred == ("nora",)
    assert "maria and nora could take a high-risk model" in need.reason
    assert need.reason.endswith("(of the platform owners: sam)")
    assert not list(opened(after, after))
    assert not list(opened(after, arranged()))


def test_a_quorum_that_too_few_are_left_for_needs_the_platform_owners() -> None:
    before = arranged(members={**APART, "release-managers": ("nora", "tom")})
    assert "environment production" not in {need.reason for need in unfillable(before)}
    found = [need.reason for need in emptied(before, arranged())]
    assert len(found) == 1
    assert "environment production asks for 1 of release-managers, who are 1" in found[0]
    (raised,) = emptied(before, arranged(members={**APART, "release-managers": ("nora", "tom")},
                                         approvals=2))  # fmt: skip
    assert "asks for 2 of release-managers, who are 2" in raised.reason


def test_too_few_on_call_to_let_the_line_go_on_is_a_quorum_that_nobody_fills() -> None:
    def on_call(*members: str) -> Arrangement:
        known = arranged(members={**APART, "on-call": members})
        roles = known.organisation.roles.model_copy(update={"on_call": "on-call"})
        company = known.organisation.model_copy(update={"roles": roles})
        return replace(known, organisation=company)

    enough, few = on_call("maria", "tom", "sam"), on_call("maria", "tom")
    assert not list(emptied(arranged(), enough))
    (raised,) = emptied(enough, few)
    assert "let the line go on asks for 2 of on-call, who are 2" in raised.reason
