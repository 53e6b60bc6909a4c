// The source archive of a function does not carry its dependencies: Google's build installs them beside it. Here the
// artifact gets the very copy that serves it, because a second copy would have a registry of its own.
import { registerHooks } from "node:module";

const url = process.env.ANYFN_TEST_FRAMEWORK;
delete process.env.ANYFN_TEST_FRAMEWORK;

registerHooks({
  resolve: (specifier, context, next) =>
    specifier === "@google-cloud/functions-framework"
      ? { url, format: "commonjs", shortCircuit: true }
      : next(specifier, context),
});
