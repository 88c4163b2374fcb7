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
	count(denials) == 5
	{denial.actual | some denial in denials} == {unknown, "none"}
}

test_one_bad_value_among_good_ones_is_denied if {
	testing.codes(plan_safe.deny) == {"plan-exposes"} with input as told(1, "block_public_acls", true, ["true", "false"])
}

test_a_bucket_with_nothing_that_closes_it_is_denied if {
	denials := plan_safe.deny with input as written(1, "bucket", {"sources": ["aws_s3_bucket.other.id"]})
	testing.said(denials) == {[
		"plan-exposes",
		"aws_s3_bucket.this: a aws_s3_bucket_public_access_block whose bucket is aws_s3_bucket.this.bucket",
		"none",
	]}
}

test_what_closes_a_bucket_must_stand_and_be_of_its_type if {
	gone := testing.edited(inputs.root, {"/terraformRoot/plan/resources/1/stands": false})
	testing.codes(plan_safe.deny) == {"plan-exposes"} with input as gone
	other := testing.edited(inputs.root, {"/terraformRoot/plan/resources/1/type": "aws_s3_bucket_ownership_controls"})
	testing.codes(plan_safe.deny) == {"plan-exposes"} with input as other
}

test_each_bucket_has_one_of_its_own if {
	twice := testing.edited(inputs.root, {"/terraformRoot/plan/resources": array.concat(
		inputs.root.terraformRoot.plan.resources,
		[object.union(inputs.root.terraformRoot.plan.resources[0], {"address": "aws_s3_bucket.this[1]"})],
	)})
	denials := plan_safe.deny with input as twice
	testing.codes(denials) == {"plan-exposes", "plan-unencrypted", "plan-deletable"}
	count(denials) == 6
}

test_a_bucket_without_encryption_is_denied if {
	every sources in [[], ["aws_s3_bucket.this.arn"], ["aws_s3_bucket.this.id", "aws_s3_bucket.other.id"]] {
		testing.codes(plan_safe.deny) == {"plan-unencrypted"} with input as written(2, "bucket", {"sources": sources})
	}
}

test_what_is_bound_by_a_name_that_is_known_is_bound if {
	named := told(0, "bucket", true, ["store"])
	encryption := "/terraformRoot/plan/resources/2/attributes/bucket"
	found := {"known": true, "values": ["store"], "given": true, "begins": [], "sources": []}
	plan_safe.deny == set() with input as testing.edited(named, {encryption: found})
	every other in [{"values": ["other"]}, {"values": []}, {"known": false}] {
		bad := testing.edited(named, {encryption: object.union(found, other)})
		testing.codes(plan_safe.deny) == {"plan-unencrypted"} with input as bad
	}
	unnamed := testing.edited(told(0, "bucket", true, []), {encryption: object.union(found, {"values": []})})
	testing.codes(plan_safe.deny) == {"plan-unencrypted"} with input as unnamed
	hidden := testing.edited(told(0, "bucket", false, ["store"]), {encryption: found})
	testing.codes(plan_safe.deny) == {"plan-unencrypted"} with input as hidden
}

