# METADATA
# title: The artifact is registered
# description: >-
#   The bytes that the manifest names are the bytes that the registry holds, and a registrar has
#   signed where they come from (SLSA provenance). A draft, which has no artifact yet, is not merged.
# related_resources:
#   - ref: https://slsa.dev/spec/v1.0/provenance
#     description: SLSA provenance
# schemas:
#   - input: schema.input
# custom:
#   applies_to: [model]
#   severity: blocking
package turnpike.rules.artifact_registered

import data.turnpike.library.evidence
import data.turnpike.library.findings
import data.turnpike.library.remedies

# METADATA
# title: The manifest names no artifact
# custom:
#   code: artifact-missing
#   solution: >-
#     Train and register the model with `turnpike register models/TEAM/MODEL`, which writes the
#     block `artifact` into model.yaml.
deny contains finding if {
	input.subject.kind == "model"
	not has_artifact
	not input.subject.id in input.change.deletedModels
	finding := findings.denial(
		rego.metadata.rule(),
		"The manifest is a draft: it names no artifact.",
		"artifact: registryModel, version, digest and format",
		"none",
		[[remedies.said(
			remedies.such_as(["model", "artifact"], artifact),
			"the model is trained and registered: `turnpike register`",
		)] |
			format := {"predictive": "skops", "generative": "route"}[input.model.kind]
			artifact := {
				"registryModel": sprintf("%s.%s", [input.subject.team, input.subject.model]),
				"version": "1",
				"digest": sprintf("sha256:%064d", [0]),
				"format": format,
			}
		],
	)
}

# METADATA
# title: The registry has other bytes, or none
# custom:
#   code: registry-digest-differs
#   solution: >-
#     Register the model again with `turnpike register models/TEAM/MODEL`; a version in the registry
#     is never written over.
deny contains finding if {
	input.subject.kind == "model"
	artifact := input.model.artifact
	not artifact.digest == input.registry.digest
	finding := findings.denial(
		rego.metadata.rule(),
		sprintf("The registry does not hold these bytes as %s version %s.", [
			artifact.registryModel,
			artifact.version,
		]),
		artifact.digest,
		registered,
		[[remedies.said(
			remedies.exactly(["registry", "digest"], artifact.digest),
			sprintf("the registry holds these bytes as %s version %s", [
				artifact.registryModel,
				artifact.version,
			]),
		)]],
	)
}

# METADATA
# title: Nobody vouches for the artifact's origin
# custom:
#   code: provenance-missing
#   solution: >-
#     Register the model with `turnpike register models/TEAM/MODEL`: the registrar signs its
#     provenance. What a person signs themselves does not count.
deny contains finding if {
	input.subject.kind == "model"
	has_artifact
	count(evidence.issued("provenance")) == 0
	finding := findings.denial(
		rego.metadata.rule(),
		"No registrar has signed where the artifact comes from.",
		"SLSA provenance of this artifact, signed by a registrar",
		"none",
		[[remedies.statement("provenance", "none")]],
	)
}

# A rule of its own: `not is_object(input.model.artifact)` is undefined where the model is null.
has_artifact if is_object(input.model.artifact)

default registered := "no such version"

registered := input.registry.digest if is_string(input.registry.digest)
