package turnpike.rules.metrics_met_test

import data.turnpike.rules.metrics_met
import data.turnpike.testing
import data.turnpike.testing.inputs

test_metrics_that_meet_every_threshold_pass if metrics_met.deny == set() with input as inputs.model

test_a_metric_exactly_at_its_threshold_passes if {
	metrics_met.deny == set() with input as measured({"0/value": 0.97, "1/value": 0.4, "2/value": 0.92})
}

test_a_metric_below_its_threshold_is_denied if {
	denials := metrics_met.deny with input as measured({"0/value": 0.9699})
	testing.said(denials) == {["metric-below-threshold", "roc_auc at least 0.97 on slice overall", "0.9699"]}
}

test_a_metric_of_which_less_is_better_is_denied_above_its_threshold if {
	denials := metrics_met.deny with input as measured({"1/value": 0.41})
	testing.said(denials) == {["metric-below-threshold", "log_loss at most 0.4 on slice overall", "0.41"]}
}

test_a_metric_below_its_threshold_on_a_slice_is_denied if {
	denials := metrics_met.deny with input as measured({"2/value": 0.5})
	testing.said(denials) == {["metric-below-threshold", "accuracy at least 0.92 on slice large-nuclei", "0.5"]}
}

test_a_metric_that_was_not_measured_is_denied if {
	denials := metrics_met.deny with input as measured({"0/metric": "accuracy"})
	testing.said(denials) == {[
		"metric-unmeasured",
		"roc_auc at least 0.97 on slice overall",
		"no value of an isolated platform run that is bound to this manifest",
	]}
}

test_a_metric_of_another_slice_does_not_count if {
	denials := metrics_met.deny with input as measured({"2/slice": "overall"})
	testing.said(denials) == {[
		"metric-unmeasured",
		"accuracy at least 0.92 on slice large-nuclei",
		"no value of an isolated platform run that is bound to this manifest",
	]}
}

test_without_evidence_nothing_was_measured if {
	denials := metrics_met.deny with input as testing.edited(inputs.model, {"/evidence": []})
	testing.codes(denials) == {"metric-unmeasured"}
	count(denials) == 3
}

test_a_run_that_is_not_bound_does_not_count if {
	denials := metrics_met.deny with input as testing.edited(inputs.model, {"/evidence/0/bound": false})
	testing.codes(denials) == {"metric-unmeasured"}
}

test_a_run_of_the_team_does_not_count if {
	denials := metrics_met.deny with input as testing.edited(inputs.model, {"/evidence/0/run": "team"})
	testing.codes(denials) == {"metric-unmeasured"}
}

test_as_few_records_as_allowed_pass if metrics_met.deny == set() with input as measured({"2/records": 10})

test_a_metric_on_too_few_records_is_denied if {
	denials := metrics_met.deny with input as measured({"2/records": 9})
	testing.said(denials) == {["metric-on-too-few-records", "at least 10 records", "9"]}
}

test_a_second_value_of_a_metric_must_meet_the_threshold_too if {
	again := {"slice": "overall", "metric": "roc_auc", "value": 0.5, "records": 100}
	twice := array.concat(inputs.model.evidence[0].metrics, [again])
	denials := metrics_met.deny with input as testing.edited(inputs.model, {"/evidence/0/metrics": twice})
	testing.said(denials) == {["metric-below-threshold", "roc_auc at least 0.97 on slice overall", "0.5"]}
}

test_one_run_that_meets_everything_is_enough if {
	poor := measured({"0/value": 0.5}).evidence[0]
	both := array.concat([poor], inputs.model.evidence)
	metrics_met.deny == set() with input as testing.edited(inputs.model, {"/evidence": both})
}

test_two_runs_do_not_add_up if {
	one := measured({"0/value": 0.5}).evidence[0]
	other := measured({"1/value": 0.9}).evidence[0]
	denials := metrics_met.deny with input as testing.edited(inputs.model, {"/evidence": [one, other]})
	testing.codes(denials) == {"metric-below-threshold"}
	count(denials) == 2
}

test_a_generative_model_has_no_metrics if metrics_met.deny == set() with input as inputs.generative

test_a_draft_is_refused_elsewhere if {
	metrics_met.deny == set() with input as testing.edited(inputs.model, {"/model/artifact": null, "/evidence": []})
}

test_a_deployment_is_not_asked if metrics_met.deny == set() with input as testing.edited(inputs.deployment, {"/evidence": []})

measured(values) := testing.edited(inputs.model, {sprintf("/evidence/0/metrics/%s", [path]): value |
	some path, value in values
})

test_a_poor_run_of_a_draft_is_refused_elsewhere if {
	poor := measured({"0/value": 0.5, "2/records": 9})
	metrics_met.deny == set() with input as testing.edited(poor, {"/model/artifact": null})
}

test_only_the_shortfall_of_a_run_is_said if {
	denials := metrics_met.deny with input as measured({"0/value": 0.5, "2/records": 10})
	testing.codes(denials) == {"metric-below-threshold"}
}

test_a_whole_run_beside_one_on_too_few_records_is_enough if {
	thin := measured({"2/records": 9}).evidence[0]
	both := array.concat([thin], inputs.model.evidence)
	metrics_met.deny == set() with input as testing.edited(inputs.model, {"/evidence": both})
}

test_a_run_on_as_few_records_as_allowed_is_whole if {
	poor := measured({"0/value": 0.5}).evidence[0]
	both := array.concat([poor], measured({"2/records": 10}).evidence)
	metrics_met.deny == set() with input as testing.edited(inputs.model, {"/evidence": both})
}

test_a_run_that_leaves_out_a_metric_does_not_hide_a_poor_one if {
	poor := measured({"0/value": 0.5}).evidence[0]
	silent := measured({"0/metric": "recall"}).evidence[0]
	denials := metrics_met.deny with input as testing.edited(inputs.model, {"/evidence": [poor, silent]})
	testing.codes(denials) == {"metric-below-threshold"}
}
