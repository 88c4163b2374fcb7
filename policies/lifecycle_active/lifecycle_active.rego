# METADATA
# title: Only active models are released
# description: >-
#   A retired model is released nowhere, and a deprecated one to no new place. Both the manifest that
#   is released and the one that stands on main now are asked. What already serves may be rendered
#   anew or sized until it is removed.
# schemas:
#   - input: schema.input
# custom:
#   applies_to: [deployment]
#   severity: blocking
package turnpike.rules.lifecycle_active

import data.turnpike.library.findings
import data.turnpike.library.remedies

# METADATA
# title: The model is retired
# custom:
#   code: model-retired
#   solution: Release another model, or have its team set `lifecycle` in model.yaml back.
deny contains finding if {
	is_new
	"retired" in lifecycles
	finding := findings.denial(
		rego.metadata.rule(),
		"A retired model is not released.",
		"lifecycle: active",
		"lifecycle: retired",
		[[remedies.exactly([document, "lifecycle"], "active") |
			some document, manifest in manifests
			manifest.lifecycle == "retired"
		]],
	)
}

# METADATA
# title: The model is deprecated
# custom:
#   code: model-deprecated
#   solution: Use the model that replaces it, or have its team set `lifecycle` in model.yaml back.
deny contains finding if {
	is_null(input.deployment.previous)
	"deprecated" in lifecycles
	finding := findings.denial(
		rego.metadata.rule(),
		"A deprecated model is not released to a place where it does not serve yet.",
		"lifecycle: active",
		"lifecycle: deprecated",
		[[remedies.exactly([document, "lifecycle"], "active") |
			some document, manifest in manifests
			manifest.lifecycle == "deprecated"
		]],
	)
}

is_new if not input.deployment.release == input.deployment.previous

lifecycles contains manifest.lifecycle if {
	is_object(input.deployment)
	some manifest in manifests
}

manifests := {"model": input.model, "previousModel": input.previousModel}
