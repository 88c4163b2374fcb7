# METADATA
# title: The data may be held where the model runs
# description: >-
#   The jurisdiction of the target is among those in which the records, training and validation, may
#   be held.
# schemas:
#   - input: schema.input
# custom:
#   applies_to: [deployment]
#   severity: blocking
#   data: environments/<environment>/environment.yaml (targets)
package turnpike.rules.data_residency

import data.turnpike.library.findings
import data.turnpike.library.remedies

# METADATA
# title: The target lies outside the data's jurisdictions
# custom:
#   code: residency-not-allowed
#   solution: >-
#     Release the model to a target whose residency the data allows, or have the data's owner extend
#     the residency in model.yaml.
deny contains finding if {
	target := input.deployment.target
	some part in ["training", "validation"]
	set := input.model.data[part]
	not target.residency in set.residency
	finding := findings.denial(
		rego.metadata.rule(),
		sprintf("%s keeps data in %s, where the %s data %s may not be held.", [
			target.name,
			target.residency,
			part,
			set.source,
		]),
		findings.listed(set.residency),
		target.residency,
		[
			[remedies.leave_out_release],
			[remedies.includes(["model", "data", part, "residency"], target.residency)],
		],
	)
}
