# SPDX-License-Identifier: Apache-2.0
"""CONFIRM_WITH_LINK: what is mailed, the page that the link opens, and what an attacker or a scanner gets of it."""

import http.client
import re
import urllib.parse

import pytest

from cognito import as_dict, new_name

FORM = {"Content-Type": "application/x-www-form-urlencoded"}


@pytest.fixture(scope="module")
def link_pool(make_pool):
    return make_pool({"AutoVerifiedAttributes": ["email"],
                      "VerificationMessageTemplate": {"DefaultEmailOption": "CONFIRM_WITH_LINK"}})


class Answer:
    def __init__(self, response):
        self.status = response.status
        self.headers = response.headers
        self.body = response.read().decode()
        self.title = re.search("<title>(.*)</title>", self.body)[1] if "<title>" in self.body else None

    def seen(self):
        """All that a stranger can compare."""
        headers = {name.lower(): value for name, value in self.headers.items()}
        return self.status, self.body, {name: value for name, value in headers.items()
                                        if name not in ("date", "x-amzn-requestid")}


def ask(server, method, target, headers=None):
    connection = http.client.HTTPConnection("127.0.0.1", server.port, timeout=30)
    try:
        connection.request(method, target, headers=headers or (FORM if method == "POST" else {}))
        return Answer(connection.getresponse())
    finally:
        connection.close()


def target_of(link):
    parts = urllib.parse.urlsplit(link)
    return f"{parts.path}?{parts.query}"


def with_values(link, **values):
    """The link with other values of its query; None leaves one out."""
    parts = urllib.parse.urlsplit(link)
    query = dict(urllib.parse.parse_qsl(parts.query)) | values
    return f"{parts.path}?" + urllib.parse.urlencode({k: v for k, v in query.items() if v is not None})


def signed_up(server, pool, name=None):
    """A new user; name and mailed link."""
    name = name or new_name()
    address = f"{new_name()}@example.com"
    pool.sign_up(name, email=address)
    return name, server.await_mail(address).link


def status_of(pool, name):
    return pool.get(name)["UserStatus"]


# --- As it is meant ---

def test_the_link_confirms(server, link_pool):
    name, address = new_name(), f"{new_name()}@example.com"
    answer = link_pool.sign_up(name, email=address)
    assert answer["CodeDeliveryDetails"] == {
        "Destination": "u***@e***", "DeliveryMedium": "EMAIL", "AttributeName": "email"}
    mail = server.await_mail(address)
    assert mail.subject == "Your verification link"
    parts = urllib.parse.urlsplit(mail.link)
    assert f"{parts.scheme}://{parts.netloc}" == server.endpoint
    assert parts.path == f"/{link_pool.id}/confirmUser"
    query = urllib.parse.parse_qs(parts.query, strict_parsing=True)
    assert query.keys() == {"client_id", "user_name", "confirmation_code"}
    assert (query["client_id"], query["user_name"]) == ([link_pool.client_id], [name])
    assert re.fullmatch("[0-9A-Za-z]{43}", *query["confirmation_code"])
    assert query["confirmation_code"][0] not in mail.subject

    page = ask(server, "GET", target_of(mail.link))
    assert (page.status, page.title) == (200, "Confirm your e-mail address")
    assert status_of(link_pool, name) == "UNCONFIRMED"
    done = ask(server, "POST", target_of(mail.link))
    assert (done.status, done.title) == (200, "Your e-mail address is confirmed")
    user = link_pool.get(name)
    assert user["UserStatus"] == "CONFIRMED"
    assert as_dict(user["UserAttributes"])["email_verified"] == "true"
    assert link_pool.sign_in(name)["AuthenticationResult"]


def test_a_link_works_once(server, link_pool):
    name, link = signed_up(server, link_pool)
    assert ask(server, "POST", target_of(link)).status == 200
    again = ask(server, "POST", target_of(link))
    assert (again.status, again.title) == (400, "This link does not work")
    assert "sign in" in again.body


