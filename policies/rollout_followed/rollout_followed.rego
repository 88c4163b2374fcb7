# METADATA
# title: The rollout is followed
# description: >-
#   Where an environment declares a rollout, a release goes in by its steps: none is skipped, and each
#   follows only once observers have seen the one before it within its limits for long enough. What
#   nobody saw has not passed. The rest of the traffic stays with what had all of it. A rollback goes
#   back at any time, and a gateway's route has no steps, for it can't be split.
# schemas:
#   - input: schema.input
# custom:
#   applies_to: [deployment]
#   severity: blocking
#   data: environments/<environment>/environment.yaml (rollout)
package turnpike.rules.rollout_followed

import data.turnpike.library.findings
import data.turnpike.library.remedies

# METADATA
# title: The release is no step of the rollout
# custom:
#   code: step-unknown
#   yields_to: [waiver, emergency]
#   solution: Promote with `turnpike promote`, which carries out the step that is next.
deny contains finding if {
	not input.deployment.rollback
	rollout := input.deployment.rollout
	is_null(rollout.step)
	finding := findings.denial(
		rego.metadata.rule(),
		sprintf("No step of the rollout gives %s this share of the traffic now.", [input.deployment.target.name]),
		sprintf("traffic: one of %s", [findings.listed({sprintf("%d", [share]) | some share in rollout.shares})]),
		sprintf("%d", [input.deployment.release.traffic]),
		[],
	)
}

# METADATA
# title: A step of the rollout is skipped
# custom:
#   code: step-skipped
#   yields_to: [waiver, emergency]
#   solution: Promote with `turnpike promote`, which carries out the step that is next.
deny contains finding if {
	not input.deployment.rollback
	rollout := input.deployment.rollout
	is_number(rollout.step)
	some skipped in rollout.skipped
	finding := findings.denial(
		rego.metadata.rule(),
		sprintf("Step %d of %d comes before step %d.", [skipped.number, rollout.count, rollout.step]),
		sprintf("%d %% in %s first", [skipped.traffic, findings.listed(skipped.targets)]),
		sprintf("%d %% in %s at once", [input.deployment.release.traffic, input.deployment.target.name]),
		[[remedies.carried_out(skipped)]],
	)
}

# METADATA
# title: The analysis of a step is not complete
# custom:
#   code: analysis-incomplete
#   yields_to: [waiver, emergency]
#   solution: >-
#     Let the step run on, and let `turnpike observe` watch it; `turnpike plan` says since when and
#     until when its analysis runs.
deny contains finding if {
	not input.deployment.rollback
	some number, analysis in input.deployment.rollout.analyses
	analysis.verdict == "running"
	finding := analysed(rego.metadata.rule(), number, analysis, "has not been seen for long enough")
}

# METADATA
# title: The analysis of a step failed
# custom:
#   code: analysis-failed
#   yields_to: [waiver, emergency]
#   solution: >-
#     Roll back with `turnpike rollback TEAM/MODEL --in ENVIRONMENT`, or find out why; where the
#     rollout says `onFailure: rollback`, `turnpike promote` opens the way back.
deny contains finding if {
	not input.deployment.rollback
	some number, analysis in input.deployment.rollout.analyses
	analysis.verdict == "failed"
	finding := analysed(rego.metadata.rule(), number, analysis, "was seen outside its limits")
}

# METADATA
# title: The rest of the traffic goes elsewhere
# custom:
#   code: rest-differs
#   solution: Promote with `turnpike promote`, which writes what serves the rest.
deny contains finding if {
	is_object(input.deployment.movement)
	input.deployment.release.rest != rest
	finding := findings.denial(
		rego.metadata.rule(),
		"The rest of the traffic must stay with what had all of it before.",
		sprintf("rest: %s", [named(rest)]),
		sprintf("rest: %s", [named(input.deployment.release.rest)]),
		[],
	)
}

analysed(rule, number, analysis, what) := findings.denial(
	rule,
	sprintf("Step %d (%d %% in %s) %s.", [analysis.number, analysis.traffic, analysis.target, what]),
	sprintf("the analysis of step %d passed in %s", [analysis.number, analysis.target]),
	concat("; ", analysis.reasons),
	[[remedies.analysis_passed(number, analysis)]],
)

rest := null if is_null(input.deployment.rollout)

rest := null if input.deployment.rollback

rest := input.deployment.rollout.rest if {
	is_object(input.deployment.rollout)
	not input.deployment.rollback
}

named(null) := "nothing"

named(other) := sprintf("version %s (%s)", [other.version, other.artifact]) if is_object(other)
