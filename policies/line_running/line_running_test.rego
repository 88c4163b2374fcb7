package turnpike.rules.line_running_test

import data.turnpike.rules.line_running
import data.turnpike.testing
import data.turnpike.testing.inputs

test_a_running_line_passes if line_running.deny == set() with input as inputs.deployment

test_every_stop_is_named_with_its_incident if {
	denials := line_running.deny with input as stopped
	testing.said(denials) == {
		["line-stopped", "no environments/stops/bad-data.yaml on main", "the file"],
		["line-stopped", "no environments/stops/outage.yaml on main", "the file"],
	}
	"The line is stopped by outage (INC-7): the cluster is down." in {denial.message | some denial in denials}
}

test_a_rollback_goes_on if {
	line_running.deny == set() with input as testing.edited(stopped, {"/deployment/rollback": true})
}

test_what_does_not_move_is_not_asked if {
	line_running.deny == set() with input as testing.edited(inputs.deployment, {"/deployment/movement": null})
}

test_a_deleted_deployment_is_not_asked if {
	line_running.deny == set() with input as testing.edited(inputs.deployment, {"/deployment": null})
}

stopped := testing.edited(inputs.deployment, {"/deployment/movement/standstills": [
	{"name": "outage", "incident": "INC-7", "reason": "the cluster is down"},
	{"name": "bad-data", "incident": "INC-8", "reason": "a batch was mislabelled"},
]})
