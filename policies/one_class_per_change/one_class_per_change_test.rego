package turnpike.rules.one_class_per_change_test

import data.turnpike.rules.one_class_per_change
import data.turnpike.testing
import data.turnpike.testing.inputs

test_one_class_passes if one_class_per_change.deny == set() with input as inputs.change

test_two_classes_are_denied if {
	denials := one_class_per_change.deny with input as testing.edited(inputs.change, {"/change/classes": ["policy", "model"]})
	testing.said(denials) == {["classes-mixed", "one class of change", "model, policy"]}
}

test_no_class_is_denied if {
	denials := one_class_per_change.deny with input as testing.edited(inputs.change, {"/change/classes": []})
	testing.said(denials) == {["classes-mixed", "one class of change", "nothing"]}
}

test_only_the_change_as_a_whole_is_asked if {
	one_class_per_change.deny == set() with input as testing.edited(inputs.model, {"/change/classes": []})
}
