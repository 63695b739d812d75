# SPDX-License-Identifier: Apache-2.0
"""What an attacker does with codes: guesses that pay for others, codes that have outlived what they were sent for,
guesses side by side, and messages to people who asked for none."""

import concurrent.futures

import pytest
from botocore.exceptions import ClientError

from cognito import PASSWORD, attributes, new_name, refused
from server import wait_for

NEW = "Br4nd-new!"
LIMIT = "Attempt limit exceeded, please try after some time."
SIDE_BY_SIDE = 40


@pytest.fixture(scope="module")
def both_pool(make_pool):
    """Both addresses are names, and proven by codes."""
    return make_pool({"AliasAttributes": ["email", "phone_number"],
                      "AutoVerifiedAttributes": ["email", "phone_number"]})


def new_address():
    return f"{new_name()}@example.com"


def new_phone_number():
    return f"+1555{int(new_name()[4:]):07}"


def wrong(code, by=1):
    return f"{(int(code) + by) % 1000000:06}"


def access(pool, name):
    return {"AccessToken": pool.tokens(name)["AccessToken"]}


def prove_by_admin(pool, name, **values):
    pool.idp.admin_update_user_attributes(UserPoolId=pool.id, Username=name, UserAttributes=attributes(**values))


def error_of(call):
    try:
        call()
        return None
    except ClientError as failure:
        return failure.response["Error"]["Code"]


def side_by_side(calls):
    """The errors of all of them, None for what went well."""
    with concurrent.futures.ThreadPoolExecutor(len(calls)) as threads:
        return list(threads.map(error_of, calls))


# Guesses that pay for others

def test_an_own_address_pays_for_no_guesses_at_that_of_another(server, both_pool):
    """Whoever can prove one address as often as he likes must not get a new set of tries at the other each time: that
    one may be somebody else's, who signs in by it."""
    idp, name, own = both_pool.idp, both_pool.add_user(), new_address()
    token = access(both_pool, name)
    idp.update_user_attributes(UserAttributes=attributes(phone_number=new_phone_number()), **token)
    guesses = []
    for _ in range(2):
        for guess in range(10):
            guesses.append(error_of(lambda: idp.verify_user_attribute(
                AttributeName="phone_number", Code=f"{len(guesses):06}", **token)))
        idp.update_user_attributes(UserAttributes=attributes(email=own), **token)
        error_of(lambda: idp.verify_user_attribute(AttributeName="email", Code=server.await_mail(own).code, **token))
        own = new_address()
    assert guesses.count("LimitExceededException") >= 20 - 15, guesses


# Codes that have outlived what they were sent for

def recoverable(pool):
    name, address = pool.add_user(), new_address()
    prove_by_admin(pool, name, email=address, email_verified="true")
    return name, address


def forget(pool, name):
    pool.idp.forgot_password(ClientId=pool.client_id, Username=name)


def replace(pool, name, code):
    pool.idp.confirm_forgot_password(ClientId=pool.client_id, Username=name, ConfirmationCode=code, Password=NEW)


def test_whoever_reads_the_old_mailbox_gets_no_password(server, pool):
    name, old = recoverable(pool)
    forget(pool, name)
    code = server.await_mail(old).code
    prove_by_admin(pool, name, email=new_address(), email_verified="true")
    with refused("CodeMismatchException"):
        replace(pool, name, code)
    assert pool.sign_in(name)["AuthenticationResult"]


def test_an_address_that_is_no_longer_proven_recovers_nothing(server, pool):
    name, address = recoverable(pool)
    forget(pool, name)
    code = server.await_mail(address).code
    prove_by_admin(pool, name, email=address, email_verified="false")
    with refused("CodeMismatchException"):
        replace(pool, name, code)


def change_own(pool, name):
    pool.idp.change_password(PreviousPassword=PASSWORD, ProposedPassword=NEW, **access(pool, name))


def set_by_admin(pool, name):
    pool.idp.admin_set_user_password(UserPoolId=pool.id, Username=name, Password=NEW, Permanent=True)


@pytest.mark.parametrize("change", [change_own, set_by_admin])
def test_a_code_ends_with_the_password_that_was_forgotten(server, pool, change):
    name, address = recoverable(pool)
    forget(pool, name)
    code = server.await_mail(address).code
    change(pool, name)
    with refused("ExpiredCodeException"):
        replace(pool, name, code)
    assert pool.sign_in(name, NEW)["AuthenticationResult"]


# Guesses side by side

def test_guesses_at_a_forgotten_password(server, pool):
    name, address = recoverable(pool)
    forget(pool, name)
    code = server.await_mail(address).code
    errors = side_by_side([lambda i=i: replace(pool, name, wrong(code, i)) for i in range(1, SIDE_BY_SIDE + 1)])
    assert errors.count("CodeMismatchException") == 15
    assert errors.count("LimitExceededException") == SIDE_BY_SIDE - 15
    with refused("LimitExceededException", LIMIT):
        replace(pool, name, code)


def test_guesses_at_a_sign_up(server, email_pool):
    name, address = new_name(), new_address()
    email_pool.sign_up(name, email=address)
    code = server.await_mail(address).code
    errors = side_by_side([lambda i=i: email_pool.confirm(name, wrong(code, i)) for i in range(1, SIDE_BY_SIDE + 1)])
    assert errors.count("CodeMismatchException") == 15
    assert errors.count("LimitExceededException") == SIDE_BY_SIDE - 15


