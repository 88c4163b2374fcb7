"""What is said to flip a denial flips it, and nothing of it can be left out: with the real OPA."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from itertools import combinations, islice

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from pydantic import JsonValue

from turnpike.change.gate import explained
from turnpike.documents.canonical import to_json
from turnpike.evidence.envelope import Envelope
from turnpike.evidence.predicates import Check, MetricValue, ScanResult, ValidationResult
from turnpike.evidence.statement import BILL_OF_MATERIALS, PROVENANCE, SCAN, VALIDATION
from turnpike.explain.candidates import reasons_against
from turnpike.explain.explanation import Explanation, Needed
from turnpike.judge.decide import decide, findings_against
from turnpike.judge.facts import Change, Facts
from turnpike.judge.hypothesis import Supposed, as_it_is, suppose
from turnpike.judge.policy_input import Answer, SubjectInput
from turnpike.judge.remedy import ApprovalRemedy, ContentRemedy, KeepRemedy
from turnpike.judge.situation import situation_of
from turnpike.manifest.model import PredictiveModel
from turnpike.manifest.serving import OnCall
from unit.explain.real_policies import RealPolicies
from unit.judge import examples
from unit.judge.examples import NOW, RoleKey, added, model_facts, review

CARD = ("Intended use", "Out-of-scope use", "Data", "Performance", "Limitations",
        "Ethical considerations", "Contacts")  # fmt: skip
PATH = "models/oncology/triage/model.yaml"
CARD_PATH = "models/oncology/triage/card.md"
VALIDATOR, REGISTRAR = RoleKey("validator"), RoleKey("registrar")
ON_CALL = OnCall(rotation="oncology-models", channel="#oncology")


@pytest.fixture(scope="module")
def policies(tmp_path_factory: pytest.TempPathFactory) -> RealPolicies:
    return RealPolicies.compiled(tmp_path_factory.mktemp("bundle"))


def manifest(**more: object) -> PredictiveModel:
    return examples.model().model_copy(update={"on_call": ON_CALL, **more})


def run(model: PredictiveModel, name: str, roc_auc: float, *, clean: bool = True) -> Envelope:
    """Return a validation of the manifest, signed by the validator."""
    check = Check(name="order", passed=clean, expected="the same order", actual="another")
    metric = MetricValue(slice="overall", metric="roc_auc", value=roc_auc, records=200)
    said = ValidationResult.model_validate(
        {
            "run": name,
            "validation_view": model.validation_view(),
            "inputs": examples.ARTIFACT,
            "data": examples.ARTIFACT,
            "sandbox": "container",
            "isolated": True,
            "checks": (check,),
            "metrics": (metric,) if name == "platform" else (),
            "finished_at": NOW,
        }
    )
    return VALIDATOR.sign(examples.statement(VALIDATION, _fields(to_json(said))))


def _fields(value: JsonValue) -> dict[str, JsonValue]:
    assert isinstance(value, dict)
    return value


def evidence(
    model: PredictiveModel, roc_auc: float = 0.95, *, clean: bool = True
) -> tuple[Envelope, ...]:
    """Return everything that a high-risk model needs."""
    check = Check(name="formats", passed=True, expected="skops", actual="skops")
    view = model.validation_view()
    assert view is not None
    scan = ScanResult(validation_view=view, checks=(check,), finished_at=NOW)
    return (
        run(model, "platform", roc_auc),
        run(model, "team", roc_auc, clean=clean),
        VALIDATOR.sign(examples.statement(SCAN, _fields(to_json(scan)))),
        REGISTRAR.sign(examples.statement(PROVENANCE, {})),
        REGISTRAR.sign(examples.statement(BILL_OF_MATERIALS, {})),
    )


def facts_of(
    model: PredictiveModel,
    *approvers: str,
    offered: tuple[Envelope, ...],
    card: tuple[str, ...] = CARD,
    more: tuple[Change, ...] = (),
) -> Facts:
    reviews = [review(account) for account in approvers]
    facts = model_facts(*reviews, manifest=model)
    head = facts.head.model_copy(update={"cards": {CARD_PATH: card}})
    keys = (VALIDATOR.public, REGISTRAR.public)
    changes = (*facts.changes, *more)
    return facts.model_copy(
        update={"head": head, "keys": keys, "evidence": offered, "changes": changes}
    )


def sound(*approvers: str) -> Facts:
    """Return the facts of a change against which nothing stands but who has not approved."""
    model = manifest()
    return facts_of(model, *approvers, offered=evidence(model))


def told(policies: RealPolicies, facts: Facts) -> Explanation:
    said = explained(policies.judged(facts), policies)
    assert said is not None
    return said


def texts(said: Explanation) -> list[str]:
    return sorted(one.text for one in said.needed)


def carried_out(needed: tuple[Needed, ...]) -> Iterator[Supposed]:
    for one in needed:
        team, _, model = one.subject.rpartition("/")
        kind = {0: "change", 1: "model"}.get(one.subject.count("/"), "deployment")
        about = SubjectInput.model_validate(
            {"kind": kind, "id": one.subject, "team": team.rpartition("/")[2], "model": model}
            if kind != "change"
            else {"kind": kind, "id": one.subject, "team": "", "model": ""}
        )
        if isinstance(one.remedy, ApprovalRemedy):
            for person in one.remedy.people[: one.remedy.count]:
                single = {"count": 1, "people": (person,)}
                yield Supposed(about, one.remedy.model_copy(update=single))
        else:
            yield Supposed(about, one.remedy)


def are_allowed(policies: RealPolicies, facts: Facts, sets: list[list[Supposed]]) -> Iterator[bool]:
    """Decide once more, without anything of the search: is the change allowed if all this is so?"""
    situation = situation_of(policies.knowing(facts))
    hypotheses = [suppose(as_it_is(situation), one) for one in sets]
    results = iter(policies(tuple(q for one in hypotheses for q in one.queries)).results)
    for one in hypotheses:
        answer = Answer(results=tuple(islice(results, len(one.queries))))
        yield not findings_against(one.situation, one.queries, answer)


def require_irredundant(policies: RealPolicies, facts: Facts) -> None:
    said = told(policies, facts)
    supposed = list(carried_out(said.needed))
    less = [supposed[:number] + supposed[number + 1 :] for number in range(len(supposed))]
    assert said.flips
    assert list(are_allowed(policies, facts, [supposed, *less])) == [True] + [False] * len(less)
    if said.smallest:
        require_smallest(policies, facts, supposed)


def require_smallest(policies: RealPolicies, facts: Facts, supposed: list[Supposed]) -> None:
    """Compare with brute force over all that the findings ask for, and what was found."""
    judged = policies.judged(facts)
    against = reasons_against(as_it_is(situation_of(judged.facts)), judged.answer, frozenset())
    options = (one for reason in against for option in reason.options for one in option)
    pool = {one.key: one for one in (*options, *supposed)}
    tried = [one for one in pool.values() if not isinstance(one.remedy, ContentRemedy)]
    fewer = [list(c) for size in range(len(supposed)) for c in combinations(tried, size)]
    assert not any(are_allowed(policies, facts, fewer))


def test_an_allow_has_nothing_to_explain(policies: RealPolicies) -> None:
    judged = policies.judged(sound("tom", "nora"))
    assert judged.decision.findings == ()
    assert explained(judged, policies) is None


def test_two_missing_approvals_are_all_that_is_needed(policies: RealPolicies) -> None:
    said = told(policies, sound())
    assert texts(said) == [
        "one approval from @oncology (tom)", "one approval from @risk-quorum (nora)",
    ]  # fmt: skip
    assert said.flips
    assert said.smallest


def test_a_metric_is_asked_for_as_the_manifest_promises_it(policies: RealPolicies) -> None:
    model = manifest()
    facts = facts_of(model, "tom", "nora", offered=evidence(model, roc_auc=0.7))
    assert texts(told(policies, facts)) == ["roc_auc at least 0.9 on slice overall"]


def test_evidence_on_the_held_out_records_that_a_manifest_names_is_asked_for(
    policies: RealPolicies,
) -> None:
    known = manifest()
    records = known.data.validation.model_copy(update={"digest": examples.ARTIFACT})
    model = manifest(data=known.data.model_copy(update={"validation": records}))
    facts = facts_of(model, "tom", "nora", offered=())
    assert all(one.tried for one in told(policies, facts).needed)
    require_irredundant(policies, facts)


def test_a_threshold_that_is_raised_needs_its_validation_again(policies: RealPolicies) -> None:
    weak = manifest().validation.model_copy(update={"thresholds": {"roc_auc": 0.5}})
    model = manifest(validation=weak)
    facts = facts_of(model, "tom", "nora", offered=evidence(model))
    assert texts(told(policies, facts)) == [
        "a clean scan of the artifact",
        "a platform run that meets every threshold",
        "a team run whose checks pass",
        f"{PATH}: validation.thresholds.roc_auc at least 0.85",
    ]


def test_a_request_for_changes_is_taken_back_or_outdone(policies: RealPolicies) -> None:
    facts = sound("tom", "nora")
    assert facts.pull_request is not None
    objection = review("tom", "changes-requested").model_copy(
        update={"at": NOW - timedelta(seconds=30)}
    )
    reviews = (*facts.pull_request.reviews, objection)
    request = facts.pull_request.model_copy(update={"reviews": reviews})
    objected = facts.model_copy(update={"pull_request": request})
    assert texts(told(policies, objected)) == ["one approval from @oncology (tom)"]


def test_a_group_without_anybody_left_is_said_to_be_too_small(policies: RealPolicies) -> None:
    facts = sound("tom")
    organisation = facts.base.organisation
    assert organisation is not None
    groups = tuple(
        group.model_copy(update={"members": ("maria",)}) if group.name == "risk-quorum" else group
        for group in organisation.groups
    )
    base = facts.base.model_copy(
        update={"organisation": organisation.model_copy(update={"groups": groups})}
    )
    said = told(policies, facts.model_copy(update={"base": base}))
    assert not said.flips
    (needed,) = said.needed
    assert not needed.tried
    assert "none of those who may are left" in needed.text


def test_a_symbolic_link_is_to_be_a_regular_file(policies: RealPolicies) -> None:
    link = added("models/oncology/triage/train.py", mode="120000")
    model = manifest()
    facts = facts_of(model, "tom", "nora", offered=evidence(model), more=(link,))
    assert texts(told(policies, facts)) == [f"{link.path} is a regular file: mode 100644"]


def test_what_does_not_belong_is_left_out(policies: RealPolicies) -> None:
    stray = added("models/oncology/triage/conftest.py")
    model = manifest()
    facts = facts_of(model, "tom", "nora", offered=evidence(model), more=(stray,))
    assert texts(told(policies, facts)) == [f"the change leaves out {stray.path}"]


def test_of_a_conflict_nothing_more_is_known(policies: RealPolicies) -> None:
    facts = sound()
    merge = facts.merge.model_copy(update={"merge_tree": None, "conflicts": ("docs/a.md",)})
    said = told(policies, facts.model_copy(update={"merge": merge, "changes": ()}))
    assert not said.flips
    assert [one.remedy.kind for one in said.needed] == ["content"]


def test_a_draft_without_a_pull_request_is_told_whom_it_will_need(policies: RealPolicies) -> None:
    facts = sound().model_copy(update={"pull_request": None})
    assert texts(told(policies, facts)) == [
        "one approval from @oncology (tom)", "one approval from @risk-quorum (nora)",
    ]  # fmt: skip


def test_a_common_denial_costs_one_more_question(policies: RealPolicies) -> None:
    judged = policies.judged(sound())
    before = policies.asked
    explained(judged, policies)
    assert policies.asked - before == 1


def test_a_large_change_is_explained_as_a_small_one_is(
    policies: RealPolicies, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What is asked first of a large change spares questions, and changes nothing of the answer."""
    model = manifest(on_call=None)
    facts = facts_of(model, offered=evidence(model, 0.4, clean=False)[:3])
    small = told(policies, facts)
    monkeypatch.setattr("turnpike.explain.explain._FEW_QUERIES", 0)
    monkeypatch.setattr("turnpike.explain.explain._FORESIGHT", 0)
    large = told(policies, facts)
    assert len(small.needed) > 4
    assert (large.needed, large.flips, large.smallest) == (
        small.needed, small.flips, small.smallest,
    )  # fmt: skip
    require_irredundant(policies, facts)


