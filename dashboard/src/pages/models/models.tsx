import { $api } from "@/api/client";
import { isUnderWay, kindName, useJobStarted, useJobs } from "@/api/jobs";
import { useMay } from "@/api/session";
import { many, share } from "@/format/amounts";
import { Button } from "@/ui/button";
import { ErrorNotice } from "@/ui/notice";
import { Page } from "@/ui/page";
import { Loaded, Skeleton } from "@/ui/states";
import { GRADES } from "../forecast/grades";
import { Jobs } from "./jobs";
import { Predictions } from "./predictions";
import { Registry } from "./registry";

/** Which model is in use, what is running, and what was forecast. */
export default function Models() {
  const models = $api.useQuery("get", "/api/v1/models", { params: { query: { limit: 100 } } });
  const jobs = useJobs();
  const started = useJobStarted();
  const train = $api.useMutation("post", "/api/v1/models", { onSuccess: started });
  const may = useMay("analyst");
  const running = jobs.data?.items.filter(isUnderWay) ?? [];
  const inUse = models.data?.items.find((model) => model.in_use);
  const first = running[0];
  const work = first
    ? ` ${kindName(first.kind)} is at ${share(first.progress)}${running.length > 1 ? `, ${many(running.length - 1, "job")} behind it` : ""}.`
    : " Nothing is running.";
  const use = inUse
    ? `Model ${inUse.id} is in use: ${(GRADES[inUse.grade] ?? "not graded").toLowerCase()}.`
    : "No model is in use.";
  return (
    <Page
      name="Models"
      answer={models.data ? use + work : "Reading the registry ..."}
      actions={
        may && (
          <Button
            look="primary"
            disabled={train.isPending || running.some((job) => job.kind === "train")}
            onClick={() => train.mutate({ body: { past_dates: 3, promote: true, label: "" } })}
          >
            Train a model
          </Button>
        )
      }
    >
      {train.error != null && <ErrorNotice error={train.error} />}
      <Loaded query={models} skeleton={<Skeleton className="h-48" />}>
        {(data) => <Registry models={data.items} />}
      </Loaded>
      <Jobs />
      <Predictions hasModel={Boolean(inUse)} />
    </Page>
  );
}
