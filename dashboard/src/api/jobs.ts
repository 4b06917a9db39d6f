/** Jobs, followed while they are under way: what they finish makes everything else that was read old. */
import { useQueryClient } from "@tanstack/react-query";
import { useEffect, useRef } from "react";
import { $api } from "./client";
import type { components } from "./schema";

export type Job = components["schemas"]["Job"];

const BUSY_MS = 1000;
const IDLE_MS = 10_000;

export function isUnderWay(job: Job): boolean {
  return job.state === "queued" || job.state === "running";
}

/** The latest jobs; asked for every second while one is under way. */
export function useJobs() {
  return $api.useQuery(
    "get",
    "/api/v1/jobs",
    { params: { query: { limit: 50 } } },
    { refetchInterval: ({ state }) => (state.data?.items.some(isUnderWay) ? BUSY_MS : IDLE_MS) },
  );
}

/** One job until it has ended. */
export function useJob(id: string | null) {
  return $api.useQuery(
    "get",
    "/api/v1/jobs/{job_id}",
    { params: { path: { job_id: id ?? "" } } },
    { enabled: id !== null, refetchInterval: ({ state }) => (state.data && !isUnderWay(state.data) ? false : 700) },
  );
}

/** Read everything anew whenever a job has ended; used once, by the frame of the page. */
export function useRefreshAfterJobs(): void {
  const queries = useQueryClient();
  const { data } = useJobs();
  const busy = useRef(new Set<string>());
  useEffect(() => {
    if (!data) return;
    const now = new Set(data.items.filter(isUnderWay).map((job) => job.id));
    const ended = [...busy.current].some((id) => !now.has(id));
    busy.current = now;
    if (ended) void queries.invalidateQueries();
  }, [data, queries]);
}

/** Tell the list of jobs that there is a new one. */
export function useJobStarted(): () => void {
  const queries = useQueryClient();
  return () => void queries.invalidateQueries({ queryKey: ["get", "/api/v1/jobs"] });
}

const KINDS: Record<string, string> = {
  import: "Import",
  train: "Training",
  backtest: "Backtest",
  predict: "Forecast of everybody",
  run: "Run",
  rebuild: "Cleaning anew",
  undo: "Taking an import back",
  send: "Sending a list",
  erase: "Erasing a customer",
  sample: "Sample shop",
  vouchers: "Voucher history",
};

export function kindName(kind: string): string {
  return KINDS[kind] ?? kind;
}
