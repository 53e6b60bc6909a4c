import type { Address, DeployInput } from "@anyfn/build";
import type { HttpTrigger } from "@anyfn/core";
import { frontOf, toApp } from "../build/infrastructure-units.ts";
import type { State } from "./state.ts";

/** Where the HTTP functions answer, as far as something stands before them. */
export function addressesOf(input: DeployInput, { found, aws }: State): readonly Address[] {
  const attribute = (id: string, name: string) => found.get(id)?.attributes[name];
  return toApp(input).units.flatMap((unit) => {
    const { trigger } = unit.definition;
    if (trigger.kind !== "http") return [];
    const bases: Readonly<Record<string, string | undefined>> = {
      "http-api": attribute("HttpApi", "ApiEndpoint"),
      "rest-api": restApi(attribute("RestApi", "Ref"), aws),
      "function-url": attribute(`${unit.id}Url`, "FunctionUrl")?.replace(/\/$/, ""),
    };
    const base = bases[frontOf(unit)];
    if (base === undefined || !found.has(unit.id)) return [];
    return [{ function: unit.name, url: `${base}${(trigger as HttpTrigger).path}` }];
  });
}

function restApi(id: string | undefined, { region, partition }: State["aws"]): string | undefined {
  const suffix = partition === "aws-cn" ? "amazonaws.com.cn" : "amazonaws.com";
  return id === undefined ? undefined : `https://${id}.execute-api.${region}.${suffix}/live`;
}
