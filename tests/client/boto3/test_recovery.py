# SPDX-License-Identifier: Apache-2.0
"""ForgotPassword, ConfirmForgotPassword, AdminResetUserPassword, ChangePassword, and the history of passwords."""

import pytest

import raw
from cognito import PASSWORD, attributes, new_name, refused, secret_hash

NEW = "Br4nd-new!"
THIRD = "Th1rd-0ne!"
LIMIT = "Attempt limit exceeded, please try after some time."
MISMATCH = "Invalid verification code provided, please try again."


def wrong(code):
    return f"{(int(code) + 1) % 1000000:06}"


def reachable(pool, **more):
    """A confirmed user with a proven address; name and address."""
    name = pool.add_user(**more)
    address = f"{name}@example.com"
    pool.idp.admin_update_user_attributes(UserPoolId=pool.id, Username=name,
                                          UserAttributes=attributes(email=address, email_verified="true"))
    return name, address


def forget(pool, name):
    return pool.idp.forgot_password(ClientId=pool.client_id, Username=name)["CodeDeliveryDetails"]


def replace(pool, name, code, password=NEW):
    return pool.idp.confirm_forgot_password(ClientId=pool.client_id, Username=name, ConfirmationCode=code,
                                            Password=password)


def change(pool, token, previous=PASSWORD, proposed=NEW):
    return pool.idp.change_password(AccessToken=token, PreviousPassword=previous, ProposedPassword=proposed)


# Forgotten

def test_forgotten_password(server, pool):
    name, address = reachable(pool)
    old = pool.tokens(name)
    assert forget(pool, name) == {"Destination": "u***@e***", "DeliveryMedium": "EMAIL", "AttributeName": "email"}
    assert pool.sign_in(name)["AuthenticationResult"]
    code = server.await_mail(address).code
    with refused("CodeMismatchException", MISMATCH):
        replace(pool, name, wrong(code))
    replace(pool, name, code)
    assert pool.sign_in(name, NEW)["AuthenticationResult"]
    assert pool.sign_in_by_srp(name, NEW)["AuthenticationResult"]
    with refused("NotAuthorizedException", "Incorrect username or password."):
        pool.sign_in(name)
    with refused("ExpiredCodeException", "Invalid code provided, please request a code again."):
        replace(pool, name, code)
    with refused("NotAuthorizedException", "Refresh Token has been revoked"):
        pool.refresh(old["RefreshToken"])


def test_a_bad_new_password_does_not_use_up_the_code(server, pool):
    name, address = reachable(pool)
    forget(pool, name)
    code = server.await_mail(address).code
    with refused("InvalidPasswordException", "Password did not conform with policy: Password not long enough"):
        replace(pool, name, code, "Aa1!")
    replace(pool, name, code)


def test_a_new_code_replaces_the_old_one(server, pool):
    name, address = reachable(pool)
    forget(pool, name)
    old = server.await_mail(address).code
    forget(pool, name)
    new = server.await_mail(address, 2).code
    if old != new:
        with refused("CodeMismatchException"):
            replace(pool, name, old)
    replace(pool, name, new)


def test_a_code_ends_the_lockout(server, pool):
    name, address = reachable(pool)
    for _ in range(5):
        with refused("NotAuthorizedException"):
            pool.sign_in(name, "wrong")
    with refused("NotAuthorizedException", "Password attempts exceeded"):
        pool.sign_in(name)
    forget(pool, name)
    replace(pool, name, server.await_mail(address).code)
    assert pool.sign_in(name, NEW)["AuthenticationResult"]


MECHANISMS = [
    ([], "SMS"),
    ([{"Priority": 1, "Name": "verified_email"}], "EMAIL"),
    ([{"Priority": 2, "Name": "verified_email"}, {"Priority": 1, "Name": "verified_phone_number"}], "SMS"),
    ([{"Priority": 1, "Name": "verified_email"}, {"Priority": 2, "Name": "verified_phone_number"}], "EMAIL"),
]


@pytest.mark.parametrize("mechanisms,medium", MECHANISMS)
def test_mechanisms(make_pool, mechanisms, medium):
    pool = make_pool({"AccountRecoverySetting": {"RecoveryMechanisms": mechanisms}} if mechanisms else {})
    name = pool.add_user()
    pool.idp.admin_update_user_attributes(UserPoolId=pool.id, Username=name, UserAttributes=attributes(
        email="a@example.com", email_verified="true", phone_number="+15550107777", phone_number_verified="true"))
    assert forget(pool, name)["DeliveryMedium"] == medium


