// Loaded into every measured server, beside the preload that keeps it on loopback and tells its port.
process.on("message", (message) => {
  if (message !== "usage") return;
  const { user, system } = process.cpuUsage();
  process.send({ kind: "usage", us: user + system, rss: process.memoryUsage.rss() });
});
