// Every estimate, asked by a client made from /openapi.json: `node round_trip.js http://127.0.0.1:8000`.
import createClient from "openapi-fetch";
import type { paths } from "./api.js";

const client = createClient<paths, `application/${string}json`>({ baseUrl: process.argv[2] });

function known<T>(name: string, answer: { data?: T; error?: { detail: string } }): T {
  if (answer.data === undefined) throw new Error(`${name}: ${answer.error?.detail}`);
  console.log(`ts ${name}`);
  return answer.data;
}

const call = { provider: "openai", model: "gpt-4o" };
const run = { model: "llama-3.1-8b", accelerator: "h100-sxm" };
const paid = known("GET inference", await client.GET("/v1/estimates/inference", { params: { query: { ...call, input_tokens: "1M" } } }));
if (!("cost_usd" in paid.result) || typeof paid.result.cost_usd !== "number") throw new Error("no dollars");
known("POST inference", await client.POST("/v1/estimates/inference", { body: { ...call, usage: { input_tokens: 1000 } } }));
const trained = known("GET training", await client.GET("/v1/estimates/training", { params: { query: { ...run, tokens: "15T" } } }));
const dollars: number | undefined = trained.result.cost_usd?.central;
if (dollars === undefined) throw new Error("no dollars");
known("POST training", await client.POST("/v1/estimates/training", { body: { ...run, tokens: 15e12 } }));
known("GET serving", await client.GET("/v1/estimates/serving", { params: { query: run } }));
known("POST serving", await client.POST("/v1/estimates/serving", { body: run }));
known("POST comparisons", await client.POST("/v1/comparisons", { body: { question: { ...call, model: ["gpt-4o", "gpt-4.1"], usage: { input_tokens: 9 } } } }));
known("GET scaling laws", await client.GET("/v1/scaling-laws/evaluate", { params: { query: { op: "loss", N: 7e9, D: 1.4e11 } } }));
const refused = await client.GET("/v1/estimates/inference", { params: { query: { model: "nobody", input_tokens: 1 } } });
if (refused.error?.errors[0]?.pointer !== "/model") throw new Error("a problem is not typed");
