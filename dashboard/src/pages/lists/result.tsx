import { $api } from "@/api/client";
import type { ActionList, ListResult } from "@/api/lists";
import { count, fixed, money, share, sign, signed } from "@/format/amounts";
import { day } from "@/format/times";
import { Details, Section, Sentence } from "@/ui/page";
import { Loaded, Skeleton } from "@/ui/states";
import { Table } from "@/ui/table";
import { Term } from "@/ui/term";
import { Interval } from "./interval";

/** Did it pay: treated customers beside those who were left alone. */
export function Result({ list }: { list: ActionList }) {
  const found = $api.useQuery("get", "/api/v1/action-lists/{list_id}/result", {
    params: { path: { list_id: list.id } },
  });
  return (
    <Section title="Did it pay?">
      <Loaded query={found} skeleton={<Skeleton className="h-40" />}>
        {(result) => <Told result={result} />}
      </Loaded>
    </Section>
  );
}

function Told({ result }: { result: ListResult }) {
  const { window, currency, buyers, profit } = result;
  return (
    <>
      <p className="max-w-[80ch] text-soft">
        <Sentence text={result.sentence} />
      </p>
      {buyers && profit && (
        <div className="mt-5 grid gap-x-14 gap-y-6 lg:grid-cols-2">
          <Interval
            name="More buyers, points"
            means="Share of the treated who ordered, less that of those left alone. The line holds the truth in 95 of 100 cases."
            difference={buyers}
            shown={(value) => signed(value)}
          />
          <Interval
            name={`Profit, ${sign(currency)}`}
            means="Added margin of all who were treated, less what treating them was planned to cost."
            difference={profit}
            shown={(value) => fixed(value, 0)}
            expected={result.expected_profit}
          />
        </div>
      )}
      {result.measurable && window.days > 0 && <Analysis result={result} />}
    </>
  );
}

function Analysis({ result }: { result: ListResult }) {
  const { window, treated, holdout, currency } = result;
  const arms = [
    { name: "Treated", ...treated },
    { name: "Left alone", ...holdout },
  ];
  return (
    <Details label="Arms and plays">
      <Table
        caption="Arms"
        rows={arms}
        rowKey={(arm) => arm.name}
        columns={[
          { heading: "Arm", cell: (arm) => arm.name },
          { heading: "Customers", numeric: true, cell: (arm) => count(arm.customers) },
          { heading: "Ordered", numeric: true, cell: (arm) => count(arm.buyers) },
          { heading: "Share", numeric: true, cell: (arm) => share(arm.share, 1) },
          { heading: `Net revenue, ${sign(currency)}`, numeric: true, cell: (arm) => fixed(arm.revenue, 0) },
        ]}
      />
      <p className="mt-3 text-sm text-soft">
        Orders from {day(window.starts)} to before {day(window.ends)}, {window.days} of {window.horizon} days known.
        Planned cost {money(result.cost, currency)}, expected profit {money(result.expected_profit, currency)}.{" "}
        {result.teaches ? "What it showed changes what the playbook believes." : "It has not taught the playbook yet."}
      </p>
      <div className="mt-6">
        <Table
          caption="Plays of the list"
          rows={result.plays}
          rowKey={(play) => play.name}
          columns={[
            { heading: "Play", cell: (play) => play.name },
            { heading: "Treated ordered", numeric: true, cell: (play) => `${play.treated_buyers} of ${play.treated}` },
            {
              heading: "Left alone ordered",
              numeric: true,
              cell: (play) => `${play.holdout_buyers} of ${play.holdout}`,
            },
            {
              heading: (
                <Term means="More buyers at an even chance, in points, with the interval that holds 80 of 100 cases.">
                  Believed
                </Term>
              ),
              numeric: true,
              wideOnly: true,
              cell: (play) => points(play.believed, play.believed_low, play.believed_high),
            },
            {
              heading: "With this list",
              numeric: true,
              wideOnly: true,
              cell: (play) => points(play.after, play.after_low, play.after_high),
            },
          ]}
        />
      </div>
    </Details>
  );
}

function points(mean: number, low: number, high: number): string {
  return `${signed(mean)} (${signed(low)} to ${signed(high)})`;
}
