# METADATA
# title: A new version keeps its thresholds
# description: >-
#   Thresholds, slices and margins may not be weakened in the change that brings new bytes: results
#   must not choose what they are measured by. Weakening them is a change of its own, before.
# schemas:
#   - input: schema.input
# custom:
#   applies_to: [model]
#   severity: blocking
package turnpike.rules.thresholds_kept

import data.turnpike.library.findings
import data.turnpike.library.metrics
import data.turnpike.library.remedies

# METADATA
# title: A threshold is weakened together with new bytes
# custom:
#   code: threshold-weakened
#   solution: >-
#     Keep the threshold, or weaken it in a pull request of its own, without a new artifact, before
#     the version is validated.
deny contains finding if {
	brings_new_bytes
	some before in previous_thresholds
	not kept(before)
	finding := findings.denial(
		rego.metadata.rule(),
		sprintf("The threshold of %s on slice %s is weakened together with a new artifact.", [
			before.metric,
			before.slice,
		]),
		metrics.demand(before.metric, before.threshold),
		now(before),
		[option |
			some option in [
				remedies.thresholds(before.slice, before.metric, before.threshold),
				[remedies.includes(["model", "validation", "slices"], slice) |
					some slice in input.previousModel.validation.slices
					slice.name == before.slice
				],
			]
			count(option) > 0
		],
	)
}

# METADATA
# title: A margin is widened together with new bytes
# custom:
#   code: margin-widened
#   solution: Keep the margin, or widen it in a pull request of its own, without a new artifact.
deny contains finding if {
	brings_new_bytes
	some metric, wide in input.model.validation.margin
	before := object.get(input.previousModel.validation.margin, metric, 0)
	wide > before
	finding := findings.denial(
		rego.metadata.rule(),
		sprintf("The margin of %s is widened together with a new artifact.", [metric]),
		sprintf("at most %v", [before]),
		sprintf("%v", [wide]),
		[[remedies.at_most(["model", "validation", "margin", metric], before)]],
	)
}

# METADATA
# title: A slice is defined anew together with new bytes
# custom:
#   code: slice-redefined
#   solution: >-
#     Keep the slice as it is and add another one, or define it anew in a pull request of its own,
#     without a new artifact.
deny contains finding if {
	brings_new_bytes
	some before in input.previousModel.validation.slices
	some slice in input.model.validation.slices
	slice.name == before.name
	not definition(slice) == definition(before)
	finding := findings.denial(
		rego.metadata.rule(),
		sprintf("Slice %s takes other records together with a new artifact.", [slice.name]),
		definition(before),
		definition(slice),
		[[remedies.exactly(["model", "validation", "slices", number], kept)] |
			number := remedies.slice_number(slice.name)
			kept := object.union(slice, {
				"column": before.column,
				"operator": before.operator,
				"value": before.value,
			})
		],
	)
}

brings_new_bytes if {
	input.subject.kind == "model"
	input.previousModel.artifact.digest != input.model.artifact.digest
}

previous_thresholds contains {"slice": "overall", "metric": metric, "threshold": threshold} if {
	some metric, threshold in input.previousModel.validation.thresholds
}

previous_thresholds contains {"slice": slice.name, "metric": metric, "threshold": threshold} if {
	some slice in input.previousModel.validation.slices
	some metric, threshold in slice.thresholds
}

kept(before) if {
	some wanted in metrics.thresholds
	wanted.slice == before.slice
	wanted.metric == before.metric
	metrics.meets(before.metric, wanted.threshold, before.threshold)
}

now(before) := findings.listed({metrics.demand(wanted.metric, wanted.threshold) |
	some wanted in metrics.thresholds
	wanted.slice == before.slice
	wanted.metric == before.metric
})

definition(slice) := sprintf("%s %s %v", [slice.column, slice.operator, slice.value])
