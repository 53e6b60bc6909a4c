/** Variables whose values nobody may see: `AWS_SECRET_ACCESS_KEY`, `AZURE_CLIENT_SECRET`. */
const SECRET = /(?:^|_)(?:SECRET|TOKEN|PASSWORD|KEY)$/i;
/** Shorter values would be found in words. */
const SHORTEST = 8;
/** What is secret wherever it comes from: tokens of headers, signatures of addresses, passwords in addresses. */
const TOKENS: ReadonlyArray<readonly [RegExp, string]> = [
  [/\b((?:Bearer|authorization: ?Basic|SharedAccessSignature) )[\w.~+/=%&-]{8,}/gi, "$1***"],
  [/\b((?:x-amz-security-token|x-amz-signature|x-functions-key)\s*[=:]\s*)[^&\s"',]+/gi, "$1***"],
  [/([?&](?:sig|code)=)[^&\s"',]+/gi, "$1***"],
  [/(:\/\/[^\s/:@]+:)[^\s/@]+@/g, "$1***@"],
];

/** A text without credentials: providers repeat in their errors what they were sent. */
export function hideSecrets(text: string, env: Readonly<Record<string, string | undefined>>): string {
  const values = Object.entries(env).flatMap(([name, value = ""]) =>
    SECRET.test(name) && value.length >= SHORTEST ? [value] : [],
  );
  // The longest first: one may be a part of another.
  const known = values
    .sort((a, b) => b.length - a.length)
    .reduce((rest, value) => rest.replaceAll(value, "***"), text);
  return TOKENS.reduce((rest, [pattern, replacement]) => rest.replace(pattern, replacement), known);
}
