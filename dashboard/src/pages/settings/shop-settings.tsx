import { useQueryClient } from "@tanstack/react-query";
import { type FormEvent, useState } from "react";
import { $api } from "@/api/client";
import type { components } from "@/api/schema";
import { useSession } from "@/api/session";
import { Button } from "@/ui/button";
import { Field, Input } from "@/ui/field";
import { ErrorNotice } from "@/ui/notice";
import { Section } from "@/ui/page";
import { Loaded, Skeleton } from "@/ui/states";

type Tenant = components["schemas"]["Tenant"];

const OFTEN: readonly { name: string; title: string; note: string; number: boolean }[] = [
  {
    name: "time_zone",
    title: "Time zone",
    note: "IANA name such as Europe/London: it decides what a day is.",
    number: false,
  },
  { name: "currency", title: "Currency", note: "Where a file does not say, as ISO 4217 code.", number: false },
  {
    name: "margin",
    title: "Margin",
    note: "Share of revenue that is left, 0 to 1, where costs are not known.",
    number: true,
  },
  { name: "horizon_days", title: "Horizon, days", note: "How far predictions look.", number: true },
  {
    name: "incentive",
    title: "Incentive",
    note: "What one costs, in the shop's currency. Empty: a tenth of the usual order.",
    number: true,
  },
  {
    name: "incentive_success_rate",
    title: "Leavers kept by it",
    note: "Share of 1, until it is measured.",
    number: true,
  },
];

/** What this shop has otherwise than the server; empty is as the server has it. */
export function ShopSettings() {
  const { tenant } = useSession();
  const found = $api.useQuery("get", "/api/v1/tenants/{name}", { params: { path: { name: tenant } } });
  return (
    <Section title="This shop" note="What is empty is as the server has it. All settings there are: docs/settings.md.">
      <Loaded query={found} skeleton={<Skeleton className="h-56" />}>
        {(data) => <Form key={data.name} tenant={data} />}
      </Loaded>
    </Section>
  );
}

function Form({ tenant }: { tenant: Tenant }) {
  const queries = useQueryClient();
  const [title, setTitle] = useState(tenant.title);
  const [values, setValues] = useState<Record<string, string>>(() =>
    Object.fromEntries(
      OFTEN.map(({ name }) => [name, tenant.settings[name] == null ? "" : String(tenant.settings[name])]),
    ),
  );
  const change = $api.useMutation("patch", "/api/v1/tenants/{name}", {
    onSuccess: () => void queries.invalidateQueries(),
  });
  const submit = (event: FormEvent) => {
    event.preventDefault();
    const settings: Record<string, unknown> = { ...tenant.settings };
    for (const { name, number } of OFTEN) {
      const text = values[name]?.trim() ?? "";
      if (text === "") delete settings[name];
      else settings[name] = number ? Number(text) : text;
    }
    change.mutate({ params: { path: { name: tenant.name } }, body: { title, settings } });
  };
  return (
    <form onSubmit={submit}>
      <div className="grid gap-x-8 gap-y-5 md:grid-cols-3">
        <Field name="Title" note="What the page calls the shop.">
          {(id) => (
            <Input
              id={id}
              maxLength={200}
              placeholder={tenant.name}
              value={title}
              onChange={(event) => setTitle(event.target.value)}
            />
          )}
        </Field>
        {OFTEN.map(({ name, title: words, note, number }) => (
          <Field key={name} name={words} note={note}>
            {(id) => (
              <Input
                id={id}
                type={number ? "number" : "text"}
                step="any"
                value={values[name]}
                onChange={(event) => setValues({ ...values, [name]: event.target.value })}
              />
            )}
          </Field>
        ))}
      </div>
      <div className="mt-5 flex items-center gap-3">
        <Button type="submit" disabled={change.isPending}>
          Save
        </Button>
        {change.isSuccess && <span className="text-good">Saved.</span>}
      </div>
      {change.error != null && (
        <div className="mt-3">
          <ErrorNotice error={change.error} />
        </div>
      )}
    </form>
  );
}
