# METADATA
# title: A release group moves as a whole
# description: >-
#   Models of one team whose manifests declare the same `releaseGroup` (an ensemble, a shared feature
#   set) were tried together, so they move together: where one of them enters an environment, each of
#   the others stands there after the change with the very bytes that it has where the release comes
#   from. A rollback is not held up by it.
# schemas:
#   - input: schema.input
# custom:
#   applies_to: [deployment]
#   severity: blocking
#   data: models/<team>/<model>/model.yaml (releaseGroup)
package turnpike.rules.release_group_whole

import data.turnpike.library.findings

# METADATA
# title: The release group is split
# custom:
#   code: release-group-split
#   yields_to: [waiver, emergency]
#   solution: >-
#     Move all models of the group in one change: `turnpike promote` takes the others along, and
#     `turnpike release` takes several models.
deny contains finding if {
	is_object(input.deployment.movement)
	not input.deployment.rollback
	some companion in input.deployment.companions
	not companion.here in companion.there
	finding := findings.denial(
		rego.metadata.rule(),
		sprintf("The model moves without %s, of the same release group %s.", [
			companion.model,
			companion.group,
		]),
		sprintf("%s in the same target: %s", [companion.model, findings.listed(companion.there)]),
		found(companion),
		[],
	)
}

found(companion) := companion.here if not is_null(companion.here)

found(companion) := "no release of it" if is_null(companion.here)
