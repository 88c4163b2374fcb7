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
# description: Whether a name of the table is that of a type; a star in it is any text.
names(name, type) if name == type

names(name, type) if {
	contains(name, "*")
	regex.match(concat("", ["^", replace(name, "*", ".*"), "$"]), type)
}

# METADATA
# description: What a resource has at a path.
attribute(resource, path) := object.get(resource.attributes, path, untold)

untold := {"known": false, "values": [], "given": true, "begins": [], "sources": []}

# METADATA
# description: What breaks a check or lacks a companion, each with what was expected and found.
faults contains fault if {
	some type in {resource.type | some resource in standing}
	some check in checks_of(type)
	some resource in standing
	resource.type == type
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
		"expected": sprintf("a %s whose %s is %s.%s", [companion.needs, companion.by, resource.at, companion.names[0]]),
		"actual": "none",
	}
}

# Those of the very type first: most are, and no pattern is needed for them.
checks_of(type) := array.concat(
	[check | some check in data.turnpike.data.plans.checks; check.type == type],
	[check | some check in general; names(check.type, type)],
)

general := [check | some check in data.turnpike.data.plans.checks; contains(check.type, "*")]

# As many, of one block, as there are of what it names, be it all of a `for_each` or the one of a key:
# another `for_each` may make fewer.
accompanied(resource, companion) if {
	some named in {resource.at, keyed(resource)}
	some other in standing
	names_by(other, companion, named)
	beside := [twin | some twin in standing; twin.at == other.at]
	twins := [twin | some twin in standing; named in {twin.at, keyed(twin)}]
	count(beside) >= count(twins)
}

# Or by what it is called, where both are known.
accompanied(resource, companion) if {
	some other in standing
	other.type == companion.needs
	bound := attribute(other, companion.by)
	some name in companion.names
	called := attribute(resource, name)
	bound.known
	called.known
	count(called.values) == 1
	bound.values == called.values
}

keyed(resource) := concat("", array.concat([resource.at], regex.find_n(`\[[^\[\]]*\]$`, resource.address, 1)))

names_by(other, companion, at) if {
	other.type == companion.needs
	some name in companion.names
	attribute(other, companion.by).sources == [concat(".", [at, name])]
}

holds(_, check, found) if {
	check.must == "not-given"
	not found.given
}

holds(_, check, found) if {
	check.must == "computed"
	not found.given
}

holds(_, check, found) if {
	check.must == "computed"
	count(found.sources) > 0
	every source in found.sources {
		computed(check, source)
	}
}

holds(_, check, found) if {
	check.must == "some-of"
	some value in found.values
	value in check.values
}

holds(_, check, found) if {
	settled(check, found)
	every value in found.values {
		allowed(check, value)
	}
}

settled(check, found) if {
	found.known
	check.must in {"none-of", "none-beginning", "none-given", "none-matching", "none-given-matching"}
}

settled(check, found) if {
	found.known
	count(found.values) > 0
	check.must in {"one-of", "one-matching"}
}

settled(check, found) if {
	check.must in {"none-given", "none-given-matching"}
	not found.given
}

# What begins otherwise can become none of the texts that it may not be.
settled(check, found) if {
	check.must in {"none-of", "none-given"}
	count(found.begins) > 0
	every beginning in found.begins {
		every value in check.values {
			not startswith(value, beginning)
		}
	}
}

settled(check, found) if {
	check.must == "none-beginning"
	count(found.begins) > 0
	every beginning in found.begins {
		every value in check.values {
			not startswith(value, beginning)
			not startswith(beginning, value)
		}
	}
}

settled(check, found) if {
	count(found.sources) > 0
	every source in found.sources {
		computed(check, source)
	}
}

computed(check, source) if {
	some other in input.terraformRoot.plan.resources
	some known in check.computedBy
	[type, name] := split(known, ".")
	other.type == type
	regex.replace(source, `\[[^\[\]]*\]`, "") == concat(".", [other.at, name])
}

allowed(check, value) if {
	check.must == "one-of"
	value in check.values
}

allowed(check, value) if {
	check.must == "one-matching"
	some pattern in check.values
	regex.match(pattern, value)
}

allowed(check, value) if {
	check.must in {"none-of", "none-given"}
	not value in check.values
}

allowed(check, value) if {
	check.must == "none-beginning"
	every beginning in check.values {
		not startswith(value, beginning)
	}
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
