package turnpike.rules.registry_namespace_test

import data.turnpike.rules.registry_namespace
import data.turnpike.testing
import data.turnpike.testing.inputs

test_the_models_own_name_passes if registry_namespace.deny == set() with input as inputs.model

test_a_routes_own_name_passes if registry_namespace.deny == set() with input as inputs.generative

test_another_teams_model_is_denied if {
	denials := registry_namespace.deny with input as testing.edited(inputs.model, {"/model/artifact/registryModel": "risk.tumour-malignancy"})
	testing.said(denials) == {["registry-name-foreign", "oncology.tumour-malignancy", "risk.tumour-malignancy"]}
}

test_a_draft_is_refused_elsewhere if {
	registry_namespace.deny == set() with input as testing.edited(inputs.model, {"/model/artifact": null})
}

test_a_deployment_is_not_asked_again if {
	registry_namespace.deny == set() with input as testing.edited(inputs.deployment, {"/model/artifact/registryModel": "risk.a"})
}
