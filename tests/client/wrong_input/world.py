# SPDX-License-Identifier: Apache-2.0
"""What valid requests need to find in the server: a pool, a client, users in each state, codes, tokens. And what the
store holds, as one fingerprint."""

import hashlib
import json

import sample
import spec
import wire
from server import wait_for

PASSWORD = f"Passw0rd!{sample.MARK}"
GROUP, OTHER_GROUP, NEW_GROUP = "group", "other.group", "new.group"
FLOWS = ["ALLOW_USER_PASSWORD_AUTH", "ALLOW_ADMIN_USER_PASSWORD_AUTH", "ALLOW_REFRESH_TOKEN_AUTH"]
KNOWN, WAITING, INVITED, FORGETFUL, NEW = (
    f"{name}.{sample.MARK}" for name in ("known", "waiting", "invited", "forgetful", "new"))

# Operations that need nothing but what their specs require.
SIMPLE = (
    "AdminDeleteUser AdminDeleteUserAttributes AdminGetUser AdminListGroupsForUser AdminRemoveUserFromGroup "
    "AdminResetUserPassword AdminSetUserPassword AdminUpdateUserAttributes AdminUserGlobalSignOut CreateUserPool "
    "CreateUserPoolClient DeleteGroup DeleteUser DeleteUserAttributes DeleteUserPool DeleteUserPoolClient "
    "DeleteUserPoolQuota DescribeServer DescribeUserPool DescribeUserPoolClient DescribeUserPoolMigration "
    "ForgotPassword GetGroup GetTokensFromRefreshToken GetUser GetUserAttributeVerificationCode GlobalSignOut "
    "ListDeadMessages ListGroups ListTagsForResource ListUserPoolClients ListUserPoolMigrationConflicts "
    "ListUserPoolQuotas ListUserPools ListUserSessions ListUsers ListUsersInGroup RemoveUserSecondFactor "
    "RevokeToken SearchUsers TagResource UntagResource UpdateGroup UpdateUserAttributes UpdateUserPool "
    "UpdateUserPoolClient").split()
LIMIT = {"LimitClass": "API_CATEGORY", "Attributes": {"Category": "UserList"}}
PLENTY = 1000000  # requests per second


def attributes(**values):
    return [{"Name": name, "Value": value} for name, value in values.items()]


