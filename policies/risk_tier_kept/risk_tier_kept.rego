# METADATA
# title: A new version keeps its risk tier
# description: >-
#   Lowering the risk tier lowers what a model must show. It may not come together with new bytes: it
#   is a change of its own, which the risk group of the old tier sees.
# schemas:
#   - input: schema.input
# custom:
#   applies_to: [model]
#   severity: blocking
package turnpike.rules.risk_tier_kept

import data.turnpike.library.findings
import data.turnpike.library.remedies

# METADATA
# title: The tier is lowered together with new bytes
# custom:
#   code: risk-tier-lowered
#   solution: Lower the tier in a pull request of its own, without a new artifact.
deny contains finding if {
	input.subject.kind == "model"
	input.previousModel.artifact.digest != input.model.artifact.digest
	rank[input.model.riskTier] < rank[input.previousModel.riskTier]
	finding := findings.denial(
		rego.metadata.rule(),
		"The risk tier is lowered in the same change that brings a new artifact.",
		sprintf("riskTier: %s", [input.previousModel.riskTier]),
		sprintf("riskTier: %s", [input.model.riskTier]),
		[[remedies.exactly(["model", "riskTier"], input.previousModel.riskTier)]],
	)
}

rank := {"low": 1, "medium": 2, "high": 3}
