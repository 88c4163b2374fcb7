# METADATA
# title: Environments come in their order
# description: >-
#   A release enters an environment from one that it promotes from, where it stands now; where
#   `fanIn` is `all`, its very bytes stand in every one of them. The first environment promotes from
#   none. A rollback returns to what already stood at the same place. Settings, or a new rendering
#   of the same release, promote nothing.
# schemas:
#   - input: schema.input
# custom:
#   applies_to: [deployment]
#   severity: blocking
#   data: environments/<environment>/environment.yaml (promotesFrom)
package turnpike.rules.environment_order

import data.turnpike.library.findings
import data.turnpike.library.remedies

# METADATA
# title: The release does not come from the environment before
# custom:
#   code: promotion-out-of-order
#   solution: Promote with `turnpike promote`, which takes what stands in the environment before.
deny contains finding if {
	release := input.deployment.release
	not release == input.deployment.previous
	not input.deployment.rollback
	not in_order
	environment := input.deployment.environment
	finding := findings.denial(
		rego.metadata.rule(),
		sprintf("The model does not enter %s from an environment that %s promotes from.", [
			environment.name,
			environment.name,
		]),
		sprintf("promotedFrom with a release of the model: %s", [findings.listed(environment.promotesFrom)]),
		sprintf("promotedFrom %v, with releases in: %s", [
			release.promotedFrom,
			findings.listed({source.environment | some source in input.deployment.sources}),
		]),
		remedies.promotions,
	)
}

in_order if {
	count(input.deployment.environment.promotesFrom) == 0
	is_null(input.deployment.release.promotedFrom)
}

in_order if {
	input.deployment.release.promotedFrom in input.deployment.environment.promotesFrom
	some source in input.deployment.sources
	source.environment == input.deployment.release.promotedFrom
	stands_where_it_must
}

stands_where_it_must if input.deployment.environment.fanIn == "any"

stands_where_it_must if {
	input.deployment.environment.fanIn == "all"
	every stage in input.deployment.environment.promotesFrom {
		some source in input.deployment.sources
		source.environment == stage
		source.artifact == input.deployment.release.artifact
	}
}
