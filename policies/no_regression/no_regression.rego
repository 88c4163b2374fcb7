# METADATA
# title: No worse than the live version
# description: >-
#   On every slice that both were measured on, the new version is as good as the one that is live in
#   production, but for the margin that the manifest allows. The margin itself has a widest value by
#   risk tier, so that it cannot excuse anything.
# schemas:
#   - input: schema.input
#   - data.turnpike.data.regression: schema.data.regression
# custom:
#   applies_to: [model]
#   severity: blocking
#   data: models/<team>/<model>/model.yaml (validation.margin), policies/data/regression.yaml
package turnpike.rules.no_regression

import data.turnpike.library.evidence
import data.turnpike.library.findings
import data.turnpike.library.metrics
import data.turnpike.library.remedies

# METADATA
# title: A metric is worse than the live version's
# custom:
#   code: metric-regressed
#   yields_to: [waiver]
#   solution: >-
#     Improve the model on the slice that is named and register a new version; the live version stays
#     until then.
deny contains finding if {
	applies
	not some_run_holds
	some statement in evidence.platform_runs
	some live in compared
	some found in metrics.measured(statement, live.slice, live.metric)
	not metrics.meets(live.metric, found.value, worst(live))
	finding := findings.denial(
		rego.metadata.rule(),
		sprintf("%s on slice %s is worse than the live version's %v by more than the margin %v.", [
			live.metric,
			live.slice,
			metrics.rounded(live.value),
			margin(live.metric),
		]),
		sprintf("%s on slice %s", [metrics.demand(live.metric, worst(live)), live.slice]),
		sprintf("%v", [metrics.rounded(found.value)]),
		[[remedies.measured(live.slice, live.metric, worst(live))]],
	)
}

# METADATA
# title: A metric of the live version was not measured again
# custom:
#   code: regression-unmeasured
#   solution: >-
#     Run `turnpike validate --pr N` again, and keep the metrics that the live version was
#     measured by.
deny contains finding if {
	applies
	some live in compared
	not measured_somewhere(live)
	finding := findings.denial(
		rego.metadata.rule(),
		sprintf("%s on slice %s was measured for the live version, not for this one.", [
			live.metric,
			live.slice,
		]),
		sprintf("%s on slice %s", [metrics.demand(live.metric, worst(live)), live.slice]),
		"no value of an isolated platform run that is bound to this manifest",
		[[remedies.measured_at_all(live.slice, live.metric, worst(live))]],
	)
}

# METADATA
# title: The live version is not measured
# custom:
#   code: live-unmeasured
#   solution: >-
#     Have the live version validated again: open a pull request that changes only the description in
#     its manifest, run `turnpike validate` on it, and merge it first.
deny contains finding if {
	applies
	is_object(input.model.validation)
	some artifact in input.liveUnmeasured
	finding := findings.denial(
		rego.metadata.rule(),
		sprintf("Nobody can say that this version is no worse than %s, which is live.", [artifact]),
		"an isolated platform run that is bound to the manifest of the live release",
		"none that counts",
		[[remedies.said(
			remedies.exactly(["liveUnmeasured"], []),
			sprintf("%s, which is live, is validated again, and that is merged first", [artifact]),
		)]],
	)
}

# METADATA
# title: The margin is too wide
# custom:
#   code: margin-too-wide
#   solution: Narrow `validation.margin` in model.yaml for the metric that is named.
deny contains finding if {
	applies
	some live in compared
	share := data.turnpike.data.regression.widestMargin[input.model.riskTier]
	widest := metrics.exact(abs(live.value) * share)
	margin(live.metric) > widest
	finding := findings.denial(
		rego.metadata.rule(),
		sprintf("The margin of %s is wider than tier %s allows against a live value of %v.", [
			live.metric,
			input.model.riskTier,
			metrics.rounded(live.value),
		]),
		sprintf("a margin of at most %v", [metrics.rounded(widest)]),
		sprintf("%v", [margin(live.metric)]),
		[[remedies.at_most(["model", "validation", "margin", live.metric], widest)]],
	)
}

applies if {
	input.subject.kind == "model"
	is_object(input.model.artifact)
}

# What the manifest demands of the new version, and what it has a margin for.
compared contains live if {
	some live in input.liveMetrics
	some wanted in metrics.thresholds
	wanted.slice == live.slice
	wanted.metric == live.metric
}

compared contains live if {
	some live in input.liveMetrics
	live.slice == "overall"
	is_number(input.model.validation.margin[live.metric])
}

margin(metric) := object.get(input.model.validation.margin, metric, 0)

worst(live) := metrics.worst(live.metric, live.value, margin(live.metric))

some_run_holds if {
	some statement in evidence.platform_runs
	every live in compared { holds(statement, live) }
}

holds(statement, live) if {
	values := metrics.measured(statement, live.slice, live.metric)
	count(values) > 0
	every found in values { metrics.meets(live.metric, found.value, worst(live)) }
}

measured_somewhere(live) if {
	some statement in evidence.platform_runs
	count(metrics.measured(statement, live.slice, live.metric)) > 0
}
