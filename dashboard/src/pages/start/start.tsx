import { useEffect, useState } from "react";
import { useParams } from "wouter";
import { $api } from "@/api/client";
import { type Job, useJob } from "@/api/jobs";
import { keptProblem } from "@/api/problem";
import type { components } from "@/api/schema";
import { share } from "@/format/amounts";
import { left } from "@/format/times";
import { Button } from "@/ui/button";
import { LoadedPage } from "@/ui/loaded-page";
import { Notice } from "@/ui/notice";
import { Page } from "@/ui/page";
import { Progress } from "@/ui/progress";
import { Arrived } from "./arrived";
import { namesOf } from "./files";
import { Mapping } from "./mapping";
import { Picker } from "./picker";
import { Welcome } from "./welcome";

type Import = components["schemas"]["ImportInDetail"];

/** From files to the first answer: looked at, agreed upon, taken in. */
export default function Start() {
  const { id } = useParams<{ id?: string }>();
  return id ? <OneImport key={id} id={id} /> : <Another />;
}

function Another() {
  const dataset = $api.useQuery("get", "/api/v1/datasets/current", {}, { retry: false });
  if (!dataset.data) return <Welcome />;
  return (
    <Page
      name="Add orders"
      answer="New orders join those that are there; what came before is recognised and not counted twice."
      below="Afterwards a new model is trained, and takes the old one's place only if its backtest is not worse."
    >
      <Picker />
    </Page>
  );
}

function OneImport({ id }: { id: string }) {
  const found = $api.useQuery("get", "/api/v1/imports/{import_id}", { params: { path: { import_id: id } } });
  const [follows, setFollows] = useState<string | null>(null);
  const job = useJob(follows ?? found.data?.job_id ?? null);
  const ended = job.data?.ended_at;
  // biome-ignore lint/correctness/useExhaustiveDependencies: when the job has ended, the import is another one
  useEffect(() => void found.refetch(), [ended]);
  return (
    <LoadedPage query={found} name="Add orders" waiting="Looking at the file" failed="This import cannot be shown.">
      {(one) => <Stage one={one} job={job.data} onJob={setFollows} />}
    </LoadedPage>
  );
}

function Stage({ one, job, onJob }: { one: Import; job: Job | undefined; onJob: (id: string) => void }) {
  const names = namesOf(one.files);
  const working = job && (job.state === "queued" || job.state === "running");
  const inspection = one.inspection;
  if (one.report && (one.state === "imported" || one.state === "unchanged")) return <Arrived one={one} />;
  if (
    working &&
    (one.state === "received" || one.state === "confirmed" || !inspection || job.arguments.confirm === true)
  ) {
    return <Working job={job} names={names} taking={job.arguments.confirm === true} />;
  }
  if (inspection && ["inspected", "needs_mapping", "failed"].includes(one.state)) {
    return <Mapping one={one} inspection={inspection} busy={Boolean(working)} onJob={onJob} />;
  }
  if (one.problem) {
    return (
      <Page name="Add orders" answer={`${names} could not be read.`}>
        <Notice problem={keptProblem(one.problem)} />
        <div className="mt-6">
          <Picker />
        </div>
      </Page>
    );
  }
  return <Working job={job} names={names} taking={false} />;
}

/** What is being done, how far it is, how long it still takes, and a way to stop it. */
function Working({ job, names, taking }: { job: Job | undefined; names: string; taking: boolean }) {
  const cancel = $api.useMutation("post", "/api/v1/jobs/{job_id}/cancel");
  const progress = job?.progress ?? 0;
  return (
    <Page name="Add orders" answer={taking ? `${names}: being taken in.` : `${names}: being looked at.`}>
      <div className="max-w-md" aria-live="polite">
        <Progress value={progress} label={taking ? "Import" : "Inspection"} />
        <p className="mt-2 flex justify-between text-sm text-soft">
          <span>{job?.step || "Waiting for its turn"}</span>
          <span>
            {share(progress)}
            {job?.seconds_left != null && `, ${left(job.seconds_left)} left`}
          </span>
        </p>
        {job && (
          <div className="mt-4">
            <Button small onClick={() => cancel.mutate({ params: { path: { job_id: job.id } } })}>
              Cancel
            </Button>
          </div>
        )}
      </div>
    </Page>
  );
}
