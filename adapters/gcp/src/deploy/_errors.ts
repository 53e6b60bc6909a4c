import { AnyfnError } from "@anyfn/core";

/** The one error of a deployment: the message says what happened and what to do. */
export function deployError(message: string): AnyfnError {
  return new AnyfnError("deploy", message, { provider: "gcp" });
}

/** What Google answered in place of what it was asked for. */
export interface Failure {
  /** Of HTTP; 0 where there was no answer. */
  readonly status: number;
  /** Such as `PERMISSION_DENIED`, or `SERVICE_DISABLED`. */
  readonly reason: string;
  readonly message: string;
}

/** A failure in Google's own words, and what to do about it. */
export function explain({ status, reason, message }: Failure): AnyfnError {
  const advice = ADVICE.find(({ when }) => when.test(`${status} ${reason} ${message}`))?.advice;
  const said = `${reason}: ${message}`.trim().replace(/\.?$/, ".");
  return deployError(advice === undefined ? said : `${said} ${advice}`);
}

const LOGIN = "Log in: gcloud auth application-default login, or set GOOGLE_APPLICATION_CREDENTIALS.";

const ADVICE: readonly { readonly when: RegExp; readonly advice: string }[] = [
  { when: /^401|invalid_grant|default credentials|invalid_rapt|reauth/, advice: LOGIN },
  {
    when: /SERVICE_DISABLED/,
    advice: "Wait a few minutes where it has just been enabled, and run the same command again.",
  },
  {
    when: /serviceAccounts\.actAs/,
    advice: "Whoever deploys needs roles/iam.serviceAccountUser on the service accounts.",
  },
  { when: /^403/, advice: "Give the account that deploys this right; the README of @anyfn/gcp lists them." },
  {
    when: /^409.*not empty/,
    advice: "Its objects are yours to delete: gcloud storage rm --recursive gs://<bucket>/**",
  },
  {
    when: /^409 ABORTED|FAILED_PRECONDITION.*(?:in progress|concurrent)/,
    advice: "Another deployment is going on. Wait for it.",
  },
  { when: /^429/, advice: "Wait a minute: the project's quota of requests is used up." },
  { when: /^(?:0|5\d\d) /, advice: "Run the same command again." },
];

/** Whether a failure ends by itself, soon after accounts were made, rights given or services enabled. */
export function isPropagating({ status, reason, message }: Failure): boolean {
  if (reason === "SERVICE_DISABLED") return true;
  return (
    status >= 400 &&
    status < 500 &&
    /service account .*does not exist|may take (?:a few|several) minutes|recently (?:started to use|enabled|created)|Permission denied while using the Eventarc Service Agent/i.test(
      message,
    )
  );
}
