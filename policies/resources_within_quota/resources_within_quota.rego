# METADATA
# title: The team stays within its quota
# description: >-
#   What all of a team's releases in one target may ask for together, all replicas at their most and
#   this change included, is at most the team's quota. A team that the organisation doesn't know has
#   none.
# schemas:
#   - input: schema.input
# custom:
#   applies_to: [model, deployment]
#   severity: blocking
#   data: policies/data/organisation.yaml (teams)
package turnpike.rules.resources_within_quota

import data.turnpike.library.findings
import data.turnpike.library.remedies

# METADATA
# title: The quota is exceeded
# custom:
#   code: quota-exceeded
#   yields_to: [waiver]
#   solution: >-
#     Ask for less in settings.yaml, remove a release that nobody needs, or have the quota raised by a
#     change of class organisation.
deny contains finding if {
	some resource, unit in {"cpuMillicores": "millicores of CPU", "memoryMebibytes": "MiB of memory"}
	asked := input.deployment.usage[resource]
	asked > input.team.quota[resource]
	finding := findings.denial(
		rego.metadata.rule(),
		sprintf("%s asks for more %s in %s than its quota.", [
			input.subject.team,
			unit,
			input.deployment.target.name,
		]),
		sprintf("at most %d %s", [input.team.quota[resource], unit]),
		sprintf("%d", [asked]),
		remedies.smaller(resource, input.team.quota[resource]),
	)
}

# METADATA
# title: The team is unknown
# custom:
#   code: team-unknown
#   solution: >-
#     Have the team added to policies/data/organisation.yaml, with a group and a quota, by a change of
#     class organisation.
deny contains finding if {
	input.subject.kind in {"model", "deployment"}
	not is_object(input.team)
	finding := findings.denial(
		rego.metadata.rule(),
		sprintf("The organisation has no team %q, and nobody without a team has a quota.", [input.subject.team]),
		"a team in policies/data/organisation.yaml",
		"none of that name",
		[],
	)
}
