// SPDX-License-Identifier: Apache-2.0
// Second factors through aws-amplify v6 Auth: an authenticator app that is set up by who is signed in, or on the way.
import assert from "node:assert/strict";
import { afterEach, before, test } from "node:test";
import { Amplify } from "aws-amplify";
import * as auth from "aws-amplify/auth";
import {
    AdminSetUserMFAPreferenceCommand, SetUserPoolMfaConfigCommand,
} from "@aws-sdk/client-cognito-identity-provider";
import { Authenticator } from "./authenticator.mjs";
import { addUser, endpoint, invite, mailedCode, makePool, password, send, temporaryPassword } from "./house.mjs";

const SmsConfiguration = { SnsCallerArn: "arn:aws:iam::123456789012:role/sms" };

const none = { enabled: undefined, preferred: undefined };

let optional;
let required;

function use(pool) {
    Amplify.configure({
        Auth: { Cognito: { userPoolId: pool.id, userPoolClientId: pool.clientId, userPoolEndpoint: endpoint } },
    });
}

before(async () => {
    const SoftwareTokenMfaConfiguration = { Enabled: true };
    optional = await makePool();
    await send(SetUserPoolMfaConfigCommand, {
        UserPoolId: optional.id,
        MfaConfiguration: "OPTIONAL",
        SoftwareTokenMfaConfiguration,
        SmsMfaConfiguration: { SmsConfiguration },
    });
    required = await makePool();
    await send(SetUserPoolMfaConfigCommand, {
        UserPoolId: required.id, MfaConfiguration: "ON", SoftwareTokenMfaConfiguration,
    });
});

afterEach(() => auth.signOut());

function signIn(username, authFlowType = "USER_SRP_AUTH", secret = password) {
    return auth.signIn({ username, password: secret, options: { authFlowType } });
}

// Signs in, sets an app up, and signs out again.
async function protect(username) {
    await signIn(username);
    const { sharedSecret } = await auth.setUpTOTP();
    const app = new Authenticator(sharedSecret);
    await auth.verifyTOTPSetup({ code: await app.code(), options: { friendlyDeviceName: "phone" } });
    await auth.updateMFAPreference({ totp: "PREFERRED" });
    await auth.signOut();
    return app;
}

async function preference() {
    const { enabled, preferred } = await auth.fetchMFAPreference();
    return { enabled, preferred };
}

test("a signed-in user sets an app up", async () => {
    use(optional);
    await signIn(await addUser(optional));
    assert.deepEqual(await preference(), none);
    const details = await auth.setUpTOTP();
    assert.match(details.sharedSecret, /^[A-Z2-7]{52}$/);
    assert.ok(details.getSetupUri("poolwarden", "jane").href.includes(details.sharedSecret));
    const app = new Authenticator(details.sharedSecret);
    await assert.rejects(auth.verifyTOTPSetup({ code: app.wrong() }),
        { name: "EnableSoftwareTokenMFAException", message: "Code mismatch" });
    await assert.rejects(auth.updateMFAPreference({ totp: "ENABLED" }),
        { name: "InvalidParameterException", message: "User has not verified software token mfa" });
    await auth.verifyTOTPSetup({ code: await app.code() });
    assert.deepEqual(await preference(), none);
    await auth.updateMFAPreference({ totp: "ENABLED" });
    assert.deepEqual(await preference(), { ...none, enabled: ["TOTP"] });
    await auth.updateMFAPreference({ totp: "PREFERRED" });
    assert.deepEqual(await preference(), { enabled: ["TOTP"], preferred: "TOTP" });
    await auth.updateMFAPreference({ totp: "NOT_PREFERRED" });
    assert.deepEqual(await preference(), { ...none, enabled: ["TOTP"] });
    await auth.updateMFAPreference({ totp: "DISABLED" });
    assert.deepEqual(await preference(), none);
});

