import { Link } from "wouter";
import { $api } from "@/api/client";
import { isUnderWay, kindName, useJobs } from "@/api/jobs";
import { share } from "@/format/amounts";
import { ago, lastKnownDay, left } from "@/format/times";
import { Progress } from "@/ui/progress";

/** At the foot of the rail: up to which day things are known, and what is being worked on. */
export function Freshness() {
  const jobs = useJobs();
  const running = (jobs.data?.items ?? []).filter(isUnderWay);
  return (
    <div className="flex flex-col gap-3 px-2 text-xs text-soft">
      {running.slice(0, 2).map((job) => (
        <Link key={job.id} href="/models" className="block rounded hover:text-ink">
          <span className="flex justify-between gap-2">
            <span>{kindName(job.kind)}</span>
            <span className="tabular-nums">{job.state === "queued" ? "waits" : share(job.progress)}</span>
          </span>
          <span className="my-1 block">
            <Progress value={job.progress} label={kindName(job.kind)} />
          </span>
          <span className="block truncate">
            {job.seconds_left != null ? `${left(job.seconds_left)} left` : job.step}
          </span>
        </Link>
      ))}
      {running.length > 2 && <Link href="/models">and {running.length - 2} more</Link>}
      <DataFreshness />
    </div>
  );
}

function DataFreshness() {
  const dataset = $api.useQuery("get", "/api/v1/datasets/current", {}, { retry: false });
  if (!dataset.data) return null;
  return (
    <Link href="/data" className="block hover:text-ink">
      {dataset.data.as_of && <span className="block">Known to {lastKnownDay(dataset.data.as_of)}</span>}
      <span className="block">Imported {ago(dataset.data.created_at)}</span>
    </Link>
  );
}
