# METADATA
# title: The schedule is open
# description: >-
#   A release goes into an environment while a window of it is open and no freeze holds. A rollback
#   goes in at any time, so that nobody is held on a bad version.
# schemas:
#   - input: schema.input
# custom:
#   applies_to: [deployment]
#   severity: blocking
#   data: environments/<environment>/environment.yaml and environments/schedule.yaml (windows, freezes)
package turnpike.rules.schedule_open

import data.turnpike.library.findings
import data.turnpike.library.remedies

# METADATA
# title: The schedule is closed
# custom:
#   code: schedule-closed
#   yields_to: [waiver, emergency]
#   solution: >-
#     Wait until it is open: `turnpike plan` says when each release can go, `turnpike calendar` shows
#     all windows and freezes.
deny contains finding if {
	input.deployment.movement.open == false
	not input.deployment.rollback
	finding := findings.denial(
		rego.metadata.rule(),
		sprintf("Nothing goes into %s now: %s.", [input.deployment.environment.name, held]),
		sprintf("an open window and no freeze; next open %s", [next]),
		sprintf("closed at %s", [input.now]),
		opening,
	)
}

# Without `else`, two of these would both hold where a freeze has a reason.
held := sprintf("%s (%s)", [input.deployment.movement.by, input.deployment.movement.reason]) if {
	is_string(input.deployment.movement.reason)
} else := sprintf("the freeze %s holds", [input.deployment.movement.by]) if {
	is_string(input.deployment.movement.by)
} else := "no window is open"

next := input.deployment.movement.opensAt if is_string(input.deployment.movement.opensAt)

next := "never, as the schedule stands" if is_null(input.deployment.movement.opensAt)

opening := [[remedies.later(input.deployment.movement.opensAt)]] if is_string(input.deployment.movement.opensAt)

opening := [] if is_null(input.deployment.movement.opensAt)
