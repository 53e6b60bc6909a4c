import type { BusEvent, BusTrigger } from "@anyfn/core";
import { compileEvents, type NamedFunction, prepareBus } from "@anyfn/core/adapter";
import { createAzureContext } from "../context.ts";
import type { AzureApp, AzureContext } from "../native.ts";
import { type AzureSettings, secondsOf, settingsOf } from "../settings.ts";
import { fromEventGrid } from "./_event-grid.ts";
import { handleAll } from "./_run.ts";
import { open } from "./_values.ts";
import { registerWebhook } from "./_webhook.ts";

/** Registers `bus` functions on Event Grid, through its trigger or a web hook. */
export function registerBus(
  app: AzureApp,
  functions: readonly NamedFunction[],
  settings: AzureSettings = {},
): void {
  for (const named of functions) register(app, named, settings);
}

function register(app: AzureApp, named: NamedFunction, settings: AzureSettings): void {
  const { name, definition } = named;
  const trigger = definition.trigger as BusTrigger;
  const compiled = compileEvents<BusTrigger, BusEvent>(definition, "bus", prepareBus);
  const { source = "event-grid", ...where } = settingsOf(settings.buses, trigger.name) ?? {};
  if (source === "event-grid-webhook") {
    registerWebhook(app, named, where, settings, (events, ctx) => handleAll(compiled, events, ctx, "bus"));
    return;
  }
  const seconds = secondsOf(definition.timeout, settings);
  app.eventGrid(name, {
    handler: async (input: unknown, context: AzureContext) => {
      const events = fromEventGrid(open(input, context).input, "bus");
      await handleAll(compiled, events, createAzureContext(context, seconds), "bus");
    },
  });
}
