# SPDX-License-Identifier: Apache-2.0
"""AdminCreateUser, AdminGetUser, AdminSetUserPassword, AdminDeleteUser, GetUser."""

import datetime
import re

from cognito import PASSWORD, as_dict, attributes, new_name, refused

NEW = "Br4nd-new!"


def new_address():
    return f"{new_name()}@example.com"


def test_create_mails_an_invitation(server, pool):
    name, address = new_name(), new_address()
    user = pool.idp.admin_create_user(UserPoolId=pool.id, Username=name, DesiredDeliveryMediums=["EMAIL"],
                                      UserAttributes=attributes(email=address, email_verified="true"))["User"]
    assert user["Username"] == name
    assert user["UserStatus"] == "FORCE_CHANGE_PASSWORD"
    assert user["Enabled"] is True
    assert as_dict(user["Attributes"]).items() >= {"email": address, "email_verified": "true"}.items()
    mail = server.await_mail(address)
    assert name in mail.body
    password = re.search(r"temporary password is (\S+)", mail.body)[1].rstrip(".")
    assert pool.sign_in(name, password)["ChallengeName"] == "NEW_PASSWORD_REQUIRED"


def test_invitation_by_template(server, make_pool):
    pool = make_pool({"AdminCreateUserConfig": {"InviteMessageTemplate": {
        "EmailSubject": "Come in", "EmailMessage": "user [{username}] password [{####}]",
        "SMSMessage": "{username} {####}"}}})
    address = new_address()
    pool.idp.admin_create_user(UserPoolId=pool.id, Username="guest", TemporaryPassword="Temp0rary!",
                               DesiredDeliveryMediums=["EMAIL"], UserAttributes=attributes(email=address))
    mail = server.await_mail(address)
    assert mail.subject == "Come in"
    assert "user [guest] password [Temp0rary!]" in mail.body


def test_invitation_by_sms_is_the_default(server, pool):
    number = "+15550104321"
    pool.idp.admin_create_user(UserPoolId=pool.id, Username=new_name(), TemporaryPassword="Temp0rary!",
                               UserAttributes=attributes(phone_number=number))
    assert "Temp0rary!" in server.await_mail("15550104321").body


def test_suppress(server, pool):
    name, address = new_name(), new_address()
    pool.invite(name, UserAttributes=attributes(email=address))
    assert pool.sign_in(name, "Temp0rary!")["ChallengeName"] == "NEW_PASSWORD_REQUIRED"
    assert not server.mails(address)


def test_resend(server, pool):
    name, address = new_name(), new_address()
    pool.invite(name, UserAttributes=attributes(email=address))
    pool.idp.admin_create_user(UserPoolId=pool.id, Username=name, MessageAction="RESEND",
                               DesiredDeliveryMediums=["EMAIL"], TemporaryPassword="An0ther-one!")
    assert "An0ther-one!" in server.await_mail(address).body
    assert pool.sign_in(name, "An0ther-one!")["ChallengeName"] == "NEW_PASSWORD_REQUIRED"
    with refused("NotAuthorizedException", "Incorrect username or password."):
        pool.sign_in(name, "Temp0rary!")


def test_resend_to_a_missing_user(pool):
    with refused("UserNotFoundException", "User does not exist."):
        pool.idp.admin_create_user(UserPoolId=pool.id, Username="nobody", MessageAction="RESEND")


def test_resend_to_a_confirmed_user(pool):
    name = pool.add_user()
    with refused("UnsupportedUserStateException"):
        pool.idp.admin_create_user(UserPoolId=pool.id, Username=name, MessageAction="RESEND")


def test_existing_user(pool):
    name = pool.add_user()
    with refused("UsernameExistsException", "User account already exists"):
        pool.invite(name)


def test_create_in_a_missing_pool(idp):
    with refused("ResourceNotFoundException", "User pool us-east-1_AAAAAAAAA does not exist."):
        idp.admin_create_user(UserPoolId="us-east-1_AAAAAAAAA", Username="x")


