package turnpike.rules.route_revision_pinned_test

import data.turnpike.rules.route_revision_pinned
import data.turnpike.testing
import data.turnpike.testing.inputs

test_a_dated_revision_passes if route_revision_pinned.deny == set() with input as inputs.generative

test_a_predictive_model_has_no_route if route_revision_pinned.deny == set() with input as inputs.model

test_a_moving_revision_is_denied if {
	denials := route_revision_pinned.deny with input as testing.edited(inputs.generative, {"/model/route/revision": "Latest"})
	testing.said(denials) == {["route-revision-mutable", "a dated or numbered revision", "Latest"]}
}

test_a_moving_model_name_is_denied if {
	denials := route_revision_pinned.deny with input as testing.edited(inputs.generative, {"/model/route/model": "some-model-latest"})
	testing.said(denials) == {["route-revision-mutable", "a dated or numbered revision", "some-model-latest"]}
}

test_a_name_that_only_ends_alike_passes if {
	route_revision_pinned.deny == set() with input as testing.edited(inputs.generative, {"/model/route/model": "translatest"})
}

test_a_deleted_model_has_no_route if {
	route_revision_pinned.deny == set() with input as testing.edited(inputs.generative, {"/model": null})
}

test_a_deployment_is_not_asked_again if {
	moving := testing.edited(inputs.generative.model, {"/route/revision": "latest"})
	route_revision_pinned.deny == set() with input as testing.edited(inputs.deployment, {"/model": moving})
}
