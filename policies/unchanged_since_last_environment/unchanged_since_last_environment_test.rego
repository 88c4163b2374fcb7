package turnpike.rules.unchanged_since_last_environment_test

import data.turnpike.rules.unchanged_since_last_environment
import data.turnpike.testing
import data.turnpike.testing.inputs

test_what_stands_in_the_environment_before_passes if unchanged_since_last_environment.deny == set() with input as inputs.deployment

test_other_bytes_are_denied if {
	other := testing.edited(inputs.deployment, {"/deployment/release/artifact": "sha256:00"})
	denials := unchanged_since_last_environment.deny with input as other
	testing.said(denials) == {["changed-since-source", before, text("sha256:00", inputs.deployment.deployment.release.manifest)]}
}

test_another_manifest_is_denied if {
	other := testing.edited(inputs.deployment, {"/deployment/release/manifest": "00"})
	denials := unchanged_since_last_environment.deny with input as other
	testing.said(denials) == {["changed-since-source", before, text(inputs.deployment.deployment.release.artifact, "00")]}
}

test_the_same_bytes_in_another_environment_are_denied if {
	elsewhere := testing.edited(inputs.deployment, {"/deployment/sources/0/environment": "dev"})
	denials := unchanged_since_last_environment.deny with input as elsewhere
	testing.codes(denials) == {"changed-since-source"}
	{denial.expected | some denial in denials} == {"nothing"}
}

test_no_source_at_all_is_denied if {
	testing.codes(unchanged_since_last_environment.deny) == {"changed-since-source"} with input as testing.edited(inputs.deployment, {"/deployment/sources": []})
}

test_one_target_of_the_environment_before_is_enough if {
	behind := object.union(inputs.deployment.deployment.sources[0], {"target": "gcp-eu", "artifact": "sha256:00"})
	both := array.concat([behind], inputs.deployment.deployment.sources)
	unchanged_since_last_environment.deny == set() with input as testing.edited(inputs.deployment, {"/deployment/sources": both})
}

test_the_first_environment_has_none_before if {
	first := testing.edited(inputs.deployment, {
		"/deployment/environment/promotesFrom": [],
		"/deployment/release/promotedFrom": null,
		"/deployment/sources": [],
	})
	unchanged_since_last_environment.deny == set() with input as first
}

test_a_rollback_passes if {
	back := testing.edited(inputs.deployment, {"/deployment/rollback": true, "/deployment/sources": []})
	unchanged_since_last_environment.deny == set() with input as back
}

test_the_same_release_with_other_settings_passes if {
	same := testing.edited(inputs.deployment, {
		"/deployment/previous": inputs.deployment.deployment.release,
		"/deployment/sources": [],
	})
	unchanged_since_last_environment.deny == set() with input as same
}

test_a_first_release_is_asked_too if {
	new := testing.edited(inputs.deployment, {"/deployment/previous": null, "/deployment/sources": []})
	testing.codes(unchanged_since_last_environment.deny) == {"changed-since-source"} with input as new
}

test_a_deleted_deployment_is_not_asked if {
	unchanged_since_last_environment.deny == set() with input as testing.edited(inputs.deployment, {"/deployment": null})
}

before := text(inputs.deployment.deployment.sources[0].artifact, inputs.deployment.deployment.sources[0].manifest)

text(artifact, manifest) := sprintf("version 7 (%s, manifest %s)", [artifact, manifest])
