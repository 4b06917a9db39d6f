/** Vouchers by segment: the history in force, and jobs that make a new one. */
import { useQueryClient } from "@tanstack/react-query";
import { useEffect, useState } from "react";
import { $api, send } from "./client";
import { isUnderWay, type Job, useJob, useJobStarted } from "./jobs";
import { asProblem, keptProblem, type Problem } from "./problem";
import type { components } from "./schema";

export type History = components["schemas"]["VoucherSegments"];
export type Country = History["countries"][number];
export type Segment = Country["segments"][number];
export type Rule = History["rules"][number];
export type Policy = "default" | "simple";

/** What a new history is to be made of; what is absent stays as it is. */
export interface Wishes {
  readonly file?: File;
  readonly countries?: readonly string[];
  readonly policy?: Policy;
  readonly rules?: readonly Rule[];
  readonly mapping?: { readonly [field: string]: string };
  /** Where the layers lie now: a warehouse makes them anew itself. */
  readonly place?: string;
}

export interface Making {
  readonly make: (wishes: Wishes) => void;
  /** The share that has left, while a file is sent. */
  readonly sent: number | null;
  readonly job: Job | null;
  readonly busy: boolean;
  readonly done: boolean;
  readonly problem: Problem | null;
  readonly cancel: () => void;
  readonly forget: () => void;
}

function formOf({ file, countries, policy, rules, mapping, place }: Wishes): FormData {
  const form = new FormData();
  if (file) form.append("file", file);
  // One country without a name says "all": absent would be "as before".
  for (const country of countries?.length === 0 ? [""] : (countries ?? [])) form.append("country", country);
  if (policy) form.append("policy", policy);
  if (rules) form.append("rules", JSON.stringify(rules));
  if (mapping && Object.keys(mapping).length > 0) form.append("mapping", JSON.stringify(mapping));
  form.append("in_warehouse", String(place !== undefined && place !== "here"));
  return form;
}

/** Make a history and follow its job; what was read of vouchers is old once it has ended. */
export function useMaking(): Making {
  const [id, setId] = useState<string | null>(null);
  const [sent, setSent] = useState<number | null>(null);
  const [refused, setRefused] = useState<unknown>(null);
  const queries = useQueryClient();
  const started = useJobStarted();
  const followed = useJob(id);
  const stop = $api.useMutation("post", "/api/v1/jobs/{job_id}/cancel", { onSuccess: () => void followed.refetch() });
  const job = id === null ? null : (followed.data ?? null);
  const state = job?.state;
  useEffect(() => {
    if (state !== "succeeded") return;
    void queries.invalidateQueries({ predicate: ({ queryKey }) => String(queryKey[1]).startsWith("/api/v1/vouchers") });
  }, [state, queries]);
  const make = async (wishes: Wishes) => {
    setId(null);
    setRefused(null);
    setSent(0);
    try {
      const accepted = (await send("/api/v1/vouchers/history", formOf(wishes), setSent)) as { job_id: string };
      started();
      setId(accepted.job_id);
    } catch (error) {
      setRefused(error);
    }
    setSent(null);
  };
  const forget = () => {
    setId(null);
    setRefused(null);
  };
  const failed = job?.state === "failed" && job.problem ? keptProblem(job.problem) : null;
  return {
    make: (wishes) => void make(wishes),
    sent,
    job,
    busy: sent !== null || (id !== null && (job === null || isUnderWay(job))),
    done: state === "succeeded",
    problem: refused === null ? failed : asProblem(refused),
    cancel: () => id !== null && stop.mutate({ params: { path: { job_id: id } } }),
    forget,
  };
}