for (const flow of ["USER_SRP_AUTH", "USER_PASSWORD_AUTH"]) {
    test(`a code after ${flow}`, async () => {
        use(optional);
        const username = await addUser(optional);
        const app = await protect(username);
        const asked = await signIn(username, flow);
        assert.equal(asked.isSignedIn, false);
        assert.equal(asked.nextStep.signInStep, "CONFIRM_SIGN_IN_WITH_TOTP_CODE");
        await assert.rejects(auth.confirmSignIn({ challengeResponse: app.wrong() }),
            { name: "CodeMismatchException", message: "Invalid code received for user" });
        const outcome = await auth.confirmSignIn({ challengeResponse: await app.code() });
        assert.equal(outcome.isSignedIn, true);
        assert.equal((await auth.getCurrentUser()).username, username);
    });

    test(`an app set up after ${flow}`, async () => {
        use(required);
        const username = await addUser(required);
        const asked = await signIn(username, flow);
        assert.equal(asked.nextStep.signInStep, "CONTINUE_SIGN_IN_WITH_TOTP_SETUP");
        const app = new Authenticator(asked.nextStep.totpSetupDetails.sharedSecret);
        await assert.rejects(auth.confirmSignIn({ challengeResponse: app.wrong() }),
            { name: "EnableSoftwareTokenMFAException" });
        const outcome = await auth.confirmSignIn({ challengeResponse: await app.code() });
        assert.equal(outcome.isSignedIn, true);
        assert.deepEqual(await preference(), { enabled: ["TOTP"], preferred: "TOTP" });
        await auth.signOut();
        const again = await signIn(username, flow);
        assert.equal(again.nextStep.signInStep, "CONFIRM_SIGN_IN_WITH_TOTP_CODE");
        assert.equal((await auth.confirmSignIn({ challengeResponse: await app.code() })).isSignedIn, true);
    });
}

test("an app set up after a new password", async () => {
    use(required);
    const asked = await signIn(await invite(required), "USER_SRP_AUTH", temporaryPassword);
    assert.equal(asked.nextStep.signInStep, "CONFIRM_SIGN_IN_WITH_NEW_PASSWORD_REQUIRED");
    const next = await auth.confirmSignIn({ challengeResponse: password });
    assert.equal(next.nextStep.signInStep, "CONTINUE_SIGN_IN_WITH_TOTP_SETUP");
    const app = new Authenticator(next.nextStep.totpSetupDetails.sharedSecret);
    assert.equal((await auth.confirmSignIn({ challengeResponse: await app.code() })).isSignedIn, true);
});

test("one of several factors is chosen", async () => {
    use(optional);
    const username = await addUser(optional, { phone_number: "+15550120" });
    const app = await protect(username);
    await send(AdminSetUserMFAPreferenceCommand, {
        UserPoolId: optional.id,
        Username: username,
        SMSMfaSettings: { Enabled: true },
        SoftwareTokenMfaSettings: { Enabled: true, PreferredMfa: false },
    });
    const asked = await signIn(username);
    assert.equal(asked.nextStep.signInStep, "CONTINUE_SIGN_IN_WITH_MFA_SELECTION");
    assert.deepEqual(asked.nextStep.allowedMFATypes, ["SMS", "TOTP"]);
    const chosen = await auth.confirmSignIn({ challengeResponse: "TOTP" });
    assert.equal(chosen.nextStep.signInStep, "CONFIRM_SIGN_IN_WITH_TOTP_CODE");
    assert.equal((await auth.confirmSignIn({ challengeResponse: await app.code() })).isSignedIn, true);
});

test("a code by SMS", async () => {
    use(optional);
    const number = "+15550121";
    const username = await addUser(optional, { phone_number: number });
    await signIn(username);
    await auth.updateMFAPreference({ sms: "PREFERRED" });
    assert.deepEqual(await preference(), { enabled: ["SMS"], preferred: "SMS" });
    await auth.signOut();
    const asked = await signIn(username);
    assert.equal(asked.nextStep.signInStep, "CONFIRM_SIGN_IN_WITH_SMS_CODE");
    assert.deepEqual(asked.nextStep.codeDeliveryDetails, { deliveryMedium: "SMS", destination: "+*******0121" });
    const outcome = await auth.confirmSignIn({ challengeResponse: await mailedCode(number) });
    assert.equal(outcome.isSignedIn, true);
});
