// SPDX-License-Identifier: Apache-2.0
// aws-jwt-verify as a gateway uses it: our issuer, our keys over http; what is not ours is refused.
import assert from "node:assert/strict";
import { before, test } from "node:test";
import {
    AdminAddUserToGroupCommand,
    CreateGroupCommand,
    InitiateAuthCommand,
} from "@aws-sdk/client-cognito-identity-provider";
import { JwtRsaVerifier } from "aws-jwt-verify";
import { validateCognitoJwtFields } from "aws-jwt-verify/cognito-verifier";
import * as errors from "aws-jwt-verify/error";
import { SimpleJwksCache } from "aws-jwt-verify/jwk";
import { addUser, endpoint, makeClient, makePool, password, send } from "./house.mjs";

// The library's own fetcher speaks https alone.
const fetcher = { fetch: async (uri) => new Uint8Array(await (await fetch(uri)).arrayBuffer()).buffer };

let pool;
let tokens;

async function signIn(from, clientId = from.clientId, username = undefined) {
    const answer = await send(InitiateAuthCommand, {
        ClientId: clientId,
        AuthFlow: "USER_PASSWORD_AUTH",
        AuthParameters: { USERNAME: username ?? await addUser(from), PASSWORD: password },
    });
    return answer.AuthenticationResult;
}

function verifierOf({ id, clientId }, properties) {
    return JwtRsaVerifier.create({
        issuer: `${endpoint}/${id}`,
        jwksUri: `${endpoint}/${id}/.well-known/jwks.json`,
        ...properties(clientId),
    }, { jwksCache: new SimpleJwksCache({ fetcher }) });
}

// An ID token names the client as its audience; an access token has no audience and names it in client_id.
function identity(clientId) {
    return { audience: clientId, customJwtCheck: ({ payload }) => assert.equal(payload.token_use, "id") };
}

function access(clientId) {
    return { audience: null, customJwtCheck: ({ payload }) => assert.equal(payload.client_id, clientId) };
}

function changed(token, change) {
    const [head, body, signature] = token.split(".");
    const claims = { ...JSON.parse(Buffer.from(body, "base64url")), ...change };
    return [head, Buffer.from(JSON.stringify(claims)).toString("base64url"), signature].join(".");
}

before(async () => {
    pool = await makePool();
    tokens = await signIn(pool);
});

for (const [kind, properties] of [["IdToken", identity], ["AccessToken", access]]) {
    test(`${kind} verifies`, async () => {
        const payload = await verifierOf(pool, properties).verify(tokens[kind]);
        assert.equal(payload.iss, `${endpoint}/${pool.id}`);
    });

    test(`${kind} that was changed is refused`, async () => {
        const verifier = verifierOf(pool, properties);
        await assert.rejects(verifier.verify(changed(tokens[kind], { sub: "another" })),
            errors.JwtInvalidSignatureError);
        const [head, body] = tokens[kind].split(".");
        const none = Buffer.from(JSON.stringify({ alg: "none" })).toString("base64url");
        await assert.rejects(verifier.verify(`${head}.${body}.`), errors.JwtBaseError);
        await assert.rejects(verifier.verify(`${none}.${body}.AAAA`), errors.JwtBaseError);
    });

    test(`${kind} of another pool is refused`, async () => {
        const other = await signIn(await makePool());
        await assert.rejects(verifierOf(pool, properties).verify(other[kind]), errors.JwtBaseError);
        const issuer = `${endpoint}/${pool.id}`;
        await assert.rejects(verifierOf(pool, properties).verify(changed(other[kind], { iss: issuer })),
            errors.JwtBaseError);
    });

    test(`${kind} of another client is refused`, async () => {
        const { clientId } = await makeClient(pool.id);
        const other = await signIn(pool, clientId);
        await assert.rejects(verifierOf(pool, properties).verify(other[kind]));
        assert.ok(await verifierOf({ id: pool.id, clientId }, properties).verify(other[kind]));
    });
}

test("one kind of token is not taken for the other", async () => {
    await assert.rejects(verifierOf(pool, identity).verify(tokens.AccessToken));
    await assert.rejects(verifierOf(pool, access).verify(tokens.IdToken));
});

test("only members of a group pass where one is asked for", async () => {
    const UserPoolId = pool.id;
    const Username = await addUser(pool);
    for (const GroupName of ["admins", "guests"]) await send(CreateGroupCommand, { UserPoolId, GroupName });
    await send(AdminAddUserToGroupCommand, { UserPoolId, GroupName: "admins", Username });
    const member = await signIn(pool, pool.clientId, Username);
    for (const [kind, tokenUse] of [["IdToken", "id"], ["AccessToken", "access"]]) {
        const verifier = (groups) => verifierOf(pool, (clientId) => ({
            audience: null,
            customJwtCheck: ({ payload }) => validateCognitoJwtFields(payload, { tokenUse, clientId, groups }),
        }));
        assert.deepEqual((await verifier("admins").verify(member[kind]))["cognito:groups"], ["admins"]);
        assert.ok(await verifier(["guests", "admins"]).verify(member[kind]));
        await assert.rejects(verifier("guests").verify(member[kind]), errors.CognitoJwtInvalidGroupError);
        await assert.rejects(verifier("admins").verify(tokens[kind]), errors.CognitoJwtInvalidGroupError);
    }
});
