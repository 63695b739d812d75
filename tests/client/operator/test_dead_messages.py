# SPDX-License-Identifier: Apache-2.0
"""An operator sees which messages could not be sent, has them sent again and throws them away."""

import configparser
import subprocess
import time

import pytest
from botocore.exceptions import ClientError

from raw import Caller
from server import BINARY, wait_for

PASSWORD = "Passw0rd!"
BAD_SENDER, GOOD_SENDER = "nobody", "no-reply@example.com"


class Shop:
    """A pool whose mails no mail program takes: their sender has no domain."""

    def __init__(self, idp, admin):
        self.idp = idp
        self.admin = admin
        self.pool = idp.create_user_pool(PoolName="shop", AutoVerifiedAttributes=["email"],
                                         EmailConfiguration={"From": BAD_SENDER})["UserPool"]["Id"]
        client = idp.create_user_pool_client(UserPoolId=self.pool, ClientName="shop")
        self.client = client["UserPoolClient"]["ClientId"]

    def sign_up(self, name):
        self.idp.sign_up(ClientId=self.client, Username=name, Password=PASSWORD,
                         UserAttributes=[{"Name": "email", "Value": f"{name}@example.com"}])

    def dead(self):
        return [one for one in self.admin.call("ListDeadMessages")["DeadMessages"] if one["UserPoolId"] == self.pool]

    def await_dead(self, count=1):
        return wait_for(lambda: (found := self.dead())[count - 1:] and found, f"{count} dead messages")


@pytest.fixture
def shop(idp, admin):
    made = Shop(idp, admin)
    yield made
    for dead in made.dead():
        admin.call("DeleteDeadMessage", MessageId=dead["MessageId"])


def refused(code, status, call, *arguments, **members):
    with pytest.raises(ClientError) as raised:
        call(*arguments, **members)
    assert raised.value.response["Error"]["Code"] == code
    assert raised.value.response["ResponseMetadata"]["HTTPStatusCode"] == status


def test_what_is_shown(shop, server):
    before = time.time()
    shop.sign_up("jane")
    dead, = shop.await_dead()
    assert dead["Medium"] == "EMAIL"
    assert dead["Recipient"] == "j***@e***"
    assert dead["Reason"] == "sender or recipient is no plain address"
    assert dead["Attempts"] == 1
    assert before - 1 < dead["CreationDate"] <= dead["FailureDate"] < time.time() + 1
    assert dead["ExpirationDate"] == pytest.approx(dead["FailureDate"] + 30 * 24 * 3600)
    assert set(dead) == {"MessageId", "UserPoolId", "Medium", "Recipient", "Reason", "Attempts", "CreationDate",
                         "FailureDate", "ExpirationDate"}


def test_it_is_the_same_over_rest(shop, admin):
    shop.sign_up("jane")
    shop.await_dead()
    assert admin.rest("ListDeadMessages", Medium="EMAIL") == admin.call("ListDeadMessages", Medium="EMAIL")
    assert admin.rest("ListDeadMessages", Medium="SMS")["DeadMessages"] == []


def test_pages(shop, admin):
    for number in range(5):
        shop.sign_up(f"user{number}")
    wanted = [dead["MessageId"] for dead in shop.await_dead(5)]
    seen, token = [], {}
    while True:
        page = admin.call("ListDeadMessages", MaxResults=2, **token)
        assert len(page["DeadMessages"]) <= 2
        seen += [dead["MessageId"] for dead in page["DeadMessages"]]
        if "NextToken" not in page:
            break
        token = {"NextToken": page["NextToken"]}
    assert seen == wanted
    assert admin.rest("ListDeadMessages", MaxResults=5).keys() == {"DeadMessages"}


@pytest.mark.parametrize("over_rest", [False, True])
def test_resent_and_refused_again(shop, admin, over_rest):
    shop.sign_up("jane")
    first, = shop.await_dead()
    call = admin.rest if over_rest else admin.call
    assert call("ResendDeadMessage", MessageId=first["MessageId"]) == {}
    again = wait_for(lambda: [dead for dead in shop.dead() if dead["Attempts"] == 2], "a second attempt")[0]
    assert again["MessageId"] == first["MessageId"]
    assert again["CreationDate"] == first["CreationDate"]
    assert again["FailureDate"] >= first["FailureDate"]


def test_deleted(shop, admin):
    shop.sign_up("jane")
    dead, = shop.await_dead()
    assert admin.rest("DeleteDeadMessage", MessageId=dead["MessageId"]) == {}
    assert shop.dead() == []
    for operation in ("DeleteDeadMessage", "ResendDeadMessage"):
        refused("ResourceNotFoundException", 400, admin.call, operation, MessageId=dead["MessageId"])
        refused("ResourceNotFoundException", 404, admin.rest, operation, MessageId=dead["MessageId"])


def test_a_token_of_another_list(shop, admin):
    for number in range(2):
        shop.sign_up(f"user{number}")
    shop.await_dead(2)
    token = admin.call("ListDeadMessages", MaxResults=1)["NextToken"]
    refused("InvalidParameterException", 400, admin.call, "ListDeadMessages", Medium="EMAIL", NextToken=token)
    refused("InvalidParameterException", 400, admin.call, "ListDeadMessages", NextToken="x")


# --- Who may ---

def test_signatures_for_both_names_are_taken(server):
    """curl --aws-sigv4 aws:amz:us-east-1:cognito-idp is what operators have."""
    for name in ("poolwarden", "cognito-idp"):
        assert "DeadMessages" in Caller(server, signing_name=name).rest("ListDeadMessages")
    refused("InvalidSignatureException", 401, Caller(server, signing_name="iam").rest, "ListDeadMessages")


def test_signatures_for_it_open_no_other_service(server):
    for_it_alone = Caller(server, signing_name="poolwarden")
    refused("InvalidSignatureException", 400, for_it_alone.call, "ListUserPools", MaxResults=1)
    refused("InvalidSignatureException", 401, for_it_alone.rest, "ListUserPools", MaxResults=1)


def test_a_key_without_rights(server):
    command = [BINARY, "access-key", "create", *server.store_options]
    parser = configparser.ConfigParser()
    parser.read_string(subprocess.run(command, capture_output=True, text=True, check=True).stdout)
    key = parser["default"]["aws_access_key_id"], parser["default"]["aws_secret_access_key"]
    refused("AccessDeniedException", 400, Caller(server, key).call, "ListDeadMessages")
    refused("AccessDeniedException", 403, Caller(server, key).rest, "DeleteDeadMessage", MessageId="5d0a")
