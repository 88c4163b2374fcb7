# METADATA
# title: The data's licence allows the use
# description: Training and validation data stand under a licence of the allow-list.
# related_resources:
#   - ref: https://spdx.org/licenses/
#     description: SPDX licence identifiers
# schemas:
#   - input: schema.input
#   - data.turnpike.data.licences: schema.data.licences
# custom:
#   applies_to: [model]
#   severity: blocking
#   data: policies/data/licences.yaml
package turnpike.rules.data_licence

import data.turnpike.library.findings
import data.turnpike.library.remedies

# METADATA
# title: The licence is not on the list
# custom:
#   code: licence-not-allowed
#   solution: >-
#     Use data under a licence of policies/data/licences.yaml, or have a licence added there by a
#     change of class policy.
deny contains finding if {
	input.subject.kind == "model"
	some part in ["training", "validation"]
	set := input.model.data[part]
	not set.licence in data.turnpike.data.licences.allowed
	finding := findings.denial(
		rego.metadata.rule(),
		sprintf("The licence of the %s data %s is not on the allow-list.", [part, set.source]),
		findings.listed(data.turnpike.data.licences.allowed),
		set.licence,
		[[remedies.one_of(
			["model", "data", part, "licence"],
			data.turnpike.data.licences.allowed,
		)]],
	)
}
