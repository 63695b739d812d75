# SPDX-License-Identifier: Apache-2.0
"""SignUp, ConfirmSignUp, ResendConfirmationCode, AdminConfirmSignUp."""

import re
import uuid

import pytest
from botocore.exceptions import ClientError

import raw
from cognito import PASSWORD, as_dict, new_name, refused

MISSING_CLIENT = "a" * 26


def new_address():
    return f"{new_name()}@example.com"


def test_sign_up_and_confirm_by_mail(server, email_pool):
    name, address = new_name(), new_address()
    answer = email_pool.sign_up(name, email=address)
    assert answer["UserConfirmed"] is False
    assert str(uuid.UUID(answer["UserSub"])) == answer["UserSub"]
    delivery = answer["CodeDeliveryDetails"]
    assert delivery["DeliveryMedium"] == "EMAIL"
    assert delivery["AttributeName"] == "email"
    assert delivery["Destination"] == "u***@e***"
    assert email_pool.get(name)["UserStatus"] == "UNCONFIRMED"
    with refused("UserNotConfirmedException", "User is not confirmed."):
        email_pool.sign_in(name)

    email_pool.confirm(name, server.await_mail(address).code)
    user = email_pool.get(name)
    assert user["UserStatus"] == "CONFIRMED"
    assert user["Enabled"] is True
    assert as_dict(user["UserAttributes"]) == {"sub": answer["UserSub"], "email": address, "email_verified": "true"}
    assert email_pool.sign_in(name)["AuthenticationResult"]["TokenType"] == "Bearer"


def test_unconfirmed_is_said_before_the_password_is_checked(email_pool):
    name = new_name()
    email_pool.sign_up(name, email=new_address())
    with refused("UserNotConfirmedException", "User is not confirmed."):
        email_pool.sign_in(name, "not the password")


def test_nothing_is_mailed_where_nothing_is_verified(server, pool):
    name, address = new_name(), new_address()
    assert "CodeDeliveryDetails" not in pool.sign_up(name, email=address)
    pool.idp.admin_confirm_sign_up(UserPoolId=pool.id, Username=name)
    assert pool.attributes_of(name)["email_verified"] == "false"
    assert not server.mails(address)


def test_code_by_sms(server, make_pool):
    pool = make_pool({"AutoVerifiedAttributes": ["phone_number"]})
    answer = pool.sign_up("caller", phone_number="+15550101234")
    assert answer["CodeDeliveryDetails"] == {
        "Destination": "+*******1234", "DeliveryMedium": "SMS", "AttributeName": "phone_number"}
    pool.confirm("caller", server.await_mail("15550101234").code)
    assert pool.attributes_of("caller")["phone_number_verified"] == "true"


def test_message_templates(server, make_pool):
    pool = make_pool({"AutoVerifiedAttributes": ["email"], "VerificationMessageTemplate": {
        "EmailSubject": "Welcome to the house", "EmailMessage": "The code is <b>{####}</b>, be quick"}})
    address = new_address()
    pool.sign_up(new_name(), email=address)
    mail = server.await_mail(address)
    assert mail.subject == "Welcome to the house"
    assert re.search(r"The code is <b>\d{6}</b>, be quick", mail.body)


def test_existing_name(pool):
    name = pool.add_user()
    with refused("UsernameExistsException", "User already exists"):
        pool.sign_up(name)


def test_wrong_code(server, email_pool):
    name, address = new_name(), new_address()
    email_pool.sign_up(name, email=address)
    wrong = f"{(int(server.await_mail(address).code) + 1) % 1000000:06}"
    with refused("CodeMismatchException", "Invalid verification code provided, please try again."):
        email_pool.confirm(name, wrong)
    assert email_pool.get(name)["UserStatus"] == "UNCONFIRMED"


def test_code_of_another_user(server, email_pool):
    names, addresses = (new_name(), new_name()), (new_address(), new_address())
    for name, address in zip(names, addresses):
        email_pool.sign_up(name, email=address)
    first, second = (server.await_mail(address).code for address in addresses)
    if first != second:
        with refused("CodeMismatchException"):
            email_pool.confirm(names[0], second)


def test_tries_are_limited(server, email_pool):
    name, address = new_name(), new_address()
    email_pool.sign_up(name, email=address)
    code = server.await_mail(address).code
    seen = []
    for step in range(1, 31):
        with pytest.raises(ClientError) as raised:
            email_pool.confirm(name, f"{(int(code) + step) % 1000000:06}")
        seen.append(raised.value.response["Error"]["Code"])
        if seen[-1] == "LimitExceededException":
            break
    assert seen[0] == "CodeMismatchException"
    assert seen[-1] == "LimitExceededException"
    with refused("LimitExceededException", "Attempt limit exceeded, please try after some time."):
        email_pool.confirm(name, code)


