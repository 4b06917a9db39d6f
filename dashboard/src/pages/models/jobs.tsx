import { useState } from "react";
import { $api } from "@/api/client";
import { isUnderWay, type Job, kindName, useJobStarted, useJobs } from "@/api/jobs";
import { keptProblem } from "@/api/problem";
import { useMay } from "@/api/session";
import { share } from "@/format/amounts";
import { left, moment } from "@/format/times";
import { Button } from "@/ui/button";
import { ErrorNotice, Notice } from "@/ui/notice";
import { Section } from "@/ui/page";
import { Progress } from "@/ui/progress";
import { Loaded, Skeleton } from "@/ui/states";
import { Table } from "@/ui/table";

const SHOWN = 12;

/** The queue: what runs, how far it is, how long it still takes; to be stopped, run again, or looked into. */
export function Jobs() {
  const jobs = useJobs();
  const refresh = { onSuccess: useJobStarted() };
  const cancel = $api.useMutation("post", "/api/v1/jobs/{job_id}/cancel", refresh);
  const retry = $api.useMutation("post", "/api/v1/jobs/{job_id}/retry", refresh);
  const move = $api.useMutation("patch", "/api/v1/jobs/{job_id}", refresh);
  const [failed, setFailed] = useState<Job | null>(null);
  const may = useMay("analyst");
  const error = cancel.error ?? retry.error ?? move.error;
  const path = (job: Job) => ({ params: { path: { job_id: job.id } } });
  return (
    <Section title="Jobs">
      {error != null && <ErrorNotice error={error} />}
      <Loaded query={jobs} skeleton={<Skeleton className="h-40" />}>
        {({ items }) =>
          items.length === 0 ? (
            <p className="text-soft">Nothing was started through this page or the API yet.</p>
          ) : (
            <Table
              caption="Jobs"
              rows={items.slice(0, SHOWN)}
              rowKey={(row) => row.id}
              columns={[
                {
                  heading: "Job",
                  cell: (row) => (
                    <span>
                      {kindName(row.kind)} {row.label && <span className="text-soft">{row.label}</span>}
                    </span>
                  ),
                },
                {
                  heading: "State",
                  cell: (row) => <State job={row} onProblem={() => setFailed(failed?.id === row.id ? null : row)} />,
                },
                { heading: "Started", wideOnly: true, cell: (row) => moment(row.started_at ?? row.created_at) },
                {
                  heading: <span className="sr-only">Actions</span>,
                  numeric: true,
                  cell: (row) =>
                    may && (
                      <span className="inline-flex gap-1">
                        {row.state === "queued" && row.priority > 1 && (
                          <Button
                            small
                            look="quiet"
                            onClick={() => move.mutate({ ...path(row), body: { priority: 1 } })}
                          >
                            First
                          </Button>
                        )}
                        {isUnderWay(row) && (
                          <Button small onClick={() => cancel.mutate(path(row))} disabled={row.stopping}>
                            {row.stopping ? "Stopping" : "Cancel"}
                          </Button>
                        )}
                        {(row.state === "failed" || row.state === "cancelled") && (
                          <Button small onClick={() => retry.mutate(path(row))}>
                            Run again
                          </Button>
                        )}
                      </span>
                    ),
                },
              ]}
            />
          )
        }
      </Loaded>
      {failed?.problem && (
        <div className="mt-4">
          <Notice problem={keptProblem(failed.problem)} />
        </div>
      )}
    </Section>
  );
}

function State({ job, onProblem }: { job: Job; onProblem: () => void }) {
  if (job.state === "running") {
    return (
      <span className="block w-56 max-w-full">
        <Progress value={job.progress} label={kindName(job.kind)} />
        <span className="mt-0.5 block truncate text-xs text-soft">
          {share(job.progress)}
          {job.seconds_left != null && `, ${left(job.seconds_left)} left`} · {job.step}
        </span>
      </span>
    );
  }
  if (job.state === "failed") {
    return (
      <button type="button" className="link text-bad" onClick={onProblem}>
        failed: why?
      </button>
    );
  }
  return <>{job.state === "queued" ? "waits for its turn" : job.state}</>;
}
