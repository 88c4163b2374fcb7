package turnpike.rules.data_residency_test

import data.turnpike.rules.data_residency
import data.turnpike.testing
import data.turnpike.testing.inputs

test_a_target_inside_the_jurisdictions_passes if data_residency.deny == set() with input as inputs.deployment

test_a_target_outside_the_training_data_is_denied if {
	denials := data_residency.deny with input as testing.edited(inputs.deployment, {"/model/data/training/residency": ["US", "CA"]})
	testing.said(denials) == {["residency-not-allowed", "CA, US", "EU"]}
}

test_a_target_outside_the_validation_data_is_denied if {
	denials := data_residency.deny with input as testing.edited(inputs.deployment, {"/model/data/validation/residency": ["US"]})
	testing.said(denials) == {["residency-not-allowed", "US", "EU"]}
}

test_a_route_has_no_data_of_ours if {
	data_residency.deny == set() with input as testing.edited(inputs.deployment, {"/model": inputs.generative.model})
}

test_a_deleted_deployment_is_not_asked if {
	data_residency.deny == set() with input as testing.edited(inputs.deployment, {"/deployment": null})
}