def test_admins_only(make_pool):
    pool = make_pool({"AccountRecoverySetting": {"RecoveryMechanisms": [{"Priority": 1, "Name": "admin_only"}]}})
    name, _ = reachable(pool)
    with refused("NotAuthorizedException", "Contact administrator to reset password."):
        forget(pool, name)


def test_who_cannot_have_a_code(pool):
    no_address = ("InvalidParameterException",
                  "Cannot reset password for the user as there is no registered/verified email or phone_number")
    with refused(*no_address):
        forget(pool, pool.add_user())
    with refused(*no_address):
        forget(pool, pool.add_user(email="a@example.com"))
    with refused("NotAuthorizedException", "User password cannot be reset in the current state."):
        forget(pool, pool.invite(UserAttributes=attributes(email="a@example.com", email_verified="true")))
    with refused("UserNotFoundException", "User does not exist."):
        forget(pool, "nobody")
    name, _ = reachable(pool)
    pool.idp.admin_disable_user(UserPoolId=pool.id, Username=name)
    with refused("NotAuthorizedException", "User is disabled."):
        forget(pool, name)


def test_who_cannot_use_one(server, pool):
    with refused("UserNotFoundException", "User does not exist."):
        replace(pool, "nobody", "123456")
    name, address = reachable(pool)
    forget(pool, name)
    code = server.await_mail(address).code
    pool.idp.admin_disable_user(UserPoolId=pool.id, Username=name)
    with refused("NotAuthorizedException", "User is disabled."):
        replace(pool, name, code)


def test_an_unconfirmed_user_confirms_first(pool):
    name = new_name()
    pool.sign_up(name)
    with refused("UserNotConfirmedException", "User is not confirmed."):
        replace(pool, name, "123456")


def test_limits(server, pool):
    name, address = reachable(pool)
    for _ in range(5):
        forget(pool, name)
    with refused("LimitExceededException", LIMIT):
        forget(pool, name)
    code = server.await_mail(address, 5).code
    for _ in range(15):
        with refused("CodeMismatchException"):
            replace(pool, name, wrong(code))
    with refused("LimitExceededException", LIMIT):
        replace(pool, name, code)


def test_hidden_users(server, make_pool):
    pool = make_pool({"AccountRecoverySetting": {"RecoveryMechanisms": [{"Priority": 1, "Name": "verified_email"}]}},
                     {"PreventUserExistenceErrors": "ENABLED"})
    known, _ = reachable(pool)
    disabled, _ = reachable(pool)
    pool.idp.admin_disable_user(UserPoolId=pool.id, Username=disabled)
    unreachable, invited = pool.add_user(), pool.invite()
    for name in (known, "nobody", unreachable, disabled, invited):
        answer = forget(pool, name)
        assert answer["DeliveryMedium"] == "EMAIL" and answer["AttributeName"] == "email"
        assert "***" in answer["Destination"]
    assert forget(pool, "nobody") == forget(pool, "nobody")
    assert forget(pool, "jane@example.com")["Destination"] == "j***@e***"
    never_asked, _ = reachable(pool)
    for name in ("nobody", disabled, unreachable, invited, never_asked):
        with refused("CodeMismatchException", MISMATCH):
            replace(pool, name, "123456")
    forget(pool, "limited")
    for _ in range(4):
        forget(pool, "limited")
    with refused("LimitExceededException", LIMIT):
        forget(pool, "limited")


def test_with_a_secret(server, make_pool):
    pool = make_pool(client={"GenerateSecret": True})
    name, address = reachable(pool)
    idp, client = pool.idp, pool.client_id
    with refused("NotAuthorizedException",
                 f"Client {client} is configured with secret but SECRET_HASH was not received"):
        forget(pool, name)
    idp.forgot_password(ClientId=client, Username=name, SecretHash=secret_hash(pool.secret, name, client))
    idp.confirm_forgot_password(ClientId=client, Username=name, ConfirmationCode=server.await_mail(address).code,
                                Password=NEW, SecretHash=secret_hash(pool.secret, name, client))


def test_missing_client(idp):
    for call, members in ((idp.forgot_password, {}),
                          (idp.confirm_forgot_password, {"ConfirmationCode": "1", "Password": PASSWORD})):
        with refused("ResourceNotFoundException", f"User pool client {'a' * 26} does not exist."):
            call(ClientId="a" * 26, Username="x", **members)


# Reset by an administrator

