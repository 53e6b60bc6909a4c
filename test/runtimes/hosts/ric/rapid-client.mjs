// aws-lambda-ric reaches the Runtime API through a C++ addon with three functions, which takes a minute to compile.
// This is the same client in JavaScript; everything else of the runtime client stays AWS's own code.
import { Agent, request } from "node:http";

const [hostname, port] = (process.env.AWS_LAMBDA_RUNTIME_API ?? "").split(":");
const agent = new Agent({ keepAlive: true });
/** Answers on their way. The addon blocks the process until one is sent, so `next` must not overtake it. */
const posts = new Set();

/** Waits for the next invocation. */
export async function next() {
  await Promise.all(posts);
  return new Promise((resolve, reject) => {
    const call = request({ hostname, port, agent, path: path("next") }, (response) => {
      let bodyJson = "";
      response.setEncoding("utf8").on("data", (text) => {
        bodyJson += text;
      });
      response.once("end", () => resolve({ bodyJson, headers: response.headers }));
    });
    call.once("error", reject).end();
  });
}

/** Posts what the handler returned. */
export function done(id, body) {
  post(path(`${id}/response`), body, {});
}

/** Posts what the handler threw. */
export function error(id, body, xrayCause) {
  post(path(`${id}/error`), body, { "lambda-runtime-function-xray-error-cause": xrayCause });
}

function post(path, body, headers) {
  const length = Buffer.byteLength(body);
  const call = request({
    hostname,
    port,
    agent,
    path,
    method: "POST",
    headers: { "content-type": "application/json", "content-length": length, ...headers },
  });
  // A connection that breaks means that the test is over.
  const sent = new Promise((resolve) => {
    call.once("response", (response) => response.resume().once("end", resolve));
    call.once("error", resolve);
  }).finally(() => posts.delete(sent));
  posts.add(sent);
  call.end(body);
}

function path(rest) {
  return `/2018-06-01/runtime/invocation/${rest}`;
}
