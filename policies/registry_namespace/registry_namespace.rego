# METADATA
# title: The registry's name is the model's own
# description: >-
#   The registered model is called `<team>.<model>`, after the folder of the manifest: a manifest
#   cannot take another team's model for its own.
# schemas:
#   - input: schema.input
# custom:
#   applies_to: [model]
#   severity: blocking
package turnpike.rules.registry_namespace

import data.turnpike.library.findings
import data.turnpike.library.remedies

# METADATA
# title: The manifest names a model of somebody else
# custom:
#   code: registry-name-foreign
#   solution: Register the model under its own name with `turnpike register models/TEAM/MODEL`.
deny contains finding if {
	input.subject.kind == "model"
	own := sprintf("%s.%s", [input.subject.team, input.subject.model])
	input.model.artifact.registryModel != own
	finding := findings.denial(
		rego.metadata.rule(),
		"The manifest names a registered model that is not its own.",
		own,
		input.model.artifact.registryModel,
		[[remedies.exactly(["model", "artifact", "registryModel"], own)]],
	)
}
