// SPDX-License-Identifier: Apache-2.0
// A browser opens the link of a mail, as people do. Debian's chromium; its pictures go to POOLWARDEN_TEST_RESULTS.
import assert from "node:assert/strict";
import { join } from "node:path";
import { after, before, test } from "node:test";
import { AdminGetUserCommand, SignUpCommand } from "@aws-sdk/client-cognito-identity-provider";
import { chromium } from "playwright-core";
import { attributes, mailedPage, makePool, newName, password, send } from "./house.mjs";

const results = process.env.POOLWARDEN_TEST_RESULTS;
let browser;
let pool;

before(async () => {
    // The sandbox of chromium does not work for root, whom containers run tests as.
    browser = await chromium.launch({ executablePath: "/usr/bin/chromium", args: ["--no-sandbox"] });
    pool = await makePool({
        AutoVerifiedAttributes: ["email"],
        VerificationMessageTemplate: {
            DefaultEmailOption: "CONFIRM_WITH_LINK",
            EmailMessageByLink: "<h2>Hello {username}</h2><p>{##Verify Email##}</p>",
        },
    });
});
after(() => browser?.close());

async function signUp(Username = newName()) {
    const email = `${newName()}@example.com`;
    const UserAttributes = attributes({ email });
    await send(SignUpCommand, { ClientId: pool.clientId, Username, Password: password, UserAttributes });
    return { Username, email };
}

async function statusOf(Username) {
    return (await send(AdminGetUserCommand, { UserPoolId: pool.id, Username })).UserStatus;
}

// A page whose every complaint (refused style sheet, script, frame) fails the test; for the given kind of screen.
async function openScreen(screen = {}) {
    const page = await (await browser.newContext({ viewport: { width: 1024, height: 720 }, ...screen })).newPage();
    const complaints = [];
    const note = (message) => message.type() === "error" && complaints.push(message.text());
    page.on("console", note);
    page.on("pageerror", (error) => complaints.push(String(error)));
    return { page, complaints };
}

async function picture(page, name) {
    if (results) await page.screenshot({ path: join(results, `${name}.png`) });
}

// What a failing answer or the missing icon makes the browser say of itself.
function ofThePage(complaints) {
    return complaints.filter((text) => !text.startsWith("Failed to load resource"));
}

test("the mailed link, its button, and the link once more", async () => {
    const { Username, email } = await signUp();
    const { page, complaints } = await openScreen();
    await page.setContent(await mailedPage(email));
    await picture(page, "confirm-mail");
    await page.getByRole("link", { name: "Verify Email" }).click();
    await page.getByRole("heading", { name: "Confirm your e-mail address", level: 1 }).waitFor();
    assert.equal(await statusOf(Username), "UNCONFIRMED");
    await picture(page, "confirm-ask");

    const link = page.url();
    await page.keyboard.press("Tab");
    await picture(page, "confirm-ask-focus");
    await page.keyboard.press("Enter");
    await page.getByRole("heading", { name: "Your e-mail address is confirmed" }).waitFor();
    assert.equal(await statusOf(Username), "CONFIRMED");
    await picture(page, "confirm-done");

    await page.goto(link);
    await page.getByRole("button", { name: "Confirm" }).click();
    await page.getByRole("heading", { name: "This link does not work" }).waitFor();
    await picture(page, "confirm-dead");
    assert.deepEqual(ofThePage(complaints), []);
});

test("dark, and on a narrow screen without scrolling sideways", async () => {
    for (const colorScheme of ["light", "dark"]) {
        const { email } = await signUp();
        const { page, complaints } = await openScreen({ viewport: { width: 320, height: 568 }, colorScheme });
        await page.setContent(await mailedPage(email));
        await page.getByRole("link").click();
        for (const [button, name] of [["Confirm", "ask"], [null, "done"]]) {
            await page.getByRole("heading", { level: 1 }).waitFor();
            await picture(page, `confirm-${name}-320-${colorScheme}`);
            const width = await page.evaluate(() => document.documentElement.scrollWidth);
            assert.ok(width <= 320, `${name}: ${width} pixels wide`);
            if (button) await page.getByRole("button", { name: button }).click();
            await page.getByRole("heading", { name: "Your e-mail address is confirmed" }).waitFor();
        }
        assert.deepEqual(ofThePage(complaints), []);
    }
});

// WCAG 1.4.3: 4.5 to 1.
test("all text stands out from what is behind it", async () => {
    for (const colorScheme of ["light", "dark"]) {
        const { page } = await openScreen({ colorScheme });
        const { email } = await signUp();
        await page.setContent(await mailedPage(email));
        await page.getByRole("link").click();
        await page.getByRole("button").waitFor();
        const contrasts = await page.evaluate(() => {
            const channels = (colour) => colour.match(/[\d.]+/g).map(Number);
            const luminance = (colour) => channels(colour).slice(0, 3).map((value) => value / 255)
                .map((value) => (value <= 0.04045 ? value / 12.92 : ((value + 0.055) / 1.055) ** 2.4))
                .reduce((sum, value, i) => sum + value * [0.2126, 0.7152, 0.0722][i], 0);
            const behind = (element) => {
                const colour = getComputedStyle(element).backgroundColor;
                return channels(colour)[3] === 0 ? behind(element.parentElement) : colour;
            };
            return [...document.querySelectorAll("h1, p, small, button, .mark")].map((element) => {
                const [low, high] = [getComputedStyle(element).color, behind(element)].map(luminance)
                    .sort((a, b) => a - b);
                return [element.tagName, (high + 0.05) / (low + 0.05)];
            });
        });
        assert.ok(contrasts.length >= 5);
        for (const [name, contrast] of contrasts) assert.ok(contrast >= 4.5, `${colorScheme} ${name}: ${contrast}`);
    }
});

test("a name full of markup reaches neither the mail nor the page", async () => {
    const { email } = await signUp(`<img/src=x/onerror=document.title='gone'>${newName()}`);
    const { page, complaints } = await openScreen();
    await page.setContent(await mailedPage(email));
    assert.equal(await page.locator("img").count(), 0);
    await page.getByRole("link", { name: "Verify Email" }).click();
    await page.getByRole("heading", { name: "Confirm your e-mail address" }).waitFor();
    assert.equal(await page.locator("img").count(), 0);
    assert.equal(await page.title(), "Confirm your e-mail address");
    assert.deepEqual(ofThePage(complaints), []);
});

test("no other site frames the page", async () => {
    const { email } = await signUp();
    const { page } = await openScreen();
    await page.setContent(await mailedPage(email));
    const link = await page.getByRole("link").getAttribute("href");
    const answered = page.waitForResponse(link);
    await page.setContent(`<iframe src="${link.replaceAll("&", "&amp;")}"></iframe>`);
    await answered;
    await page.waitForFunction(() => document.querySelector("iframe").contentDocument === null);
    for (const frame of page.frames().slice(1)) assert.equal(await frame.getByRole("button").count(), 0);
});
