# METADATA
# title: Plans
# description: >-
#   What a root's plan leaves standing, and which of the table's checks it breaks. An attribute that
#   the plan does not tell, though the table asks for it, is as good as unknown.
# schemas:
#   - input: schema.input
#   - data.turnpike.data.plans: schema.data.plans
package turnpike.library.plans

# METADATA
# description: The resources, and the data read while applying, that are there after the apply.
standing := [resource |
	input.terraformRoot.removed == false
	some resource in input.terraformRoot.plan.resources
	resource.stands
]

# METADATA
# description: What a resource has at a path.
attribute(resource, path) := object.get(resource.attributes, path, {"known": false, "values": []})

# METADATA
# description: What breaks a check or lacks a companion, each with what was expected and found.
faults contains fault if {
	some check in data.turnpike.data.plans.checks
	some resource in standing
	resource.type == check.type
	found := attribute(resource, check.attribute)
	not holds(resource, check, found)
	fault := {
		"concern": check.concern,
		"address": resource.address,
		"expected": sprintf("%s: %s %s", [check.attribute, check.must, concat(", ", check.values)]),
		"actual": shown(found),
	}
}

faults contains fault if {
	some companion in data.turnpike.data.plans.companions
	some resource in standing
	resource.type == companion.type
	not accompanied(resource, companion)
	fault := {
		"concern": companion.concern,
		"address": resource.address,
		"expected": sprintf("a %s that refers to %s", [companion.needs, resource.at]),
		"actual": "none",
	}
}

accompanied(resource, companion) if {
	some other in standing
	other.type == companion.needs
	resource.at in other.refersTo
}

holds(resource, check, found) if {
	settled(resource, check, found)
	every value in found.values {
		allowed(check, value)
	}
}

settled(_, check, found) if {
	found.known
	check.must != "one-of"
}

settled(_, _, found) if {
	found.known
	count(found.values) > 0
}

settled(_, check, _) if check.must in {"none-given", "none-given-matching"}

settled(resource, check, _) if {
	some other in input.terraformRoot.plan.resources
	other.type in check.computedBy
	other.at in resource.refersTo
}

allowed(check, value) if {
	check.must == "one-of"
	value in check.values
}

allowed(check, value) if {
	check.must in {"none-of", "none-given"}
	not value in check.values
}

allowed(check, value) if value in check.spared

allowed(check, value) if {
	check.must in {"none-matching", "none-given-matching"}
	every pattern in check.values {
		not regex.match(pattern, value)
	}
}

# METADATA
# description: The values at a place in words.
shown(found) := concat(", ", found.values) if {
	found.known
	count(found.values) > 0
}

shown(found) := "nothing" if {
	found.known
	count(found.values) == 0
}

shown(found) := concat(", ", array.concat(found.values, ["what is known only after the apply"])) if {
	not found.known
}
