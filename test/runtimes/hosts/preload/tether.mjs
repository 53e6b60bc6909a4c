// Loaded into every process under test before its own code. Plain JavaScript, because a TypeScript file would load
// Node's type stripper there as well: +90 ms, and a process less like the provider's.
import { Server } from "node:net";

// Without its parent the process has no purpose, and nobody else would end it.
process.once("disconnect", () => process.exit(1));
process.channel?.unref();

// Several providers' servers listen on all interfaces and know no option against it. Tests stay on loopback.
const { listen } = Server.prototype;
Server.prototype.listen = function (...args) {
  this.once("listening", () => {
    const address = this.address();
    if (typeof address === "object") process.send?.({ kind: "listening", port: address.port });
  });
  return listen.apply(this, onLoopback(args));
};

/** The arguments of `server.listen`, in any of its forms, with the host replaced; pipes and handles stay as they are. */
function onLoopback(args) {
  const [first] = args;
  const callbacks = args.filter((arg) => typeof arg === "function");
  const host = "127.0.0.1";
  if (typeof first === "object" && first !== null) {
    return "port" in first ? [{ ...first, host }, ...callbacks] : args;
  }
  const port = typeof first === "function" || first === undefined || first === null ? 0 : Number(first);
  return Number.isInteger(port) ? [{ port, host }, ...callbacks] : args;
}
