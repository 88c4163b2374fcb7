package turnpike.rules.plan_pinned_test

import data.turnpike.rules.plan_pinned
import data.turnpike.testing
import data.turnpike.testing.inputs

test_a_module_of_this_repository_passes if plan_pinned.deny == set() with input as inputs.root

test_modules_that_are_pinned_pass if {
	every source in {"./a", "../a", "git::https://example.org/a.git//b?ref=0123456789abcdef0123456789abcdef01234567"} {
		plan_pinned.deny == set() with input as module(source)
	}
}

test_modules_that_are_not_pinned_are_denied if {
	every source in {
		"hashicorp/consul/aws",
		".../a",
		"git::https://example.org/a.git?ref=v1.2.0",
		"git::https://example.org/a.git?ref=0123456789abcdef0123456789abcdef0123456",
		"git::https://example.org/a.git?x=1&ref=0123456789abcdef0123456789abcdef01234567",
		"git::http://example.org/a.git?ref=0123456789abcdef0123456789abcdef01234567",
		"x./a",
	} {
		denials := plan_pinned.deny with input as module(source)
		testing.said(denials) == {["module-unpinned", "a module of this repository, or one by its commit", source]}
	}
}

test_a_configured_provider_that_main_does_not_name_is_denied if {
	other := testing.edited(inputs.root, {"/terraformRoot/plan/providers/0/source": "registry.terraform.io/evil/aws"})
	denials := plan_pinned.deny with input as other
	testing.codes(denials) == {"provider-unknown"}
	[denial.actual | some denial in denials] == ["registry.terraform.io/evil/aws"]
}

test_a_resource_of_an_unknown_provider_is_denied if {
	other := testing.edited(inputs.root, {"/terraformRoot/plan/resources/0/provider": "registry.terraform.io/evil/aws"})
	testing.codes(plan_pinned.deny) == {"provider-unknown"} with input as other
}

test_what_is_removed_needs_no_pins if {
	plan_pinned.deny == set() with input as testing.edited(module("hashicorp/consul/aws"), {"/terraformRoot/removed": true})
}

test_without_a_plan_nothing_is_pinned if plan_pinned.deny == set() with input as testing.edited(inputs.root, {"/terraformRoot/plan": null})

module(source) := testing.edited(inputs.root, {"/terraformRoot/plan/modules/0/source": source})
