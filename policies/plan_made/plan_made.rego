# METADATA
# title: A plan shows what the change does
# description: >-
#   For each root of Terraform whose inputs the change touches, a planner has planned these very
#   inputs, not longer ago than the environment's `planHours`. A root goes once nothing of it stands.
# schemas:
#   - input: schema.input
# custom:
#   applies_to: [root]
#   severity: blocking
#   data: environments/<environment>/environment.yaml (infrastructure)
package turnpike.rules.plan_made

import data.turnpike.library.findings

# METADATA
# title: There is no plan
# custom:
#   code: plan-missing
#   solution: The platform team plans it with `turnpike terraform plan --pr N`; a push makes that due anew.
deny contains finding if {
	not is_object(input.terraformRoot.plan)
	finding := findings.denial(
		rego.metadata.rule(),
		"Nobody has planned what this change does.",
		"a planner's statement about the root's inputs as they would be",
		"none that counts",
		[],
	)
}

# METADATA
# title: The plan is too old
# custom:
#   code: plan-expired
#   solution: >-
#     Plan it again with `turnpike terraform plan --pr N`, then approve it again; environment.yaml
#     says under `infrastructure` for how many hours a plan may be merged.
deny contains finding if {
	is_object(input.terraformRoot.plan)
	not in_time
	finding := findings.denial(
		rego.metadata.rule(),
		"What stands may have changed since the plan was made.",
		sprintf("a plan that holds after %s", [input.now]),
		sprintf("one that held until %s", [ended]),
		[],
	)
}

# METADATA
# title: The root still holds something
# custom:
#   code: root-not-empty
#   solution: >-
#     Take its resources out of the root first, in a change of its own, and apply that; then remove
#     the root.
deny contains finding if {
	input.terraformRoot.removed
	input.terraformRoot.plan.standing > 0
	finding := findings.denial(
		rego.metadata.rule(),
		"A root that is removed leaves what it holds to nobody.",
		"a state without resources",
		sprintf("%d resources", [input.terraformRoot.plan.standing]),
		[],
	)
}

in_time if {
	is_string(input.terraformRoot.plan.expiresAt)
	time.parse_rfc3339_ns(input.now) < time.parse_rfc3339_ns(input.terraformRoot.plan.expiresAt)
}

default ended := "never, as the environment does not say for how long plans hold"

ended := input.terraformRoot.plan.expiresAt if is_string(input.terraformRoot.plan.expiresAt)
