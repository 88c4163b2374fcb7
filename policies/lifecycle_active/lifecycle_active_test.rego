package turnpike.rules.lifecycle_active_test

import data.turnpike.rules.lifecycle_active
import data.turnpike.testing
import data.turnpike.testing.inputs

test_an_active_model_passes if lifecycle_active.deny == set() with input as inputs.deployment

test_a_retired_model_is_denied if {
	denials := lifecycle_active.deny with input as testing.edited(inputs.deployment, {"/model/lifecycle": "retired"})
	testing.said(denials) == {["model-retired", "lifecycle: active", "lifecycle: retired"]}
}

test_a_model_that_main_has_retired_since_is_denied if {
	denials := lifecycle_active.deny with input as testing.edited(inputs.deployment, {"/previousModel/lifecycle": "retired"})
	testing.codes(denials) == {"model-retired"}
}

test_a_retired_model_that_serves_may_be_rendered_anew if {
	same := testing.edited(inputs.deployment, {
		"/model/lifecycle": "retired",
		"/deployment/previous": inputs.deployment.deployment.release,
	})
	lifecycle_active.deny == set() with input as same
}

test_a_deprecated_model_at_a_new_place_is_denied if {
	new := testing.edited(inputs.deployment, {"/model/lifecycle": "deprecated", "/deployment/previous": null})
	denials := lifecycle_active.deny with input as new
	testing.said(denials) == {["model-deprecated", "lifecycle: active", "lifecycle: deprecated"]}
}

test_a_deprecated_model_may_be_updated_where_it_serves if {
	lifecycle_active.deny == set() with input as testing.edited(inputs.deployment, {"/model/lifecycle": "deprecated"})
}

test_no_manifest_at_all_is_refused_elsewhere if {
	bare := testing.edited(inputs.deployment, {"/model": null, "/previousModel": null})
	lifecycle_active.deny == set() with input as bare
}

test_retiring_a_model_is_no_release if {
	lifecycle_active.deny == set() with input as testing.edited(inputs.model, {"/model/lifecycle": "retired"})
}

test_an_active_model_at_a_new_place_passes if {
	lifecycle_active.deny == set() with input as testing.edited(inputs.deployment, {"/deployment/previous": null})
}
