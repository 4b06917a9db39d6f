import { $api } from "@/api/client";
import { isUnderWay, useJobs } from "@/api/jobs";
import type { components } from "@/api/schema";
import { count, share } from "@/format/amounts";
import { left } from "@/format/times";
import { ButtonLink } from "@/ui/button";
import { ErrorNotice } from "@/ui/notice";
import { Page, Section } from "@/ui/page";
import { Progress } from "@/ui/progress";
import { Skeleton } from "@/ui/states";
import { Ledger, type LedgerFacts } from "../data/ledger";

type Import = components["schemas"]["ImportInDetail"];

interface Report extends LedgerFacts {
  changed: boolean;
  customers: number;
  orders: number;
  warnings: string[];
}

/** The orders are in: the first answer, what it rests on, and what still goes on. */
export function Arrived({ one }: { one: Import }) {
  const report = one.report as unknown as Report;
  const answer = $api.useQuery("get", "/api/v1/answer", {});
  const headline = answer.data?.headline ?? "The orders are in. Counting what they say ...";
  return (
    <Page
      name="First answer"
      answer={report.changed ? headline : "These orders were there already; nothing has changed."}
      below={answer.data?.sentences[0]}
      actions={
        <>
          <ButtonLink href="/">Home</ButtonLink>
          <ButtonLink look="primary" href="/customers?where=revenue_at_risk>0&sort=-revenue_at_risk">
            See who they are
          </ButtonLink>
        </>
      }
    >
      {answer.error != null && <ErrorNotice error={answer.error} onRetry={() => answer.refetch()} />}
      <div className="grid gap-4 md:grid-cols-3">
        <Tile
          title="Orders"
          state="ready"
          text={`${count(report.orders)} orders of ${count(report.customers)} customers.`}
        />
        {answer.data ? (
          <Tile
            title="First answer"
            state={answer.data.readiness.state}
            text={answer.data.readiness.missing.join(" ") || "Nothing is missing."}
          />
        ) : (
          <Skeleton className="h-28" />
        )}
        <ForecastTile />
      </div>
      <Section title="Every line accounted for" note="Lines in the files = kept + rejected, to the cent.">
        <Ledger facts={report} importId={one.id} />
      </Section>
      {report.warnings.length > 0 && (
        <Section title="To know">
          <ul className="flex max-w-[80ch] flex-col gap-1 text-soft">
            {report.warnings.map((warning) => (
              <li key={warning}>{warning}</li>
            ))}
          </ul>
        </Section>
      )}
    </Page>
  );
}

const STATES: Record<string, string> = {
  ready: "Ready",
  degraded: "Usable, with limits",
  "not yet": "Not yet",
  training: "In training",
};

function Tile({
  title,
  state,
  text,
  children,
}: {
  title: string;
  state: string;
  text: string;
  children?: React.ReactNode;
}) {
  const colour = state === "ready" ? "text-good" : state === "training" ? "text-accent" : "text-risk-high";
  return (
    <div className="rounded-lg border border-line bg-surface p-4">
      <p className="flex items-baseline justify-between gap-2">
        <span className="font-medium">{title}</span>
        <span className={`text-sm ${colour}`}>{STATES[state] ?? state}</span>
      </p>
      <p className="mt-1 text-sm text-soft">{text}</p>
      {children}
    </div>
  );
}

/** The forecast while it is trained: percent and time left; then its grade. */
function ForecastTile() {
  const jobs = useJobs();
  const readiness = $api.useQuery("get", "/api/v1/readiness", {});
  const training = jobs.data?.items.find((job) => job.kind === "train" && isUnderWay(job));
  if (training) {
    const rest =
      training.seconds_left == null
        ? training.step
        : `${share(training.progress)}, ${left(training.seconds_left)} left. Go on; it works in the background.`;
    return (
      <Tile title="Forecast" state="training" text={rest || "Waiting for its turn."}>
        <div className="mt-3">
          <Progress value={training.progress} label="Training" />
        </div>
      </Tile>
    );
  }
  const forecast = readiness.data?.forecast;
  if (!forecast) return <Skeleton className="h-28" />;
  return (
    <Tile
      title="Forecast"
      state={forecast.state ?? "not yet"}
      text={forecast.sentence ?? forecast.no_forecast ?? "No model has been trained yet."}
    />
  );
}
