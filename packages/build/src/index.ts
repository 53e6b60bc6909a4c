export type {
  ArtifactPlan,
  BuildAdapter,
  BundlePlan,
  DiscoveredFunction,
  Refusal,
  TargetInput,
} from "./model.ts";
