# SPDX-License-Identifier: Apache-2.0
"""TagResource, UntagResource, ListTagsForResource, and the tags of CreateUserPool, UpdateUserPool, DescribeUserPool."""

import threading

import pytest

import raw
from cognito import connect, refused

ACCOUNT = "arn:aws:cognito-idp:us-east-1:123456789012:"


def arn(pool):
    return f"{ACCOUNT}userpool/{pool.id}"


def tag(pool, **tags):
    pool.idp.tag_resource(ResourceArn=arn(pool), Tags=tags)


def untag(pool, *keys):
    pool.idp.untag_resource(ResourceArn=arn(pool), TagKeys=list(keys))


def tags_of(pool):
    """As each of the two operations shows them."""
    tags = pool.idp.list_tags_for_resource(ResourceArn=arn(pool))["Tags"]
    assert pool.idp.describe_user_pool(UserPoolId=pool.id)["UserPool"]["UserPoolTags"] == tags
    return tags


def test_tag_and_untag(make_pool):
    pool = make_pool({"UserPoolTags": {"stage": "test", "empty": ""}})
    assert tags_of(pool) == {"stage": "test", "empty": ""}
    tag(pool, stage="live", team="identity", Team="other")
    assert tags_of(pool) == {"stage": "live", "empty": "", "team": "identity", "Team": "other"}
    untag(pool, "empty", "Team", "nothing")
    assert tags_of(pool) == {"stage": "live", "team": "identity"}
    untag(pool, "stage", "team")
    assert tags_of(pool) == {}


def test_tags_of_every_letter(pool):
    tags = {"cost centre": "4/7", "größe": "ü" * 256, "k" * 128: "", "\t": "\"\\"}
    tag(pool, **tags)
    assert tags_of(pool) == tags
    untag(pool, *tags)
    assert tags_of(pool) == {}


def test_an_update_keeps_tags_or_replaces_them(make_pool):
    pool = make_pool()
    tag(pool, a="1", b="2")
    pool.idp.update_user_pool(UserPoolId=pool.id)
    assert tags_of(pool) == {"a": "1", "b": "2"}
    pool.idp.update_user_pool(UserPoolId=pool.id, UserPoolTags={"c": "3"})
    assert tags_of(pool) == {"c": "3"}
    pool.idp.update_user_pool(UserPoolId=pool.id, UserPoolTags={})
    assert tags_of(pool) == {}


def test_nothing_else_changes(make_pool):
    pool = make_pool({"AutoVerifiedAttributes": ["email"], "DeletionProtection": "INACTIVE",
                      "Schema": [{"Name": "size", "AttributeDataType": "Number"}]})
    changing = ("UserPoolTags", "LastModifiedDate")
    before, after = (
        {key: value for key, value in pool.idp.describe_user_pool(UserPoolId=pool.id)["UserPool"].items()
         if key not in changing} for _ in (None, tag(pool, a="1")))
    assert before == after


def test_50_tags_at_most(make_pool):
    pool = make_pool()
    tag(pool, **{f"key-{number}": "v" for number in range(50)})
    with refused("InvalidParameterException", "A user pool can have at most 50 tags."):
        tag(pool, more="v")
    tag(pool, **{"key-7": "w"})
    untag(pool, "key-0")
    tag(pool, more="v")
    assert len(tags_of(pool)) == 50
    with refused("InvalidParameterException", "A user pool can have at most 50 tags."):
        make_pool({"UserPoolTags": {f"key-{number}": "v" for number in range(51)}})


@pytest.mark.parametrize("key", ["aws:x", "AWS:x", "aWs:"])
def test_reserved_keys(pool, make_pool, key):
    for call in (lambda: tag(pool, **{key: "v"}), lambda: make_pool({"UserPoolTags": {key: "v"}}),
                 lambda: pool.idp.update_user_pool(UserPoolId=pool.id, UserPoolTags={key: "v"})):
        with refused("InvalidParameterException", "Tag keys that begin with aws: are reserved."):
            call()


BAD_TAGS = [("no tags", {"Tags": None}), ("empty key", {"Tags": {"": "v"}}),
            ("key too long", {"Tags": {"k" * 129: "v"}}), ("value too long", {"Tags": {"k": "v" * 257}})]


@pytest.mark.parametrize("members", [row[1] for row in BAD_TAGS], ids=[row[0] for row in BAD_TAGS])
def test_model_constraints(server, pool, members):
    with refused("InvalidParameterException") as raised:
        raw.call(server, "TagResource", ResourceArn=arn(pool), **members)
    assert "1 validation error detected: " in raised.value.response["Error"]["Message"]


NOT_FOUND = "User pool {} does not exist."
RESOURCES = [
    (ACCOUNT + "userpool/us-east-1_AAAAAAAAA", "ResourceNotFoundException", NOT_FOUND.format("us-east-1_AAAAAAAAA")),
    ("arn:aws:cognito-idp:us-west-2:123456789012:userpool/{}", "ResourceNotFoundException", NOT_FOUND),
    ("arn:aws:cognito-idp:us-east-1:210987654321:userpool/{}", "ResourceNotFoundException", NOT_FOUND),
    ("arn:aws-cn:cognito-idp:us-east-1:123456789012:userpool/{}", "ResourceNotFoundException", NOT_FOUND),
    (ACCOUNT + "identitypool/{}", "InvalidParameterException", "The resource ARN is not that of a user pool."),
    ("arn:aws:iam::123456789012:role/userpool", "InvalidParameterException",
     "The resource ARN is not that of a user pool."),
    ("us-east-1_AAAAAAAAAAAAAAAAAA", "InvalidParameterException", None),
]


@pytest.mark.parametrize("resource,error,message", RESOURCES)
def test_other_resources(pool, resource, error, message):
    resource = resource.format(pool.id)
    for call in (lambda: pool.idp.list_tags_for_resource(ResourceArn=resource),
                 lambda: pool.idp.tag_resource(ResourceArn=resource, Tags={"a": "b"}),
                 lambda: pool.idp.untag_resource(ResourceArn=resource, TagKeys=["a"])):
        with refused(error, message and message.format(pool.id)):
            call()


def test_many_at_the_same_time(server, make_pool):
    """Nobody's tag gets lost, and nobody is asked to try again."""
    pool = make_pool()
    failures = []

    def run(writer):
        idp = connect(server)
        try:
            for number in range(6):
                idp.tag_resource(ResourceArn=arn(pool), Tags={f"{writer}-{number}": "v"})
        except Exception as failure:
            failures.append(failure)

    threads = [threading.Thread(target=run, args=(writer,)) for writer in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert failures == []
    assert tags_of(pool).keys() == {f"{writer}-{number}" for writer in range(8) for number in range(6)}


def test_tags_over_rest(server, make_pool):
    pool = make_pool()
    assert raw.rest(server, "TagResource", ResourceArn=arn(pool), Tags={"a": "1", "b": "2", "c": "3"}) == {}
    assert raw.rest(server, "UntagResource", ResourceArn=arn(pool), TagKeys=["a", "b"]) == {}
    assert raw.rest(server, "ListTagsForResource", ResourceArn=arn(pool)) == {"Tags": {"c": "3"}}
