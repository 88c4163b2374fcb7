"""The product's own rules, compiled, and the real OPA that answers by them."""

from __future__ import annotations

import os
from dataclasses import dataclass
from pathlib import Path

from turnpike.change.gate import Judged, judge_facts
from turnpike.judge.facts import Facts
from turnpike.judge.policy_input import Answer, PolicyInput
from turnpike.opa.bundle import Bundle, compile_bundle, policies_in
from turnpike.opa.evaluation import Evaluation
from turnpike.opa.program import find_program, pinned_version, program_at

ROOT = Path(__file__).resolve().parents[3]


@dataclass(slots=True)
class RealPolicies:
    """Answers by the rules of ``policies/``, and counts how often it was asked."""

    bundle: Bundle
    evaluation: Evaluation
    asked: int = 0

    @classmethod
    def compiled(cls, folder: Path) -> RealPolicies:
        pin = (ROOT / "tools" / "opa" / "go.mod").read_text(encoding="utf-8")
        program = program_at(find_program(os.environ), pinned_version(pin))
        bundle = compile_bundle(policies_in(ROOT), program, folder)
        return cls(bundle, Evaluation(bundle, program))

    def __call__(self, batch: tuple[PolicyInput, ...]) -> Answer:
        self.asked += 1
        return self.evaluation.decide(batch)

    def judged(self, facts: Facts) -> Judged:
        return judge_facts(self.knowing(facts), self)

    def knowing(self, facts: Facts) -> Facts:
        """Return the facts as the judge of these rules would have collected them."""
        tools = facts.tools.model_copy(update={"rules": self.bundle.rules})
        return facts.model_copy(update={"tools": tools})
