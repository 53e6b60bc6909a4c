import { defineHandler, getRouterParam } from "nitro/h3";

export default defineHandler((event) => ({ hello: getRouterParam(event, "name") }));