def test_of_many_models_one_is_kept(policies: RealPolicies) -> None:
    others = tuple(added(f"models/oncology/zz-{number}/card.md") for number in range(30))
    model = manifest()
    said = told(policies, facts_of(model, "tom", "nora", offered=evidence(model), more=others))
    kept = [one.text for one in said.needed if isinstance(one.remedy, KeepRemedy)]
    assert kept == ["the change holds its files below models/oncology/triage/ alone"]


def test_explaining_changes_no_byte_of_the_decision(policies: RealPolicies) -> None:
    judged = policies.judged(sound())
    bare = tuple(
        result.model_copy(
            update={"denials": tuple(d.model_copy(update={"remedies": ()}) for d in result.denials)}
        )
        for result in judged.answer.results
    )
    assert decide(judged.facts, Answer(results=bare)) == judged.decision


@settings(
    deadline=None, max_examples=6, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(data=st.data())
def test_the_set_flips_and_each_of_it_is_needed(
    policies: RealPolicies, data: st.DataObject
) -> None:
    draw = data.draw
    validation = manifest().validation
    model = manifest(
        on_call=draw(st.sampled_from((ON_CALL, None, OnCall(rotation="nobody", channel="#x")))),
        validation=validation.model_copy(
            update={"thresholds": {"roc_auc": draw(st.sampled_from((0.9, 0.5)))}}
        ),
    )
    whole = evidence(model, draw(st.sampled_from((0.95, 0.4))), clean=draw(st.booleans()))
    kept = draw(st.sets(st.integers(0, 4)))
    stray = added("models/oncology/triage/x.sh", mode=draw(st.sampled_from(("100644", "120000"))))
    facts = facts_of(
        model,
        *draw(st.sets(st.sampled_from(("tom", "nora", "grace", "maria")))),
        offered=tuple(one for number, one in enumerate(whole) if number in kept),
        card=CARD[: draw(st.integers(5, 7))],
        more=(stray,) if draw(st.booleans()) else (),
    )
    if policies.judged(facts).decision.verdict == "deny":
        require_irredundant(policies, facts)
