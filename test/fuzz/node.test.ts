import { testTarget } from "./suite.ts";
import { nodeTarget } from "./targets/node.ts";

testTarget(nodeTarget);
