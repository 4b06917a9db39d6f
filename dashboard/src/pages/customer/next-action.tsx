import clsx from "clsx";
import type { ReactNode } from "react";
import { $api } from "@/api/client";
import type { components } from "@/api/schema";
import { count, decimal, many, money, share, sign } from "@/format/amounts";
import { inReadersFigures } from "@/format/figures";
import { day } from "@/format/times";
import { Facts } from "@/ui/page";
import { Loaded, Skeleton } from "@/ui/states";
import { Table } from "@/ui/table";
import { Evidence } from "../actions/evidence";

type Answer = components["schemas"]["NextAction"];

/** What to do for this customer now, or why they are left alone; and what they have stopped buying. */
export function NextAction({ id, small }: { id: string; small: boolean }) {
  const found = $api.useQuery("get", "/api/v1/customers/{customer_id}/action", {
    params: { path: { customer_id: id } },
  });
  return (
    <section aria-label="Next action" className="min-w-0">
      <h2 className="font-semibold">What to do now</h2>
      <div className="mt-2.5">
        <Loaded query={found} skeleton={<Skeleton className="h-32" />}>
          {(answer) => (
            <div className={clsx("grid gap-x-14 gap-y-5", !small && answer.stopped.length > 0 && "lg:grid-cols-2")}>
              <div className="min-w-0">{answer.left_alone ? <Alone answer={answer} /> : <Todo answer={answer} />}</div>
              <StoppedBuying answer={answer} most={small ? 3 : 6} />
            </div>
          )}
        </Loaded>
      </div>
    </section>
  );
}

function Alone({ answer }: { answer: Answer }) {
  const { left_alone, action, currency, horizon_days } = answer;
  return (
    <>
      <p className="text-lg font-medium">Leave alone.</p>
      <p className="mt-0.5 text-soft">{left_alone?.because}</p>
      {action && left_alone?.reason === "costs_more" && (
        <p className="mt-1 text-sm text-soft">
          The best one, “{action.what}”, would bring {money(action.profit, currency)} within{" "}
          {many(horizon_days ?? 0, "day")} ({money(action.profit_low, currency)} to{" "}
          {money(action.profit_high, currency)}).
        </p>
      )}
    </>
  );
}

function Todo({ answer }: { answer: Answer }) {
  const { action, currency, horizon_days, place, of } = answer;
  if (!action) return null;
  const lines: [string, ReactNode][] = [
    ["Why", inReadersFigures(action.why) || "–"],
    ["When", action.timing || "–"],
    ["Offer", offerInWords(answer)],
    ["What to say", action.message.join(" ") || "–"],
    [
      "Expected profit",
      <span key="profit" className="flex flex-wrap gap-x-3">
        <span>
          <strong className="font-semibold">{money(action.profit, currency)}</strong> (
          {money(action.profit_low, currency)} to {money(action.profit_high, currency)}) within{" "}
          {many(horizon_days ?? 0, "day")}
        </span>
        <Evidence evidence={action.evidence} />
      </span>,
    ],
    ["Place", `${count(place)} of ${many(of, "customer")} worth treating`],
  ];
  return (
    <>
      <p className="text-lg font-medium">{action.what}</p>
      <div className="mt-2">
        <Facts items={lines} />
      </div>
    </>
  );
}

function offerInWords({ action, offer, currency }: Answer): string {
  if (!action || !offer) return "–";
  const given = [
    ...(offer.discount > 0 ? [`${share(offer.discount)} of an order`] : []),
    ...(offer.incentive > 0 ? [money(offer.incentive, currency)] : []),
  ];
  const cost = `expected to cost ${money(action.cost, currency)}`;
  return given.length ? `${given.join(" and ")}; ${cost}` : `no incentive; ${cost}`;
}

/** Categories, or products where there are none, that were bought in a rhythm and are bought no more. */
function StoppedBuying({ answer, most }: { answer: Answer; most: number }) {
  const { stopped, stopped_total, currency } = answer;
  if (stopped.length === 0) return null;
  const kind = stopped[0]?.kind === "category" ? "Category" : "Product";
  const shown = stopped.slice(0, most);
  return (
    <div className="min-w-0">
      <h3 className="font-medium">Bought regularly, and no more</h3>
      <p className="mb-1 text-sm text-soft">
        On at least 3 days, and not for more than twice the usual gap between them.
      </p>
      <Table
        caption="Bought regularly, and no more"
        rows={shown}
        rowKey={(row, at) => `${row.name}-${at}`}
        columns={[
          {
            heading: kind,
            cell: (row) => (
              <>
                <span title={row.sentence}>{row.name}</span>
                <span className="block text-xs text-soft md:hidden">last bought {day(row.last_bought_on)}</span>
              </>
            ),
          },
          { heading: `A month, ${sign(currency)}`, numeric: true, cell: (row) => money(row.worth_a_month, null) },
          { heading: "Last bought", numeric: true, wideOnly: true, cell: (row) => day(row.last_bought_on) },
          {
            heading: "Silent, days",
            numeric: true,
            cell: (row) => (
              <>
                {decimal(row.days_silent, 0)}
                <span className="block text-xs text-soft">usually {decimal(row.median_gap_days)}</span>
              </>
            ),
          },
        ]}
      />
      {stopped_total > shown.length && (
        <p className="mt-1 text-sm text-soft">And {stopped_total - shown.length} more, worth less a month.</p>
      )}
    </div>
  );
}