def test_get(pool):
    name = pool.add_user(email="a@example.com", nickname="nick")
    user = pool.get(name)
    assert user["Username"] == name
    assert user["UserStatus"] == "CONFIRMED"
    assert user["Enabled"] is True
    assert as_dict(user["UserAttributes"]).keys() == {"sub", "email", "email_verified", "nickname"}
    age = datetime.datetime.now(datetime.timezone.utc) - user["UserCreateDate"]
    assert datetime.timedelta(seconds=-1) < age < datetime.timedelta(minutes=1)
    assert user["UserLastModifiedDate"] >= user["UserCreateDate"]


def test_get_by_sub(pool):
    name = pool.add_user()
    assert pool.get(pool.attributes_of(name)["sub"])["Username"] == name


def test_get_missing(pool):
    with refused("UserNotFoundException", "User does not exist."):
        pool.get("nobody")


def test_permanent_password(pool):
    name = pool.invite()
    pool.idp.admin_set_user_password(UserPoolId=pool.id, Username=name, Password=NEW, Permanent=True)
    assert pool.get(name)["UserStatus"] == "CONFIRMED"
    assert pool.sign_in(name, NEW)["AuthenticationResult"]
    assert pool.sign_in_by_srp(name, NEW)["AuthenticationResult"]
    with refused("NotAuthorizedException", "Incorrect username or password."):
        pool.sign_in(name, "Temp0rary!")


def test_temporary_password(pool):
    name = pool.add_user()
    pool.idp.admin_set_user_password(UserPoolId=pool.id, Username=name, Password=NEW, Permanent=False)
    assert pool.get(name)["UserStatus"] == "FORCE_CHANGE_PASSWORD"
    assert pool.sign_in(name, NEW)["ChallengeName"] == "NEW_PASSWORD_REQUIRED"


def test_password_confirms_a_user(pool):
    name = new_name()
    pool.sign_up(name)
    pool.idp.admin_set_user_password(UserPoolId=pool.id, Username=name, Password=NEW, Permanent=True)
    assert pool.get(name)["UserStatus"] == "CONFIRMED"


def test_password_of_a_missing_user(pool):
    with refused("UserNotFoundException", "User does not exist."):
        pool.idp.admin_set_user_password(UserPoolId=pool.id, Username="nobody", Password=NEW)


def test_delete(pool):
    name = pool.add_user()
    tokens = pool.tokens(name)
    sub = pool.attributes_of(name)["sub"]
    pool.idp.admin_delete_user(UserPoolId=pool.id, Username=name)
    for call in (lambda: pool.get(name), lambda: pool.sign_in(name),
                 lambda: pool.idp.admin_delete_user(UserPoolId=pool.id, Username=name)):
        with refused("UserNotFoundException", "User does not exist."):
            call()
    with refused("UserNotFoundException", "User does not exist."):
        pool.idp.get_user(AccessToken=tokens["AccessToken"])
    with refused("NotAuthorizedException"):
        pool.refresh(tokens["RefreshToken"])
    pool.add_user(name)
    assert pool.attributes_of(name)["sub"] != sub


def test_get_user_by_its_token(pool):
    name = pool.add_user(email="a@example.com", nickname="nick")
    user = pool.idp.get_user(AccessToken=pool.tokens(name)["AccessToken"])
    assert user["Username"] == name
    assert as_dict(user["UserAttributes"]) == {
        "sub": pool.attributes_of(name)["sub"], "email": "a@example.com", "email_verified": "false", "nickname": "nick"}


def test_get_user_shows_what_the_client_may_read(make_pool):
    pool = make_pool(client={"ReadAttributes": ["nickname"]})
    name = pool.add_user(email="a@example.com", nickname="nick")
    shown = as_dict(pool.idp.get_user(AccessToken=pool.tokens(name)["AccessToken"])["UserAttributes"])
    assert shown.keys() == {"sub", "nickname"}


def test_get_user_by_what_is_no_access_token(pool):
    tokens = pool.tokens(pool.add_user(), PASSWORD)
    head, body, signature = tokens["AccessToken"].split(".")
    flipped = ("A" if signature[0] != "A" else "B") + signature[1:]
    for token in ("x", tokens["IdToken"], tokens["RefreshToken"], f"{head}.{body}.{flipped}", f"{head}.{body}."):
        with refused("NotAuthorizedException", "Invalid Access Token"):
            pool.idp.get_user(AccessToken=token)
