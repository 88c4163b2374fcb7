package turnpike.rules.plan_safe_test

import data.turnpike.rules.plan_safe
import data.turnpike.testing
import data.turnpike.testing.inputs

principals := "policy.@json.Statement.@allow.Principal.@leaves"

actions := "policy.@json.Statement.@allow.Action.@each"

unknown := "what is known only after the apply"

test_what_is_closed_encrypted_and_kept_passes if plan_safe.deny == set() with input as inputs.root

test_a_bucket_that_may_be_opened_is_denied if {
	denials := plan_safe.deny with input as told(1, "block_public_acls", true, ["false"])
	testing.said(denials) == {[
		"plan-exposes",
		"aws_s3_bucket_public_access_block.this: block_public_acls: one-of true",
		"false",
	]}
}

test_an_attribute_that_is_unknown_is_denied if {
	denials := plan_safe.deny with input as told(1, "block_public_acls", false, ["true"])
	{denial.actual | some denial in denials} == {concat(", ", ["true", unknown])}
}

test_an_attribute_without_a_value_is_denied if {
	denials := plan_safe.deny with input as told(1, "block_public_acls", true, [])
	{denial.actual | some denial in denials} == {"nothing"}
}

test_an_attribute_that_the_plan_does_not_tell_is_denied if {
	denials := plan_safe.deny with input as testing.edited(inputs.root, {"/terraformRoot/plan/resources/1/attributes": {}})
	count(denials) == 4
	{denial.actual | some denial in denials} == {unknown}
}

test_one_bad_value_among_good_ones_is_denied if {
	testing.codes(plan_safe.deny) == {"plan-exposes"} with input as told(1, "block_public_acls", true, ["true", "false"])
}

test_a_bucket_with_nothing_that_closes_it_is_denied if {
	other := testing.edited(inputs.root, {"/terraformRoot/plan/resources/1/refersTo": ["aws_s3_bucket.other"]})
	denials := plan_safe.deny with input as other
	testing.said(denials) == {[
		"plan-exposes",
		"aws_s3_bucket.this: a aws_s3_bucket_public_access_block that refers to aws_s3_bucket.this",
		"none",
	]}
}

test_what_closes_a_bucket_must_stand_and_be_of_its_type if {
	gone := testing.edited(inputs.root, {"/terraformRoot/plan/resources/1/stands": false})
	testing.codes(plan_safe.deny) == {"plan-exposes"} with input as gone
	other := testing.edited(inputs.root, {"/terraformRoot/plan/resources/1/type": "aws_s3_bucket_ownership_controls"})
	testing.codes(plan_safe.deny) == {"plan-exposes"} with input as other
}

test_a_bucket_without_encryption_is_denied if {
	other := testing.edited(inputs.root, {"/terraformRoot/plan/resources/2/refersTo": []})
	testing.codes(plan_safe.deny) == {"plan-unencrypted"} with input as other
}

test_a_bucket_that_can_be_emptied_is_denied if {
	denials := plan_safe.deny with input as told(0, "force_destroy", true, ["true"])
	testing.said(denials) == {["plan-deletable", "aws_s3_bucket.this: force_destroy: one-of false", "true"]}
}

test_what_nobody_gives_may_be_unknown if {
	plan_safe.deny == set() with input as told(0, "acl", false, [])
	testing.codes(plan_safe.deny) == {"plan-exposes"} with input as told(0, "acl", true, ["public-read"])
	testing.codes(plan_safe.deny) == {"plan-exposes"} with input as told(0, "acl", false, ["public-read"])
}

test_a_document_for_everybody_is_denied if {
	path := "statement.@allow.principals.@each.identifiers.@each"
	testing.codes(plan_safe.deny) == {"plan-exposes"} with input as told(5, path, true, ["arn:aws:iam::1:role/a", "*"])
}

test_a_wildcard_is_denied_and_what_is_spared_is_not if {
	denials := plan_safe.deny with input as told(5, "statement.@allow.actions.@each", true, ["kms:*", "s3:*", "s3:Get*"])
	testing.codes(denials) == {"plan-wildcard"}
	plan_safe.deny == set() with input as told(5, "statement.@allow.actions.@each", true, ["kms:*", "s3:Get*"])
	testing.codes(plan_safe.deny) == {"plan-wildcard"} with input as told(5, "statement.@allow.actions.@each", true, ["*"])
}

test_a_policy_that_nobody_can_read_is_denied if {
	plain := testing.edited(inputs.root, {"/terraformRoot/plan/resources/4/refersTo": ["aws_s3_bucket.this"]})
	testing.codes(plan_safe.deny) == {"plan-exposes", "plan-wildcard"} with input as plain
}

test_a_policy_from_a_document_that_is_not_planned_is_denied if {
	other := testing.edited(inputs.root, {"/terraformRoot/plan/resources/4/refersTo": ["data.aws_iam_policy_document.other"]})
	testing.codes(plan_safe.deny) == {"plan-exposes", "plan-wildcard"} with input as other
}

test_a_policy_that_refers_to_a_document_is_still_read_where_it_is_known if {
	bad := testing.edited(inputs.root, {sprintf("/terraformRoot/plan/resources/4/attributes/%s", [principals]): {"known": true, "values": ["*"]}})
	testing.codes(plan_safe.deny) == {"plan-exposes"} with input as bad
	every_action := testing.edited(inputs.root, {sprintf("/terraformRoot/plan/resources/4/attributes/%s", [actions]): {"known": true, "values": ["s3:*"]}})
	testing.codes(plan_safe.deny) == {"plan-wildcard"} with input as every_action
}

test_a_key_that_lives_long_is_denied if {
	user := testing.edited(inputs.root, {"/terraformRoot/plan/resources/6/type": "aws_iam_access_key"})
	denials := plan_safe.deny with input as user
	testing.said(denials) == {[
		"plan-long-lived-key",
		"workload identity and federation only",
		"module.nodes.aws_eks_node_group.this: aws_iam_access_key",
	]}
}

test_a_key_that_goes_is_not_judged if {
	user := testing.edited(inputs.root, {"/terraformRoot/plan/resources/6/type": "aws_iam_access_key"})
	plan_safe.deny == set() with input as testing.edited(user, {"/terraformRoot/plan/resources/6/stands": false})
	plan_safe.deny == set() with input as testing.edited(user, {"/terraformRoot/removed": true})
}

test_what_goes_is_not_judged if {
	gone := testing.edited(told(0, "force_destroy", true, ["true"]), {"/terraformRoot/plan/resources/0/stands": false})
	plan_safe.deny == set() with input as gone
	removed := testing.edited(told(0, "force_destroy", true, ["true"]), {"/terraformRoot/removed": true})
	plan_safe.deny == set() with input as removed
}

test_without_a_plan_there_is_nothing_to_judge if plan_safe.deny == set() with input as testing.edited(inputs.root, {"/terraformRoot/plan": null})

told(number, path, known, values) := testing.edited(inputs.root, {sprintf("/terraformRoot/plan/resources/%d/attributes/%s", [number, path]): {
	"known": known,
	"values": values,
}})
