package turnpike.rules.environment_order_test

import data.turnpike.rules.environment_order
import data.turnpike.testing
import data.turnpike.testing.inputs

test_a_promotion_from_the_environment_before_passes if environment_order.deny == set() with input as inputs.deployment

test_the_first_environment_promotes_from_none if environment_order.deny == set() with input as first(null)

test_the_first_environment_takes_no_promotion if {
	denials := environment_order.deny with input as first("staging")
	testing.said(denials) == {[
		"promotion-out-of-order",
		"promotedFrom with a release of the model: nothing",
		"promotedFrom staging, with releases in: staging",
	]}
}

test_an_environment_that_is_left_out_is_denied if {
	denials := environment_order.deny with input as testing.edited(inputs.deployment, {"/deployment/release/promotedFrom": "dev"})
	testing.said(denials) == {[
		"promotion-out-of-order",
		"promotedFrom with a release of the model: staging",
		"promotedFrom dev, with releases in: staging",
	]}
}

test_a_release_that_comes_from_nowhere_is_denied if {
	denials := environment_order.deny with input as testing.edited(inputs.deployment, {"/deployment/release/promotedFrom": null})
	testing.codes(denials) == {"promotion-out-of-order"}
}

test_an_environment_without_a_release_of_the_model_is_denied if {
	denials := environment_order.deny with input as testing.edited(inputs.deployment, {"/deployment/sources": []})
	testing.said(denials) == {[
		"promotion-out-of-order",
		"promotedFrom with a release of the model: staging",
		"promotedFrom staging, with releases in: nothing",
	]}
}

test_a_release_in_another_environment_is_no_source if {
	elsewhere := testing.edited(inputs.deployment, {"/deployment/sources/0/environment": "dev"})
	testing.codes(environment_order.deny) == {"promotion-out-of-order"} with input as elsewhere
}

test_a_rollback_passes if {
	back := testing.edited(inputs.deployment, {"/deployment/rollback": true, "/deployment/sources": []})
	environment_order.deny == set() with input as back
}

test_the_same_release_with_other_settings_passes if {
	same := testing.edited(inputs.deployment, {
		"/deployment/previous": inputs.deployment.deployment.release,
		"/deployment/sources": [],
	})
	environment_order.deny == set() with input as same
}

test_a_first_release_must_be_in_order_too if {
	new := testing.edited(inputs.deployment, {"/deployment/previous": null, "/deployment/sources": []})
	testing.codes(environment_order.deny) == {"promotion-out-of-order"} with input as new
}

test_a_deleted_deployment_is_not_asked if {
	environment_order.deny == set() with input as testing.edited(inputs.deployment, {"/deployment": null})
}

first(from) := testing.edited(inputs.deployment, {
	"/deployment/environment/promotesFrom": [],
	"/deployment/release/promotedFrom": from,
})
