# METADATA
# title: Approvals are given
# description: >-
#   Everyone who must approve has approved: the owners of each path, the groups of the environment,
#   the risk group where the tier is high. Who may approve, and whose approval counts, was worked
#   out by the judge from the base commit.
# related_resources:
#   - ref: docs/architecture.md
#     description: Which approvals a change needs
# schemas:
#   - input: schema.input
# custom:
#   applies_to: [change]
#   severity: blocking
package turnpike.rules.approvals_given

import data.turnpike.library.findings
import data.turnpike.library.remedies

# METADATA
# title: An approval is missing
# custom:
#   code: approvals-missing
#   solution: >-
#     Ask members of the group who did not write, commit or push this change for a review of its
#     head: `turnpike pr review --approve`. A path without an owner needs a line in CODEOWNERS first.
deny contains finding if {
	input.subject.kind == "change"
	some requirement in input.requirements
	requirement.missing > 0
	finding := findings.denial(
		rego.metadata.rule(),
		sprintf("%s must approve (%s).", [approvers(requirement.group), requirement.reason]),
		sprintf("%d of %s", [requirement.count, approvers(requirement.group)]),
		sprintf("%d", [requirement.given]),
		[[remedies.approval(requirement)]],
	)
}

approvers(group) := group if group != ""

approvers(group) := "an owner (the path has none)" if group == ""