test_what_is_bound_by_a_key_is_bound_to_that_one if {
	source := {"sources": ["aws_s3_bucket.this[\"a\"].id"]}
	plan_safe.deny == set() with input as keyed(source, ["aws_s3_bucket.this[\"a\"]"])
	testing.codes(plan_safe.deny) == {"plan-unencrypted"} with input as keyed(source, ["aws_s3_bucket.this[\"b\"]"])
	twice := [`module.a["x"].aws_s3_bucket.this["a"]`, `module.a["y"].aws_s3_bucket.this["a"]`]
	testing.codes(plan_safe.deny) == {"plan-exposes", "plan-unencrypted", "plan-deletable"} with input as keyed(source, twice)
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

test_what_somebody_gives_may_not_be_unknown if {
	every path in {"acl", "grant.@each.uri"} {
		testing.codes(plan_safe.deny) == {"plan-exposes"} with input as written(0, path, {"given": true})
	}
}

test_a_text_that_begins_otherwise_may_be_unknown if {
	plan_safe.deny == set() with input as written(0, "acl", {"given": true, "begins": ["private", "aws-"]})
	every beginnings in [["private", "public-"], ["public-read"], [""]] {
		bad := written(0, "acl", {"given": true, "begins": beginnings})
		testing.codes(plan_safe.deny) == {"plan-exposes"} with input as bad
	}
}

test_a_beginning_says_nothing_of_a_pattern if {
	bad := written(0, "grant.@each.uri", {"given": true, "begins": ["arn:"]})
	testing.codes(plan_safe.deny) == {"plan-exposes"} with input as bad
}

test_a_member_that_begins_as_a_set_is_denied if {
	sets := "principalSet://iam.googleapis.com/projects/"
	plan_safe.deny == set() with input as granted({"known": true, "values": ["group:a@example.com"]})
	plan_safe.deny == set() with input as granted({"begins": ["serviceAccount:", "principalSet://iam.googleapis.com/locations/"]})
	every found in [
		{"known": true, "values": ["group:a@example.com", concat("", [sets, "1/x/*"])]},
		{"begins": ["serviceAccount:", "principalSet:"]},
		{"begins": [concat("", [sets, "1/"])]},
		{"begins": []},
	] {
		testing.codes(plan_safe.deny) == {"plan-exposes"} with input as granted(found)
	}
}

test_a_log_that_is_turned_off_is_denied if {
	plan_safe.deny == set() with input as tuned(["log_connections=1"])
	denials := plan_safe.deny with input as tuned(["log_connections=0", "log_disconnections=1"])
	testing.codes(denials) == {"plan-unaudited"}
	{denial.actual | some denial in denials} == {"log_connections=0, log_disconnections=1"}
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
	testing.codes(plan_safe.deny) == {"plan-exposes"} with input as written(4, principals, {"sources": []})
	testing.codes(plan_safe.deny) == {"plan-wildcard"} with input as written(4, actions, {"sources": []})
}

test_a_policy_from_elsewhere_is_denied if {
	every source in {
		"data.aws_iam_policy_document.other.json",
		"data.aws_iam_policy_document.this.policy_id",
		"aws_s3_bucket.this.json",
		"aws_s3_bucket.this.bucket",
	} {
		testing.codes(plan_safe.deny) == {"plan-exposes"} with input as written(4, principals, {"sources": [source]})
		both := {"sources": ["data.aws_iam_policy_document.this.json", source]}
		testing.codes(plan_safe.deny) == {"plan-exposes"} with input as written(4, principals, both)
	}
}

test_a_policy_that_refers_to_a_document_is_still_read_where_it_is_known if {
	bad := testing.edited(inputs.root, {sprintf("/terraformRoot/plan/resources/4/attributes/%s", [principals]): {"known": true, "values": ["*"]}})
	testing.codes(plan_safe.deny) == {"plan-exposes"} with input as bad
	every_action := testing.edited(inputs.root, {sprintf("/terraformRoot/plan/resources/4/attributes/%s", [actions]): {"known": true, "values": ["s3:*"]}})
	testing.codes(plan_safe.deny) == {"plan-wildcard"} with input as every_action
}

test_what_must_not_be_given_is_denied_whatever_it_is if {
	plan_safe.deny == set() with input as inside(false, true, [])
	plan_safe.deny == set() with input as inside(false, false, ["true"])
	every values in [[], ["true"]] {
		denials := plan_safe.deny with input as inside(true, true, values)
		testing.codes(denials) == {"plan-exposes"}
		{denial.expected | some denial in denials} == {"module.nodes.aws_eks_node_group.this: node_pool: not-given "}
	}
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

told(number, path, known, values) := edited(number, path, {"known": known, "values": values})

written(number, path, more) := edited(number, path, object.union({"known": false, "values": []}, more))

edited(number, path, more) := testing.edited(inputs.root, {sprintf("/terraformRoot/plan/resources/%d/attributes/%s", [number, path]): object.union(
	inputs.root.terraformRoot.plan.resources[number].attributes[path],
	more,
)})

# The bucket at other addresses, and what its encryption is bound to.
keyed(source, addresses) := testing.edited(written(2, "bucket", source), {"/terraformRoot/plan/resources": array.concat(
	[object.union(written(2, "bucket", source).terraformRoot.plan.resources[0], {"address": address}) |
		some address in addresses
	],
	array.slice(written(2, "bucket", source).terraformRoot.plan.resources, 1, 7),
)})

# Who has a role in a project.
granted(found) := testing.edited(inputs.root, {
	"/terraformRoot/plan/resources/6/type": "google_project_iam_member",
	"/terraformRoot/plan/resources/6/attributes": {
		"role": {"known": true, "values": ["roles/viewer"], "given": true, "begins": [], "sources": []},
		"member": object.union({"known": false, "values": [], "given": true, "begins": [], "sources": []}, found),
	},
})

test_one_of_several_that_must_be_there_is_enough if {
	plan_safe.deny == set() with input as logging(true, ["api", "audit"])
	plan_safe.deny == set() with input as logging(false, ["audit"])
	every values in [[], ["api"]] {
		testing.codes(plan_safe.deny) == {"plan-unaudited"} with input as logging(true, values)
	}
}

# What the control plane of a cluster logs, which is as it must be otherwise.
logging(known, values) := testing.edited(inputs.root, {
	"/terraformRoot/plan/resources/6/type": "aws_eks_cluster",
	"/terraformRoot/plan/resources/6/attributes": object.union(
		{check.attribute: {"known": true, "values": wanted, "given": false, "begins": [], "sources": []} |
			some check in data.turnpike.data.plans.checks
			check.type == "aws_eks_cluster"
			wanted := object.get({"one-of": [check.values[0]]}, check.must, [])
		},
		{"enabled_cluster_log_types.@each": {
			"known": known,
			"values": values,
			"given": true,
			"begins": [],
			"sources": [],
		}},
	),
})

# A database's parameters.
tuned(values) := testing.edited(inputs.root, {
	"/terraformRoot/plan/resources/6/type": "aws_db_parameter_group",
	"/terraformRoot/plan/resources/6/attributes": {"parameter.@settings": {
		"known": true,
		"values": values,
		"given": true,
		"begins": [],
		"sources": [],
	}},
})

# A cluster whose other attributes are as they must be.
inside(given, known, values) := testing.edited(inputs.root, {
	"/terraformRoot/plan/resources/6/type": "google_container_cluster",
	"/terraformRoot/plan/resources/6/attributes": object.union(fitting, {"node_pool": {
		"known": known,
		"values": values,
		"given": given,
		"begins": [],
		"sources": [],
	}}),
})

fitting := {check.attribute: found |
	some check in data.turnpike.data.plans.checks
	check.type == "google_container_cluster"
	values := [value | some value in check.values; check.must == "one-of"]
	found := {"known": true, "values": values, "given": true, "begins": [], "sources": []}
}
