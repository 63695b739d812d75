// SPDX-License-Identifier: Apache-2.0
// Second factors through amazon-cognito-identity-js.
import assert from "node:assert/strict";
import { before, test } from "node:test";
import { promisify } from "node:util";
import identity from "amazon-cognito-identity-js";
import {
    AdminSetUserMFAPreferenceCommand, SetUserPoolMfaConfigCommand,
} from "@aws-sdk/client-cognito-identity-provider";
import { Authenticator } from "./authenticator.mjs";
import { addUser, endpoint, mailedCode, makePool, password, send } from "./house.mjs";

const { AuthenticationDetails, CognitoUser, CognitoUserPool } = identity;

let optional;
let required;

async function makeMfaPool(MfaConfiguration, factors = {}) {
    const pool = await makePool();
    await send(SetUserPoolMfaConfigCommand, {
        UserPoolId: pool.id, MfaConfiguration, SoftwareTokenMfaConfiguration: { Enabled: true }, ...factors,
    });
    return { ...pool, users: new CognitoUserPool({ UserPoolId: pool.id, ClientId: pool.clientId, endpoint }) };
}

before(async () => {
    const SmsConfiguration = { SnsCallerArn: "arn:aws:iam::123456789012:role/sms" };
    optional = await makeMfaPool("OPTIONAL", { SmsMfaConfiguration: { SmsConfiguration } });
    required = await makeMfaPool("ON");
});

function userOf(pool, Username) {
    return new CognitoUser({ Username, Pool: pool.users });
}

// What comes of a call: the session, or which callback was asked for with which parameters.
function outcome(call) {
    return new Promise((resolve, reject) => {
        const asked = (kind) => (name, parameters) => resolve({ asked: kind, name, parameters });
        call({
            onSuccess: (session) => resolve({ session }),
            onFailure: reject,
            associateSecretCode: (secret) => resolve({ secret }),
            totpRequired: asked("totpRequired"),
            mfaSetup: asked("mfaSetup"),
            selectMFAType: asked("selectMFAType"),
            mfaRequired: asked("mfaRequired"),
        });
    });
}

function authenticate(user, flow = "USER_SRP_AUTH") {
    user.setAuthenticationFlowType(flow);
    const details = new AuthenticationDetails({ Username: user.getUsername(), Password: password });
    return outcome((callbacks) => user.authenticateUser(details, callbacks));
}

async function enrol(user) {
    const { secret } = await outcome((callbacks) => user.associateSoftwareToken(callbacks));
    const app = new Authenticator(secret);
    const code = await app.code();
    const { session } = await outcome((callbacks) => user.verifySoftwareToken(code, "phone", callbacks));
    return { app, session };
}

// A user with an app that is preferred.
async function protect(pool, values = {}) {
    const name = await addUser(pool, values);
    const user = userOf(pool, name);
    await authenticate(user);
    const { app, session } = await enrol(user);
    assert.equal(session.Status, "SUCCESS");
    await promisify(user.setUserMfaPreference.bind(user))(null, { PreferredMfa: true, Enabled: true });
    return { name, app };
}

async function sendCode(user, app) {
    const code = await app.code();
    return outcome((callbacks) => user.sendMFACode(code, callbacks, "SOFTWARE_TOKEN_MFA"));
}

for (const flow of ["USER_SRP_AUTH", "USER_PASSWORD_AUTH"]) {
    test(`a code after ${flow}`, async () => {
        const { name, app } = await protect(optional);
        const user = userOf(optional, name);
        const asked = await authenticate(user, flow);
        assert.equal(asked.asked, "totpRequired");
        assert.equal(asked.name, "SOFTWARE_TOKEN_MFA");
        assert.equal(asked.parameters.FRIENDLY_DEVICE_NAME, "phone");
        await assert.rejects(outcome((callbacks) => user.sendMFACode(app.wrong(), callbacks, "SOFTWARE_TOKEN_MFA")),
            { code: "CodeMismatchException", message: "Invalid code received for user" });
        const { session } = await sendCode(user, app);
        assert.ok(session.isValid());
        assert.equal(session.getAccessToken().payload.username, name);
    });
}

