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
#     Give the size as a constant or a variable, or have the type or size added to
#     policies/data/plans.yaml by a change of class policy.
deny contains finding if {
	some resource in managed
	not resource.type in data.turnpike.data.plans.free
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

managed := [resource | some resource in plans.standing; resource.mode == "managed"]

total := sum([amount | some resource in managed; amount := cost(resource)])

priced(resource) if is_number(cost(resource))

cost(resource) := amount * times if {
	some price in data.turnpike.data.plans.prices
	price.type == resource.type
	amount := unit(resource, price)
	times := number_of(resource, price)
}

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
