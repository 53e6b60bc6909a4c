import { defineFunction, http } from "@anyfn/core";
import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import { sendHttp } from "../../../test/runtimes/hosts/http.ts";
import { type AnyfnServer, serve } from "./index.ts";

const hello = defineFunction({ trigger: http.get("/"), handler: () => "hello" });
const write = vi.spyOn(process.stdout, "write").mockReturnValue(true);
const running: AnyfnServer[] = [];

function lines(): Record<string, unknown>[] {
  return write.mock.calls.map(([line]) => JSON.parse(String(line)) as Record<string, unknown>);
}

async function start(...args: Parameters<typeof serve>): Promise<number> {
  running.push(await serve(...args));
  return Number(/\d+/.exec(String(lines()[0]?.message))?.[0]);
}

beforeEach(() => {
  write.mockClear();
  vi.stubEnv("PORT", undefined);
  vi.stubEnv("HOST", undefined);
});
const others = process.listeners("uncaughtException");
afterEach(async () => {
  process.removeAllListeners("SIGTERM").removeAllListeners("SIGINT");
  for (const listener of process.listeners("uncaughtException"))
    if (!others.includes(listener)) process.off("uncaughtException", listener);
  await Promise.all(running.splice(0).map((server) => server.close()));
  vi.unstubAllEnvs();
});

describe("where it listens", () => {
  test("PORT and HOST of the environment come before the options", async () => {
    const taken = await start({ hello }, { port: 0 });
    write.mockClear();
    vi.stubEnv("PORT", "0");
    vi.stubEnv("HOST", "127.0.0.1");
    const port = await start({ hello }, { port: taken, host: "192.0.2.1" });
    expect(port).not.toBe(taken);
    expect((await sendHttp(port, { method: "GET", url: "/" })).status).toBe(200);
    expect(lines()).toEqual([
      {
        time: expect.any(String),
        severity: "INFO",
        message: `Listening on port ${port}.`,
        functions: ["hello"],
      },
    ]);
  });

  test.each(["http", "-1", "70000", "80.5", " "])("the port %j is refused", async (port) => {
    vi.stubEnv("PORT", port);
    await expect(serve({ hello })).rejects.toThrow(`PORT is "${port}". Set it to a number from 0 to 65535.`);
  });
});

test.each(["SIGTERM", "SIGINT"] as const)("%s finishes the requests and ends with 0", async (signal) => {
  const exit = vi.spyOn(process, "exit").mockReturnValue(undefined as never);
  const entered = Promise.withResolvers<void>();
  const finished = Promise.withResolvers<string>();
  const slow = defineFunction({
    trigger: http.get("/"),
    handler: () => {
      entered.resolve();
      return finished.promise;
    },
  });
  const port = await start({ slow }, { port: 0, host: "127.0.0.1" });
  const answer = sendHttp(port, { method: "GET", url: "/" });
  await entered.promise;
  process.emit(signal, signal);
  expect(lines().at(-1)?.message).toBe(`Shutting down on ${signal}.`);
  expect(exit).not.toHaveBeenCalled();
  finished.resolve("finished");
  expect(Buffer.from((await answer).body).toString()).toBe("finished");
  await vi.waitFor(() => expect(exit).toHaveBeenCalledExactlyOnceWith(0));
  exit.mockRestore();
});
