export type { Difference, Feature } from "./_differences.ts";
export { nearest } from "./_nearest.ts";
export { type BuildOptions, type BuildResult, type BuiltTarget, build, type Progress } from "./build.ts";
export type { Config } from "./config.ts";
export { apply, changesOf, type DeployProgress } from "./deploy/apply.ts";
export type { CallOptions } from "./deploy/call.ts";
export {
  invoke,
  planDeployment,
  planRemoval,
  planRollback,
  readLogs,
  type StageOptions,
  type StagePlan,
} from "./deploy/deploy.ts";
export type {
  Action,
  Address,
  Call,
  CallResult,
  Change,
  Deployer,
  DeployInput,
  LogLine,
  LogQuery,
  Plan,
  StageInput,
} from "./deploy/deployer.ts";
export type {
  Manifest,
  ManifestArtifact,
  ManifestFile,
  ManifestFunction,
  ManifestInput,
  ManifestZip,
} from "./manifest.ts";
export type {
  ArtifactPlan,
  BuildAdapter,
  BundlePlan,
  Delivery,
  DiscoveredFunction,
  Iac,
  InfrastructureInput,
  Platform,
  Refusal,
  SmokeTest,
  TargetInput,
} from "./model.ts";
export {
  check,
  type FunctionOnTarget,
  type Portability,
  type PortableFunction,
} from "./portability.ts";
export type { ProjectOptions } from "./project.ts";
export { type WatchOptions, watch } from "./watch.ts";
