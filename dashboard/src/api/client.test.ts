import { afterEach, expect, test, vi } from "vitest";
import { download } from "./client";

const BUSY = { title: "The customers are being prepared.", status: 503, todo: "Ask again in half a minute." };

const answering = (...answers: Response[]) => {
  const asked = vi.fn(async () => answers.shift() ?? Response.error());
  vi.stubGlobal("fetch", asked);
  return asked;
};

afterEach(() => {
  vi.unstubAllGlobals();
  vi.useRealTimers();
});

test("a file that is being prepared is asked for again", async () => {
  vi.useFakeTimers();
  const asked = answering(Response.json(BUSY, { status: 503 }), new Response("customer_id\n"));
  vi.stubGlobal("URL", Object.assign(URL, { createObjectURL: () => "blob:it", revokeObjectURL: () => undefined }));
  const done = download("/api/v1/customers?format=csv", "customers.csv");
  await vi.runAllTimersAsync();
  await done;
  expect(asked).toHaveBeenCalledTimes(2);
});

test("what will not pass is told at once", async () => {
  const asked = answering(Response.json({ ...BUSY, title: "No such column.", status: 422 }, { status: 422 }));
  await expect(download("/api/v1/customers?format=csv", "customers.csv")).rejects.toThrow("No such column.");
  expect(asked).toHaveBeenCalledTimes(1);
});
