# METADATA
# title: Metrics
# description: How a measured metric compares with a threshold, a floor or another version.
# schemas:
#   - input: schema.input
#   - data.turnpike.data.metrics: schema.data.metrics
package turnpike.library.metrics

# METADATA
# description: Whether less of the metric is better.
lower_is_better(metric) if metric in data.turnpike.data.metrics.lowerIsBetter

# METADATA
# description: Whether a value is as good as the threshold, or better.
meets(metric, value, threshold) if {
	lower_is_better(metric)
	value <= threshold
}

meets(metric, value, threshold) if {
	not lower_is_better(metric)
	value >= threshold
}

# METADATA
# description: >-
#   The worst value that is still as good as the reference, given an allowance. Rounded away from
#   the reference, so that a value which equals it is never worse by the noise of binary fractions.
worst(metric, reference, allowance) := ceil((reference + allowance) * 1000000000) / 1000000000 if {
	lower_is_better(metric)
}

worst(metric, reference, allowance) := floor((reference - allowance) * 1000000000) / 1000000000 if {
	not lower_is_better(metric)
}

# METADATA
# description: A computed number as people would write it, without the noise of binary fractions.
exact(number) := round(number * 1000000000) / 1000000000

# METADATA
# description: A threshold in words.
demand(metric, threshold) := sprintf("%s at most %v", [metric, rounded(threshold)]) if lower_is_better(metric)

demand(metric, threshold) := sprintf("%s at least %v", [metric, rounded(threshold)]) if not lower_is_better(metric)

# METADATA
# description: A number for people, to five decimals.
rounded(number) := round(number * 100000) / 100000

# METADATA
# description: Every threshold of the manifest, overall and per slice.
thresholds contains {"slice": "overall", "metric": metric, "threshold": threshold} if {
	some metric, threshold in input.model.validation.thresholds
}

thresholds contains {"slice": slice.name, "metric": metric, "threshold": threshold} if {
	some slice in input.model.validation.slices
	some metric, threshold in slice.thresholds
}

# METADATA
# description: What one statement measured of a metric on a slice.
measured(statement, slice, metric) := [found |
	some found in statement.metrics
	found.slice == slice
	found.metric == metric
]
