# METADATA
# title: Production has a service level
# description: >-
#   Where the environment requires it, the model promises its consumers an availability and a latency.
# schemas:
#   - input: schema.input
# custom:
#   applies_to: [deployment]
#   severity: blocking
#   data: environments/<environment>/environment.yaml (requiresSlo)
package turnpike.rules.slo_for_production

import data.turnpike.library.findings
import data.turnpike.library.remedies

# METADATA
# title: There is no service level
# custom:
#   code: slo-missing
#   yields_to: [waiver]
#   solution: Add `slo` with availability and latency to model.yaml, then promote that version.
deny contains finding if {
	input.deployment.environment.requiresSlo
	not has_slo
	finding := findings.denial(
		rego.metadata.rule(),
		sprintf("%s takes no model without a service level.", [input.deployment.environment.name]),
		"slo: availabilityPercent and latencyP95Milliseconds",
		"none",
		[[remedies.such_as(["model", "slo"], remedies.some_service_level)]],
	)
}

# A rule of its own: `not is_object(input.model.slo)` is undefined where the model is null.
has_slo if is_object(input.model.slo)
