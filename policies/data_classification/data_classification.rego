# METADATA
# title: The environment admits the data's classification
# description: >-
#   A model carries what it learned: one that was trained or judged on confidential records runs only
#   where the environment admits that classification.
# schemas:
#   - input: schema.input
# custom:
#   applies_to: [deployment]
#   severity: blocking
#   data: environments/<environment>/environment.yaml (classifications)
package turnpike.rules.data_classification

import data.turnpike.library.findings
import data.turnpike.library.remedies

# METADATA
# title: The classification is not admitted here
# custom:
#   code: classification-not-admitted
#   solution: >-
#     Release the model only where its data may be, or ask the data's owner whether the
#     classification in model.yaml is right.
deny contains finding if {
	environment := input.deployment.environment
	some part in ["training", "validation"]
	set := input.model.data[part]
	not set.classification in environment.classifications
	finding := findings.denial(
		rego.metadata.rule(),
		sprintf("%s does not admit models whose %s data is %s.", [
			environment.name,
			part,
			set.classification,
		]),
		findings.listed(environment.classifications),
		set.classification,
		[
			[remedies.leave_out_release],
			[remedies.one_of(
				["model", "data", part, "classification"],
				environment.classifications,
			)],
		],
	)
}
