import { NO_LIMITS, type Ranking, useRanking } from "@/api/actions";
import { Refusal } from "@/api/problem";
import { many, share } from "@/format/amounts";
import { lastKnownDay } from "@/format/times";
import { ButtonLink } from "@/ui/button";
import { ErrorNotice } from "@/ui/notice";
import { Page, Section } from "@/ui/page";
import { Skeleton } from "@/ui/states";
import { useLimits } from "./asked";
import { Budget } from "./budget";
import { Draw } from "./draw";
import { Export } from "./export";
import { Holdout } from "./holdout";
import { LeftAlone } from "./left-alone-table";
import { List } from "./list";
import { NoForecast } from "./no-forecast";
import { PlaybookSection } from "./playbook/playbook";
import { Plays } from "./plays";
import { type Listed, useActions } from "./use-actions";

/** A budget of nothing: its curve has everybody by profit per cost, the order of every budget. */
const NOTHING = { budget: 0, contacts: null };

/** Whom to treat with what, within a budget, and whom to leave alone. */
export default function Actions() {
  const [limits, change] = useLimits();
  const listed = useActions(limits);
  const whole = useRanking(NO_LIMITS);
  const byCost = useRanking(NOTHING);
  const problem = listed.error ?? whole.error ?? byCost.error;
  if (problem instanceof Refusal && problem.problem.status === 404) return <NoForecast problem={problem.problem} />;
  if (problem)
    return (
      <Page name="Actions" answer="The customers cannot be ranked.">
        <ErrorNotice error={problem} onRetry={() => void listed.refetch()} />
      </Page>
    );
  if (!listed.first || !whole.data || !byCost.data) return <Waiting />;
  return (
    <Shown
      rankings={{ list: listed.first, whole: whole.data, byCost: byCost.data }}
      listed={listed}
      limits={limits}
      change={change}
    />
  );
}

function Waiting() {
  return (
    <Page
      name="Actions"
      answer="Weighing what each customer would return ..."
      below={<Skeleton className="h-[104px]" />}
    >
      <div role="status" aria-label="Loading">
        <Skeleton className="h-[600px]" />
        <Skeleton className="mt-11 h-72" />
        <Skeleton className="mt-11 h-[730px]" />
      </div>
    </Page>
  );
}

function Shown({
  rankings,
  listed,
  limits,
  change,
}: {
  rankings: Record<"list" | "whole" | "byCost", Ranking>;
  listed: Listed;
  limits: ReturnType<typeof useLimits>[0];
  change: ReturnType<typeof useLimits>[1];
}) {
  const { list, whole } = rankings;
  return (
    <Page
      name="Actions"
      answer={list.headline}
      below={`As known on ${lastKnownDay(list.as_of)}, with ${share(list.margin)} of spend left as margin, over ${many(list.horizon_days, "day")}. The effects behind it are ${list.own_playbook ? "those of the shop's own playbook" : "those of the usual playbook"}.`}
      actions={
        <>
          <ButtonLink look="quiet" href="/actions/lists">
            Lists
          </ButtonLink>
          <Export limits={limits} customers={list.chosen.customers} />
          <Draw limits={limits} customers={list.chosen.customers} />
        </>
      }
    >
      <Budget rankings={rankings} limits={limits} change={change} />
      <Section title="What to do" note="Each customer gets the play that is expected to earn most with them.">
        <Plays ranking={list} />
      </Section>
      <List listed={listed} ranking={list} onReset={() => change(NO_LIMITS)} />
      <div className="mt-11 grid gap-x-14 gap-y-11 lg:grid-cols-2">
        <LeftAlone list={list} whole={whole} />
        <Holdout ranking={list} />
      </div>
      <PlaybookSection limits={limits} before={list} />
    </Page>
  );
}
