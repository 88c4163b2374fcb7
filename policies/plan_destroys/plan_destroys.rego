# METADATA
# title: A destruction has its own approval
# description: >-
#   A plan that destroys or replaces what keeps state needs an approval of the risk group that is
#   asked for because of the destruction, beside those of the owners. So does one that forgets it:
#   from then on nobody judges what becomes of it.
# schemas:
#   - input: schema.input
#   - data.turnpike.data.plans: schema.data.plans
# custom:
#   applies_to: [root]
#   severity: blocking
#   data: policies/data/plans.yaml (stateful)
package turnpike.rules.plan_destroys

import data.turnpike.library.findings
import data.turnpike.library.plans
import data.turnpike.library.remedies

# METADATA
# title: The destruction is not approved as such
# custom:
#   code: destruction-unapproved
#   solution: >-
#     Ask the risk group for a review of the destruction, or leave the resource as it is; one that
#     only moves gets a `moved` block.
deny contains finding if {
	count(lost) > 0
	not approved
	finding := findings.denial(
		rego.metadata.rule(),
		"What these resources keep is lost with them, or out of sight.",
		sprintf("a met requirement whose reason is the destruction in %s", [input.terraformRoot.path]),
		sprintf("destroyed without it: %s", [findings.listed(lost)]),
		[[remedies.approval(requirement)] |
			some requirement in input.requirements
			is_asked(requirement)
		],
	)
}

lost contains resource.address if {
	some resource in input.terraformRoot.plan.resources
	some name in data.turnpike.data.plans.stateful
	plans.names(name, resource.type)
	some action in resource.actions
	action in {"delete", "forget"}
}

approved if {
	some requirement in input.requirements
	is_asked(requirement)
	requirement.missing == 0
}

is_asked(requirement) if {
	startswith(requirement.reason, "destruction of ")
	endswith(requirement.reason, sprintf(" in %s", [input.terraformRoot.path]))
}
