package turnpike.rules.plan_within_cost_test

import data.turnpike.rules.plan_within_cost
import data.turnpike.testing
import data.turnpike.testing.inputs

nodes := "/terraformRoot/plan/resources/6"

sizes := sprintf("%s/attributes/instance_types.@each", [nodes])

times := sprintf("%s/attributes/scaling_config.@each.max_size", [nodes])

test_a_root_exactly_at_its_limit_passes if plan_within_cost.deny == set() with input as inputs.root

test_a_root_above_its_limit_is_denied if {
	denials := plan_within_cost.deny with input as testing.edited(inputs.root, {"/terraformRoot/monthlyCost": 169})
	testing.said(denials) == {["plan-too-costly", "at most 169 a month", "170"]}
}

test_everything_is_at_its_most if {
	denials := plan_within_cost.deny with input as told(times, true, ["3"])
	{denial.actual | some denial in denials} == {"255"}
}

test_of_several_sizes_the_dearest_counts if {
	denials := plan_within_cost.deny with input as told(sizes, true, ["m7i.large", "m7i.xlarge"])
	{denial.actual | some denial in denials} == {"340"}
}

test_what_has_one_price_has_it_once if {
	keys := testing.edited(inputs.root, {sprintf("%s/type", [nodes]): "aws_nat_gateway", "/terraformRoot/monthlyCost": 34})
	denials := plan_within_cost.deny with input as keys
	testing.said(denials) == {["plan-too-costly", "at most 34 a month", "35"]}
}

test_a_size_without_a_price_is_denied if {
	denials := plan_within_cost.deny with input as told(sizes, true, ["m7i.large", "u-24tb1.metal"])
	testing.said(denials) == {[
		"plan-unpriced",
		"a price of aws_eks_node_group in policies/data/plans.yaml",
		"none that fits module.nodes.aws_eks_node_group.this",
	]}
}

test_a_size_or_a_number_that_nobody_knows_is_denied if {
	every path in {sizes, times} {
		testing.codes(plan_within_cost.deny) == {"plan-unpriced"} with input as told(path, false, ["m7i.large"])
		testing.codes(plan_within_cost.deny) == {"plan-unpriced"} with input as told(path, false, ["2"])
		testing.codes(plan_within_cost.deny) == {"plan-unpriced"} with input as told(path, true, [])
		testing.codes(plan_within_cost.deny) == {"plan-unpriced"} with input as told(path, true, ["2 or 3"])
	}
}

test_what_there_is_more_of_in_each_is_as_many_times_as_dear if {
	denials := plan_within_cost.deny with input as app("3", "2")
	{denial.actual | some denial in denials} == {"420"}
	every numbers in [["", "2"], ["3", ""]] {
		testing.codes(plan_within_cost.deny) == {"plan-unpriced"} with input as app(numbers[0], numbers[1])
	}
}

app(replicas, containers) := testing.edited(inputs.root, {
	sprintf("%s/type", [nodes]): "azurerm_container_app",
	sprintf("%s/attributes", [nodes]): {
		"template.@each.container.@each.cpu": known(["1"]),
		"template.@each.max_replicas": known([replicas | replicas != ""]),
		"template.@each.container.@count": known([containers | containers != ""]),
	},
})

known(values) := {"known": true, "values": values, "given": true, "begins": [], "sources": []}

test_a_type_without_a_price_is_denied if {
	other := testing.edited(inputs.root, {sprintf("%s/type", [nodes]): "aws_redshift_cluster"})
	testing.codes(plan_within_cost.deny) == {"plan-unpriced"} with input as other
}

test_data_costs_nothing if {
	other := testing.edited(inputs.root, {sprintf("%s/type", [nodes]): "aws_redshift_cluster", sprintf("%s/mode", [nodes]): "data"})
	plan_within_cost.deny == set() with input as other
}

test_an_environment_without_a_limit_is_denied if {
	denials := plan_within_cost.deny with input as testing.edited(inputs.root, {"/terraformRoot/monthlyCost": null})
	testing.said(denials) == {["cost-limit-missing", "infrastructure.monthlyCost of the environment", "none"]}
}

test_what_goes_costs_nothing if {
	gone := testing.edited(inputs.root, {sprintf("%s/stands", [nodes]): false, "/terraformRoot/monthlyCost": 0})
	plan_within_cost.deny == set() with input as gone
}

test_a_change_as_a_whole_costs_nothing if plan_within_cost.deny == set() with input as inputs.change

told(path, known, values) := testing.edited(inputs.root, {path: {"known": known, "values": values}})
