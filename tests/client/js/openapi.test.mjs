// SPDX-License-Identifier: Apache-2.0
// The description of the admin REST API is a valid OpenAPI 3.1 document and covers every operation.
import assert from "node:assert/strict";
import { readdir } from "node:fs/promises";
import { test } from "node:test";
import { Validator } from "@seriousme/openapi-schema-validator";
import { endpoint } from "./house.mjs";

const specs = new URL("../../../src/spec/", import.meta.url);

async function fetchDocument() {
    const answer = await fetch(`${endpoint}/admin/openapi.json`);
    assert.equal(answer.status, 200);
    assert.match(answer.headers.get("content-type"), /^application\/json/);
    return answer.json();
}

test("the document is valid OpenAPI 3.1", async () => {
    const document = await fetchDocument();
    assert.match(document.openapi, /^3\.1\./);
    const validator = new Validator();
    const { valid, errors } = await validator.validate(structuredClone(document));
    assert.ok(valid, JSON.stringify(errors, null, 2));
});

test("each reference leads somewhere", async () => {
    const document = await fetchDocument();
    const references = JSON.stringify(document).match(/"\$ref":"#[^"]*"/g) ?? [];
    for (const reference of new Set(references)) {
        const path = reference.slice('"$ref":"#/'.length, -1).split("/");
        assert.ok(path.reduce((value, key) => value?.[key], document), reference);
    }
});

test("every operation of the specs is described", async () => {
    const document = await fetchDocument();
    const described = Object.values(document.paths).flatMap((path) => Object.values(path))
        .map((operation) => operation.operationId);
    // node 18 knows no readdir of a whole tree.
    const services = (await readdir(specs, { withFileTypes: true })).filter((entry) => entry.isDirectory());
    const files = await Promise.all(services.map((service) => readdir(new URL(`${service.name}/`, specs))));
    const operations = files.flat().filter((name) => !["service.json", "types.json"].includes(name))
        .map((name) => name.replace(".json", ""));
    assert.deepEqual(operations.filter((name) => !described.includes(name)), []);
    assert.equal(new Set(described).size, described.length);
});
