// SPDX-License-Identifier: Apache-2.0
// The server that server.py started, as the suites of this folder use it: pools made by the AWS SDK, and the
// codes that it mailed.
import { readdir, readFile, stat } from "node:fs/promises";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import {
    AdminConfirmSignUpCommand,
    AdminCreateUserCommand,
    AdminUpdateUserAttributesCommand,
    CognitoIdentityProviderClient,
    CreateUserPoolClientCommand,
    CreateUserPoolCommand,
    SignUpCommand,
} from "@aws-sdk/client-cognito-identity-provider";

export const endpoint = process.env.POOLWARDEN_TEST_ENDPOINT;
const newMail = join(process.env.POOLWARDEN_TEST_OUTBOX, "new");
const deadline = 30_000; // milliseconds

export const password = "Passw0rd!";
export const temporaryPassword = "Temp0rary!";

// Retries are off: a test sees the first answer.
export const sdk = new CognitoIdentityProviderClient({ endpoint, region: process.env.AWS_REGION, maxAttempts: 1 });

export function send(Command, input) {
    return sdk.send(new Command(input));
}

let names = 0;

// The suites share a server and run side by side.
export function newName() {
    names += 1;
    return `js-${process.pid}-${names}`;
}

export async function makePool(settings = {}, clientSettings = {}) {
    const { UserPool } = await send(CreateUserPoolCommand, { PoolName: "js", ...settings });
    return { id: UserPool.Id, ...(await makeClient(UserPool.Id, clientSettings)) };
}

export async function makeClient(poolId, settings = {}) {
    const { UserPoolClient } = await send(CreateUserPoolClientCommand, {
        UserPoolId: poolId,
        ClientName: "js",
        ExplicitAuthFlows: ["ALLOW_USER_SRP_AUTH", "ALLOW_USER_PASSWORD_AUTH", "ALLOW_REFRESH_TOKEN_AUTH"],
        ...settings,
    });
    return { clientId: UserPoolClient.ClientId, secret: UserPoolClient.ClientSecret };
}

export function attributes(values) {
    return Object.entries(values).map(([Name, Value]) => ({ Name, Value }));
}

// A confirmed user; its name.
export async function addUser(pool, values = {}) {
    const Username = newName();
    const UserAttributes = attributes(values);
    await send(SignUpCommand, { ClientId: pool.clientId, Username, Password: password, UserAttributes });
    await send(AdminConfirmSignUpCommand, { UserPoolId: pool.id, Username });
    return Username;
}

// A user who has to choose a password; its name.
export async function invite(pool, values = {}) {
    const Username = newName();
    await send(AdminCreateUserCommand, {
        UserPoolId: pool.id,
        Username,
        TemporaryPassword: temporaryPassword,
        MessageAction: "SUPPRESS",
        UserAttributes: attributes(values),
    });
    return Username;
}

// Gives a user a verified address.
export function prove(pool, Username, email) {
    const UserAttributes = attributes({ email, email_verified: "true" });
    return send(AdminUpdateUserAttributesCommand, { UserPoolId: pool.id, Username, UserAttributes });
}

async function mailsTo(address) {
    const found = [];
    for (const name of await readdir(newMail).catch(() => [])) {
        const path = join(newMail, name);
        const [text, { mtimeNs }] = await Promise.all([readFile(path, "utf8"), stat(path, { bigint: true })]);
        const isTo = (line) => line === `To: <${address}>` || line === `To: ${address}`; // a mail, an SMS
        if (text.split("\n").some(isTo)) found.push({ text, mtimeNs });
    }
    return found.sort((a, b) => (a.mtimeNs < b.mtimeNs ? -1 : 1));
}

// The body of the number-th message to the address.
async function mailedBody(address, number) {
    for (const end = Date.now() + deadline; Date.now() < end; await sleep(20)) {
        const mails = await mailsTo(address);
        if (mails.length >= number) return mails[number - 1].text.replace(/^[\s\S]*?\r?\n\r?\n/, "");
    }
    throw new Error(`no message ${number} to ${address}`);
}

// The code in the number-th message to the address.
export async function mailedCode(address, number = 1) {
    return (await mailedBody(address, number)).match(/(?<!\d)\d{6}(?!\d)/)[0];
}

// The HTML of the number-th message to the address, its quoted-printable undone.
export async function mailedPage(address, number = 1) {
    const encoded = (await mailedBody(address, number)).replace(/=\r?\n/g, "");
    const bytes = encoded.replace(/=([0-9A-F]{2})/g, (_, digits) => String.fromCharCode(parseInt(digits, 16)));
    return Buffer.from(bytes, "latin1").toString("utf8");
}