def test_texts_of_the_pool(server, make_pool):
    pool = make_pool({"AutoVerifiedAttributes": ["email"], "VerificationMessageTemplate": {
        "DefaultEmailOption": "CONFIRM_WITH_LINK", "EmailSubjectByLink": "Welcome {username}",
        "EmailMessageByLink": "<p>{username}: {##Verify Email##}</p>", "EmailMessage": "not this {####}"}})
    name, address = "<b>&'\"{####}", f"{new_name()}@example.com"
    pool.sign_up(name, email=address)
    mail = server.await_mail(address)
    assert mail.subject == f"Welcome {name}"
    assert mail.body.startswith("<p>&lt;b&gt;&amp;&#39;&quot;{####}: <a href=\"")
    assert mail.body.rstrip().endswith('">Verify Email</a></p>')
    assert ask(server, "POST", target_of(mail.link)).status == 200
    assert status_of(pool, name) == "CONFIRMED"


def test_resending_ends_the_link_before(server, link_pool):
    name, first = signed_up(server, link_pool)
    link_pool.idp.resend_confirmation_code(ClientId=link_pool.client_id, Username=name)
    second = server.await_mail(link_pool.attributes_of(name)["email"], 2).link
    assert ask(server, "POST", target_of(first)).status == 400
    assert ask(server, "POST", target_of(second)).status == 200


def test_the_code_of_a_link_also_confirms_by_the_api(server, link_pool):
    name, link = signed_up(server, link_pool)
    link_pool.confirm(name, urllib.parse.parse_qs(urllib.parse.urlsplit(link).query)["confirmation_code"][0])
    assert status_of(link_pool, name) == "CONFIRMED"


def test_addresses_as_names(server, make_pool):
    pool = make_pool({"AutoVerifiedAttributes": ["email"], "UsernameAttributes": ["email"],
                      "VerificationMessageTemplate": {"DefaultEmailOption": "CONFIRM_WITH_LINK"}})
    address = f"{new_name()}+x@example.com"
    pool.sign_up(address)
    assert ask(server, "POST", target_of(server.await_mail(address).link)).status == 200
    assert status_of(pool, address) == "CONFIRMED"


def test_sms_has_a_code(server, make_pool):
    pool = make_pool({"AutoVerifiedAttributes": ["phone_number", "email"],
                      "VerificationMessageTemplate": {"DefaultEmailOption": "CONFIRM_WITH_LINK"}})
    pool.sign_up("caller", phone_number="+15550107788")
    pool.confirm("caller", server.await_mail("15550107788").code)


def test_attributes_are_proven_by_codes(server, link_pool):
    name, link = signed_up(server, link_pool)
    ask(server, "POST", target_of(link))
    address = f"{new_name()}@example.com"
    token = link_pool.tokens(name)["AccessToken"]
    link_pool.idp.update_user_attributes(AccessToken=token, UserAttributes=[{"Name": "email", "Value": address}])
    mail = server.await_mail(address)
    assert "href" not in mail.body
    link_pool.idp.verify_user_attribute(AccessToken=token, AttributeName="email", Code=mail.code)


def test_a_client_with_a_secret(server, make_pool):
    pool = make_pool({"AutoVerifiedAttributes": ["email"],
                      "VerificationMessageTemplate": {"DefaultEmailOption": "CONFIRM_WITH_LINK"}},
                     {"GenerateSecret": True})
    name, link = signed_up(server, pool)
    assert ask(server, "POST", target_of(link)).status == 200
    assert status_of(pool, name) == "CONFIRMED"


def test_an_address_that_another_account_has(server, make_pool):
    pool = make_pool({"AutoVerifiedAttributes": ["email"], "AliasAttributes": ["email"],
                      "VerificationMessageTemplate": {"DefaultEmailOption": "CONFIRM_WITH_LINK"}})
    address = f"{new_name()}@example.com"
    pool.sign_up("first", email=address)
    pool.sign_up("second", email=address)
    first, second = (server.await_mail(address, number).link for number in (1, 2))
    assert ask(server, "POST", target_of(first)).status == 200
    answer = ask(server, "POST", target_of(second))
    assert (answer.status, answer.title) == (409, "This address belongs to another account")
    assert status_of(pool, "second") == "UNCONFIRMED"


