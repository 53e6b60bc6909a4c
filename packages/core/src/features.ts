/**
 * Parts that a bundle can do without. `anyfn build` replaces these names by false where no function of a bundle uses the
 * part, so that its code is left out; elsewhere they are undefined, and everything is there.
 */
declare const ANYFN_CHECKS: false | undefined;
declare const ANYFN_CORS: false | undefined;
declare const ANYFN_MIDDLEWARE: false | undefined;
declare const ANYFN_SCHEMAS: false | undefined;
declare const ANYFN_WEB: false | undefined;

/** Checks of what users declare; before a bundle is made, the build has run them. */
export const CHECKS: boolean = typeof ANYFN_CHECKS === "undefined";

/** Answers to preflights, and the headers of CORS. */
export const CORS: boolean = typeof ANYFN_CORS === "undefined";

/** Middleware of HTTP functions. */
export const MIDDLEWARE: boolean = typeof ANYFN_MIDDLEWARE === "undefined";

/** Validation of requests. */
export const SCHEMAS: boolean = typeof ANYFN_SCHEMAS === "undefined";

/** Ways to do without Node's `Buffer`, for run times that lack it. */
export const WEB: boolean = typeof ANYFN_WEB === "undefined";
