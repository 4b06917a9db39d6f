import { $api } from "@/api/client";
import { isUnderWay, useJobStarted, useJobs } from "@/api/jobs";
import type { Problem } from "@/api/problem";
import { useMay } from "@/api/session";
import { share } from "@/format/amounts";
import { left } from "@/format/times";
import { Button, ButtonLink } from "@/ui/button";
import { ErrorNotice } from "@/ui/notice";
import { Page } from "@/ui/page";
import { Progress } from "@/ui/progress";
import { Empty } from "@/ui/states";

/** What will stand here once there is a forecast, and the one thing to do about it. */
export function NoForecast({ problem }: { problem: Problem }) {
  const readiness = $api.useQuery("get", "/api/v1/readiness", {}, { retry: false });
  const jobs = useJobs();
  const training = jobs.data?.items.find((job) => job.kind === "train" && isUnderWay(job));
  return (
    <Page name="Actions" answer={readiness.data ? "There is no forecast to rank customers by yet." : problem.title}>
      <Empty
        title="Whom to treat with what, and where to stop"
        action={
          training ? (
            <div className="max-w-md">
              <Progress value={training.progress} label="Training" />
              <p className="mt-1.5 text-sm text-soft">
                A model is being trained: {share(training.progress)}
                {training.seconds_left != null && `, ${left(training.seconds_left)} left`}.
              </p>
            </div>
          ) : readiness.error ? (
            <ButtonLink look="primary" href="/start">
              Add orders
            </ButtonLink>
          ) : (
            <Train />
          )
        }
      >
        With a forecast, every customer is weighed: what the best play would add, and what it costs. For instance “Treat
        2,135 customers: expected to add £460 of profit within 90 days (-£576 to £1,501), at a cost of £119. Stop there:
        the next customer costs more than they return.”
      </Empty>
    </Page>
  );
}

function Train() {
  const may = useMay("analyst");
  const train = $api.useMutation("post", "/api/v1/models", { onSuccess: useJobStarted() });
  return (
    <>
      <Button
        look="primary"
        disabled={!may || train.isPending}
        onClick={() => train.mutate({ body: { past_dates: 3, promote: true, label: "" } })}
      >
        Train a model
      </Button>
      {!may && <p className="mt-2 text-sm text-soft">It takes the role analyst to train one.</p>}
      {train.error != null && (
        <div className="mt-3">
          <ErrorNotice error={train.error} />
        </div>
      )}
    </>
  );
}