def test_what_trackers_add(server, link_pool):
    name, link = signed_up(server, link_pool)
    assert ask(server, "POST", target_of(link) + "&utm_source=mail&x").status == 200
    assert status_of(link_pool, name) == "CONFIRMED"


# --- The page ---

def test_headers_of_the_page(server, link_pool):
    _, link = signed_up(server, link_pool)
    for method in "GET", "POST":
        page = ask(server, method, target_of(link),
                   {"Origin": "https://evil.example", "Accept-Language": "de, fr;q=0.5"})
        policy = page.headers["Content-Security-Policy"]
        assert re.fullmatch(r"default-src 'none'; style-src 'sha256-[\w+/]{43}='; form-action 'self'; base-uri 'none'; "
                            r"frame-ancestors 'none'", policy)
        assert page.headers["Referrer-Policy"] == "no-referrer"
        assert page.headers["X-Frame-Options"] == "DENY"
        assert page.headers["Cache-Control"] == "no-store"
        assert page.headers["X-Content-Type-Options"] == "nosniff"
        assert page.headers["Content-Type"] == "text/html; charset=utf-8"
        assert page.headers["Content-Language"] == "en"
        assert "Access-Control-Allow-Origin" not in page.headers
        assert '<html lang="en">' in page.body
        assert "<script" not in page.body


def test_what_is_logged(server, link_pool):
    name, link = signed_up(server, link_pool, f"logged-{new_name()}")
    ask(server, "GET", target_of(link))
    ask(server, "POST", target_of(link))
    code = urllib.parse.parse_qs(urllib.parse.urlsplit(link).query)["confirmation_code"][0]
    assert f"/{link_pool.id}/confirmUser" in server.log()
    assert code not in server.log() and name not in server.log()


# --- Attacks ---

@pytest.mark.parametrize("method", ["HEAD", "GET", "OPTIONS", "PUT", "DELETE", "PATCH", "PROPFIND"])
def test_a_mail_scanner_confirms_nobody(server, link_pool, method):
    name, link = signed_up(server, link_pool)
    answer = ask(server, method, target_of(link))
    assert answer.status == (200 if method in ("HEAD", "GET") else 405)
    if method == "HEAD":
        assert answer.body == ""
    assert status_of(link_pool, name) == "UNCONFIRMED"
    assert ask(server, "POST", target_of(link)).status == 200


def test_strangers_see_one_answer(server, link_pool, make_pool):
    """Unknown user, wrong, tampered, used, expired by a newer one, of another user, client or pool: all the same."""
    name, link = signed_up(server, link_pool)
    other_name, other_link = signed_up(server, link_pool)
    used_name, used = signed_up(server, link_pool)
    ask(server, "POST", target_of(used))
    other_pool = make_pool()
    code = dict(urllib.parse.parse_qsl(urllib.parse.urlsplit(link).query))["confirmation_code"]
    tampered = ("B" if code[0] == "A" else "A") + code[1:]
    cases = {
        "unknown user": with_values(link, user_name="nobody"),
        "tampered": with_values(link, confirmation_code=tampered),
        "of another user": with_values(link, user_name=other_name),
        "used": target_of(used),
        "confirmed user, wrong code": with_values(used, confirmation_code=tampered),
        "client of another pool": with_values(link, client_id=other_pool.client_id),
        "no such client": with_values(link, client_id="a" * 26),
        "another pool": target_of(link).replace(link_pool.id, other_pool.id),
        "no such pool": target_of(link).replace(link_pool.id, "us-east-1_nothing00"),
        "a code to type": with_values(link, confirmation_code="123456"),
        "no code": with_values(link, confirmation_code=""),
        "code missing": with_values(link, confirmation_code=None),
        "user missing": with_values(link, user_name=None),
        "client missing": with_values(link, client_id=None),
        "code twice": target_of(link) + "&confirmation_code=" + code,
        "user twice": target_of(link) + "&user_name=" + other_name,
        "client twice": target_of(link) + "&client_id=" + link_pool.client_id,
        "long name": with_values(link, user_name="x" * 2000),
        "long code": with_values(link, confirmation_code=code * 50),
        "many parameters": target_of(link) + "&x=1" * 100,
        "not UTF-8": target_of(link).replace("user_name=", "user_name=%ff"),
        "NUL": target_of(link).replace("user_name=", "user_name=%00"),
        "bad escape": target_of(link).replace("user_name=", "user_name=%zz"),
        "header injection": target_of(link).replace("user_name=", "user_name=%0d%0aSet-Cookie:%20a=b%0d%0a%0d%0a<h1>"),
        "markup": with_values(link, user_name="\"><script>alert(1)</script>"),
        "SQL": with_values(link, user_name="' OR '1'='1"),
        "nothing": urllib.parse.urlsplit(link).path,
    }
    answers = {what: ask(server, "POST", target).seen() for what, target in cases.items()}
    status, body, _ = first = answers["unknown user"]
    assert status == 400 and "This link does not work" in body
    assert {what for what, seen in answers.items() if seen != first} == set()
    assert status_of(link_pool, name) == status_of(link_pool, other_name) == "UNCONFIRMED"
    assert ask(server, "POST", target_of(link)).status == 200
    assert ask(server, "POST", target_of(other_link)).status == 200


