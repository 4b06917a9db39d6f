import { useQueryClient } from "@tanstack/react-query";
import { type FormEvent, useState } from "react";
import { $api } from "@/api/client";
import type { components } from "@/api/schema";
import { useMay } from "@/api/session";
import type { History } from "@/api/vouchers";
import { count, exactMoney, share } from "@/format/amounts";
import { day } from "@/format/times";
import { Button } from "@/ui/button";
import { Choice, Field, Input, Select } from "@/ui/field";
import { ErrorNotice } from "@/ui/notice";
import { Section, Sentence } from "@/ui/page";
import { KIND_NAMES, KINDS, type Kind, LABELS } from "./words";

type Question = components["schemas"]["VoucherCustomer"];
type Decision = components["schemas"]["VoucherDecision"];
type Given = components["schemas"]["VoucherGiven"];

/** Which voucher one customer gets, and why; on demand it is offered and recorded. */
export function Decide({ history }: { history: History }) {
  const [asked, setAsked] = useState<Question | null>(null);
  const may = useMay("analyst");
  const queries = useQueryClient();
  const decide = $api.useMutation("post", "/api/v1/vouchers/decision");
  const offer = $api.useMutation("post", "/api/v1/vouchers/offers", {
    onSuccess: () =>
      void queries.invalidateQueries({
        predicate: ({ queryKey }) => /vouchers\/(offers|margins)$/.test(String(queryKey[1])),
      }),
  });
  const ask = (question: Question) => {
    setAsked(question);
    offer.reset();
    decide.mutate({ body: question });
  };
  return (
    <Section title="Ask for one customer" note="Nothing is recorded by asking, and nothing is looked up by the id.">
      <div className="grid gap-x-14 gap-y-6 lg:grid-cols-[minmax(0,1fr)_minmax(0,22rem)]">
        <Form history={history} busy={decide.isPending} onAsk={ask} onChange={() => decide.reset()} />
        <div aria-live="polite" className="min-h-24">
          {decide.error != null && <ErrorNotice error={decide.error} />}
          {decide.data && asked && (
            <>
              <Answer decision={decide.data} question={asked} currency={history.currency} />
              {may && decide.data.voucher_amount !== null && !offer.data && (
                <div className="mt-4">
                  <Button small disabled={offer.isPending} onClick={() => offer.mutate({ body: asked })}>
                    Offer a voucher, and record it
                  </Button>
                </div>
              )}
              {offer.data && <Offered given={offer.data} currency={history.currency} />}
              {offer.error != null && <ErrorNotice error={offer.error} />}
            </>
          )}
          {!decide.data && !decide.error && (
            <p className="text-soft">
              The answer stands here, with the segment it comes from and how many vouchers it rests on.
            </p>
          )}
        </div>
      </div>
    </Section>
  );
}

function Form({
  history,
  busy,
  onAsk,
  onChange,
}: {
  history: History;
  busy: boolean;
  onAsk: (question: Question) => void;
  onChange: () => void;
}) {
  const [kind, setKind] = useState<Kind>("frequent_segment");
  const [text, setText] = useState({
    customer_id: "",
    total_orders: "",
    country_code: history.countries[0]?.country ?? "",
    last: "",
    first: "",
    as_of: "",
  });
  const set = (part: keyof typeof text, value: string) => {
    setText({ ...text, [part]: value });
    onChange();
  };
  const submit = (event: FormEvent) => {
    event.preventDefault();
    onAsk({
      customer_id: text.customer_id.trim(),
      total_orders: Number(text.total_orders),
      country_code: text.country_code,
      last_order_ts: text.last ? `${text.last}T00:00:00` : null,
      first_order_ts: text.first ? `${text.first}T00:00:00` : null,
      segment_name: kind,
      as_of: text.as_of || null,
    });
  };
  const input = (part: keyof typeof text, name: string, more: object, note?: string) => (
    <Field name={name} note={note}>
      {(id) => (
        <Input
          id={id}
          className="w-full"
          value={text[part]}
          onChange={(event) => set(part, event.target.value)}
          {...more}
        />
      )}
    </Field>
  );
  return (
    <form onSubmit={submit} className="flex min-w-0 flex-col gap-4">
      <div>
        <Choice
          label="Segment by"
          value={kind}
          options={KINDS.map((each) => [each, KIND_NAMES[each]] as const)}
          onChange={(next) => {
            setKind(next);
            onChange();
          }}
        />
      </div>
      <div className="grid grid-cols-2 gap-x-4 gap-y-4 md:grid-cols-3">
        {input("customer_id", "Customer", { required: true, maxLength: 1000 })}
        {input("total_orders", "Orders so far", { required: true, type: "number", min: 0, max: 1_000_000, step: 1 })}
        <Field name="Country">
          {(id) => (
            <Select
              id={id}
              className="w-full"
              value={text.country_code}
              onChange={(event) => set("country_code", event.target.value)}
            >
              {history.countries.map(({ country }) => (
                <option key={country}>{country}</option>
              ))}
            </Select>
          )}
        </Field>
        {input("last", "Last order", {
          type: "date",
          required: kind === "recency_segment" && text.total_orders !== "0",
        })}
        {input("first", "First order", { type: "date" })}
        {input("as_of", "As of", { type: "date" }, "Empty: today.")}
      </div>
      <div>
        <Button type="submit" disabled={busy}>
          Which voucher?
        </Button>
      </div>
    </form>
  );
}

/** The decision in a sentence, and why in another. */
function Answer({ decision, question, currency }: { decision: Decision; question: Question; currency: string | null }) {
  const { voucher_amount, segment, n, label, as_of } = decision;
  const by = KIND_NAMES[question.segment_name].toLowerCase();
  const asOf = `As of ${day(as_of)}.`;
  if (voucher_amount === null)
    return (
      <>
        <p className="text-xl leading-snug">No voucher.</p>
        <p className="mt-1 text-soft">
          No range of {by} holds this customer, so the rules give nothing. {asOf}
        </p>
      </>
    );
  const of = `${share(decision.share, 1)} of ${count(n)} vouchers`;
  const why =
    label === "fallback_country"
      ? `Segment ${segment} by ${by} has no history. In the whole of ${question.country_code} ${of} had this amount.`
      : `Segment ${segment} by ${by}: ${of} there had this amount, more than any other.`;
  return (
    <>
      <p className="text-figure font-semibold leading-tight tracking-[-0.02em]">
        {exactMoney(voucher_amount, currency)}
      </p>
      <p className="mt-1">{LABELS[label]}</p>
      <p className="mt-1 text-soft">
        <Sentence text={`${why} ${asOf}`} />
      </p>
    </>
  );
}

function Offered({ given, currency }: { given: Given; currency: string | null }) {
  const amount = given.voucher_amount;
  return (
    <div className="mt-4 border-t border-line pt-3">
      <p className="font-medium">
        {amount === null
          ? "Nothing was offered."
          : Number(amount) === 0
            ? "Nothing, on purpose, and recorded."
            : `${exactMoney(amount, currency)} offered, and recorded.`}
      </p>
      <p className="mt-1 text-sm text-soft">
        {given.because} {LABELS[given.label] && `(${LABELS[given.label]})`}
      </p>
      {given.offer_id && (
        <p className="mt-1 text-sm text-soft">
          Offer <code className="font-mono">{given.offer_id}</code>; with a chance of {share(given.probability)} this
          customer got this.
        </p>
      )}
    </div>
  );
}
