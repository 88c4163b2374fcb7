# METADATA
# title: The artifact is scanned
# description: >-
#   A validator has looked into the artifact's files: their formats are on the allow-list by content,
#   and the scanner found nothing. A provider's model has no files.
# schemas:
#   - input: schema.input
# custom:
#   applies_to: [model]
#   severity: blocking
package turnpike.rules.artifact_scanned

import data.turnpike.library.evidence
import data.turnpike.library.findings
import data.turnpike.library.remedies

# METADATA
# title: There is no scan
# custom:
#   code: scan-missing
#   solution: Run `turnpike validate --pr N`, which scans the registered artifact.
deny contains finding if {
	applies
	count(evidence.scans) == 0
	finding := findings.denial(
		rego.metadata.rule(),
		"No validator has scanned the artifact's files for this manifest.",
		"a scan bound to this manifest",
		"none",
		[[remedies.statement("scan", "none")]],
	)
}

# METADATA
# title: The scan found something
# custom:
#   code: scan-failed
#   solution: >-
#     Save the model in an allowed format (skops, ONNX) without pickled objects or code, register
#     and validate it again.
deny contains finding if {
	applies
	not evidence.some_clean(evidence.scans)
	some statement in evidence.scans
	some check in statement.failed
	finding := findings.denial(
		rego.metadata.rule(),
		sprintf("The scan's check %s failed.", [check.name]),
		check.expected,
		check.actual,
		[[remedies.passed(statement, check)]],
	)
}

applies if {
	input.subject.kind == "model"
	input.model.kind == "predictive"
	is_object(input.model.artifact)
}
