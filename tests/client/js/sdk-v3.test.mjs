// SPDX-License-Identifier: Apache-2.0
// @aws-sdk/client-cognito-identity-provider, whose model is the newest: every operation, and the errors as its
// exception classes.
import assert from "node:assert/strict";
import { createHmac } from "node:crypto";
import { before, test } from "node:test";
import * as cognito from "@aws-sdk/client-cognito-identity-provider";
import { Authenticator } from "./authenticator.mjs";
import {
    addUser, attributes, invite, mailedCode, makeClient, makePool, newName, password, sdk, send, temporaryPassword,
} from "./house.mjs";

let pool;

before(async () => {
    pool = await makePool({ AutoVerifiedAttributes: ["email"] }, {
        ExplicitAuthFlows: ["ALLOW_USER_SRP_AUTH", "ALLOW_USER_PASSWORD_AUTH", "ALLOW_ADMIN_USER_PASSWORD_AUTH",
            "ALLOW_REFRESH_TOKEN_AUTH"],
    });
});

async function signIn(Username, client = pool.clientId) {
    const answer = await send(cognito.InitiateAuthCommand, {
        ClientId: client,
        AuthFlow: "USER_PASSWORD_AUTH",
        AuthParameters: { USERNAME: Username, PASSWORD: password },
    });
    return answer.AuthenticationResult;
}

test("a pool is made, shown, changed, listed and deleted", async () => {
    const { UserPool } = await send(cognito.CreateUserPoolCommand, {
        PoolName: "sdk",
        UserPoolTier: "PLUS",
        Policies: { SignInPolicy: { AllowedFirstAuthFactors: ["PASSWORD", "WEB_AUTHN"] } },
    });
    assert.equal(UserPool.UserPoolTier, "PLUS");
    assert.ok(UserPool.CreationDate instanceof Date);
    const UserPoolId = UserPool.Id;
    await send(cognito.UpdateUserPoolCommand, { UserPoolId, PoolName: "renamed", DeletionProtection: "INACTIVE" });
    const shown = (await send(cognito.DescribeUserPoolCommand, { UserPoolId })).UserPool;
    assert.equal(shown.Name, "renamed");
    assert.equal(shown.DeletionProtection, "INACTIVE");
    assert.equal(shown.UserPoolTier, "ESSENTIALS");
    const listed = [];
    for await (const page of cognito.paginateListUserPools({ client: sdk, pageSize: 3 }, {}))
        listed.push(...page.UserPools.map(({ Id }) => Id));
    assert.ok(listed.includes(UserPoolId));
    await send(cognito.DeleteUserPoolCommand, { UserPoolId });
    await assert.rejects(send(cognito.DescribeUserPoolCommand, { UserPoolId }), cognito.ResourceNotFoundException);
});

test("a client is made, shown, changed, listed and deleted", async () => {
    const UserPoolId = pool.id;
    const made = (await send(cognito.CreateUserPoolClientCommand, { UserPoolId, ClientName: "sdk" })).UserPoolClient;
    const { ClientId } = made;
    await send(cognito.UpdateUserPoolClientCommand, {
        UserPoolId,
        ClientId,
        ExplicitAuthFlows: ["ALLOW_USER_AUTH"],
        RefreshTokenRotation: { Feature: "ENABLED", RetryGracePeriodSeconds: 5 },
    });
    const shown = (await send(cognito.DescribeUserPoolClientCommand, { UserPoolId, ClientId })).UserPoolClient;
    assert.equal(shown.ClientName, "sdk");
    assert.deepEqual(shown.RefreshTokenRotation, { Feature: "ENABLED", RetryGracePeriodSeconds: 5 });
    const { UserPoolClients } = await send(cognito.ListUserPoolClientsCommand, { UserPoolId, MaxResults: 60 });
    assert.ok(UserPoolClients.some((client) => client.ClientId === ClientId));
    await send(cognito.DeleteUserPoolClientCommand, { UserPoolId, ClientId });
    await assert.rejects(send(cognito.DescribeUserPoolClientCommand, { UserPoolId, ClientId }),
        cognito.ResourceNotFoundException);
});

test("a user signs up, confirms by the second mailed code and signs in", async () => {
    const Username = newName();
    const address = `${Username}@example.com`;
    const ClientId = pool.clientId;
    const answer = await send(cognito.SignUpCommand, {
        ClientId, Username, Password: password, UserAttributes: attributes({ email: address }),
    });
    assert.equal(answer.UserConfirmed, false);
    await send(cognito.ResendConfirmationCodeCommand, { ClientId, Username });
    const ConfirmationCode = await mailedCode(address, 2);
    await send(cognito.ConfirmSignUpCommand, { ClientId, Username, ConfirmationCode });
    const { AccessToken } = await signIn(Username);
    const user = await send(cognito.GetUserCommand, { AccessToken });
    assert.equal(user.Username, Username);
    assert.ok(user.UserAttributes.some(({ Name, Value }) => Name === "email_verified" && Value === "true"));
});

