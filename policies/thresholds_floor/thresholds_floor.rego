# METADATA
# title: The thresholds are at or above the tier's floor
# description: >-
#   A manifest sets its own thresholds, but not below what its risk tier asks of every model of its
#   task. It names at least one metric that has a floor; slices may lie a little lower.
# schemas:
#   - input: schema.input
#   - data.turnpike.data.floors: schema.data.floors
# custom:
#   applies_to: [model]
#   severity: blocking
#   data: policies/data/floors.yaml
package turnpike.rules.thresholds_floor

import data.turnpike.library.findings
import data.turnpike.library.metrics
import data.turnpike.library.remedies

# METADATA
# title: A threshold lies below the floor
# custom:
#   code: threshold-below-floor
#   solution: Raise the threshold in model.yaml to the floor of the tier, or beyond.
deny contains finding if {
	input.subject.kind == "model"
	some wanted in metrics.thresholds
	floor := floor_of(wanted.slice, wanted.metric)
	not metrics.meets(wanted.metric, wanted.threshold, floor)
	finding := findings.denial(
		rego.metadata.rule(),
		sprintf("The threshold of %s on slice %s is weaker than tier %s allows.", [
			wanted.metric,
			wanted.slice,
			input.model.riskTier,
		]),
		metrics.demand(wanted.metric, floor),
		sprintf("%v", [wanted.threshold]),
		[remedies.thresholds(wanted.slice, wanted.metric, floor)],
	)
}

# METADATA
# title: No threshold has a floor
# custom:
#   code: threshold-missing
#   solution: Add a threshold, overall, for one of the metrics that are named.
deny contains finding if {
	input.subject.kind == "model"
	not some_threshold_has_floor
	finding := findings.denial(
		rego.metadata.rule(),
		sprintf("A model of tier %s must promise at least one metric that has a floor.", [input.model.riskTier]),
		sprintf("a threshold for one of: %s", [findings.listed(object.keys(floors))]),
		findings.listed(object.keys(input.model.validation.thresholds)),
		[remedies.thresholds("overall", metric, floor) | some metric, floor in floors],
	)
}

default floors := {}

floors := data.turnpike.data.floors.tiers[input.model.riskTier][input.model.validation.task]

floor_of("overall", metric) := floors[metric]

floor_of(slice, metric) := metrics.worst(metric, floors[metric], allowance) if {
	slice != "overall"
	allowance := floors[metric] * data.turnpike.data.floors.sliceAllowance
}

some_threshold_has_floor if {
	some metric, _ in input.model.validation.thresholds
	is_number(floors[metric])
}
