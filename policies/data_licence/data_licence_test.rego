package turnpike.rules.data_licence_test

import data.turnpike.rules.data_licence
import data.turnpike.testing
import data.turnpike.testing.inputs

test_an_allowed_licence_passes if data_licence.deny == set() with input as inputs.model

test_each_licence_outside_the_list_is_denied if {
	allowed := concat(", ", data.turnpike.data.licences.allowed)
	denials := data_licence.deny with input as testing.edited(inputs.model, {
		"/model/data/training/licence": "CC-BY-NC-4.0",
		"/model/data/validation/licence": "proprietary",
	})
	testing.said(denials) == {
		["licence-not-allowed", allowed, "CC-BY-NC-4.0"],
		["licence-not-allowed", allowed, "proprietary"],
	}
}

test_a_route_has_no_data_of_ours if data_licence.deny == set() with input as inputs.generative

test_a_deleted_model_is_not_asked if {
	data_licence.deny == set() with input as testing.edited(inputs.model, {"/model": null})
}

test_a_deployment_is_not_asked_again if {
	old := testing.edited(inputs.deployment, {"/model/data/training/licence": "CC-BY-NC-4.0"})
	data_licence.deny == set() with input as old
}