test("an invited user chooses a password", async () => {
    const Username = await invite(pool);
    const ClientId = pool.clientId;
    const challenge = await send(cognito.AdminInitiateAuthCommand, {
        UserPoolId: pool.id,
        ClientId,
        AuthFlow: "ADMIN_USER_PASSWORD_AUTH",
        AuthParameters: { USERNAME: Username, PASSWORD: temporaryPassword },
    });
    assert.equal(challenge.ChallengeName, "NEW_PASSWORD_REQUIRED");
    const answer = await send(cognito.AdminRespondToAuthChallengeCommand, {
        UserPoolId: pool.id,
        ClientId,
        ChallengeName: challenge.ChallengeName,
        Session: challenge.Session,
        ChallengeResponses: { USERNAME: Username, NEW_PASSWORD: password },
    });
    assert.ok(answer.AuthenticationResult.IdToken);
    assert.ok(await signIn(Username));
});

test("a challenge is answered without credentials", async () => {
    const Username = await invite(pool);
    const ClientId = pool.clientId;
    const challenge = await send(cognito.InitiateAuthCommand, {
        ClientId,
        AuthFlow: "USER_PASSWORD_AUTH",
        AuthParameters: { USERNAME: Username, PASSWORD: temporaryPassword },
    });
    const answer = await send(cognito.RespondToAuthChallengeCommand, {
        ClientId,
        ChallengeName: challenge.ChallengeName,
        Session: challenge.Session,
        ChallengeResponses: { USERNAME: Username, NEW_PASSWORD: password },
    });
    assert.equal(answer.AuthenticationResult.TokenType, "Bearer");
});

test("administrators get, list, change the password of and delete a user", async () => {
    const UserPoolId = pool.id;
    const Username = await addUser(pool, { nickname: "nick" });
    const user = await send(cognito.AdminGetUserCommand, { UserPoolId, Username });
    assert.equal(user.UserStatus, "CONFIRMED");
    assert.ok(user.UserCreateDate instanceof Date);
    const { Users } = await send(cognito.ListUsersCommand, { UserPoolId, Filter: `username = "${Username}"` });
    assert.deepEqual(Users.map((each) => each.Username), [Username]);
    const change = { UserPoolId, Username, Password: "An0ther-one!", Permanent: true };
    await send(cognito.AdminSetUserPasswordCommand, change);
    await assert.rejects(signIn(Username), cognito.NotAuthorizedException);
    await send(cognito.AdminDeleteUserCommand, { UserPoolId, Username });
    await assert.rejects(send(cognito.AdminGetUserCommand, { UserPoolId, Username }), cognito.UserNotFoundException);
});

test("tokens are refreshed both ways, revoked, and end with a global sign-out", async () => {
    const ClientId = pool.clientId;
    const Username = await addUser(pool);
    const { RefreshToken } = await signIn(Username);
    const byFlow = await send(cognito.InitiateAuthCommand, {
        ClientId, AuthFlow: "REFRESH_TOKEN_AUTH", AuthParameters: { REFRESH_TOKEN: RefreshToken },
    });
    assert.ok(byFlow.AuthenticationResult.AccessToken);
    const byCall = await send(cognito.GetTokensFromRefreshTokenCommand, { ClientId, RefreshToken });
    assert.ok(byCall.AuthenticationResult.IdToken);
    assert.equal(byCall.AuthenticationResult.RefreshToken, undefined);
    await send(cognito.RevokeTokenCommand, { ClientId, Token: RefreshToken });
    await assert.rejects(send(cognito.GetTokensFromRefreshTokenCommand, { ClientId, RefreshToken }),
        { name: "NotAuthorizedException", message: "Refresh Token has been revoked" });
    const again = await signIn(Username);
    await send(cognito.GlobalSignOutCommand, { AccessToken: again.AccessToken });
    await assert.rejects(send(cognito.GetUserCommand, { AccessToken: again.AccessToken }),
        { name: "NotAuthorizedException", message: "Access Token has been revoked" });
});

test("a rotated refresh token is not taken twice", async () => {
    const { clientId: ClientId } = await makeClient(pool.id, {
        ExplicitAuthFlows: ["ALLOW_USER_PASSWORD_AUTH"],
        RefreshTokenRotation: { Feature: "ENABLED", RetryGracePeriodSeconds: 0 },
    });
    const { RefreshToken } = await signIn(await addUser(pool), ClientId);
    const rotated = await send(cognito.GetTokensFromRefreshTokenCommand, { ClientId, RefreshToken });
    assert.notEqual(rotated.AuthenticationResult.RefreshToken, RefreshToken);
    await assert.rejects(send(cognito.GetTokensFromRefreshTokenCommand, { ClientId, RefreshToken }),
        cognito.RefreshTokenReuseException);
});

