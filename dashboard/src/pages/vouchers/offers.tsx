import { useQueryClient } from "@tanstack/react-query";
import { type FormEvent, useState } from "react";
import { $api } from "@/api/client";
import type { components } from "@/api/schema";
import { useMay } from "@/api/session";
import { count, exactMoney, fixed, many, share, sign } from "@/format/amounts";
import { day } from "@/format/times";
import { Button } from "@/ui/button";
import { Dialog } from "@/ui/dialog";
import { Field, Input } from "@/ui/field";
import { ErrorNotice } from "@/ui/notice";
import { Section } from "@/ui/page";
import { Loaded, Skeleton } from "@/ui/states";
import { Table } from "@/ui/table";
import { LimitsForm, LimitsText } from "./limits";
import { LABELS } from "./words";

type Margins = components["schemas"]["AllVoucherMargins"];
type Offer = components["schemas"]["VoucherOffer"];

/** What vouchers bring, measured on offers at random; the limits of giving; and what came of each offer. */
export function Offers() {
  const margins = $api.useQuery("get", "/api/v1/vouchers/margins", {});
  return (
    <Loaded query={margins} skeleton={<Skeleton className="mt-11 h-64" />}>
      {(found) => (
        <>
          <Section title="What vouchers bring" note={howLearned(found)}>
            {found.items.length ? <Measured margins={found} /> : found.limits.explore > 0 && <NothingTried />}
          </Section>
          <Section title="Limits of giving" actions={<LimitsForm limits={found.limits} currency={found.currency} />}>
            <LimitsText limits={found.limits} currency={found.currency} />
          </Section>
          <Given currency={found.currency} outcomeDays={found.outcome_days} />
        </>
      )}
    </Loaded>
  );
}

function howLearned({ limits, outcome_days }: Margins): string {
  if (limits.explore === 0)
    return "No offers are at random, so nothing is learned of what they bring. The limits below say how many are.";
  return `Of the offers, ${share(limits.explore)} are at random: an amount, or nothing. What these customers bought within ${many(outcome_days, "day")} tells what an amount brings.`;
}

function NothingTried() {
  return (
    <p className="max-w-[72ch] text-soft">
      Nothing was tried at random yet. Once 30 customers of a segment got an amount and 30 got nothing, this shows what
      the amount adds to the margin of a customer, with its interval, and the best one is offered from then on.
    </p>
  );
}

/** Segment by segment: each amount beside nothing, and what is offered because of it. */
function Measured({ margins }: { margins: Margins }) {
  const unit = margins.currency ? `, ${sign(margins.currency)}` : "";
  return (
    <div className="flex max-w-3xl flex-col gap-8">
      {margins.items.map(({ country, segment, segment_name, best, reason, amounts }) => (
        <div key={`${country}-${segment_name}-${segment}`} className="min-w-0">
          <h3 className="font-medium">
            {country}, {segment} {segment_name === "frequent_segment" ? "orders" : "days"}
          </h3>
          <p className="mt-0.5 text-sm text-soft">
            {best === null
              ? "Cannot tell yet: the most used voucher stays. "
              : Number(best) === 0
                ? "Nothing is offered. "
                : `${exactMoney(best, margins.currency)} is offered. `}
            {reason}
          </p>
          <Table
            caption={`Measured vouchers, ${country}, ${segment}`}
            rows={amounts}
            rowKey={(row) => row.voucher_amount}
            columns={[
              {
                heading: `Voucher${unit}`,
                cell: (row) => (Number(row.voucher_amount) === 0 ? "nothing" : exactMoney(row.voucher_amount, null)),
              },
              { heading: "Customers", numeric: true, cell: (row) => count(row.n) },
              { heading: "Redeemed", numeric: true, wideOnly: true, cell: (row) => count(row.redeemed) },
              { heading: `Margin${unit}`, numeric: true, cell: (row) => fixed(row.net_margin, 2) },
              {
                heading: `More than nothing${unit}`,
                numeric: true,
                cell: (row) =>
                  row.effect == null
                    ? Number(row.voucher_amount) === 0
                      ? ""
                      : "cannot tell"
                    : `${fixed(row.effect, 2)} (${fixed(row.low, 2)} to ${fixed(row.high, 2)})`,
              },
            ]}
          />
        </div>
      ))}
      <p className="text-sm text-soft">
        Margin of a customer less the voucher, if redeemed. In brackets: where the truth lies in 90 of 100 cases.
      </p>
    </div>
  );
}

