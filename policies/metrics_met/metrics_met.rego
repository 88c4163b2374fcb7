# METADATA
# title: The metrics are met
# description: >-
#   What the platform's run measured, on predictions scored outside the container, is as good as each
#   threshold of the manifest: overall and on every slice, on records enough to say so. The numbers
#   are compared here; no check's own word counts.
# schemas:
#   - input: schema.input
#   - data.turnpike.data.metrics: schema.data.metrics
# custom:
#   applies_to: [model]
#   severity: blocking
#   data: models/<team>/<model>/model.yaml (validation), policies/data/metrics.yaml
package turnpike.rules.metrics_met

import data.turnpike.library.evidence
import data.turnpike.library.findings
import data.turnpike.library.metrics
import data.turnpike.library.remedies

# METADATA
# title: A metric misses its threshold
# custom:
#   code: metric-below-threshold
#   yields_to: [waiver]
#   solution: >-
#     Improve the model on the slice that is named and register a new version. A lower threshold is a
#     change of its own, which the risk group must see.
deny contains finding if {
	applies
	not some_run_meets_all
	some statement in evidence.platform_runs
	some wanted in metrics.thresholds
	some found in metrics.measured(statement, wanted.slice, wanted.metric)
	not metrics.meets(wanted.metric, found.value, wanted.threshold)
	finding := findings.denial(
		rego.metadata.rule(),
		sprintf("%s misses its threshold on slice %s.", [wanted.metric, wanted.slice]),
		sprintf("%s on slice %s", [metrics.demand(wanted.metric, wanted.threshold), wanted.slice]),
		sprintf("%v", [metrics.rounded(found.value)]),
		[[remedies.measured(wanted.slice, wanted.metric, wanted.threshold)]],
	)
}

# METADATA
# title: A metric was not measured
# custom:
#   code: metric-unmeasured
#   solution: Run `turnpike validate --pr N` again after the last change of validation.
deny contains finding if {
	applies
	some wanted in metrics.thresholds
	not measured_somewhere(wanted)
	finding := findings.denial(
		rego.metadata.rule(),
		sprintf("%s was not measured on slice %s.", [wanted.metric, wanted.slice]),
		sprintf("%s on slice %s", [metrics.demand(wanted.metric, wanted.threshold), wanted.slice]),
		"no value of an isolated platform run that is bound to this manifest",
		[[remedies.measured_at_all(wanted.slice, wanted.metric, wanted.threshold)]],
	)
}

# METADATA
# title: A metric was measured on too few records
# custom:
#   code: metric-on-too-few-records
#   yields_to: [waiver]
#   solution: Choose a slice that more of the held-out records fall into, or hold out more records.
deny contains finding if {
	applies
	not some_run_meets_all
	some statement in evidence.platform_runs
	some wanted in metrics.thresholds
	some found in metrics.measured(statement, wanted.slice, wanted.metric)
	found.records < data.turnpike.data.metrics.leastRecords
	finding := findings.denial(
		rego.metadata.rule(),
		sprintf("%s on slice %s was measured on too few records to say anything.", [
			wanted.metric,
			wanted.slice,
		]),
		sprintf("at least %d records", [data.turnpike.data.metrics.leastRecords]),
		sprintf("%d", [found.records]),
		[[remedies.measured_on(
			wanted.slice,
			wanted.metric,
			data.turnpike.data.metrics.leastRecords,
		)]],
	)
}

applies if {
	input.subject.kind == "model"
	is_object(input.model.artifact)
}

# One run must meet everything: the best of each of several runs is no model that exists.
some_run_meets_all if {
	some statement in evidence.platform_runs
	every wanted in metrics.thresholds { meets(statement, wanted) }
}

meets(statement, wanted) if {
	values := metrics.measured(statement, wanted.slice, wanted.metric)
	count(values) > 0
	every found in values {
		metrics.meets(wanted.metric, found.value, wanted.threshold)
		found.records >= data.turnpike.data.metrics.leastRecords
	}
}

measured_somewhere(wanted) if {
	some statement in evidence.platform_runs
	count(metrics.measured(statement, wanted.slice, wanted.metric)) > 0
}
