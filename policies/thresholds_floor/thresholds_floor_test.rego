package turnpike.rules.thresholds_floor_test

import data.turnpike.rules.thresholds_floor
import data.turnpike.testing
import data.turnpike.testing.inputs

test_thresholds_above_the_floor_pass if thresholds_floor.deny == set() with input as inputs.model

test_a_threshold_exactly_at_the_floor_passes if {
	thresholds_floor.deny == set() with input as promised({"roc_auc": 0.85, "log_loss": 0.5})
}

test_a_threshold_below_the_floor_is_denied if {
	denials := thresholds_floor.deny with input as promised({"roc_auc": 0.84})
	testing.said(denials) == {["threshold-below-floor", "roc_auc at least 0.85", "0.84"]}
}

test_a_ceiling_above_the_floors_own_is_denied if {
	denials := thresholds_floor.deny with input as promised({"roc_auc": 0.9, "log_loss": 0.6})
	testing.said(denials) == {["threshold-below-floor", "log_loss at most 0.5", "0.6"]}
}

test_the_floor_depends_on_the_tier if {
	low := testing.edited(promised({"roc_auc": 0.6}), {"/model/riskTier": "low"})
	thresholds_floor.deny == set() with input as low
}

test_the_floor_depends_on_the_task if {
	other := testing.edited(promised({"accuracy": 0.85, "roc_auc": 0.1}), {"/model/validation/task": "multiclass-classification"})
	thresholds_floor.deny == set() with input as other
}

test_a_slice_may_lie_a_little_lower if {
	thresholds_floor.deny == set() with input as testing.edited(inputs.model, {"/model/validation/slices/0/thresholds": {"accuracy": 0.765}})
}

test_a_slice_far_below_the_floor_is_denied if {
	deep := testing.edited(inputs.model, {"/model/validation/slices/0/thresholds": {"accuracy": 0.76}})
	denials := thresholds_floor.deny with input as deep
	testing.said(denials) == {["threshold-below-floor", "accuracy at least 0.765", "0.76"]}
}

test_a_slices_ceiling_may_lie_a_little_higher if {
	thresholds_floor.deny == set() with input as testing.edited(inputs.model, {"/model/validation/slices/0/thresholds": {"log_loss": 0.55}})
}

test_a_metric_without_a_floor_is_free if thresholds_floor.deny == set() with input as promised({"roc_auc": 0.9, "mae": 1000})

test_thresholds_without_any_floor_are_denied if {
	denials := thresholds_floor.deny with input as promised({"mae": 1})
	testing.said(denials) == {[
		"threshold-missing",
		"a threshold for one of: accuracy, balanced_accuracy, f1_macro, log_loss, recall, roc_auc",
		"mae",
	]}
}

test_no_thresholds_at_all_are_denied if {
	denials := thresholds_floor.deny with input as promised({})
	{denial.actual | some denial in denials} == {"nothing"}
}

test_a_slices_threshold_is_no_promise_for_all if {
	testing.codes(thresholds_floor.deny) == {"threshold-missing"} with input as promised({"mae": 1})
}

test_a_generative_model_has_no_thresholds if thresholds_floor.deny == set() with input as inputs.generative

test_a_deleted_model_has_none if {
	thresholds_floor.deny == set() with input as testing.edited(inputs.model, {"/model": null})
}

test_a_deployment_is_not_asked_again if {
	weak := testing.edited(inputs.deployment, {"/model/validation/thresholds": {"roc_auc": 0.1}})
	none := testing.edited(inputs.deployment, {"/model/validation/thresholds": {"mae": 1}})
	thresholds_floor.deny == set() with input as weak
	thresholds_floor.deny == set() with input as none
}

promised(thresholds) := testing.edited(inputs.model, {"/model/validation/thresholds": thresholds})

test_a_task_without_any_floor_is_denied if {
	denials := thresholds_floor.deny with input as inputs.model with data.turnpike.data.floors.tiers as {}
	testing.said(denials) == {["threshold-missing", "a threshold for one of: nothing", "log_loss, roc_auc"]}
}
