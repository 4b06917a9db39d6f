import { useParams } from "wouter";
import { type ListInDetail, useList } from "@/api/lists";
import { count, many, money, share } from "@/format/amounts";
import { lastKnownDay, moment } from "@/format/times";
import { ErrorNotice } from "@/ui/notice";
import { Details, Facts, Page, Section, Sentence } from "@/ui/page";
import { Skeleton } from "@/ui/states";
import { Changes } from "./changes";
import { Entries } from "./entries";
import { NextStep } from "./next-step";
import { Result } from "./result";
import { Steps } from "./steps";

/** One list, from the draft to what it brought. */
export default function List() {
  const { id = "" } = useParams();
  const found = useList(id);
  if (found.error)
    return (
      <Page name="Action list" answer="This list cannot be read.">
        <ErrorNotice error={found.error} onRetry={() => void found.refetch()} />
      </Page>
    );
  if (!found.data)
    return (
      <Page name="Action list" answer="Reading the list ...">
        <div role="status" aria-label="Loading">
          <Skeleton className="h-20" />
          <Skeleton className="mt-8 h-96" />
        </div>
      </Page>
    );
  return <Shown list={found.data} />;
}

function Shown({ list }: { list: ListInDetail }) {
  const { totals, currency } = list;
  const sent = list.sent_on !== null;
  return (
    <Page name="Action list" answer={inWords(list)} below={list.name} actions={<NextStep list={list} />}>
      <Steps list={list} />
      {sent && <Result list={list} />}
      {list.state === "exported" && <Changes id={list.id} />}
      {!sent && (
        <Section title="What it will be able to tell">
          <p className="max-w-[80ch] text-soft">
            <Sentence text={list.sentence} />
          </p>
        </Section>
      )}
      <Entries list={list} />
      <Details label="How it was drawn">
        <Facts
          items={[
            ["As known on", lastKnownDay(list.as_of)],
            ["Looks ahead", many(list.horizon, "day")],
            ["Model", list.model],
            ["Data set", list.dataset],
            ["Budget", list.budget === null ? "no limit" : money(list.budget, currency)],
            ["Contacts", list.contacts === null ? "no limit" : count(list.contacts)],
            ["Held out with probability", share(list.holdout_share)],
            ["Seed of the draw", String(list.seed)],
            ["Planned cost", money(totals.cost, currency)],
            ["Drawn", `${moment(list.created_at)} by ${list.created_by}`],
            ["Approved", list.approved_at ? `${moment(list.approved_at)} by ${list.approved_by}` : "not yet"],
            ["Plays", playNames(list)],
          ]}
        />
      </Details>
    </Page>
  );
}

function playNames(list: ListInDetail): string {
  const plays = (list.playbook.plays ?? []) as readonly { name: string }[];
  return plays.map((play) => play.name).join(", ");
}

function inWords({ totals, currency }: ListInDetail): string {
  const alone = totals.held_out ? `, ${many(totals.held_out, "customer")} left alone at random` : ", nobody left alone";
  return `Treat ${many(totals.treated, "customer")}${alone}: expected to add ${money(totals.profit, currency)} of profit (${money(totals.profit_low, currency)} to ${money(totals.profit_high, currency)}).`;
}
