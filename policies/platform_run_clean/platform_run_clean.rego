# METADATA
# title: The platform's checks pass
# description: >-
#   In one isolated run of the platform, bound to this manifest, no check failed: the format, the
#   signature, latency and memory, robustness to missing, out-of-range and wrongly typed input.
# schemas:
#   - input: schema.input
# custom:
#   applies_to: [model]
#   severity: blocking
package turnpike.rules.platform_run_clean

import data.turnpike.library.evidence
import data.turnpike.library.findings
import data.turnpike.library.remedies

# METADATA
# title: A check of the platform failed
# custom:
#   code: platform-check-failed
#   solution: >-
#     Correct what the check names, register a new version and validate it with
#     `turnpike validate --pr N`.
deny contains finding if {
	input.subject.kind == "model"
	not evidence.some_clean(evidence.platform_runs)
	some statement in evidence.platform_runs
	some check in statement.failed
	finding := findings.denial(
		rego.metadata.rule(),
		sprintf("The platform's check %s failed.", [check.name]),
		check.expected,
		check.actual,
		[[remedies.passed(statement, check)]],
	)
}