test("a client with a secret", async () => {
    const { clientId: ClientId, secret } = await makeClient(pool.id, { GenerateSecret: true });
    const Username = newName();
    const SecretHash = createHmac("sha256", secret).update(Username + ClientId).digest("base64");
    await assert.rejects(send(cognito.SignUpCommand, { ClientId, Username, Password: password }), {
        name: "NotAuthorizedException",
        message: `Client ${ClientId} is configured with secret but SECRET_HASH was not received`,
    });
    await send(cognito.SignUpCommand, { ClientId, Username, Password: password, SecretHash });
});

test("second factors of a pool are set and shown with every member", async () => {
    const { id: UserPoolId } = await makePool();
    const factors = {
        MfaConfiguration: "OPTIONAL",
        SmsMfaConfiguration: {
            SmsAuthenticationMessage: "Your code is {####}",
            SmsConfiguration: { SnsCallerArn: "arn:aws:iam::123456789012:role/sms" },
        },
        SoftwareTokenMfaConfiguration: { Enabled: true },
        EmailMfaConfiguration: { Message: "Your code is {####}", Subject: "A code" },
        WebAuthnConfiguration: {
            RelyingPartyId: "example.com",
            UserVerification: "required",
            FactorConfiguration: "MULTI_FACTOR_WITH_USER_VERIFICATION",
        },
    };
    const { $metadata: _, ...set } = await send(cognito.SetUserPoolMfaConfigCommand, { UserPoolId, ...factors });
    assert.deepEqual(set, factors);
    const { $metadata: __, ...shown } = await send(cognito.GetUserPoolMfaConfigCommand, { UserPoolId });
    assert.deepEqual(shown, factors);
    await send(cognito.UpdateUserPoolCommand, { UserPoolId, MfaConfiguration: "ON" });
    const { MfaConfiguration } = await send(cognito.GetUserPoolMfaConfigCommand, { UserPoolId });
    assert.equal(MfaConfiguration, "ON");
});

test("a software token is set up, preferred and asked for", async () => {
    const other = await makePool();
    const UserPoolId = other.id;
    const ClientId = other.clientId;
    await send(cognito.SetUserPoolMfaConfigCommand, {
        UserPoolId, MfaConfiguration: "OPTIONAL", SoftwareTokenMfaConfiguration: { Enabled: true },
    });
    const Username = await addUser(other);
    const { AccessToken } = await signIn(Username, ClientId);
    const { SecretCode } = await send(cognito.AssociateSoftwareTokenCommand, { AccessToken });
    const app = new Authenticator(SecretCode);
    await assert.rejects(send(cognito.VerifySoftwareTokenCommand, { AccessToken, UserCode: app.wrong() }),
        cognito.EnableSoftwareTokenMFAException);
    const { Status } = await send(cognito.VerifySoftwareTokenCommand, { AccessToken, UserCode: await app.code() });
    assert.equal(Status, "SUCCESS");
    const SoftwareTokenMfaSettings = { Enabled: true, PreferredMfa: true };
    await send(cognito.SetUserMFAPreferenceCommand, { AccessToken, SoftwareTokenMfaSettings });
    const user = await send(cognito.AdminGetUserCommand, { UserPoolId, Username });
    assert.deepEqual(user.UserMFASettingList, ["SOFTWARE_TOKEN_MFA"]);
    assert.equal(user.PreferredMfaSetting, "SOFTWARE_TOKEN_MFA");
    const challenge = await send(cognito.InitiateAuthCommand, {
        ClientId, AuthFlow: "USER_PASSWORD_AUTH", AuthParameters: { USERNAME: Username, PASSWORD: password },
    });
    assert.equal(challenge.ChallengeName, "SOFTWARE_TOKEN_MFA");
    const respond = (code) => send(cognito.RespondToAuthChallengeCommand, {
        ClientId,
        ChallengeName: "SOFTWARE_TOKEN_MFA",
        Session: challenge.Session,
        ChallengeResponses: { USERNAME: Username, SOFTWARE_TOKEN_MFA_CODE: code },
    });
    await assert.rejects(respond(app.wrong()), cognito.CodeMismatchException);
    assert.ok((await respond(await app.code())).AuthenticationResult.AccessToken);
});

test("errors carry their class, text and request id", async () => {
    await assert.rejects(send(cognito.AdminGetUserCommand, { UserPoolId: pool.id, Username: "nobody" }), (error) => {
        assert.ok(error instanceof cognito.UserNotFoundException);
        assert.equal(error.message, "User does not exist.");
        assert.equal(error.$metadata.httpStatusCode, 400);
        assert.match(error.$metadata.requestId, /^[0-9a-f-]{36}$/);
        return true;
    });
});
