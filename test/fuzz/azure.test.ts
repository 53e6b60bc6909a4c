import { testTarget } from "./suite.ts";
import { azureTarget } from "./targets/azure.ts";

testTarget(azureTarget);
