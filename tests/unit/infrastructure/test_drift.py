"""What a plan of main would change is told by file, field, what Git says and what is there."""

from __future__ import annotations

from pydantic import JsonValue

from turnpike.infrastructure.drift import Drift, drift_in
from turnpike.judge.layout import RootKey
from unit.infrastructure.plans import Json, change, plan

ROOT = RootKey("dev", "aws")
AT = "terraform/environments/dev/aws"
STORE = "terraform/modules/store/aws"
FILES = {
    f"{AT}/main.tf": b'module "store" {\n  source = "../../../modules/store/aws"\n}\n',
    f"{STORE}/README.md": b"{",
    f"{STORE}/bucket.tf": b'resource "aws_s3_bucket" "this" {\n}\n',
}
CALLS: Json = {
    "root_module": {
        "module_calls": {"store": {"source": "../../../modules/store/aws", "module": {}}}
    }
}
BUCKET = 'module.store["a"].aws_s3_bucket.this'


def bucket(before: JsonValue, after: JsonValue, *actions: str, **told: JsonValue) -> Json:
    """Return what becomes of the module's bucket."""
    made = change("aws_s3_bucket", after=after, actions=actions, module='module.store["a"]')
    said = made["change"]
    assert isinstance(said, dict)
    return {**made, "change": {**said, "before": before, **told}}


def drift(*changes: Json) -> tuple[Drift, ...]:
    return drift_in(plan(*changes, configuration=CALLS), ROOT, FILES)


def test_what_is_as_main_says_is_no_drift() -> None:
    assert drift(bucket({"a": 1}, {"a": 1}, "no-op")) == ()
    assert drift(change("aws_iam_policy_document", after={}, actions=("read",), mode="data")) == ()


def test_an_attribute_is_told_with_the_file_that_declares_its_resource() -> None:
    (one,) = drift(bucket({"a": 1, "b": [2]}, {"a": 1, "b": None}, "update"))
    assert one == Drift(f"{STORE}/bucket.tf", f"{BUCKET}.b", "nothing", "[2]")


def test_what_is_replaced_tells_what_differs() -> None:
    (one,) = drift(bucket({"a": "x"}, {"a": "y"}, "delete", "create"))
    assert (one.field, one.expected, one.found) == (f"{BUCKET}.a", '"y"', '"x"')


def test_what_is_gone_and_what_nobody_wrote_are_told() -> None:
    gone, other = drift(
        bucket(None, {"a": 1}, "create"),
        {**bucket({"a": 1}, None, "delete"), "type": "aws_sqs_queue"},
    )
    assert (gone.file, gone.expected, gone.found) == (
        f"{STORE}/bucket.tf", "the resource", "nothing"
    )  # fmt: skip
    assert (other.file, other.expected, other.found) == (AT, "nothing", "the resource")


def test_what_is_secret_or_not_known_yet_is_not_shown() -> None:
    secret, later = drift(
        bucket(
            {"password": "old", "size": 1}, {"password": "new"}, "update",
            after_sensitive={"password": True}, after_unknown={"size": True},
        )
    )  # fmt: skip
    assert {secret.expected, secret.found} == {"a sensitive value"}
    assert (later.expected, later.found) == ("what is known only after the apply", "1")


def test_what_is_marked_in_no_part_is_shown() -> None:
    (one,) = drift(
        bucket(
            {"a": [{"b": 1}]}, {"a": [{"b": 2}]}, "update",
            before_sensitive={"a": [{}]}, after_sensitive={"a": [{"b": False}]},
            after_unknown={"a": [{}]},
        )
    )  # fmt: skip
    assert (one.expected, one.found) == ('[{"b": 2}]', '[{"b": 1}]')


def test_a_part_that_was_secret_hides_the_whole() -> None:
    (one,) = drift(
        bucket({"a": [{"b": 1}]}, {"a": []}, "update", before_sensitive={"a": [{"b": True}]})
    )
    assert {one.expected, one.found} == {"a sensitive value"}


def test_a_change_that_shows_in_no_attribute_is_drift_all_the_same() -> None:
    (one,) = drift(bucket({"a": 1}, {"a": 1}, "update"))
    assert (one.field, one.expected) == (BUCKET, "no change")


def test_a_long_value_is_cut() -> None:
    (one,) = drift(bucket({"a": "x" * 900}, {"a": "y"}, "update"))
    assert len(one.found) < 210
