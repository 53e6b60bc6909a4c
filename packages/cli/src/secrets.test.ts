import { expect, it } from "vitest";
import { hideSecrets } from "./secrets.ts";

const env = {
  AWS_ACCESS_KEY_ID: "AKIDEXAMPLEEXAMPLE",
  AWS_SECRET_ACCESS_KEY: "wJalrXUtnFEMI/K7MDENG+bPx=",
  AWS_SESSION_TOKEN: "wJalrXUtnFEMI/K7MDENG+bPx=and-more",
  AZURE_CLIENT_SECRET: "a.b*c?d(e",
  GOOGLE_APPLICATION_CREDENTIALS: "/home/me/key.json",
  PIN_KEY: "1234",
  UNSET_TOKEN: undefined,
};

it.each([
  ["signed with wJalrXUtnFEMI/K7MDENG+bPx=", "signed with ***"],
  ["x: wJalrXUtnFEMI/K7MDENG+bPx=and-more", "x: ***"],
  ["a.b*c?d(e and axbbc", "*** and axbbc"],
  // What helps to find the mistake, and words that are values of variables.
  ["no such key: AKIDEXAMPLEEXAMPLE", "no such key: AKIDEXAMPLEEXAMPLE"],
  ["cannot read /home/me/key.json", "cannot read /home/me/key.json"],
  ["1234 functions", "1234 functions"],
  ["authorization: Bearer eyJhbGciOi.eyJzdWIi.c2ln was refused", "authorization: Bearer *** was refused"],
  [
    "https://x.blob.core.windows.net/a?sv=1&sig=AbCdEfGh%2Bij&se=2",
    "https://x.blob.core.windows.net/a?sv=1&sig=***&se=2",
  ],
  ["x-amz-security-token:FwoGZXIvYXdzEBYaD", "x-amz-security-token:***"],
  ["https://me:pa55word@proxy.example/", "https://me:***@proxy.example/"],
  [
    "https://app.azurewebsites.net/api/f?code=AbCdEfGh12345678==",
    "https://app.azurewebsites.net/api/f?code=***",
  ],
  [
    "Basic settings; exit code: failure, code: other-than-before",
    "Basic settings; exit code: failure, code: other-than-before",
  ],
])("%s", (text, expected) => {
  expect(hideSecrets(text, env)).toBe(expected);
});