test("an app set up on the way in", async () => {
    const name = await addUser(required);
    const user = userOf(required, name);
    const asked = await authenticate(user);
    assert.equal(asked.asked, "mfaSetup");
    assert.equal(asked.name, "MFA_SETUP");
    assert.equal(asked.parameters.MFAS_CAN_SETUP, '["SOFTWARE_TOKEN_MFA"]');
    const { app, session } = await enrol(user);
    assert.ok(session.isValid());
    const again = userOf(required, name);
    assert.equal((await authenticate(again)).asked, "totpRequired");
    assert.ok((await sendCode(again, app)).session.isValid());
});

test("a wrong code while an app is set up", async () => {
    const user = userOf(required, await addUser(required));
    await authenticate(user);
    const { secret } = await outcome((callbacks) => user.associateSoftwareToken(callbacks));
    const app = new Authenticator(secret);
    await assert.rejects(outcome((callbacks) => user.verifySoftwareToken(app.wrong(), "phone", callbacks)),
        { code: "EnableSoftwareTokenMFAException", message: "Code mismatch" });
    const code = await app.code();
    const { session } = await outcome((callbacks) => user.verifySoftwareToken(code, "phone", callbacks));
    assert.ok(session.isValid());
});

test("one of several factors is chosen", async () => {
    const { name, app } = await protect(optional, { phone_number: "+15550121" });
    await send(AdminSetUserMFAPreferenceCommand, {
        UserPoolId: optional.id,
        Username: name,
        SMSMfaSettings: { Enabled: true },
        SoftwareTokenMfaSettings: { Enabled: true, PreferredMfa: false },
    });
    const user = userOf(optional, name);
    const asked = await authenticate(user);
    assert.equal(asked.asked, "selectMFAType");
    assert.deepEqual(JSON.parse(asked.parameters.MFAS_CAN_CHOOSE), ["SMS_MFA", "SOFTWARE_TOKEN_MFA"]);
    const chosen = await outcome((callbacks) => user.sendMFASelectionAnswer("SOFTWARE_TOKEN_MFA", callbacks));
    assert.equal(chosen.asked, "totpRequired");
    assert.ok((await sendCode(user, app)).session.isValid());
});

test("preferences are shown and change", async () => {
    const { name, app } = await protect(optional);
    const user = userOf(optional, name);
    await authenticate(user);
    await sendCode(user, app);
    const data = () => new Promise((resolve, reject) => {
        user.getUserData((error, answer) => (error ? reject(error) : resolve(answer)), { bypassCache: true });
    });
    assert.deepEqual((await data()).UserMFASettingList, ["SOFTWARE_TOKEN_MFA"]);
    assert.equal((await data()).PreferredMfaSetting, "SOFTWARE_TOKEN_MFA");
    await promisify(user.setUserMfaPreference.bind(user))(null, { PreferredMfa: false, Enabled: false });
    assert.equal((await data()).UserMFASettingList, undefined);
    await assert.rejects(promisify(user.setUserMfaPreference.bind(user))({ PreferredMfa: true, Enabled: true }, null),
        { code: "InvalidParameterException" });
});

test("a code by SMS", async () => {
    const number = "+15550122";
    const username = await addUser(optional, { phone_number: number });
    await send(AdminSetUserMFAPreferenceCommand, {
        UserPoolId: optional.id, Username: username, SMSMfaSettings: { Enabled: true, PreferredMfa: true },
    });
    const user = userOf(optional, username);
    const asked = await authenticate(user);
    assert.equal(asked.asked, "mfaRequired");
    assert.equal(asked.name, "SMS_MFA");
    assert.equal(asked.parameters.CODE_DELIVERY_DESTINATION, "+*******0122");
    const code = await mailedCode(number);
    const { session } = await outcome((callbacks) => user.sendMFACode(code, callbacks, "SMS_MFA"));
    assert.equal(session.isValid(), true);
});
