package turnpike.rules.data_classification_test

import data.turnpike.rules.data_classification
import data.turnpike.testing
import data.turnpike.testing.inputs

test_an_admitted_classification_passes if data_classification.deny == set() with input as inputs.deployment

test_a_model_is_asked_where_it_is_released if {
	data_classification.deny == set() with input as testing.edited(inputs.model, {"/model/data/training/classification": "restricted"})
}

test_training_data_beyond_the_environment_is_denied if {
	secret := testing.edited(inputs.deployment, {"/model/data/training/classification": "confidential"})
	denials := data_classification.deny with input as secret
	testing.said(denials) == {["classification-not-admitted", "internal, public", "confidential"]}
}

test_validation_data_beyond_the_environment_is_denied if {
	secret := testing.edited(inputs.deployment, {"/model/data/validation/classification": "restricted"})
	denials := data_classification.deny with input as secret
	testing.said(denials) == {["classification-not-admitted", "internal, public", "restricted"]}
}

test_a_route_has_no_data_of_ours if {
	route := testing.edited(inputs.deployment, {"/model": inputs.generative.model})
	data_classification.deny == set() with input as route
}

test_a_deleted_deployment_is_not_asked if {
	data_classification.deny == set() with input as testing.edited(inputs.deployment, {"/deployment": null})
}
