# METADATA
# title: The decision that admitted the model is known
# description: >-
#   A release names the decision that let its model into main. That decision must be a signed allow
#   on the record, of exactly these bytes with exactly this manifest: nothing reaches an
#   environment that the gate never judged.
# related_resources:
#   - ref: docs/architecture.md
#     description: How a model becomes a release
# schemas:
#   - input: schema.input
# custom:
#   applies_to: [deployment]
#   severity: blocking
package turnpike.rules.admission_known

import data.turnpike.library.findings
import data.turnpike.library.remedies

# METADATA
# title: The release names no allow of these bytes
# custom:
#   code: admission-unknown
#   solution: >-
#     Take artifact, manifest and decision of an admitted version: `turnpike history TEAM/MODEL`
#     lists them, and `turnpike promote` writes the release.
deny contains finding if {
	not input.deployment.admitted
	release := input.deployment.release
	finding := findings.denial(
		rego.metadata.rule(),
		"The release names a decision that did not admit these bytes with this manifest.",
		sprintf("a signed allow of %s with manifest %s", [release.artifact, release.manifest]),
		sprintf("decision %s", [release.decision]),
		[[remedies.said(
			remedies.exactly(["deployment", "admitted"], true),
			"the release names a recorded allow of these bytes with this manifest",
		)]],
	)
}

# METADATA
# title: The deployment cannot be read
# custom:
#   code: deployment-unreadable
#   solution: >-
#     See that release.yaml follows its schema, that its environment has the target, and that its
#     manifest is the blob of a model.yaml in this repository.
deny contains finding if {
	input.subject.kind == "deployment"
	not is_object(input.deployment)
	not input.subject.id in input.change.deletedReleases
	finding := findings.denial(
		rego.metadata.rule(),
		"The deployment has no release that can be read, with its environment, target and manifest.",
		"a release, its environment, its target and its manifest",
		"at least one of them is missing",
		[],
	)
}
