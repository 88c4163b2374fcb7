# METADATA
# title: The line is running
# description: >-
#   While a stop on main speaks of it, no release is promoted, whatever windows allow and whoever has
#   approved. Rollbacks and retirements go on.
# schemas:
#   - input: schema.input
# custom:
#   applies_to: [deployment]
#   severity: blocking
#   data: environments/stops/<name>.yaml
package turnpike.rules.line_running

import data.turnpike.library.findings

# METADATA
# title: The line is stopped
# custom:
#   code: line-stopped
#   solution: >-
#     Ask whoever is on call about the incident. `turnpike stop lift NAME` opens the change that lets
#     the line go on, which two of them approve.
deny contains finding if {
	some standstill in input.deployment.movement.standstills
	not input.deployment.rollback
	finding := findings.denial(
		rego.metadata.rule(),
		sprintf("The line is stopped by %s (%s): %s.", [
			standstill.name,
			standstill.incident,
			standstill.reason,
		]),
		sprintf("no environments/stops/%s.yaml on main", [standstill.name]),
		"the file",
		[],
	)
}