class World:
    """Something of it changes when a request is carried out that should have been refused."""

    def __init__(self, server):
        self.server = server
        self.key = wire.Key(server.key_id, server.secret)
        self.line = wire.Line(server)
        self.make_pool()
        self.make_users()
        self.make_groups()
        self.make_dead_message()
        self.make_migration()

    def send(self, operation, body):
        message = wire.aws_json(operation, body)
        if operation.caller == "sigv4":
            wire.Signature(self.key, self.line.host).sign(message)
        return self.line.send(message)

    def call(self, name, **members):
        reply = self.send(spec.BY_NAME[name], json.dumps(members).encode())
        assert reply.status == 200, reply
        return reply.document

    def make_pool(self):
        pool = self.call("CreateUserPool", PoolName="wrong", AutoVerifiedAttributes=["email"])["UserPool"]
        self.pool_id, self.pool_arn = pool["Id"], pool["Arn"]
        # Sessions outlive the suite: one that expires is removed from the store.
        self.client_id = self.call("CreateUserPoolClient", UserPoolId=self.pool_id, ClientName="wrong",
                                   ExplicitAuthFlows=FLOWS, AuthSessionValidity=15)["UserPoolClient"]["ClientId"]

    def sign_in(self, username, password):
        return self.call("InitiateAuth", ClientId=self.client_id, AuthFlow="USER_PASSWORD_AUTH",
                         AuthParameters={"USERNAME": username, "PASSWORD": password})

    def address_of(self, name):
        """One of its own, so that a message to it has one meaning."""
        return f"{name.partition('.')[0]}.{self.client_id}@example.com"

    def invite(self, name):
        self.call("AdminCreateUser", UserPoolId=self.pool_id, Username=name, TemporaryPassword=PASSWORD,
                  MessageAction="SUPPRESS", UserAttributes=attributes(
                      email=self.address_of(name), email_verified="true", nickname="N"))

    def add_user(self, name):
        self.invite(name)
        self.call("AdminSetUserPassword", UserPoolId=self.pool_id, Username=name, Password=PASSWORD, Permanent=True)

    def make_users(self):
        self.call("SignUp", ClientId=self.client_id, Username=WAITING, Password=PASSWORD,
                  UserAttributes=attributes(email=self.address_of(WAITING)))
        self.add_user(KNOWN)
        self.add_user(FORGETFUL)
        self.invite(INVITED)
        self.tokens = self.sign_in(KNOWN, PASSWORD)["AuthenticationResult"]
        sessions = self.call("ListUserSessions", UserPoolId=self.pool_id, Username=KNOWN)["Sessions"]
        self.session_id = sessions[0]["SessionId"]
        self.session = self.sign_in(INVITED, PASSWORD)["Session"]
        self.call("ForgotPassword", ClientId=self.client_id, Username=FORGETFUL)
        self.call("GetUserAttributeVerificationCode", AccessToken=self.tokens["AccessToken"], AttributeName="email")
        self.codes = {name: self.server.await_mail(self.address_of(name)).code
                      for name in (WAITING, KNOWN, FORGETFUL)}
        self.await_empty_outbox()

    def await_empty_outbox(self):
        wait_for(lambda: not rows(self.server, "outbox_message WHERE state = 'waiting'"), "an empty outbox")

    def make_dead_message(self):
        """No mail program takes a sender without a domain."""
        pool_id = self.call("CreateUserPool", PoolName="dead", AutoVerifiedAttributes=["email"],
                            EmailConfiguration={"From": "nobody"})["UserPool"]["Id"]
        client = self.call("CreateUserPoolClient", UserPoolId=pool_id, ClientName="dead")["UserPoolClient"]
        self.call("SignUp", ClientId=client["ClientId"], Username=WAITING, Password=PASSWORD,
                  UserAttributes=attributes(email=self.address_of(WAITING)))
        self.await_empty_outbox()
        dead = self.call("ListDeadMessages")["DeadMessages"]
        self.dead = next(one["MessageId"] for one in dead if one["UserPoolId"] == pool_id)

    def make_migration(self):
        """One that has ended, and left nothing to be done."""
        self.call("MigrateUserPool", UserPoolId=self.pool_id, CaseSensitive=False, DryRun=True)
        wait_for(lambda: self.call("DescribeUserPoolMigration", UserPoolId=self.pool_id)["Migration"]["State"] ==
                 "CHECKED" and not rows(self.server, "stale_name_space"), "the end of a migration")

    def make_groups(self):
        for name in (GROUP, OTHER_GROUP):
            self.call("CreateGroup", UserPoolId=self.pool_id, GroupName=name)
        self.call("AdminAddUserToGroup", UserPoolId=self.pool_id, GroupName=GROUP, Username=KNOWN)

    def members(self):
        """For every operation: what stands for something that is there."""
        return {"UserPoolId": self.pool_id, "ClientId": self.client_id, "Username": KNOWN, "Password": PASSWORD,
                "AccessToken": self.tokens["AccessToken"], "RefreshToken": self.tokens["RefreshToken"],
                "Token": self.tokens["RefreshToken"], "AttributeName": "email",
                "ConfirmationCode": self.codes[WAITING], "GroupName": GROUP,
                "ResourceArn": self.pool_arn,
                "UserAttributes": attributes(nickname=sample.MARK), "UserAttributeNames": ["nickname"]}

    def special_members(self):
        """What makes certain operations succeed, besides what their specs require. Whatever has a line here must be
        carried out; other operations may find that something is missing in this world."""
        proof = {"USERNAME": KNOWN, "PASSWORD": PASSWORD}
        answer = {"ChallengeName": "NEW_PASSWORD_REQUIRED", "Session": self.session,
                  "ChallengeResponses": {"USERNAME": INVITED, "NEW_PASSWORD": PASSWORD}}
        return dict.fromkeys(SIMPLE, {}) | {
            "AddCustomAttributes": {"CustomAttributes": [{"Name": "new", "AttributeDataType": "String"}]},
            "AdminAddUserToGroup": {"GroupName": OTHER_GROUP},
            "AdminConfirmSignUp": {"Username": WAITING},
            "AdminCreateUser": {"Username": NEW, "TemporaryPassword": PASSWORD},
            "AdminInitiateAuth": {"AuthFlow": "ADMIN_USER_PASSWORD_AUTH", "AuthParameters": proof},
            "AdminRespondToAuthChallenge": answer,
            "ChangePassword": {"PreviousPassword": PASSWORD, "ProposedPassword": f"{PASSWORD}2"},
            "ConfirmForgotPassword": {"Username": FORGETFUL, "ConfirmationCode": self.codes[FORGETFUL]},
            "ConfirmSignUp": {"Username": WAITING},
            "CreateGroup": {"GroupName": NEW_GROUP},
            "DeleteDeadMessage": {"MessageId": self.dead},
            "EndUserSession": {"SessionId": self.session_id},
            "GetProvisionedLimit": {"LimitDefinition": LIMIT},
            "MigrateUserPool": {"CaseSensitive": False, "DryRun": True},
            "InitiateAuth": {"AuthFlow": "USER_PASSWORD_AUTH", "AuthParameters": proof},
            # What tells of no reader, who would be told of in the next answer.
            "ListAuditEvents": {"Operation": "SignUp"},
            "ResendConfirmationCode": {"Username": WAITING},
            "ResendDeadMessage": {"MessageId": self.dead},
            "RespondToAuthChallenge": answer,
            "SetUserPoolQuota": {"Rate": PLENTY},
            "SignUp": {"Username": NEW, "Password": PASSWORD},
            "UpdateProvisionedLimit": {"LimitDefinition": LIMIT, "RequestedLimitValue": PLENTY},
            "VerifyUserAttribute": {"Code": self.codes[KNOWN]},
        }

    def baseline(self, operation):
        """A request that is carried out, and for most operations changes the store."""
        required = sample.structure(operation.service, operation.input)
        ours = {name: value for name, value in self.members().items() if name in required}
        return required | ours | self.special_members().get(operation.name, {})

    def secrets(self):
        """Texts that neither log nor answers may show. Passwords, names and made-up values carry the mark."""
        return [sample.MARK, sample.MARK_OF_CODE, self.server.secret, self.session, self.tokens["RefreshToken"],
                self.tokens["AccessToken"].split(".")[2], self.tokens["IdToken"].split(".")[2]]


