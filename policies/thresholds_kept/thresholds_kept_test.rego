package turnpike.rules.thresholds_kept_test

import data.turnpike.rules.thresholds_kept
import data.turnpike.testing
import data.turnpike.testing.inputs

test_the_same_thresholds_pass if thresholds_kept.deny == set() with input as inputs.model

test_stricter_thresholds_pass if {
	stricter := testing.edited(inputs.model, {
		"/model/validation/thresholds": {"roc_auc": 0.99, "log_loss": 0.1, "recall": 0.5},
		"/model/validation/margin": {"roc_auc": 0},
	})
	thresholds_kept.deny == set() with input as stricter
}

test_a_lower_threshold_is_denied if {
	denials := thresholds_kept.deny with input as testing.edited(inputs.model, {"/model/validation/thresholds/roc_auc": 0.96})
	testing.said(denials) == {["threshold-weakened", "roc_auc at least 0.97", "roc_auc at least 0.96"]}
}

test_a_higher_ceiling_is_denied if {
	denials := thresholds_kept.deny with input as testing.edited(inputs.model, {"/model/validation/thresholds/log_loss": 0.5})
	testing.said(denials) == {["threshold-weakened", "log_loss at most 0.4", "log_loss at most 0.5"]}
}

test_a_threshold_that_is_left_out_is_denied if {
	denials := thresholds_kept.deny with input as testing.edited(inputs.model, {"/model/validation/thresholds": {"log_loss": 0.4}})
	testing.said(denials) == {["threshold-weakened", "roc_auc at least 0.97", "nothing"]}
}

test_a_lower_threshold_on_a_slice_is_denied if {
	weak := testing.edited(inputs.model, {"/model/validation/slices/0/thresholds/accuracy": 0.9})
	denials := thresholds_kept.deny with input as weak
	testing.said(denials) == {["threshold-weakened", "accuracy at least 0.92", "accuracy at least 0.9"]}
}

test_a_slice_that_is_left_out_is_denied if {
	denials := thresholds_kept.deny with input as testing.edited(inputs.model, {"/model/validation/slices": []})
	testing.said(denials) == {["threshold-weakened", "accuracy at least 0.92", "nothing"]}
}

test_a_slice_that_takes_other_records_is_denied if {
	other := testing.edited(inputs.model, {"/model/validation/slices/0/value": 25})
	denials := thresholds_kept.deny with input as other
	testing.said(denials) == {["slice-redefined", "mean radius >= 15", "mean radius >= 25"]}
}

test_another_slice_may_be_added if {
	more := array.concat(inputs.model.model.validation.slices, [{
		"name": "small-nuclei",
		"column": "mean radius",
		"operator": "<",
		"value": 15,
		"thresholds": {"accuracy": 0.9},
	}])
	thresholds_kept.deny == set() with input as testing.edited(inputs.model, {"/model/validation/slices": more})
}

test_a_wider_margin_is_denied if {
	denials := thresholds_kept.deny with input as testing.edited(inputs.model, {"/model/validation/margin": {"roc_auc": 0.02}})
	testing.said(denials) == {["margin-widened", "at most 0.01", "0.02"]}
}

test_a_margin_where_there_was_none_is_denied if {
	wide := testing.edited(inputs.model, {"/model/validation/margin": {"roc_auc": 0.01, "log_loss": 0.01}})
	denials := thresholds_kept.deny with input as wide
	testing.said(denials) == {["margin-widened", "at most 0", "0.01"]}
}

test_weaker_thresholds_without_new_bytes_pass_to_their_approvers if {
	alone := testing.edited(inputs.model, {
		"/model/validation/thresholds/roc_auc": 0.9,
		"/model/validation/slices/0/value": 25,
		"/model/validation/margin": {"roc_auc": 0.02},
		"/previousModel/artifact": inputs.model.model.artifact,
	})
	thresholds_kept.deny == set() with input as alone
}

test_a_new_model_had_no_thresholds if {
	thresholds_kept.deny == set() with input as testing.edited(inputs.model, {"/previousModel": null})
}

test_a_first_artifact_had_no_thresholds if {
	drafted := testing.edited(inputs.model, {
		"/previousModel/artifact": null,
		"/model/validation/thresholds/roc_auc": 0.9,
	})
	thresholds_kept.deny == set() with input as drafted
}

test_a_deployment_is_not_asked if {
	older := testing.edited(inputs.deployment, {
		"/previousModel": inputs.model.previousModel,
		"/model/validation/thresholds/roc_auc": 0.9,
	})
	thresholds_kept.deny == set() with input as older
}

test_a_threshold_that_moves_to_a_slice_is_denied if {
	moved := testing.edited(inputs.model, {
		"/model/validation/thresholds": {"log_loss": 0.4},
		"/model/validation/slices/0/thresholds": {"accuracy": 0.92, "roc_auc": 0.99},
	})
	denials := thresholds_kept.deny with input as moved
	testing.said(denials) == {["threshold-weakened", "roc_auc at least 0.97", "nothing"]}
}

test_another_metric_does_not_make_up_for_a_weaker_one if {
	other := testing.edited(inputs.model, {"/model/validation/thresholds": {
		"roc_auc": 0.96,
		"log_loss": 0.4,
		"accuracy": 0.99,
	}})
	denials := thresholds_kept.deny with input as other
	testing.said(denials) == {["threshold-weakened", "roc_auc at least 0.97", "roc_auc at least 0.96"]}
}
