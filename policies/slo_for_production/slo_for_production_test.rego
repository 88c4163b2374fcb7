package turnpike.rules.slo_for_production_test

import data.turnpike.rules.slo_for_production
import data.turnpike.testing
import data.turnpike.testing.inputs

test_a_model_with_a_service_level_passes if slo_for_production.deny == set() with input as inputs.deployment

test_a_model_without_a_service_level_is_denied if {
	denials := slo_for_production.deny with input as testing.edited(inputs.deployment, {"/model/slo": null})
	testing.said(denials) == {["slo-missing", "slo: availabilityPercent and latencyP95Milliseconds", "none"]}
}

test_no_manifest_at_all_is_denied if {
	testing.codes(slo_for_production.deny) == {"slo-missing"} with input as testing.edited(inputs.deployment, {"/model": null})
}

test_an_environment_that_requires_none_passes if {
	lenient := testing.edited(inputs.deployment, {
		"/model/slo": null,
		"/deployment/environment/requiresSlo": false,
	})
	slo_for_production.deny == set() with input as lenient
}

test_a_model_is_asked_where_it_is_released if {
	slo_for_production.deny == set() with input as testing.edited(inputs.model, {"/model/slo": null})
}