def test_reset(server, pool):
    name, address = reachable(pool)
    tokens = pool.tokens(name)
    pool.idp.admin_reset_user_password(UserPoolId=pool.id, Username=name)
    assert pool.get(name)["UserStatus"] == "RESET_REQUIRED"
    for sign_in in (pool.sign_in, pool.sign_in_by_srp):
        with refused("PasswordResetRequiredException", "Password reset required for the user"):
            sign_in(name)
    with refused("PasswordResetRequiredException", "Password reset required for the user"):
        pool.idp.get_user(AccessToken=tokens["AccessToken"])
    with refused("NotAuthorizedException", "Refresh Token has been revoked"):
        pool.refresh(tokens["RefreshToken"])
    replace(pool, name, server.await_mail(address).code)
    assert pool.get(name)["UserStatus"] == "CONFIRMED"
    assert pool.sign_in(name, NEW)["AuthenticationResult"]


def test_reset_errors(pool):
    def reset(name, pool_id=pool.id):
        pool.idp.admin_reset_user_password(UserPoolId=pool_id, Username=name)

    with refused("UserNotFoundException", "User does not exist."):
        reset("nobody")
    with refused("ResourceNotFoundException"):
        reset("nobody", "us-east-1_AAAAAAAAA")
    with refused("InvalidParameterException"):
        reset(pool.add_user())
    with refused("NotAuthorizedException", "User password cannot be reset in the current state."):
        reset(pool.invite())


# Changed

def test_change(pool):
    name = pool.add_user()
    token = pool.tokens(name)["AccessToken"]
    change(pool, token)
    assert pool.sign_in(name, NEW)["AuthenticationResult"]
    assert pool.sign_in_by_srp(name, NEW)["AuthenticationResult"]
    assert pool.idp.get_user(AccessToken=token)["Username"] == name
    with refused("NotAuthorizedException", "Incorrect username or password."):
        pool.sign_in(name)


def test_change_refuses(server, pool):
    token = pool.tokens(pool.add_user())["AccessToken"]
    with refused("NotAuthorizedException", "Incorrect username or password."):
        change(pool, token, "Wr0ng-0ne!")
    with refused("InvalidPasswordException", "Password did not conform with policy: Password not long enough"):
        change(pool, token, proposed="Aa1!")
    with refused("InvalidParameterException"):
        raw.call(server, "ChangePassword", sign=False, AccessToken=token, ProposedPassword=NEW)
    with refused("NotAuthorizedException", "Invalid Access Token"):
        change(pool, "x")


def test_change_is_limited(pool):
    name = pool.add_user()
    token = pool.tokens(name)["AccessToken"]
    for _ in range(5):
        with refused("NotAuthorizedException", "Incorrect username or password."):
            change(pool, token, "Wr0ng-0ne!")
    with refused("LimitExceededException", LIMIT):
        change(pool, token)
    with refused("NotAuthorizedException", "Password attempts exceeded"):
        pool.sign_in(name)


# History

@pytest.fixture
def remembering(make_pool):
    return make_pool({"Policies": {"PasswordPolicy": {
        "MinimumLength": 8, "RequireUppercase": True, "RequireLowercase": True, "RequireNumbers": True,
        "RequireSymbols": True, "PasswordHistorySize": 2}}})


def test_history(server, remembering):
    pool = remembering
    name, address = reachable(pool)
    token = pool.tokens(name)["AccessToken"]
    used = ("PasswordHistoryPolicyViolationException",)
    with refused(*used):
        change(pool, token, PASSWORD, PASSWORD)
    change(pool, token, PASSWORD, NEW)
    with refused(*used):
        change(pool, token, NEW, PASSWORD)
    forget(pool, name)
    code = server.await_mail(address).code
    with refused("CodeMismatchException", MISMATCH):
        replace(pool, name, wrong(code), NEW)
    for password in (NEW, PASSWORD):
        with refused(*used):
            replace(pool, name, code, password)
    with refused(*used):
        pool.idp.admin_set_user_password(UserPoolId=pool.id, Username=name, Password=NEW, Permanent=True)
    replace(pool, name, code, THIRD)
    pool.idp.admin_set_user_password(UserPoolId=pool.id, Username=name, Password=PASSWORD, Permanent=True)


def test_history_at_the_first_password_of_one_s_own(remembering):
    pool = remembering
    name = pool.add_user()
    pool.idp.admin_set_user_password(UserPoolId=pool.id, Username=name, Password=NEW, Permanent=False)
    challenge = pool.sign_in(name, NEW)
    answer = {"USERNAME": name, "NEW_PASSWORD": PASSWORD}
    with refused("PasswordHistoryPolicyViolationException"):
        pool.respond("NEW_PASSWORD_REQUIRED", answer, challenge["Session"])
    answer["NEW_PASSWORD"] = NEW
    assert pool.respond("NEW_PASSWORD_REQUIRED", answer, challenge["Session"])["AuthenticationResult"]
