export { type BuildOptions, type BuildResult, type BuiltTarget, build, type Progress } from "./build.ts";
export type { Config } from "./config.ts";
export type { Manifest, ManifestArtifact, ManifestFile, ManifestFunction, ManifestZip } from "./manifest.ts";
export type {
  ArtifactPlan,
  BuildAdapter,
  BundlePlan,
  DiscoveredFunction,
  Refusal,
  TargetInput,
} from "./model.ts";
