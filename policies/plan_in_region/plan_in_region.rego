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
	not inside(place)
	finding := findings.denial(
		rego.metadata.rule(),
		sprintf("%s would lie outside of where the environment's data may be.", [place.name]),
		sprintf("%s: one of %s", [place.name, findings.listed(array.concat(input.terraformRoot.regions, input.terraformRoot.residencies))]),
		plans.shown(place.found),
		[],
	)
}

# METADATA
# title: Something lies wherever its cloud puts it
# custom:
#   code: region-left-to-the-cloud
#   solution: >-
#     Say where it lies, and its copies, as a constant or a variable of the root.
deny contains finding if {
	some fault in plans.faults
	fault.concern == "residency"
	finding := findings.denial(
		rego.metadata.rule(),
		sprintf("%s, or a copy of it, would lie wherever the cloud puts it.", [fault.address]),
		sprintf("%s: %s", [fault.address, fault.expected]),
		fault.actual,
		[],
	)
}

places contains {"name": provider.source, "stateful": false, "found": provider.regions} if {
	input.terraformRoot.removed == false
	some provider in input.terraformRoot.plan.providers
	some known in data.turnpike.data.plans.providers
	known.source == provider.source
	count(known.regions) > 0
}

# Without a configuration a provider takes its region from the planner's environment.
places contains {"name": resource.address, "stateful": resource.stateful, "found": plans.untold} if {
	some resource in plans.standing
	some known in data.turnpike.data.plans.providers
	known.source == resource.provider
	count(known.regions) > 0
	not resource.provider in configured
}

places contains {"name": resource.address, "stateful": resource.stateful, "found": found} if {
	some resource in plans.standing
	some known in data.turnpike.data.plans.providers
	known.source == resource.provider
	some path in known.locations
	some told, found in resource.attributes
	told == path
	not is_silent(found)
}

is_silent(found) if {
	found.known
	count(found.values) == 0
}

configured := {provider.source | some provider in input.terraformRoot.plan.providers}

inside(place) if {
	place.found.known
	count(place.found.values) > 0
	every value in place.found.values {
		lies(place, lower(value))
	}
}

lies(_, value) if is_inside(value)

lies(place, value) if {
	value in data.turnpike.data.plans.anywhere
	not place.stateful
}

is_inside(place) if {
	some region in input.terraformRoot.regions
	regex.match(sprintf("^%s(-[a-z])?$", [region]), place)
}

is_inside(place) if {
	some residency in input.terraformRoot.residencies
	lower(residency) == place
}