def test_guesses_at_an_address(server, email_pool):
    name, address = email_pool.add_user(), new_address()
    token = access(email_pool, name)
    email_pool.idp.update_user_attributes(UserAttributes=attributes(email=address), **token)
    code = server.await_mail(address).code
    errors = side_by_side([lambda i=i: email_pool.idp.verify_user_attribute(
        AttributeName="email", Code=wrong(code, i), **token) for i in range(1, SIDE_BY_SIDE + 1)])
    assert errors.count("CodeMismatchException") == 15
    assert errors.count("LimitExceededException") == SIDE_BY_SIDE - 15


def test_one_code_replaces_one_password(server, pool):
    name, address = recoverable(pool)
    forget(pool, name)
    code = server.await_mail(address).code
    errors = side_by_side([lambda: replace(pool, name, code)] * 10)
    assert errors.count(None) == 1, errors


def test_requests_for_codes_side_by_side(server, pool):
    name, address = recoverable(pool)
    errors = side_by_side([lambda: forget(pool, name)] * SIDE_BY_SIDE)
    assert errors.count(None) == 5
    assert errors.count("LimitExceededException") == SIDE_BY_SIDE - 5
    server.await_mail(address, 5)


# Messages to people who asked for none

OF_ONE_ADDRESS = 20  # an hour


def mail_count(server, address):
    return len(server.mails(address))


def test_accounts_are_no_way_around_the_limit(server, email_pool):
    """Anybody can sign up as often as he likes, with the address of somebody else, in any spelling."""
    target, names = new_address(), [new_name() for _ in range(OF_ONE_ADDRESS + 1)]
    for name in names[:-1]:
        email_pool.sign_up(name, email=target)
    with refused("LimitExceededException", LIMIT):
        email_pool.sign_up(names[-1], email=target)
    with refused("LimitExceededException", LIMIT):
        email_pool.sign_up(names[-1], email=target.upper())
    # Nothing is left of them.
    with refused("UserNotFoundException"):
        email_pool.get(names[-1])
    # Whose address a user has, and whether there is one, must not show.
    assert email_pool.idp.resend_confirmation_code(ClientId=email_pool.client_id, Username=names[0])
    other = new_address()
    email_pool.sign_up(new_name(), email=other)
    server.await_mail(other)
    assert mail_count(server, target) == OF_ONE_ADDRESS


def test_the_code_before_the_limit_stays_good(server, email_pool):
    target, victim = new_address(), new_name()
    email_pool.sign_up(victim, email=target)
    code = server.await_mail(target).code
    for _ in range(OF_ONE_ADDRESS - 1):
        email_pool.sign_up(new_name(), email=target)
    email_pool.idp.resend_confirmation_code(ClientId=email_pool.client_id, Username=victim)
    email_pool.confirm(victim, code)


def test_a_forgotten_password_does_not_tell_that_the_limit_is_reached(server, email_pool):
    name, target = recoverable(email_pool)
    for _ in range(OF_ONE_ADDRESS):
        email_pool.sign_up(new_name(), email=target)
    server.await_mail(target, OF_ONE_ADDRESS)
    forget(email_pool, name)
    other = new_address()
    email_pool.sign_up(new_name(), email=other)
    server.await_mail(other)
    assert mail_count(server, target) == OF_ONE_ADDRESS


def test_an_account_is_no_mail_gun(server, email_pool):
    """Whoever is signed in can have a code sent anywhere by changing the address to it."""
    token, targets = access(email_pool, email_pool.add_user()), [new_address() for _ in range(6)]
    for target in targets[:5]:
        email_pool.idp.update_user_attributes(UserAttributes=attributes(email=target), **token)
    with refused("TooManyRequestsException"):
        email_pool.idp.update_user_attributes(UserAttributes=attributes(email=targets[5]), **token)
    with refused("LimitExceededException", LIMIT):
        email_pool.idp.get_user_attribute_verification_code(AttributeName="email", **token)
    # What sends nothing is not limited.
    email_pool.idp.update_user_attributes(UserAttributes=attributes(nickname="n"), **token)
    server.await_mail(targets[4])
    assert not server.mails(targets[5])


def test_administrators_are_not_limited(server, email_pool):
    target = new_address()
    for _ in range(OF_ONE_ADDRESS + 1):
        email_pool.idp.admin_create_user(UserPoolId=email_pool.id, Username=new_name(),
                                         DesiredDeliveryMediums=["EMAIL"], UserAttributes=attributes(email=target))
    server.await_mail(target, OF_ONE_ADDRESS + 1)


# Who exists

@pytest.mark.parametrize("kind, values", [("email", {"email": "known@example.com"}),
                                          ("phone_number", {"phone_number": "+15555550100"})])
def test_how_a_code_goes_out_does_not_tell_who_exists(make_pool, kind, values):
    """With the recovery that pools have unless they say otherwise: what the pool verifies, users have."""
    pool = make_pool({"AutoVerifiedAttributes": [kind]}, {"PreventUserExistenceErrors": "ENABLED"})
    known = pool.add_user()
    prove_by_admin(pool, known, **values, **{f"{kind}_verified": "true"})

    def shown(name):
        details = pool.idp.forgot_password(ClientId=pool.client_id, Username=name)["CodeDeliveryDetails"]
        return details["DeliveryMedium"], details["AttributeName"], len(details["Destination"])
    assert shown(known)[:2] == shown("nobody")[:2]
