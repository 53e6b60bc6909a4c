/** The route of each kind of work; built into the cache before anything is measured. */
export default {
  srcDir: ".",
  buildDir: "../../dist/nitro/build",
  output: { dir: "../../dist/nitro/output" },
  sourceMap: false,
};
