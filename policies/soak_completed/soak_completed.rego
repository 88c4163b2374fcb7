# METADATA
# title: The soak is completed
# description: >-
#   Before a release enters an environment, observers have seen its very bytes healthy in the stage
#   that it comes from, for as long as the environment demands. Only time that their statements show
#   healthy counts; where all stages before must have it, it soaks in each of them.
# schemas:
#   - input: schema.input
# custom:
#   applies_to: [deployment]
#   severity: blocking
#   data: environments/<environment>/environment.yaml (soakSeconds)
package turnpike.rules.soak_completed

import data.turnpike.library.findings
import data.turnpike.library.remedies

# METADATA
# title: The release has not soaked for long enough
# custom:
#   code: soak-incomplete
#   yields_to: [waiver, emergency]
#   solution: >-
#     Let it run on, and let `turnpike observe` watch it: the time in which observers see it healthy
#     counts, and nothing else.
deny contains finding if {
	is_object(input.deployment.movement)
	not input.deployment.rollback
	some stage in stages
	seen := soaked(stage)
	seen < input.deployment.environment.soakSeconds
	finding := findings.denial(
		rego.metadata.rule(),
		sprintf("The release was not seen healthy in %s for long enough.", [stage]),
		sprintf("%d seconds healthy in %s", [input.deployment.environment.soakSeconds, stage]),
		sprintf("%d seconds", [seen]),
		[[remedies.soaked(stage, seen)]],
	)
}

stages contains stage if {
	input.deployment.environment.fanIn == "all"
	some stage in input.deployment.environment.promotesFrom
}

stages contains input.deployment.release.promotedFrom if {
	input.deployment.environment.fanIn == "any"
	input.deployment.release.promotedFrom in input.deployment.environment.promotesFrom
}

# One target of a stage is enough: what observers see of its bytes there holds for all.
soaked(stage) := max({0} | {source.healthySeconds |
	some source in input.deployment.sources
	source.environment == stage
	source.artifact == input.deployment.release.artifact
})
