# METADATA
# title: The team's own checks pass
# description: >-
#   Where the manifest names checks of the team, there is a run of them, isolated and bound to this
#   manifest, in which none failed. The team's run can only deny.
# schemas:
#   - input: schema.input
# custom:
#   applies_to: [model]
#   severity: blocking
package turnpike.rules.team_run_clean

import data.turnpike.library.evidence
import data.turnpike.library.findings
import data.turnpike.library.remedies

# METADATA
# title: The team's checks did not run
# custom:
#   code: team-run-missing
#   solution: Run `turnpike validate --pr N`, which runs the checks in checks/ as well.
deny contains finding if {
	input.subject.kind == "model"
	is_object(input.model.artifact)
	count(input.model.validation.checks) > 0
	count(evidence.team_runs) == 0
	finding := findings.denial(
		rego.metadata.rule(),
		"The manifest names checks of the team that did not run for it.",
		sprintf("a run of: %s", [findings.listed(input.model.validation.checks)]),
		"none",
		[[remedies.statement("validation", "team")]],
	)
}

# METADATA
# title: A check of the team failed
# custom:
#   code: team-check-failed
#   solution: >-
#     Correct the model, or the check where it is wrong, and validate again with
#     `turnpike validate --pr N`.
deny contains finding if {
	input.subject.kind == "model"
	not evidence.some_clean(evidence.team_runs)
	some statement in evidence.team_runs
	some check in statement.failed
	finding := findings.denial(
		rego.metadata.rule(),
		sprintf("The team's check %s failed.", [check.name]),
		check.expected,
		check.actual,
		[[remedies.passed(statement, check)]],
	)
}
