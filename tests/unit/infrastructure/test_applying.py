"""What is applied is what the newest decision about the root names, and nothing else."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

import pytest

from turnpike.change.roots import terraform_files
from turnpike.documents.identifiers import Digest, ObjectId, digest_of
from turnpike.errors import InputError, IntegrityError
from turnpike.evidence.envelope import Envelope
from turnpike.git.repository import Repository
from turnpike.infrastructure.applying import (
    Approved,
    apply_plan,
    approved_plan,
    require_unmoved,
)
from turnpike.infrastructure.plan_files import keep_plan
from turnpike.infrastructure.workplace import workplace
from turnpike.judge.decision import AdmittedPlan, Finding
from turnpike.record.statements import statement_of_decision
from unit.git.folder import commit_files
from unit.infrastructure.plans import table
from unit.infrastructure.programs import terraform
from unit.infrastructure.small_root import FILES, ROOT
from unit.judge.examples import NOW, RoleKey
from unit.record.decisions import new_decision

GATE = RoleKey("gate")
INPUTS, OTHER = digest_of(b"inputs"), digest_of(b"other")


def admitted(plan: Digest, root: str = str(ROOT)) -> AdmittedPlan:
    return AdmittedPlan(root=root, inputs=INPUTS, plan=plan, statement=digest_of(b"envelope"))


@dataclass(slots=True)
class Main:
    """A line of commits, each with the decision that it carries out."""

    git: Repository
    record: dict[Digest, Envelope] = field(default_factory=dict)
    tip: ObjectId | None = None

    def merge(
        self,
        files: Mapping[str, bytes | None],
        *plans: AdmittedPlan,
        key: RoleKey = GATE,
        **said: object,
    ) -> None:
        """Add a commit that a decision about these plans let in."""
        tree = self.git.write_tree_with(
            self.tip or ObjectId("4b825dc642cb6eb9a060e54bf8d69288fbee4904"), files
        )
        decision = new_decision("terraform", ()).model_copy(
            update={"merge_tree": tree, "plans": plans, **said}
        )
        envelope = key.sign(statement_of_decision(decision))
        self.record[envelope.digest()] = envelope
        message = f"Merge\n\nTurnpike-Decision: {envelope.digest()}\n"
        self.tip = commit_files(self.git, dict(files), self.tip, message)

    def approved(self) -> Approved:
        """Return what may be applied now."""
        assert self.tip is not None
        keys = (GATE.public,)
        return approved_plan(self.git, self.record.__getitem__, keys, ROOT, self.tip, NOW)


@pytest.fixture
def main(tmp_path: Path) -> Main:
    found = Main(Repository.create(tmp_path / "host.git"))
    found.merge(FILES, admitted(INPUTS))
    return found


def test_a_plan_is_told_with_what_its_decision_says_that_it_costs(main: Main) -> None:
    assert main.approved().cost == ""
    told = Finding(
        code="plan-cost", subject=str(ROOT), expected="e", actual="170 a month", message="m",
        solution="s",
    )  # fmt: skip
    main.merge({"terraform/README.md": b"more\n"}, admitted(OTHER), notes=(told,))
    assert main.approved().cost == "170 a month"


def test_the_newest_decision_about_the_root_names_the_plan(main: Main) -> None:
    assert main.approved().plan.plan == INPUTS
    main.merge({f"{ROOT}/main.tf": b"# again\n"}, admitted(OTHER))
    main.merge(
        {"terraform/README.md": b"read\n"}, admitted(INPUTS, "terraform/environments/dev/gcp")
    )
    main.merge({"docs/a.md": b"read\n"}, admitted(INPUTS))
    found = main.approved()
    assert found.plan.plan == OTHER
    assert found.decision in main.record


def test_a_root_that_no_decision_names_is_not_applied(tmp_path: Path) -> None:
    found = Main(Repository.create(tmp_path / "host.git"))
    found.merge(FILES)
    with pytest.raises(InputError) as refused:
        found.approved()
    assert refused.value.code == "terraform.not-approved"


@pytest.mark.parametrize(
    ("key", "said"),
    [
        (RoleKey("gate"), {}),
        (RoleKey("planner"), {}),
        (GATE, {"verdict": "deny"}),
        (GATE, {"merge_tree": ObjectId("b" * 40)}),
    ],
)
def test_a_commit_that_was_not_judged_stops_it(
    main: Main, key: RoleKey, said: dict[str, object]
) -> None:
    main.merge({f"{ROOT}/main.tf": b"# mine\n"}, admitted(OTHER), key=key, **said)
    with pytest.raises(IntegrityError) as refused:
        main.approved()
    assert refused.value.code == "terraform.not-judged"


def test_other_inputs_than_those_that_were_planned_are_refused(main: Main) -> None:
    require_unmoved(ROOT, main.approved(), INPUTS)
    with pytest.raises(InputError) as refused:
        require_unmoved(ROOT, main.approved(), OTHER)
    assert refused.value.code == "terraform.main-moved"


def test_the_very_file_is_applied(main: Main, tmp_path: Path) -> None:
    digest = keep_plan(tmp_path / "plans", b"4 added")
    assert main.tip is not None
    tree = main.git.commit(main.tip).tree
    approved = Approved(digest_of(b"decision"), main.tip, admitted(digest))
    files = terraform_files(main.git, tree)
    with workplace(main.git, tree, ROOT, files, table()) as place:
        said = apply_plan(terraform(tmp_path), tmp_path / "plans", place, approved)
    assert said == "Apply complete! 4 added\n"
