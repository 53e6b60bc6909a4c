import { createHash } from "node:crypto";
import { settingsOf } from "../settings.ts";
import { assignId, existing, identifier, make, type Part, type Plan } from "./_parts.ts";
import type { Resource } from "./_template.ts";
import { apiVersionOf, ROLES } from "./_types.ts";
import type { AzurePermission } from "./settings.ts";

/** The rights that the configuration gives the app, beyond those of its triggers. */
export function permissionPart({ functions, settings }: Plan): Part {
  const own = functions.flatMap(({ name }) => settingsOf(settings.functions, name)?.permissions ?? []);
  const resources = [...(settings.permissions ?? []), ...own].flatMap(({ role, scope }) => {
    const on = parseScope(scope);
    return on === undefined ? [] : [assignId(roleId(role), on, `${on.symbol}_${hash(role)}`)];
  });
  return { resources };
}

/** A role's id, from its name where it is one that this adapter knows. */
export function roleId(role: string): string {
  const roles: Readonly<Record<string, string>> = ROLES;
  return Object.hasOwn(roles, role) ? (roles[role] ?? role) : role;
}

/** The resource of this resource group that a scope names: `Microsoft.KeyVault/vaults/shop-keys`; undefined for others. */
export function parseScope(scope: AzurePermission["scope"]): Resource | undefined {
  const [provider = "", ...pairs] = scope.split("/");
  let parent: Resource | undefined;
  let type = provider;
  for (let index = 0; index + 1 < pairs.length; index += 2) {
    type += `/${pairs[index]}`;
    if (apiVersionOf(type) === undefined) return undefined;
    const name = pairs[index + 1] ?? "";
    const symbol: string = `${parent?.symbol ?? "on"}_${identifier(name)}`;
    parent = existing(make(symbol, type, { name, ...(parent === undefined ? {} : { parent }) }));
  }
  return pairs.length % 2 === 0 ? parent : undefined;
}

function hash(text: string): string {
  return createHash("sha256").update(text).digest("hex").slice(0, 6);
}
