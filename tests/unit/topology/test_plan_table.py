"""The table of what is judged: it names the attributes that the planner keeps."""

from __future__ import annotations

import pytest
from pydantic import ValidationError

from turnpike.topology.plan_table import PLAN_TABLE
from unit.infrastructure.plans import AWS, table


def test_the_attributes_of_a_type_are_those_of_checks_and_prices() -> None:
    assert table().attributes_of("aws_s3_bucket") == ("bucket",)
    assert table().attributes_of("aws_s3_bucket_policy") == (
        "policy.@json.Statement.@allow.Action.@each",
    )
    assert table().attributes_of("aws_vpc") == ()


def test_what_is_ordered_with_a_type_is_among_its_attributes() -> None:
    said = table().model_dump(mode="json", by_alias=True)
    rate = {"each": 1.0, "beyond": 0.0, "least": 0.0, "most": 9.0}
    said["provisions"] = [
        {
            "type": "aws_vpc",
            "of": ["size", "limit"],
            "unsaid": 0.0,
            "kind": "disk",
            "usual": "fast",
            "rates": {"fast": rate},
            "times": ["disks.@count"],
        }
    ]
    found = PLAN_TABLE.validate_python(said, strict=False).attributes_of("aws_vpc")
    assert found == ("disk", "disks.@count", "limit", "size")


def test_a_provider_is_known_by_its_whole_source() -> None:
    known = table().provider(AWS)
    assert known is not None
    assert known.regions == ("region",)
    assert table().provider("registry.terraform.io/evil/aws") is None


def test_a_step_that_there_is_not_is_refused() -> None:
    said = table().model_dump(mode="json", by_alias=True)
    said["checks"][0]["attribute"] = "policy.@every"
    with pytest.raises(ValidationError, match="attribute"):
        PLAN_TABLE.validate_python(said, strict=False)


def test_a_star_in_a_type_is_any_text() -> None:
    said = table().model_dump(mode="json", by_alias=True)
    said["stateful"] = ["*_bucket", "aws_cloudtrail"]
    said["checks"][0]["type"] = "aws_*_policy"
    found = PLAN_TABLE.validate_python(said, strict=False)
    assert found.keeps_state("aws_s3_bucket")
    assert found.keeps_state("aws_cloudtrail")
    assert not found.keeps_state("aws_s3_bucket_acl")
    assert found.attributes_of("aws_kms_key_policy") == (said["checks"][0]["attribute"],)
    assert found.attributes_of("aws_kms_key") == ()
