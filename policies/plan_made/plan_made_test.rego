package turnpike.rules.plan_made_test

import data.turnpike.rules.plan_made
import data.turnpike.testing
import data.turnpike.testing.inputs

test_a_plan_that_holds_passes if plan_made.deny == set() with input as inputs.root

test_a_root_without_a_plan_is_denied if {
	denials := plan_made.deny with input as testing.edited(inputs.root, {"/terraformRoot/plan": null})
	testing.said(denials) == {["plan-missing", "a planner's statement about the root's inputs as they would be", "none that counts"]}
}

test_a_plan_is_too_old_from_the_very_moment_on if {
	late := testing.edited(inputs.root, {"/terraformRoot/plan/expiresAt": "2026-01-15T12:00:00Z"})
	denials := plan_made.deny with input as late
	testing.said(denials) == {["plan-expired", "a plan that holds after 2026-01-15T12:00:00Z", "one that held until 2026-01-15T12:00:00Z"]}
}

test_a_plan_holds_a_second_longer if {
	plan_made.deny == set() with input as testing.edited(inputs.root, {"/terraformRoot/plan/expiresAt": "2026-01-15T12:00:01Z"})
}

test_a_plan_of_an_environment_that_does_not_say_for_how_long_never_holds if {
	denials := plan_made.deny with input as testing.edited(inputs.root, {"/terraformRoot/plan/expiresAt": null})
	testing.said(denials) == {[
		"plan-expired",
		"a plan that holds after 2026-01-15T12:00:00Z",
		"one that held until never, as the environment does not say for how long plans hold",
	]}
}

test_a_root_that_still_holds_something_is_not_removed if {
	denials := plan_made.deny with input as testing.edited(inputs.root, {"/terraformRoot/removed": true})
	testing.said(denials) == {["root-not-empty", "a state without resources", "3 resources"]}
}

test_one_resource_is_enough if {
	last := testing.edited(inputs.root, {"/terraformRoot/removed": true, "/terraformRoot/plan/standing": 1})
	testing.codes(plan_made.deny) == {"root-not-empty"} with input as last
}

test_an_empty_root_is_removed if {
	plan_made.deny == set() with input as testing.edited(inputs.root, {"/terraformRoot/removed": true, "/terraformRoot/plan/standing": 0})
}

test_a_change_as_a_whole_has_no_plan if plan_made.deny == set() with input as inputs.change
