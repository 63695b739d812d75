# SPDX-License-Identifier: Apache-2.0
"""What a client knows of its users: which calls it may make next, and what each makes of a user. Nobody else touches
them, so once a call is acknowledged the user must be exactly so; while one is under way, as before or as after it."""

import string
import time
from dataclasses import dataclass, replace
from typing import Callable

from wire import Refused

REMEMBERED = 3  # sessions of a user
CHALLENGE_LIFE = 60  # seconds; the server gives it three minutes


class Wrong(Exception):
    """The server has something else than it acknowledged."""


@dataclass(frozen=True)
class Place:
    """A pool with a client."""
    pool_id: str
    client_id: str
    is_named_by_email: bool = False
    rotates: bool = False

    def new_user(self, name):
        return User(f"{name}@example.com" if self.is_named_by_email else name)


@dataclass(frozen=True)
class Session:
    access_token: str
    refresh_token: str


@dataclass(frozen=True)
class Challenge:
    session: str
    since: float

    def is_fresh(self):
        return time.monotonic() - self.since < CHALLENGE_LIFE


@dataclass(frozen=True)
class User:
    name: str
    status: str = ""  # of the API; empty: there is no such user
    password: str = ""
    attributes: tuple = ()  # sorted pairs, without sub
    challenge: Challenge = None  # NEW_PASSWORD_REQUIRED
    sessions: tuple = ()
    ended: tuple = ()  # refresh tokens that are good for nothing any more

    def has(self, *statuses):
        return self.status in statuses

    def gone(self):
        return replace(self, status="", password="", attributes=(), challenge=None, sessions=(),
                       ended=self._end(self.sessions))

    def with_session(self, answer):
        """The tokens of an answer; None: some that nobody got."""
        if not answer:
            return self
        result = answer["AuthenticationResult"]
        session = Session(result["AccessToken"], result["RefreshToken"])
        return replace(self, sessions=(*self.sessions, session)[-REMEMBERED:])

    def without_sessions(self, ended):
        return replace(self, sessions=tuple(session for session in self.sessions if session not in ended),
                       ended=self._end(ended))

    def _end(self, sessions):
        return (*self.ended, *(session.refresh_token for session in sessions))[-REMEMBERED:]


# --- Drawing what a call says


def draw_text(draw, longest):
    return "".join(draw.choices(string.ascii_letters + string.digits, k=draw.randint(1, longest)))


def draw_password(draw):
    return f"Aa1!long{draw_text(draw, 20)}"


def email_of(user):
    return user.name if "@" in user.name else f"{user.name}@example.com"


def draw_attributes(draw, user):
    values = {"email": email_of(user), "nickname": draw_text(draw, 200)}
    return [{"Name": name, "Value": value} for name, value in values.items()]


def kept(members):
    """What becomes of a new user's attributes."""
    values = {item["Name"]: item["Value"] for item in members["UserAttributes"]}
    return tuple(sorted((values | {"email_verified": "false"}).items()))


# --- The operations


@dataclass(frozen=True)
class Operation:
    name: str
    weight: int  # how often it is chosen among those that suit
    suits: Callable[[User], bool]
    members: Callable  # (place, user, draw): of the request
    after: Callable  # (place, user, members, answer): the user then; the answer is None when it did not come
    is_signed: bool = True
    writes: bool = True


def of_user(place, user, **members):
    return {"UserPoolId": place.pool_id, "Username": user.name, **members}


def of_client(place, **members):
    return {"ClientId": place.client_id, **members}


def signed_up(place, user, members, answer):
    return replace(user, status="UNCONFIRMED", password=members["Password"], attributes=kept(members))


def invited(place, user, members, answer):
    return replace(user, status="FORCE_CHANGE_PASSWORD", password=members["TemporaryPassword"],
                   attributes=kept(members))


def signed_in(place, user, members, answer):
    if answer and answer.get("ChallengeName") == "NEW_PASSWORD_REQUIRED":
        return replace(user, challenge=Challenge(answer["Session"], time.monotonic()))
    return user.with_session(answer)


def chose_password(place, user, members, answer):
    password = members["ChallengeResponses"]["NEW_PASSWORD"]
    return replace(user, status="CONFIRMED", password=password, challenge=None).with_session(answer)


def got_password(place, user, members, answer):
    return replace(user, status="CONFIRMED", password=members["Password"], challenge=None)


def refreshed(place, user, members, answer):
    """The old token is not used again once a new one came: that would end the sign-in."""
    session = user.sessions[-1]
    if not place.rotates:
        return user
    if not answer:
        return user.without_sessions((session,))
    return replace(user, sessions=user.sessions[:-1]).with_session(answer)


def revoked(place, user, members, answer):
    return user.without_sessions(user.sessions[-1:])


def signed_out(place, user, members, answer):
    return user.without_sessions(user.sessions)


