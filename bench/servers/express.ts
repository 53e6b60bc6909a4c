import express from "express";
import { expressApp } from "../cases/express-app.ts";

express().disable("x-powered-by").use(expressApp("get"), expressApp("post")).listen(0);
