import { testTarget } from "./suite.ts";
import { awsTarget } from "./targets/aws.ts";

testTarget(awsTarget);
