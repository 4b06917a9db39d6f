import { useQueryClient } from "@tanstack/react-query";
import { type FormEvent, useState } from "react";
import { $api } from "@/api/client";
import type { components } from "@/api/schema";
import { useMay, useSession } from "@/api/session";
import { exactMoney, many, share, sign } from "@/format/amounts";
import { Button } from "@/ui/button";
import { Dialog } from "@/ui/dialog";
import { Field, Input } from "@/ui/field";
import { ErrorNotice } from "@/ui/notice";
import { Facts } from "@/ui/page";

type Limits = components["schemas"]["VoucherLimits"];

/** What stands against an offer, in words. */
export function LimitsText({ limits, currency }: { limits: Limits; currency: string | null }) {
  const given = exactMoney(limits.given_in_month, currency);
  return (
    <Facts
      items={[
        [
          "Budget of a month",
          limits.budget === null
            ? `no limit; ${given} offered this month`
            : `${given} of ${exactMoney(limits.budget, currency)} offered this month, face value`,
        ],
        [
          "Of one customer",
          limits.per_customer === null ? "no limit" : `${many(limits.per_customer, "voucher")} within 365 days`,
        ],
        ["Between two", limits.cool_down_days === 0 ? "no pause" : `at least ${many(limits.cool_down_days, "day")}`],
        ["At random, to learn", `${share(limits.explore)} of the offers`],
      ]}
    />
  );
}

const FIELDS: readonly { name: string; title: string; note: string; most: number; step: string }[] = [
  {
    name: "voucher_budget",
    title: "Budget of a month",
    note: "Face value. Empty: no limit.",
    most: 1e12,
    step: "0.01",
  },
  {
    name: "voucher_per_customer",
    title: "Of one customer",
    note: "Within 365 days. Empty: no limit.",
    most: 1000,
    step: "1",
  },
  { name: "voucher_cool_down_days", title: "Between two, days", note: "Empty: no pause.", most: 3650, step: "1" },
  {
    name: "voucher_explore",
    title: "At random, share of 1",
    note: "Empty: a tenth. 0 learns nothing.",
    most: 1,
    step: "0.01",
  },
];

/** Change the limits; they are settings of the shop, so it takes an admin. */
export function LimitsForm({ limits, currency }: { limits: Limits; currency: string | null }) {
  const [open, setOpen] = useState(false);
  const may = useMay("admin");
  if (!may) return null;
  return (
    <>
      <Button small onClick={() => setOpen(true)}>
        Change the limits
      </Button>
      <Dialog title="Limits of giving" open={open} onClose={() => setOpen(false)}>
        <Form limits={limits} currency={currency} onDone={() => setOpen(false)} />
      </Dialog>
    </>
  );
}

function Form({ limits, currency, onDone }: { limits: Limits; currency: string | null; onDone: () => void }) {
  const { tenant } = useSession();
  const queries = useQueryClient();
  const shop = $api.useQuery("get", "/api/v1/tenants/{name}", { params: { path: { name: tenant } } });
  const [values, setValues] = useState<Record<string, string>>(() => ({
    voucher_budget: limits.budget ?? "",
    voucher_per_customer: String(limits.per_customer ?? ""),
    voucher_cool_down_days: limits.cool_down_days === 0 ? "" : String(limits.cool_down_days),
    voucher_explore: String(limits.explore),
  }));
  const change = $api.useMutation("patch", "/api/v1/tenants/{name}", {
    onSuccess: () => {
      void queries.invalidateQueries();
      onDone();
    },
  });
  const submit = (event: FormEvent) => {
    event.preventDefault();
    if (!shop.data) return;
    const settings: Record<string, unknown> = { ...shop.data.settings };
    for (const { name } of FIELDS) {
      const text = values[name]?.trim() ?? "";
      if (text === "") delete settings[name];
      else settings[name] = Number(text);
    }
    change.mutate({ params: { path: { name: tenant } }, body: { settings } });
  };
  return (
    <form onSubmit={submit} className="flex flex-col gap-4">
      <div className="grid grid-cols-2 gap-4">
        {FIELDS.map(({ name, title, note, most, step }) => (
          <Field
            key={name}
            name={name === "voucher_budget" && currency ? `${title}, ${sign(currency)}` : title}
            note={note}
          >
            {(id) => (
              <Input
                id={id}
                type="number"
                min={0}
                max={most}
                step={step}
                className="w-full"
                value={values[name]}
                onChange={(event) => setValues({ ...values, [name]: event.target.value })}
              />
            )}
          </Field>
        ))}
      </div>
      {(change.error ?? shop.error) != null && <ErrorNotice error={change.error ?? shop.error} />}
      <div className="flex justify-end">
        <Button type="submit" look="primary" disabled={change.isPending || !shop.data}>
          Save
        </Button>
      </div>
    </form>
  );
}