def seen(place, user, members, answer):
    if answer:
        compare(user, answer)
    return user


OPERATIONS = [
    Operation("SignUp", 6, lambda user: not user.status,
              lambda place, user, draw: of_client(place, Username=user.name, Password=draw_password(draw),
                                                  UserAttributes=draw_attributes(draw, user)),
              signed_up, is_signed=False),
    Operation("AdminCreateUser", 3, lambda user: not user.status,
              lambda place, user, draw: of_user(place, user, TemporaryPassword=draw_password(draw),
                                                UserAttributes=draw_attributes(draw, user),
                                                DesiredDeliveryMediums=["EMAIL"]),
              invited),
    Operation("AdminConfirmSignUp", 3, lambda user: user.has("UNCONFIRMED"),
              lambda place, user, draw: of_user(place, user),
              lambda place, user, members, answer: replace(user, status="CONFIRMED")),
    Operation("InitiateAuth", 4, lambda user: user.has("CONFIRMED", "FORCE_CHANGE_PASSWORD"),
              lambda place, user, draw: of_client(
                  place, AuthFlow="USER_PASSWORD_AUTH",
                  AuthParameters={"USERNAME": user.name, "PASSWORD": user.password}),
              signed_in, is_signed=False),
    Operation("RespondToAuthChallenge", 4, lambda user: user.challenge and user.challenge.is_fresh(),
              lambda place, user, draw: of_client(
                  place, ChallengeName="NEW_PASSWORD_REQUIRED", Session=user.challenge.session,
                  ChallengeResponses={"USERNAME": user.name, "NEW_PASSWORD": draw_password(draw)}),
              chose_password, is_signed=False),
    Operation("GetTokensFromRefreshToken", 4, lambda user: user.sessions,
              lambda place, user, draw: of_client(place, RefreshToken=user.sessions[-1].refresh_token),
              refreshed, is_signed=False),
    Operation("RevokeToken", 1, lambda user: user.sessions,
              lambda place, user, draw: of_client(place, Token=user.sessions[-1].refresh_token),
              revoked, is_signed=False),
    Operation("GlobalSignOut", 1, lambda user: user.sessions,
              lambda place, user, draw: {"AccessToken": user.sessions[-1].access_token},
              signed_out, is_signed=False),
    Operation("AdminSetUserPassword", 2, lambda user: user.status,
              lambda place, user, draw: of_user(place, user, Password=draw_password(draw), Permanent=True),
              got_password),
    Operation("AdminGetUser", 2, lambda user: user.status,
              lambda place, user, draw: of_user(place, user), seen, writes=False),
    Operation("AdminDeleteUser", 1, lambda user: user.status,
              lambda place, user, draw: of_user(place, user),
              lambda place, user, members, answer: user.gone()),
]


# --- Looking


def compare(user, answer):
    """Against an answer of AdminGetUser."""
    attributes = {item["Name"]: item["Value"] for item in answer["UserAttributes"]}
    attributes.pop("sub")
    if (answer["UserStatus"], tuple(sorted(attributes.items()))) != (user.status, user.attributes):
        raise Wrong(f"{user} is {answer}")


def expect(wire, codes, operation, members, is_signed=False):
    try:
        answer = wire.call(operation, members, is_signed)
    except Refused as refusal:
        if refusal.code not in codes:
            raise
    else:
        raise Wrong(f"{operation} {members} is not refused: {answer}")


def look(wire, place, user):
    """The user with new tokens, once all that was acknowledged turned out to be so. Else Wrong or Refused, and then
    none of its tokens was used up: what a call under way may have changed is looked at first."""
    if user.status:
        compare(user, wire.call("AdminGetUser", of_user(place, user), is_signed=True))
    else:
        expect(wire, {"UserNotFoundException"}, "AdminGetUser", of_user(place, user), is_signed=True)
    sessions = user.sessions
    user = try_password(wire, place, user)
    for session in reversed(sessions):
        answer = wire.call("GetTokensFromRefreshToken", of_client(place, RefreshToken=session.refresh_token))
        if place.rotates:
            user = replace(user, sessions=tuple(other for other in user.sessions if other != session))
            user = user.with_session(answer)
    for token in user.ended:
        expect(wire, {"NotAuthorizedException", "RefreshTokenReuseException"}, "GetTokensFromRefreshToken",
               of_client(place, RefreshToken=token))
    return user


def try_password(wire, place, user):
    members = of_client(place, AuthFlow="USER_PASSWORD_AUTH",
                        AuthParameters={"USERNAME": user.name, "PASSWORD": user.password})
    if user.has("UNCONFIRMED"):
        expect(wire, {"UserNotConfirmedException"}, "InitiateAuth", members)
    elif user.status:
        return signed_in(place, user, members, wire.call("InitiateAuth", members))
    return user
