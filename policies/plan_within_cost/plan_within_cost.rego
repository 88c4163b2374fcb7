# METADATA
# title: The root costs no more than its environment allows
# description: >-
#   All that stands after the apply, by the price table, at its most; a type or a size without a
#   price is refused, and so is an environment without a limit.
# schemas:
#   - input: schema.input
#   - data.turnpike.data.plans: schema.data.plans
# custom:
#   applies_to: [root]
#   severity: blocking
#   data: >-
#     policies/data/plans.yaml (prices, free), environments/<environment>/environment.yaml
#     (infrastructure)
package turnpike.rules.plan_within_cost

import data.turnpike.library.findings
import data.turnpike.library.plans

# METADATA
# title: Something has no price
# custom:
#   code: plan-unpriced
#   yields_to: [waiver]
#   solution: >-
#     Give the size as a constant or a variable, bound what grows by itself, or have the type or
#     size added to policies/data/plans.yaml by a change of class policy.
deny contains finding if {
	some resource in managed
	not priced(resource)
	finding := findings.denial(
		rego.metadata.rule(),
		"Nobody can say what this costs.",
		sprintf("a price of %s in policies/data/plans.yaml", [resource.type]),
		sprintf("none that fits %s", [resource.address]),
		[],
	)
}

# METADATA
# title: What nodes are stands elsewhere
# custom:
#   code: plan-template-unseen
#   yields_to: [waiver]
#   solution: >-
#     Name a template of the same module by its own attribute, unchanged, so that its size can be judged.
deny contains finding if {
	some fault in plans.faults
	fault.concern == "cost"
	finding := findings.denial(
		rego.metadata.rule(),
		sprintf("%s is of nodes whose size this plan does not show.", [fault.address]),
		sprintf("%s: %s", [fault.address, fault.expected]),
		fault.actual,
		[],
	)
}

# METADATA
# title: It costs too much
# custom:
#   code: plan-too-costly
#   yields_to: [waiver]
#   solution: >-
#     Ask for less, or have the limit raised: `infrastructure` in environment.yaml, by a change of
#     class environment.
deny contains finding if {
	is_number(input.terraformRoot.monthlyCost)
	total > input.terraformRoot.monthlyCost
	finding := findings.denial(
		rego.metadata.rule(),
		"What stands after the apply costs more a month than the environment allows in one cloud.",
		sprintf("at most %v a month", [input.terraformRoot.monthlyCost]),
		sprintf("%v", [total]),
		[],
	)
}

# METADATA
# title: There is no limit
# custom:
#   code: cost-limit-missing
#   solution: >-
#     Have the environment say under `infrastructure` in its environment.yaml what may be spent, by a
#     change of class environment.
deny contains finding if {
	not is_number(input.terraformRoot.monthlyCost)
	finding := findings.denial(
		rego.metadata.rule(),
		"Nobody has said what may be spent.",
		"infrastructure.monthlyCost of the environment",
		"none",
		[],
	)
}

# METADATA
# title: What it costs
# custom:
#   code: plan-cost
#   solution: >-
#     Nothing is to be done; prices stand in policies/data/plans.yaml, the limit in environment.yaml.
note contains told if {
	is_object(input.terraformRoot.plan)
	input.terraformRoot.removed == false
	told := findings.note(
		rego.metadata.rule(),
		"What stands after the apply costs so much a month at its most.",
		limit.expected,
		concat("", [sprintf("%v a month", [round(total)]), limit.actual, unreckoned]),
	)
}

default limit := {"expected": "no limit", "actual": "; there is no limit"}

limit := {"expected": sprintf("at most %v a month", [amount]), "actual": sprintf(", of %v at most", [amount])} if {
	amount := input.terraformRoot.monthlyCost
	is_number(amount)
}

default unreckoned := ""

unreckoned := ", without what has no price" if {
	some resource in managed
	not priced(resource)
}

managed := [resource | some resource in plans.standing; resource.mode == "managed"]

total := sum([amount | some resource in managed; amount := cost(resource)])

priced(resource) if is_number(cost(resource))

cost(resource) := (amount * times) + sum(parts) if {
	some price in data.turnpike.data.plans.prices
	price.type == resource.type
	amount := unit(resource, price)
	times := number_of(resource, price)
	parts := ordered(resource)
}

# What is free has no more than what is ordered with it.
cost(resource) := sum(ordered(resource)) if resource.type in data.turnpike.data.plans.free

unit(_, price) := price.monthly if price.by == ""

unit(resource, price) := max([price.sizes[size] | some size in found.values]) if {
	found := plans.attribute(resource, price.by)
	found.known
	every size in found.values {
		is_number(price.sizes[size])
	}
}

number_of(resource, price) := product(numbers) if {
	numbers := [number | some path in price.times; number := number_at(resource, path)]
	count(numbers) == count(price.times)
}

number_at(resource, path) := sum([to_number(text) | some text in found.values]) if {
	found := plans.attribute(resource, path)
	found.known
	count(found.values) > 0
	every text in found.values {
		regex.match("^[0-9]+$", text)
	}
}

# What each thing that is ordered with a resource costs; nothing at all where one has no price.
ordered(resource) := parts if {
	asked := [provision |
		some provision in data.turnpike.data.plans.provisions
		provision.type == resource.type
	]
	parts := [part | some provision in asked; part := ordered_part(resource, provision)]
	count(parts) == count(asked)
}

ordered_part(resource, provision) := max(amounts) * product(numbers) if {
	much := max([number | some path in provision.of; number := much_at(resource, provision, path)])
	every path in provision.of {
		is_number(much_at(resource, provision, path))
	}
	kinds := kinds_of(resource, provision)
	amounts := [amount | some kind in kinds; amount := rated(provision.rates[kind], much)]
	count(amounts) == count(kinds)
	numbers := [number | some path in provision.times; number := often(resource, path)]
	count(numbers) == count(provision.times)
}

often(resource, path) := number_at(resource, path)

often(resource, path) := 0 if is_left_out(plans.attribute(resource, path))

rated(rate, much) := rate.each * max([0, much - rate.beyond]) if {
	much >= rate.least
	much <= rate.most
}

much_at(resource, provision, path) := max(numbers) if {
	found := plans.attribute(resource, path)
	found.known
	every text in found.values {
		regex.match("^[0-9]+$", text)
	}
	numbers := array.concat(
		[provision.unsaid | count(found.values) == 0],
		[to_number(text) | some text in found.values],
	)
}

much_at(resource, provision, path) := provision.unsaid if is_left_out(plans.attribute(resource, path))

kinds_of(_, provision) := [provision.usual] if provision.kind == ""

kinds_of(resource, provision) := found.values if {
	found := plans.attribute(resource, provision.kind)
	found.known
	count(found.values) > 0
}

kinds_of(resource, provision) := [provision.usual] if {
	found := plans.attribute(resource, provision.kind)
	found.known
	count(found.values) == 0
}

kinds_of(resource, provision) := [provision.usual] if {
	is_left_out(plans.attribute(resource, provision.kind))
}

# Nobody says it, so that the cloud's own choice counts.
is_left_out(found) if {
	not found.known
	not found.given
	count(found.values) == 0
}
