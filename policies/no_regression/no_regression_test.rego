package turnpike.rules.no_regression_test

import data.turnpike.rules.no_regression
import data.turnpike.testing
import data.turnpike.testing.inputs

test_a_version_as_good_as_the_live_one_passes if no_regression.deny == set() with input as inputs.model

test_a_first_version_has_nothing_to_compare_with if {
	no_regression.deny == set() with input as testing.edited(inputs.model, {"/liveMetrics": [], "/evidence": []})
}

test_a_version_worse_by_exactly_the_margin_passes if {
	no_regression.deny == set() with input as testing.edited(inputs.model, {"/liveMetrics/0/value": 0.99})
}

test_a_version_worse_by_more_than_the_margin_is_denied if {
	denials := no_regression.deny with input as testing.edited(inputs.model, {"/liveMetrics/0/value": 0.991})
	testing.said(denials) == {["metric-regressed", "roc_auc at least 0.981 on slice overall", "0.98"]}
	{denial.message | some denial in denials} == {"roc_auc on slice overall is worse than the live version's 0.991 by more than the margin 0.01."}
}

test_a_metric_without_margin_may_not_be_worse_at_all if {
	denials := no_regression.deny with input as testing.edited(inputs.model, {"/liveMetrics/1/value": 0.19})
	testing.said(denials) == {["metric-regressed", "log_loss at most 0.19 on slice overall", "0.2"]}
}

test_a_slice_that_is_worse_is_denied if {
	denials := no_regression.deny with input as testing.edited(inputs.model, {"/liveMetrics/2/value": 0.95})
	testing.said(denials) == {["metric-regressed", "accuracy at least 0.95 on slice large-nuclei", "0.94"]}
}

test_a_metric_with_a_margin_and_no_threshold_is_compared if {
	slack := testing.edited(inputs.model, {
		"/model/validation/margin": {"recall": 0.01},
		"/liveMetrics": [{"slice": "overall", "metric": "recall", "value": 0.9, "records": 100}],
	})
	denials := no_regression.deny with input as slack
	testing.said(denials) == {[
		"regression-unmeasured",
		"recall at least 0.89 on slice overall",
		"no value of an isolated platform run that is bound to this manifest",
	]}
}

test_a_metric_that_nobody_promised_is_not_compared if {
	other := testing.edited(inputs.model, {"/liveMetrics": [
		{"slice": "overall", "metric": "f1_macro", "value": 1, "records": 100},
		{"slice": "small-nuclei", "metric": "roc_auc", "value": 1, "records": 100},
	]})
	no_regression.deny == set() with input as other
}

test_a_metric_that_was_not_measured_again_is_denied if {
	denials := no_regression.deny with input as testing.edited(inputs.model, {"/evidence/0/metrics/0/metric": "accuracy"})
	testing.codes(denials) == {"regression-unmeasured"}
}

test_without_evidence_nothing_was_measured_again if {
	denials := no_regression.deny with input as testing.edited(inputs.model, {"/evidence": []})
	testing.codes(denials) == {"regression-unmeasured"}
	count(denials) == 3
}

test_a_second_value_must_hold_too if {
	again := {"slice": "overall", "metric": "roc_auc", "value": 0.5, "records": 100}
	twice := array.concat(inputs.model.evidence[0].metrics, [again])
	denials := no_regression.deny with input as testing.edited(inputs.model, {"/evidence/0/metrics": twice})
	testing.said(denials) == {["metric-regressed", "roc_auc at least 0.97 on slice overall", "0.5"]}
}

test_one_run_that_holds_is_enough if {
	poor := testing.edited(inputs.model.evidence[0], {"/metrics/0/value": 0.5})
	both := array.concat([poor], inputs.model.evidence)
	no_regression.deny == set() with input as testing.edited(inputs.model, {"/evidence": both})
}

test_a_margin_as_wide_as_allowed_passes if {
	wide := testing.edited(inputs.model, {"/model/validation/margin": {"roc_auc": 0.049}})
	no_regression.deny == set() with input as wide
}

test_a_margin_wider_than_the_tier_allows_is_denied if {
	wide := testing.edited(inputs.model, {"/model/validation/margin": {"roc_auc": 0.05}})
	denials := no_regression.deny with input as wide
	testing.said(denials) == {["margin-too-wide", "a margin of at most 0.049", "0.05"]}
}

test_the_widest_margin_counts_from_the_size_of_a_negative_value if {
	negative := testing.edited(inputs.model, {
		"/model/validation/margin": {"roc_auc": 0.05},
		"/liveMetrics/0/value": -1,
	})
	no_regression.deny == set() with input as negative
}

test_a_generative_model_has_no_metrics if {
	no_regression.deny == set() with input as testing.edited(inputs.generative, {"/liveMetrics": inputs.model.liveMetrics})
}

test_a_draft_is_refused_elsewhere if {
	no_regression.deny == set() with input as testing.edited(inputs.model, {"/model/artifact": null, "/evidence": []})
}

test_a_deployment_is_not_asked if {
	no_regression.deny == set() with input as testing.edited(inputs.deployment, {
		"/evidence": [],
		"/liveMetrics": inputs.model.liveMetrics,
		"/liveUnmeasured": ["sha256:b2b2b2b2b2b2b2b2b2b2b2b2b2b2b2b2b2b2b2b2b2b2b2b2b2b2b2b2b2b2b2b2"],
	})
}

test_a_draft_that_would_be_worse_is_refused_elsewhere if {
	worse := testing.edited(inputs.model, {
		"/model/artifact": null,
		"/liveMetrics/0/value": 1,
		"/model/validation/margin": {"roc_auc": 0.5, "recall": 0.01},
	})
	no_regression.deny == set() with input as worse
	even := testing.edited(worse, {"/model/validation/margin": {"roc_auc": 0.01}})
	no_regression.deny == set() with input as even
}

test_a_run_that_leaves_out_a_metric_does_not_hide_a_worse_one if {
	worse := testing.edited(inputs.model.evidence[0], {"/metrics/0/value": 0.5})
	silent := testing.edited(inputs.model.evidence[0], {"/metrics/0/metric": "recall"})
	denials := no_regression.deny with input as testing.edited(inputs.model, {"/evidence": [worse, silent]})
	testing.codes(denials) == {"metric-regressed"}
}

test_a_live_version_that_nobody_measured_stops_the_next_one if {
	live := concat("", ["sha256:", "b2"])
	denials := no_regression.deny with input as testing.edited(inputs.model, {"/liveMetrics": [], "/liveUnmeasured": [live]})
	testing.said(denials) == {[
		"live-unmeasured",
		"an isolated platform run that is bound to the manifest of the live release",
		"none that counts",
	]}
}

test_a_generative_model_is_not_compared_with_what_was_live if {
	no_regression.deny == set() with input as testing.edited(inputs.generative, {"/liveUnmeasured": ["sha256:b2"]})
}
