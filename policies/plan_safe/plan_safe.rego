# METADATA
# title: What stands after the apply is safe
# description: >-
#   Nothing is open to everybody, no store is without encryption or can be deleted by accident, nothing
#   is kept out of the audit, nobody may do everything, and no key lives long. What is judged of which
#   type stands in a table; it is asked of all that will stand, not only of what changes.
# schemas:
#   - input: schema.input
#   - data.turnpike.data.plans: schema.data.plans
# custom:
#   applies_to: [root]
#   severity: blocking
#   data: policies/data/plans.yaml
package turnpike.rules.plan_safe

import data.turnpike.library.findings
import data.turnpike.library.plans

# METADATA
# title: Something is open to everybody
# custom:
#   code: plan-exposes
#   yields_to: [waiver]
#   solution: >-
#     Close it, as the modules of terraform/modules do.
deny contains finding if {
	some fault in plans.faults
	fault.concern == "exposure"
	finding := findings.denial(
		rego.metadata.rule(),
		sprintf("%s would be open to more than those who need it.", [fault.address]),
		sprintf("%s: %s", [fault.address, fault.expected]),
		fault.actual,
		[],
	)
}

# METADATA
# title: Something is not encrypted
# custom:
#   code: plan-unencrypted
#   yields_to: [waiver]
#   solution: >-
#     Encrypt it, with a key of the module encryption_keys where a key is asked for.
deny contains finding if {
	some fault in plans.faults
	fault.concern == "encryption"
	finding := findings.denial(
		rego.metadata.rule(),
		sprintf("%s would keep or carry data without the encryption that is asked for.", [fault.address]),
		sprintf("%s: %s", [fault.address, fault.expected]),
		fault.actual,
		[],
	)
}

# METADATA
# title: Something is kept out of the audit
# custom:
#   code: plan-unaudited
#   yields_to: [waiver]
#   solution: >-
#     Let it be recorded, as the modules of terraform/modules do.
deny contains finding if {
	some fault in plans.faults
	fault.concern == "audit"
	finding := findings.denial(
		rego.metadata.rule(),
		sprintf("What is done at %s would not be recorded.", [fault.address]),
		sprintf("%s: %s", [fault.address, fault.expected]),
		fault.actual,
		[],
	)
}

# METADATA
# title: A store can be deleted by accident
# custom:
#   code: plan-deletable
#   yields_to: [waiver]
#   solution: >-
#     Protect it from deletion, and keep its versions.
deny contains finding if {
	some fault in plans.faults
	fault.concern == "deletion"
	finding := findings.denial(
		rego.metadata.rule(),
		sprintf("%s could be lost by a mistake.", [fault.address]),
		sprintf("%s: %s", [fault.address, fault.expected]),
		fault.actual,
		[],
	)
}

# METADATA
# title: Somebody may do everything
# custom:
#   code: plan-wildcard
#   yields_to: [waiver]
#   solution: >-
#     Name the actions or the role that are needed. Build policies from aws_iam_policy_document, so that
#     they can be judged before the apply.
deny contains finding if {
	some fault in plans.faults
	fault.concern == "wildcard"
	finding := findings.denial(
		rego.metadata.rule(),
		sprintf("%s would grant more than anybody needs.", [fault.address]),
		sprintf("%s: %s", [fault.address, fault.expected]),
		fault.actual,
		[],
	)
}

# METADATA
# title: A key lives long
# custom:
#   code: plan-long-lived-key
#   solution: >-
#     Let whoever needs it come by federation instead, as terraform/modules/identity does.
deny contains finding if {
	input.terraformRoot.removed == false
	some resource in input.terraformRoot.plan.resources
	resource.stands
	resource.type in data.turnpike.data.plans.keys
	finding := findings.denial(
		rego.metadata.rule(),
		sprintf("%s makes a secret that works for whoever finds it.", [resource.address]),
		"workload identity and federation only",
		sprintf("%s: %s", [resource.address, resource.type]),
		[],
	)
}
