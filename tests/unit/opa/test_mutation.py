"""A mutation run tells tests that notice a broken rule from tests that don't."""

from __future__ import annotations

from turnpike.opa.mutation import Fate, Mutant, mutate, mutation_run
from unit.opa.small_policies import policies, program

RULE = """package turnpike.rules.known_subject

deny contains "unwanted" if {
	input.subject.kind == "change"
	not wanted
}

wanted if input.subject.id in data.turnpike.data.unwanted.subjects
"""
HEAD = "package turnpike.rules.known_subject_test\n\nimport data.turnpike.rules.known_subject\n\n"
THOROUGH = """
test_bad if known_subject.deny == {"unwanted"} with input as subject("change", "other")

test_good if known_subject.deny == set() with input as subject("change", "bad")

test_other_kind if known_subject.deny == set() with input as subject("model", "other")

subject(kind, id) := {"subject": {"kind": kind, "id": id}}
"""
WEAK = 'test_good if known_subject.deny == set() with input as {"subject": {"id": "bad"}}\n'


def fates(tests: str) -> dict[tuple[str, str], Fate]:
    files = policies(rule=RULE.encode())
    files["policies/known_subject/known_subject_test.rego"] = (HEAD + tests).encode()
    tried = mutation_run(files, program(), ("known_subject",))
    return {(one.mutant.kind, _place(one.mutant)): one.fate for one in tried}


def _place(mutant: Mutant) -> str:
    return mutant.after or mutant.before.partition(" ")[0]


def test_a_rule_is_broken_in_every_way() -> None:
    kinds = {mutant.kind for mutant, _ in mutate("known_subject", RULE)}
    assert kinds == {
        "drop rule", "flip comparison", "negate condition", "remove condition", "change constant",
    }  # fmt: skip


def test_every_mutant_differs_from_the_rule_in_one_place() -> None:
    mutants = list(mutate("known_subject", RULE))
    assert all(text != RULE for _, text in mutants)
    assert len({text for _, text in mutants}) == len(mutants)


def test_what_a_denial_says_is_left_alone() -> None:
    saying = 'deny contains finding if {\n\tfinding := findings.denial(\n\t\t"words",\n\t)\n}\n'
    assert [mutant.kind for mutant, _ in mutate("r", saying)] == ["drop rule"]


def test_thorough_tests_kill_every_mutant() -> None:
    assert "survived" not in fates(THOROUGH).values()
    assert "killed" in fates(THOROUGH).values()


def test_weak_tests_let_mutants_survive() -> None:
    weak = fates(WEAK)
    assert weak["flip comparison", 'input.subject.kind != "change"'] == "survived"


def test_a_mutant_that_does_not_compile_proves_nothing() -> None:
    assert fates(THOROUGH)["drop rule", "wanted"] == "stillborn"
