# METADATA
# title: One class of change at a time
# description: >-
#   A change belongs to exactly one class, so that one set of rules and one set of people judges it:
#   no model may bring the policy that lets it pass.
# related_resources:
#   - ref: docs/architecture.md
#     description: The classes of change
# schemas:
#   - input: schema.input
# custom:
#   applies_to: [change]
#   severity: blocking
package turnpike.rules.one_class_per_change

import data.turnpike.library.findings
import data.turnpike.library.remedies

# METADATA
# title: The change mixes classes, or has none
# custom:
#   code: classes-mixed
#   solution: Open one pull request for each class of change.
deny contains finding if {
	input.subject.kind == "change"
	count(input.change.classes) != 1
	finding := findings.denial(
		rego.metadata.rule(),
		"A change belongs to exactly one class.",
		"one class of change",
		findings.listed(input.change.classes),
		[[remedies.keep_class(class)] | some class in input.change.classes],
	)
}
