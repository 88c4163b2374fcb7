# METADATA
# title: A promotion changes nothing
# description: >-
#   What enters an environment is what stands in the one before: the same bytes with the same
#   manifest. What was tried there is what is released here.
# schemas:
#   - input: schema.input
# custom:
#   applies_to: [deployment]
#   severity: blocking
package turnpike.rules.unchanged_since_last_environment

import data.turnpike.library.findings
import data.turnpike.library.remedies

# METADATA
# title: The release differs from the environment before
# custom:
#   code: changed-since-source
#   solution: >-
#     Release the version to the environment before first, let it be checked there, then promote it
#     with `turnpike promote`.
deny contains finding if {
	release := input.deployment.release
	not release == input.deployment.previous
	not input.deployment.rollback
	count(input.deployment.environment.promotesFrom) > 0
	not stands_before
	finding := findings.denial(
		rego.metadata.rule(),
		sprintf("%s would get bytes or a manifest that do not stand in the environment before.", [input.deployment.environment.name]),
		findings.listed({text(source) |
			some source in input.deployment.sources
			source.environment == release.promotedFrom
		}),
		text(release),
		[option |
			some option in [
				[remedies.stands_in(source) |
					source := release.promotedFrom
					is_string(source)
				],
				[remedy | some remedy in remedies.promotions[0]],
			]
			count(option) > 0
		],
	)
}

stands_before if {
	some source in input.deployment.sources
	source.environment == input.deployment.release.promotedFrom
	source.artifact == input.deployment.release.artifact
	source.manifest == input.deployment.release.manifest
}

text(release) := sprintf("version %s (%s, manifest %s)", [
	release.version,
	release.artifact,
	release.manifest,
])
