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

test_where_any_stage_will_do_one_is_enough if {
	any_of := testing.edited(inputs.deployment, {"/deployment/environment/promotesFrom": ["canary", "staging"]})
	environment_order.deny == set() with input as any_of
}

test_where_all_stages_must_have_it_one_is_not_enough if {
	testing.codes(environment_order.deny) == {"promotion-out-of-order"} with input as all_of([])
}

test_other_bytes_in_a_stage_that_must_have_it_do_not_count if {
	other := object.union(staging, {"environment": "canary", "artifact": "sha256:b2"})
	testing.codes(environment_order.deny) == {"promotion-out-of-order"} with input as all_of([other])
}

test_the_same_bytes_in_all_stages_pass if {
	environment_order.deny == set() with input as all_of([object.union(staging, {"environment": "canary"})])
}

test_no_other_stage_stands_in_for_one_of_them if {
	edge := object.union(staging, {"environment": "edge"})
	three := testing.edited(all_of([edge]), {"/deployment/environment/promotesFrom": ["canary", "edge", "staging"]})
	testing.codes(environment_order.deny) == {"promotion-out-of-order"} with input as three
}

staging := inputs.deployment.deployment.sources[0]

all_of(more) := testing.edited(inputs.deployment, {
	"/deployment/environment/promotesFrom": ["canary", "staging"],
	"/deployment/environment/fanIn": "all",
	"/deployment/sources": array.concat([staging], more),
})

first(from) := testing.edited(inputs.deployment, {
	"/deployment/environment/promotesFrom": [],
	"/deployment/release/promotedFrom": from,
})