/** Offers that were given, the newest first; what came of one is written down here once. */
function Given({ currency, outcomeDays }: { currency: string | null; outcomeDays: number }) {
  const offers = $api.useQuery("get", "/api/v1/vouchers/offers", { params: { query: { limit: 20 } } });
  const [telling, setTelling] = useState<Offer | null>(null);
  const may = useMay("analyst");
  const unit = currency ? `, ${sign(currency)}` : "";
  return (
    <Section
      title="Latest offers"
      note={`Write down whether a voucher was redeemed, and the margin of what was bought, when ${many(outcomeDays, "day")} are over. It is said once.`}
    >
      <Loaded query={offers} skeleton={<Skeleton className="h-40" />}>
        {({ items }) =>
          items.length === 0 ? (
            <p className="text-soft">None was given yet. Ask for a customer above, and offer one.</p>
          ) : (
            <Table
              caption="Latest offers"
              rows={items}
              rowKey={(row) => row.id}
              columns={[
                { heading: "Day", cell: (row) => day(row.as_of) },
                { heading: "Customer", cell: (row) => row.customer_id },
                { heading: "Segment", wideOnly: true, cell: (row) => `${row.country}, ${row.segment}` },
                {
                  heading: `Voucher${unit}`,
                  numeric: true,
                  cell: (row) => (Number(row.voucher_amount) === 0 ? "nothing" : exactMoney(row.voucher_amount, null)),
                },
                { heading: "Why", wideOnly: true, cell: (row) => LABELS[row.label] ?? row.label },
                {
                  heading: "Outcome",
                  numeric: true,
                  cell: (row) => <Outcome offer={row} onTell={may ? () => setTelling(row) : undefined} />,
                },
              ]}
            />
          )
        }
      </Loaded>
      <Dialog title="What came of it" open={telling !== null} onClose={() => setTelling(null)}>
        {telling && <Tell offer={telling} currency={currency} onDone={() => setTelling(null)} />}
      </Dialog>
    </Section>
  );
}

function Outcome({ offer, onTell }: { offer: Offer; onTell: (() => void) | undefined }) {
  if (offer.outcome_at !== null)
    return (
      <>
        {exactMoney(offer.margin ?? "0", null)}
        {offer.redeemed ? ", redeemed" : ""}
      </>
    );
  if (!onTell) return <span className="text-soft">not known</span>;
  return (
    <Button small aria-label={`Record the outcome for ${offer.customer_id}`} onClick={onTell}>
      Record
    </Button>
  );
}

function Tell({ offer, currency, onDone }: { offer: Offer; currency: string | null; onDone: () => void }) {
  const [redeemed, setRedeemed] = useState(false);
  const [margin, setMargin] = useState("");
  const queries = useQueryClient();
  const tell = $api.useMutation("put", "/api/v1/vouchers/offers/{offer_id}/outcome", {
    onSuccess: () => {
      void queries.invalidateQueries({
        predicate: ({ queryKey }) => String(queryKey[1]).startsWith("/api/v1/vouchers"),
      });
      onDone();
    },
  });
  const nothing = Number(offer.voucher_amount) === 0;
  const submit = (event: FormEvent) => {
    event.preventDefault();
    tell.mutate({ params: { path: { offer_id: offer.id } }, body: { redeemed, margin } });
  };
  return (
    <form onSubmit={submit} className="flex flex-col gap-4">
      <p className="text-soft">
        {offer.customer_id}, {day(offer.as_of)}:{" "}
        {nothing ? "nothing, on purpose" : exactMoney(offer.voucher_amount, currency)}.
      </p>
      {!nothing && (
        <label className="flex items-center gap-2.5">
          <input
            type="checkbox"
            className="accent-[var(--accent)]"
            checked={redeemed}
            onChange={(event) => setRedeemed(event.target.checked)}
          />
          The voucher was redeemed
        </label>
      )}
      <Field
        name={`Margin of what was bought${currency ? `, ${sign(currency)}` : ""}`}
        note="Before the voucher; 0 for nothing."
      >
        {(id) => (
          <Input
            id={id}
            data-focus-first
            type="number"
            step="0.01"
            required
            value={margin}
            onChange={(event) => setMargin(event.target.value)}
          />
        )}
      </Field>
      {tell.error != null && <ErrorNotice error={tell.error} />}
      <div className="flex justify-end">
        <Button type="submit" look="primary" disabled={tell.isPending}>
          Write it down
        </Button>
      </div>
    </form>
  );
}
