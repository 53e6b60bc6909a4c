// One cold start: argument 1 is the module, or nothing for Node alone; argument 2 the event. It imports nothing, since
// what it loaded would be there already for the module under test.
const [, , file, event] = process.argv;
const answer =
  file === "" ? undefined : await (await import(file)).handler(JSON.parse(event), { awsRequestId: "1" });
const ms = performance.now();
const { userCPUTime, systemCPUTime, maxRSS } = process.resourceUsage();
const undici = process.moduleLoadList.includes("NativeModule internal/deps/undici/undici");
const report = { ms, cpu: (userCPUTime + systemCPUTime) / 1000, rss: maxRSS * 1024, undici, answer };
process.getBuiltinModule("node:fs").writeSync(1, JSON.stringify(report));