def test_nothing_of_the_url_is_shown(server, link_pool):
    _, link = signed_up(server, link_pool)
    marker = "x7\"><script>alert(1)</script>"
    for method in "GET", "POST":
        answer = ask(server, method, with_values(link, user_name=marker, client_id=marker) + "&x7=x7")
        assert "x7" not in answer.body + str(answer.headers)


def test_what_is_no_page(server, link_pool):
    for path in ("/confirmUser", "//confirmUser", f"/a/{link_pool.id}/confirmUser", f"/{link_pool.id}/confirmUser/"):
        assert ask(server, "GET", path).status == 404


def test_strangers_do_not_lock_a_link(server, link_pool):
    """Wrong tries are limited, also for a name that nobody has, and the owner's link works all the same."""
    name, link = signed_up(server, link_pool)
    for who in name, f"nobody-{new_name()}":
        target = with_values(link, user_name=who, confirmation_code="A" * 43)
        statuses = [ask(server, "POST", target).status for _ in range(16)]
        assert statuses == [400] * 15 + [429]
    assert ask(server, "POST", target_of(link)).status == 200
    assert status_of(link_pool, name) == "CONFIRMED"


def test_a_disabled_user_stays_disabled(server, link_pool):
    name, link = signed_up(server, link_pool)
    link_pool.idp.admin_disable_user(UserPoolId=link_pool.id, Username=name)
    ask(server, "POST", target_of(link))
    assert link_pool.get(name)["Enabled"] is False


def test_confirmed_by_an_administrator(server, link_pool):
    name, link = signed_up(server, link_pool)
    link_pool.idp.admin_confirm_sign_up(UserPoolId=link_pool.id, Username=name)
    assert ask(server, "POST", target_of(link)).status == 400
    assert link_pool.attributes_of(name)["email_verified"] == "false"


def test_the_address_has_changed_since(server, link_pool):
    name, link = signed_up(server, link_pool)
    link_pool.idp.admin_update_user_attributes(
        UserPoolId=link_pool.id, Username=name, UserAttributes=[{"Name": "email", "Value": "other@example.com"}])
    assert ask(server, "POST", target_of(link)).status == 400
    assert status_of(link_pool, name) == "UNCONFIRMED"


def test_a_user_who_is_gone(server, link_pool):
    name, link = signed_up(server, link_pool)
    link_pool.idp.admin_delete_user(UserPoolId=link_pool.id, Username=name)
    assert ask(server, "POST", target_of(link)).status == 400
    link_pool.sign_up(name, email="somebody.else@example.com")
    assert ask(server, "POST", target_of(link)).status == 400
    assert status_of(link_pool, name) == "UNCONFIRMED"
