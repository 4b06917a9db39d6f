import { $api } from "@/api/client";
import { Refusal } from "@/api/problem";
import type { components } from "@/api/schema";
import { many } from "@/format/amounts";
import { inReadersFigures } from "@/format/figures";
import { day } from "@/format/times";
import { ButtonLink } from "@/ui/button";
import { ErrorNotice } from "@/ui/notice";
import { Page, Section } from "@/ui/page";
import { Empty, Skeleton } from "@/ui/states";
import { Cost } from "./cost";
import { DriversOf } from "./drivers";
import { Gain } from "./gain";
import { GRADES } from "./grades";
import { Methods } from "./methods";
import { CardView } from "./model-card";
import { PastDates } from "./past-dates";
import { Reliability } from "./reliability";

type Backtest = components["schemas"]["Backtest"];
type Card = components["schemas"]["Card"];

/** Can I trust it? The forecast replayed on past dates, beside simpler ways. */
export default function Forecast() {
  const chosen = $api.useQuery("get", "/api/v1/models/default", {});
  if (chosen.error)
    return (
      <Page name="Forecast" answer="The forecast cannot be read.">
        <ErrorNotice error={chosen.error} onRetry={() => chosen.refetch()} />
      </Page>
    );
  if (!chosen.data) return <Waiting />;
  return chosen.data.model ? <OfModel id={chosen.data.model} /> : <NoModel />;
}

function Waiting() {
  return (
    <Page name="Forecast" answer="Reading the record of the forecast ...">
      <Skeleton className="h-96" />
    </Page>
  );
}

function NoModel() {
  return (
    <Page name="Forecast" answer="There is no model in use yet.">
      <Empty
        title="How good the forecast would have been on past dates"
        action={
          <ButtonLink look="primary" href="/models">
            Train a model
          </ButtonLink>
        }
      >
        Each training replays past dates and says what the top of its list held, beside the recency rule: for instance
        “the top 10 % held 63 % of the spend of the next 90 days; the recency rule 35 %”.
      </Empty>
    </Page>
  );
}

function OfModel({ id }: { id: string }) {
  const path = { params: { path: { model_id: id } } };
  const backtest = $api.useQuery("get", "/api/v1/models/{model_id}/backtest", path);
  const card = $api.useQuery("get", "/api/v1/models/{model_id}/card", path);
  if (backtest.error instanceof Refusal && backtest.error.problem.status === 404) return <WithoutBacktest />;
  const problem = backtest.error ?? card.error;
  if (problem)
    return (
      <Page name="Forecast" answer="The record of the forecast cannot be read.">
        <ErrorNotice error={problem} onRetry={() => void backtest.refetch()} />
      </Page>
    );
  if (!backtest.data || !card.data) return <Waiting />;
  return <Shown id={id} backtest={backtest.data} card={card.data} />;
}

function WithoutBacktest() {
  return (
    <Page name="Forecast" answer="The model in use was never tried on past dates, so nobody knows how good it is.">
      <ButtonLink look="primary" href="/models">
        Train one with past dates
      </ButtonLink>
    </Page>
  );
}

function Shown({ id, backtest, card }: { id: string; backtest: Backtest; card: Card }) {
  const grade = backtest.graded.grade;
  return (
    <Page
      name="Forecast"
      answer={`${GRADES[grade] ?? grade}. ${backtest.sentence}`}
      below={`Model ${id}: horizon ${many(backtest.horizon, "day")}, from ${day(backtest.as_of_date)}. ${card.season_known ? "" : "The season is not known yet."} ${backtest.reason}`}
      actions={<ButtonLink href="/models">Models</ButtonLink>}
    >
      {backtest.dates.length > 0 ? (
        <>
          <div className="grid gap-x-14 gap-y-11 lg:grid-cols-2">
            <Gain backtest={backtest} />
            <Reliability backtest={backtest} />
          </div>
          <Section title="Beside simpler ways" note={backtest.graded.sentence}>
            <Methods rows={backtest.table} />
          </Section>
          <PastDates dates={backtest.dates} />
          {backtest.threshold?.cost && <Cost threshold={backtest.threshold} cost={backtest.threshold.cost} />}
        </>
      ) : (
        <p className="max-w-[72ch] text-soft">{inReadersFigures(backtest.sentence)}</p>
      )}
      <DriversOf id={id} />
      <CardView card={card} id={id} />
    </Page>
  );
}