def test_confirmed_already(server, email_pool):
    name, address = new_name(), new_address()
    email_pool.sign_up(name, email=address)
    code = server.await_mail(address).code
    email_pool.confirm(name, code)
    with refused("NotAuthorizedException", "User cannot be confirmed. Current status is CONFIRMED"):
        email_pool.confirm(name, code)
    with refused("NotAuthorizedException", "User cannot be confirmed. Current status is CONFIRMED"):
        email_pool.idp.admin_confirm_sign_up(UserPoolId=email_pool.id, Username=name)
    with refused("InvalidParameterException", "User is already confirmed."):
        email_pool.idp.resend_confirmation_code(ClientId=email_pool.client_id, Username=name)


def test_resend(server, email_pool):
    name, address = new_name(), new_address()
    email_pool.sign_up(name, email=address)
    answer = email_pool.idp.resend_confirmation_code(ClientId=email_pool.client_id, Username=name)
    assert answer["CodeDeliveryDetails"] == {
        "Destination": "u***@e***", "DeliveryMedium": "EMAIL", "AttributeName": "email"}
    email_pool.confirm(name, server.await_mail(address, 2).code)


def test_resending_is_limited(email_pool):
    name = new_name()
    email_pool.sign_up(name, email=new_address())
    for _ in range(5):
        email_pool.idp.resend_confirmation_code(ClientId=email_pool.client_id, Username=name)
    with refused("LimitExceededException", "Attempt limit exceeded, please try after some time."):
        email_pool.idp.resend_confirmation_code(ClientId=email_pool.client_id, Username=name)


def test_a_code_that_was_never_sent(pool):
    name = new_name()
    pool.sign_up(name)
    with refused("ExpiredCodeException", "Invalid code provided, please request a code again."):
        pool.confirm(name, "123456")
    with refused("UserNotFoundException", "User does not exist."):
        pool.confirm("nobody", "123456")


def test_missing_client(idp):
    gone = f"User pool client {MISSING_CLIENT} does not exist."
    with refused("ResourceNotFoundException", gone):
        idp.sign_up(ClientId=MISSING_CLIENT, Username="x", Password=PASSWORD)
    with refused("ResourceNotFoundException", gone):
        idp.confirm_sign_up(ClientId=MISSING_CLIENT, Username="x", ConfirmationCode="123456")
    with refused("ResourceNotFoundException", gone):
        idp.resend_confirmation_code(ClientId=MISSING_CLIENT, Username="x")


def test_admin_confirm_of_a_missing_user(idp, pool):
    with refused("UserNotFoundException", "User does not exist."):
        idp.admin_confirm_sign_up(UserPoolId=pool.id, Username="nobody")


def test_only_admins_may_create(make_pool):
    pool = make_pool({"AdminCreateUserConfig": {"AllowAdminCreateUserOnly": True}})
    with refused("NotAuthorizedException", "SignUp is not permitted for this user pool"):
        pool.sign_up(new_name())


def test_attributes_that_a_client_may_not_write(make_pool):
    pool = make_pool(client={"WriteAttributes": ["email"]})
    with refused("NotAuthorizedException"):
        pool.sign_up(new_name(), email="a@example.com", nickname="x")
    pool.sign_up(new_name(), email="a@example.com")


@pytest.mark.parametrize("name", ["email_verified", "phone_number_verified", "sub"])
def test_attributes_that_no_user_sets(pool, name):
    with pytest.raises(ClientError) as raised:
        pool.sign_up(new_name(), **{name: "true"})
    assert raised.value.response["Error"]["Code"] in ("NotAuthorizedException", "InvalidParameterException")


def test_unsigned_calls_work(server, pool):
    name = new_name()
    answer = raw.call(server, "SignUp", sign=False, ClientId=pool.client_id, Username=name, Password=PASSWORD)
    assert answer["UserConfirmed"] is False


def test_a_signature_on_a_public_call_does_not_hurt(server, pool):
    raw.call(server, "SignUp", sign=True, ClientId=pool.client_id, Username=new_name(), Password=PASSWORD)


def test_admin_calls_need_a_signature(server, pool):
    with refused("MissingAuthenticationTokenException"):
        raw.call(server, "AdminConfirmSignUp", sign=False, UserPoolId=pool.id, Username="x")
