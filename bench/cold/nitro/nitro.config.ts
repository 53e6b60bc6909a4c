export default {
  srcDir: ".",
  buildDir: "../../dist/cold/nitro/build",
  output: { dir: "../../dist/cold/nitro/output" },
  sourceMap: false,
};