# --- The store ---

# Spare keys are made ahead of need, and deleted groups are removed, whenever there is time. The audit trail may tell
# of what was refused, and of reading what is not for everybody.
DISCLOSURES = ", ".join(f"'{operation.name}'" for operation in spec.OPERATIONS if operation.is_disclosure)
CONTENT = {"audit_event": f"SELECT * FROM audit_event WHERE outcome <> 'Fail' AND operation NOT IN ({DISCLOSURES})",
           "signing_key": "SELECT * FROM signing_key WHERE pool_id IS NOT NULL",
           "pool_group": "SELECT * FROM pool_group WHERE deleted_at IS NULL",
           "group_member": "SELECT m.* FROM group_member m JOIN pool_group g ON g.id = m.group_id "
                           "WHERE g.deleted_at IS NULL"}


def rows(server, table):
    return server.database.execute(f"SELECT * FROM {table}")


def fingerprint(server):
    """Table -> rows and a hash of all of them; and the messages that were sent."""
    content = server.database.snapshot(lambda tables: {
        table: CONTENT.get(table, f"SELECT * FROM {table}") for table in tables})
    found = {}
    for table, rows_of_table in content.items():
        lines = sorted(map(repr, rows_of_table))
        found[table] = (len(lines), hashlib.sha256("\n".join(lines).encode()).hexdigest())
    return found | {"outbox": sorted(path.name for path in (server.outbox / "new").glob("*"))}
