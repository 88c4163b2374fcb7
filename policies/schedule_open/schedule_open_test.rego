package turnpike.rules.schedule_open_test

import data.turnpike.rules.schedule_open
import data.turnpike.testing
import data.turnpike.testing.inputs

test_an_open_window_passes if schedule_open.deny == set() with input as inputs.deployment

test_a_freeze_is_told_with_its_reason if {
	denials := schedule_open.deny with input as closed({})
	testing.said(denials) == {[
		"schedule-closed",
		"an open window and no freeze; next open 2026-02-01T06:00:00Z",
		"closed at 2026-01-15T12:00:00Z",
	]}
	some denial in denials
	denial.message == "Nothing goes into production now: quarter-close (the books are closed)."
	denial.remedies == [[{"kind": "time", "until": "2026-02-01T06:00:00Z"}]]
}

test_a_freeze_without_a_reason_is_told_by_name if {
	denials := schedule_open.deny with input as closed({"/deployment/movement/reason": null})
	said(denials) == {"Nothing goes into production now: the freeze quarter-close holds."}
}

test_outside_all_windows_nothing_goes_in if {
	denials := schedule_open.deny with input as closed({
		"/deployment/movement/reason": null,
		"/deployment/movement/by": null,
	})
	said(denials) == {"Nothing goes into production now: no window is open."}
}

test_what_never_opens_has_no_remedy if {
	denials := schedule_open.deny with input as closed({"/deployment/movement/opensAt": null})
	[denial.expected | some denial in denials] == ["an open window and no freeze; next open never, as the schedule stands"]
	[denial.remedies | some denial in denials] == [[]]
}

test_a_rollback_goes_in_at_any_time if {
	schedule_open.deny == set() with input as closed({"/deployment/rollback": true})
}

test_what_does_not_move_is_not_asked if {
	schedule_open.deny == set() with input as testing.edited(inputs.deployment, {"/deployment/movement": null})
}

test_a_deleted_deployment_is_not_asked if {
	schedule_open.deny == set() with input as testing.edited(inputs.deployment, {"/deployment": null})
}

closed(more) := testing.edited(inputs.deployment, object.union(
	{
		"/deployment/movement/open": false,
		"/deployment/movement/by": "quarter-close",
		"/deployment/movement/reason": "the books are closed",
		"/deployment/movement/opensAt": "2026-02-01T06:00:00Z",
	},
	more,
))

said(denials) := {denial.message | some denial in denials}
