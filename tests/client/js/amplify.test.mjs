// SPDX-License-Identifier: Apache-2.0
// aws-amplify v6 Auth, pointed at the server by userPoolEndpoint.
import assert from "node:assert/strict";
import { afterEach, before, test } from "node:test";
import { Amplify } from "aws-amplify";
import * as auth from "aws-amplify/auth";
import { AdminResetUserPasswordCommand } from "@aws-sdk/client-cognito-identity-provider";
import {
    addUser, endpoint, invite, mailedCode, makePool, newName, password, prove, send, temporaryPassword,
} from "./house.mjs";

let pool;

before(async () => {
    pool = await makePool({ AutoVerifiedAttributes: ["email"] });
    Amplify.configure({
        Auth: { Cognito: { userPoolId: pool.id, userPoolClientId: pool.clientId, userPoolEndpoint: endpoint } },
    });
});

afterEach(() => auth.signOut());

function signIn(username, authFlowType = "USER_SRP_AUTH", secret = password) {
    return auth.signIn({ username, password: secret, options: { authFlowType } });
}

test("sign-up, a code sent again, confirmation, sign-in", async () => {
    const username = newName();
    const email = `${username}@example.com`;
    const begun = await auth.signUp({ username, password, options: { userAttributes: { email } } });
    assert.equal(begun.nextStep.signUpStep, "CONFIRM_SIGN_UP");
    assert.equal(begun.nextStep.codeDeliveryDetails.deliveryMedium, "EMAIL");
    const unconfirmed = await signIn(username);
    assert.equal(unconfirmed.nextStep.signInStep, "CONFIRM_SIGN_UP");
    await auth.resendSignUpCode({ username });
    const confirmed = await auth.confirmSignUp({ username, confirmationCode: await mailedCode(email, 2) });
    assert.equal(confirmed.isSignUpComplete, true);
    assert.equal((await signIn(username)).isSignedIn, true);
    const attributes = await auth.fetchUserAttributes();
    assert.equal(attributes.email, email);
    assert.equal(attributes.email_verified, "true");
});

for (const flow of ["USER_SRP_AUTH", "USER_PASSWORD_AUTH"]) {
    test(`sign-in by ${flow}`, async () => {
        const username = await addUser(pool);
        const outcome = await signIn(username, flow);
        assert.equal(outcome.isSignedIn, true);
        assert.equal(outcome.nextStep.signInStep, "DONE");
        const current = await auth.getCurrentUser();
        assert.equal(current.username, username);
        const { tokens, userSub } = await auth.fetchAuthSession();
        assert.equal(tokens.accessToken.payload.username, username);
        assert.equal(tokens.idToken.payload.aud, pool.clientId);
        assert.equal(userSub, current.userId);
    });

    test(`a new password after ${flow}`, async () => {
        const username = await invite(pool);
        const asked = await signIn(username, flow, temporaryPassword);
        assert.equal(asked.nextStep.signInStep, "CONFIRM_SIGN_IN_WITH_NEW_PASSWORD_REQUIRED");
        const outcome = await auth.confirmSignIn({ challengeResponse: password });
        assert.equal(outcome.isSignedIn, true);
    });
}

test("a session is refreshed on demand", async () => {
    await signIn(await addUser(pool));
    const before = (await auth.fetchAuthSession()).tokens;
    const after = (await auth.fetchAuthSession({ forceRefresh: true })).tokens;
    assert.notEqual(after.accessToken.toString(), before.accessToken.toString());
    assert.equal(after.accessToken.payload.origin_jti, before.accessToken.payload.origin_jti);
});

test("a global sign-out ends the session", async () => {
    await signIn(await addUser(pool));
    await auth.signOut({ global: true });
    assert.equal((await auth.fetchAuthSession()).tokens, undefined);
    await assert.rejects(auth.getCurrentUser(), { name: "UserUnAuthenticatedException" });
});

test("a forgotten password is reset by a mailed code", async () => {
    const username = await addUser(pool);
    const email = `${username}@example.com`;
    await prove(pool, username, email);
    const begun = await auth.resetPassword({ username });
    assert.equal(begun.nextStep.resetPasswordStep, "CONFIRM_RESET_PASSWORD_WITH_CODE");
    assert.equal(begun.nextStep.codeDeliveryDetails.deliveryMedium, "EMAIL");
    const newPassword = "Br4nd-new!";
    await auth.confirmResetPassword({ username, newPassword, confirmationCode: await mailedCode(email) });
    assert.equal((await signIn(username, "USER_SRP_AUTH", newPassword)).isSignedIn, true);
});

test("a user who has to reset the password is told so", async () => {
    const username = await addUser(pool);
    await prove(pool, username, `${username}@example.com`);
    await send(AdminResetUserPasswordCommand, { UserPoolId: pool.id, Username: username });
    assert.equal((await signIn(username)).nextStep.signInStep, "RESET_PASSWORD");
});

test("a password is changed", async () => {
    const username = await addUser(pool);
    await signIn(username);
    await auth.updatePassword({ oldPassword: password, newPassword: "Br4nd-new!" });
    await auth.signOut();
    assert.equal((await signIn(username, "USER_PASSWORD_AUTH", "Br4nd-new!")).isSignedIn, true);
});

test("attributes are changed, and a new address is confirmed", async () => {
    const username = await addUser(pool, { nickname: "nick" });
    const email = `${username}@example.com`;
    await signIn(username);
    const outcome = await auth.updateUserAttributes({ userAttributes: { nickname: "new", email } });
    assert.equal(outcome.nickname.isUpdated, true);
    assert.equal(outcome.email.nextStep.updateAttributeStep, "CONFIRM_ATTRIBUTE_WITH_CODE");
    await auth.sendUserAttributeVerificationCode({ userAttributeKey: "email" });
    await auth.confirmUserAttribute({ userAttributeKey: "email", confirmationCode: await mailedCode(email, 2) });
    const attributes = await auth.fetchUserAttributes();
    assert.equal(attributes.nickname, "new");
    assert.equal(attributes.email_verified, "true");
    await auth.deleteUserAttributes({ userAttributeKeys: ["nickname"] });
    assert.equal((await auth.fetchUserAttributes()).nickname, undefined);
});

test("a user deletes itself", async () => {
    const username = await addUser(pool);
    await signIn(username);
    await auth.deleteUser();
    await assert.rejects(signIn(username), { name: "UserNotFoundException" });
});

test("errors by their name", async () => {
    const username = await addUser(pool);
    await assert.rejects(signIn(username, "USER_SRP_AUTH", "wrong"),
        { name: "NotAuthorizedException", message: "Incorrect username or password." });
    await assert.rejects(signIn("nobody"), { name: "UserNotFoundException", message: "User does not exist." });
    await assert.rejects(auth.signUp({ username, password }), { name: "UsernameExistsException" });
    await assert.rejects(auth.signUp({ username: newName(), password: "Aa1!" }), { name: "InvalidPasswordException" });
});
