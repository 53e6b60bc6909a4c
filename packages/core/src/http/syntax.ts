/** Names of headers, cookies and methods; RFC 9110, section 5.6.2. */
export const TOKEN: RegExp = /^[!#$%&'*+\-.^_`|~0-9A-Za-z]+$/;

/** Values of headers: no line breaks and no control characters. */
export const HEADER_VALUE: RegExp = /^[\t\x20-\x7e\x80-\uffff]*$/;
