# METADATA
# title: Everything lies where the environment's data may be
# description: >-
#   What a provider or a resource says of where it lies is a region of the cloud whose residency one
#   of the environment's targets has there, a zone of it, or the residency itself where a cloud has
#   a multi-region of that name.
# schemas:
#   - input: schema.input
#   - data.turnpike.data.plans: schema.data.plans
# custom:
#   applies_to: [root]
#   severity: blocking
#   data: >-
#     environments/clouds.yaml (regions), environments/<environment>/environment.yaml (targets),
#     policies/data/plans.yaml (providers)
package turnpike.rules.plan_in_region

import data.turnpike.library.findings
import data.turnpike.library.plans

# METADATA
# title: Something lies elsewhere
# custom:
#   code: region-outside-residency
#   solution: >-
#     Choose one of the regions, as a constant or a variable of the root; or bring the region into
#     environments/clouds.yaml, and a target of its residency into the environment, first.
deny contains finding if {
	some place in places
	not inside(place.found)
	finding := findings.denial(
		rego.metadata.rule(),
		sprintf("%s would lie outside of where the environment's data may be.", [place.name]),
		sprintf("%s: one of %s", [place.name, findings.listed(array.concat(input.terraformRoot.regions, input.terraformRoot.residencies))]),
		plans.shown(place.found),
		[],
	)
}

places contains {"name": provider.source, "found": provider.regions} if {
	input.terraformRoot.removed == false
	some provider in input.terraformRoot.plan.providers
	some known in data.turnpike.data.plans.providers
	known.source == provider.source
	count(known.regions) > 0
}

# Without a configuration a provider takes its region from the planner's environment.
places contains {"name": resource.address, "found": {"known": false, "values": []}} if {
	some resource in plans.standing
	some known in data.turnpike.data.plans.providers
	known.source == resource.provider
	count(known.regions) > 0
	not resource.provider in configured
}

places contains {"name": resource.address, "found": found} if {
	some resource in plans.standing
	some known in data.turnpike.data.plans.providers
	known.source == resource.provider
	some path in known.locations
	some told, found in resource.attributes
	told == path
}

configured := {provider.source | some provider in input.terraformRoot.plan.providers}

inside(found) if {
	found.known
	count(found.values) > 0
	every value in found.values {
		is_inside(lower(value))
	}
}

is_inside(place) if place in data.turnpike.data.plans.anywhere

is_inside(place) if {
	some region in input.terraformRoot.regions
	regex.match(sprintf("^%s(-[a-z])?$", [region]), place)
}

is_inside(place) if {
	some residency in input.terraformRoot.residencies
	lower(residency) == place
}
