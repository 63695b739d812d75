// SPDX-License-Identifier: Apache-2.0
// amazon-cognito-identity-js, the older browser library: SRP in its own arithmetic, errors by their code.
import assert from "node:assert/strict";
import { before, test } from "node:test";
import { promisify } from "node:util";
import identity from "amazon-cognito-identity-js";
import {
    addUser, endpoint, invite, mailedCode, makePool, newName, password, prove, temporaryPassword,
} from "./house.mjs";

const { AuthenticationDetails, CognitoUser, CognitoUserAttribute, CognitoUserPool } = identity;

let pool;
let userPool;

before(async () => {
    pool = await makePool({ AutoVerifiedAttributes: ["email"] });
    userPool = new CognitoUserPool({ UserPoolId: pool.id, ClientId: pool.clientId, endpoint });
});

function userOf(Username) {
    return new CognitoUser({ Username, Pool: userPool });
}

// The session, or what was asked for instead.
function authenticate(user, Password, flow = "USER_SRP_AUTH") {
    user.setAuthenticationFlowType(flow);
    const details = new AuthenticationDetails({ Username: user.getUsername(), Password });
    return new Promise((resolve, reject) => {
        const callbacks = {
            onSuccess: (session) => resolve({ session }),
            onFailure: reject,
            newPasswordRequired: (attributes, required) => resolve({ attributes, required }),
        };
        user.authenticateUser(details, callbacks);
    });
}

function signUp(name, values = {}) {
    const attributes = Object.entries(values).map(([Name, Value]) => new CognitoUserAttribute({ Name, Value }));
    return promisify(userPool.signUp.bind(userPool))(name, password, attributes, null);
}

test("sign-up, confirmation by the mailed code, sign-in by SRP", async () => {
    const name = newName();
    const address = `${name}@example.com`;
    const result = await signUp(name, { email: address });
    assert.equal(result.userConfirmed, false);
    assert.equal(result.codeDeliveryDetails.DeliveryMedium, "EMAIL");
    const user = userOf(name);
    await promisify(user.resendConfirmationCode.bind(user))();
    await promisify(user.confirmRegistration.bind(user))(await mailedCode(address, 2), true);
    const { session } = await authenticate(user, password);
    assert.ok(session.isValid());
    assert.equal(session.getIdToken().payload.email, address);
    assert.equal(session.getIdToken().payload.email_verified, true);
    assert.equal(session.getAccessToken().payload.username, name);
});

test("sign-in by password", async () => {
    const { session } = await authenticate(userOf(await addUser(pool)), password, "USER_PASSWORD_AUTH");
    assert.ok(session.isValid());
});

test("many sign-ins by SRP", async () => {
    const name = await addUser(pool);
    for (let number = 0; number < 10; number++)
        assert.ok((await authenticate(userOf(name), password)).session.isValid());
});

test("a new password", async () => {
    const name = await invite(pool, { nickname: "nick" });
    const user = userOf(name);
    const asked = await authenticate(user, temporaryPassword);
    assert.deepEqual(asked.required, []);
    assert.equal(asked.attributes.nickname, "nick");
    await new Promise((onSuccess, onFailure) => {
        user.completeNewPasswordChallenge(password, {}, { onSuccess, onFailure });
    });
    assert.ok((await authenticate(userOf(name), password)).session.isValid());
});

test("a session is refreshed", async () => {
    const user = userOf(await addUser(pool));
    const { session } = await authenticate(user, password);
    const refreshed = await promisify(user.refreshSession.bind(user))(session.getRefreshToken());
    assert.ok(refreshed.isValid());
    assert.notEqual(refreshed.getIdToken().getJwtToken(), session.getIdToken().getJwtToken());
    assert.equal(refreshed.getRefreshToken().getToken(), session.getRefreshToken().getToken());
});

test("attributes of the signed-in user", async () => {
    const user = userOf(await addUser(pool, { nickname: "nick" }));
    await authenticate(user, password);
    const attributes = await promisify(user.getUserAttributes.bind(user))();
    assert.ok(attributes.some((each) => each.getName() === "nickname" && each.getValue() === "nick"));
});

test("a forgotten password is replaced", async () => {
    const name = await addUser(pool);
    const address = `${name}@example.com`;
    await prove(pool, name, address);
    const user = userOf(name);
    await new Promise((onSuccess, onFailure) => user.forgotPassword({ onSuccess, onFailure }));
    const code = await mailedCode(address);
    await new Promise((onSuccess, onFailure) => user.confirmPassword(code, "Br4nd-new!", { onSuccess, onFailure }));
    assert.ok((await authenticate(userOf(name), "Br4nd-new!")).session.isValid());
});

test("password and attributes are changed, an address is verified, the user deletes itself", async () => {
    const name = await addUser(pool, { nickname: "nick" });
    const address = `${name}@example.com`;
    const user = userOf(name);
    await authenticate(user, password);
    assert.equal(await promisify(user.changePassword.bind(user))(password, "Br4nd-new!"), "SUCCESS");
    const change = new CognitoUserAttribute({ Name: "email", Value: address });
    await promisify(user.updateAttributes.bind(user))([change]);
    await new Promise((resolve, onFailure) => {
        user.getAttributeVerificationCode("email", { onSuccess: resolve, inputVerificationCode: resolve, onFailure });
    });
    const code = await mailedCode(address, 2);
    await new Promise((onSuccess, onFailure) => user.verifyAttribute("email", code, { onSuccess, onFailure }));
    await promisify(user.deleteAttributes.bind(user))(["nickname"]);
    const attributes = await promisify(user.getUserAttributes.bind(user))();
    const shown = Object.fromEntries(attributes.map((each) => [each.getName(), each.getValue()]));
    assert.equal(shown.email_verified, "true");
    assert.equal(shown.nickname, undefined);
    await promisify(user.deleteUser.bind(user))();
    await assert.rejects(authenticate(userOf(name), "Br4nd-new!"), { code: "UserNotFoundException" });
});

test("a global sign-out ends the session", async () => {
    const user = userOf(await addUser(pool));
    const { session } = await authenticate(user, password);
    await new Promise((onSuccess, onFailure) => user.globalSignOut({ onSuccess, onFailure }));
    const another = userOf(user.getUsername());
    await assert.rejects(promisify(another.refreshSession.bind(another))(session.getRefreshToken()),
        { code: "NotAuthorizedException" });
});

test("a sign-out revokes the refresh token", async () => {
    const user = userOf(await addUser(pool));
    const { session } = await authenticate(user, password);
    await new Promise((resolve, reject) => user.signOut((error) => (error ? reject(error) : resolve())));
    const another = userOf(user.getUsername());
    await assert.rejects(promisify(another.refreshSession.bind(another))(session.getRefreshToken()),
        { code: "NotAuthorizedException" });
});

test("errors by their code", async () => {
    const name = await addUser(pool);
    await assert.rejects(authenticate(userOf(name), "wrong"),
        { code: "NotAuthorizedException", message: "Incorrect username or password." });
    await assert.rejects(signUp(name), { code: "UsernameExistsException", message: "User already exists" });
    await assert.rejects(authenticate(userOf("nobody"), password), { code: "UserNotFoundException" });
    const waiting = newName();
    await signUp(waiting, { email: `${waiting}@example.com` });
    await assert.rejects(authenticate(userOf(waiting), password), { code: "UserNotConfirmedException" });
    const user = userOf(waiting);
    await assert.rejects(promisify(user.confirmRegistration.bind(user))("x", true),
        { code: /CodeMismatchException|InvalidParameterException/ });
});
