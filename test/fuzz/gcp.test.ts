import { testTarget } from "./suite.ts";
import { gcpTarget } from "./targets/gcp.ts";

testTarget(gcpTarget);
