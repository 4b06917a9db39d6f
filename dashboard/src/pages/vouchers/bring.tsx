import { type FormEvent, useEffect, useRef, useState } from "react";
import { type Policy, useMaking } from "@/api/vouchers";
import { bytes } from "@/format/amounts";
import { Button } from "@/ui/button";
import { Dialog } from "@/ui/dialog";
import { Field, Input } from "@/ui/field";
import { Icon } from "@/ui/icon";
import { MakingNow } from "./making";
import { countriesOf } from "./words";

const FIELDS = [
  "timestamp",
  "country_code",
  "last_order_ts",
  "first_order_ts",
  "total_orders",
  "voucher_amount",
] as const;

export const POLICIES: readonly (readonly [Policy, string, string])[] = [
  ["default", "Default", "Also leaves out vouchers dated before the order they were given for, or in the future."],
  ["simple", "Simple", "Only the rules such pipelines are usually given; damaged times count."],
];

/** The button that asks for a file of vouchers and a country, and the form behind it. */
export function Bring({ countries, first }: { countries: readonly string[]; first: boolean }) {
  const [open, setOpen] = useState(false);
  return (
    <>
      <Button look="primary" onClick={() => setOpen(true)}>
        <Icon name="file" /> {first ? "Bring a voucher history" : "Bring a newer history"}
      </Button>
      <Dialog title="Bring a voucher history" open={open} onClose={() => setOpen(false)}>
        <Form countries={countries} onDone={() => setOpen(false)} />
      </Dialog>
    </>
  );
}

function Form({ countries, onDone }: { countries: readonly string[]; onDone: () => void }) {
  const input = useRef<HTMLInputElement>(null);
  const [file, setFile] = useState<File | null>(null);
  const [country, setCountry] = useState(countries.join(", "));
  const [policy, setPolicy] = useState<Policy>("default");
  const [columns, setColumns] = useState<Record<string, string>>({});
  const making = useMaking();
  const done = making.done;
  useEffect(() => {
    if (done) onDone();
  }, [done, onDone]);
  const submit = (event: FormEvent) => {
    event.preventDefault();
    if (!file) return;
    const mapping = Object.fromEntries(Object.entries(columns).filter(([, column]) => column.trim()));
    making.make({ file, countries: countriesOf(country), policy, mapping });
  };
  return (
    <form onSubmit={submit} className="flex flex-col gap-5">
      <div>
        <div className="flex flex-wrap items-center gap-3">
          <Button data-focus-first onClick={() => input.current?.click()}>
            Choose a file
          </Button>
          <span className="min-w-0 break-words text-soft">
            {file ? `${file.name}, ${bytes(file.size)}` : "CSV, Excel or Parquet, also zipped"}
          </span>
        </div>
        <input
          ref={input}
          type="file"
          hidden
          aria-label="Voucher history"
          onChange={(event) => setFile(event.target.files?.[0] ?? null)}
        />
        <p className="mt-2 text-sm text-soft">One row for each voucher that was given, with the columns named below.</p>
      </div>
      <Field name="Country" note="As the file writes it, such as Peru; several with commas between. Empty: all.">
        {(id) => (
          <Input id={id} className="w-full" value={country} onChange={(event) => setCountry(event.target.value)} />
        )}
      </Field>
      <PolicyChoice value={policy} onChange={setPolicy} />
      <details open={making.problem?.code === "doubtful_mapping" || undefined}>
        <summary className="text-sm text-soft hover:text-ink">The columns have other names</summary>
        <div className="mt-3 grid gap-x-4 gap-y-3 sm:grid-cols-2">
          {FIELDS.map((field) => (
            <Field key={field} name={field}>
              {(id) => (
                <Input
                  id={id}
                  className="w-full"
                  placeholder={field}
                  value={columns[field] ?? ""}
                  onChange={(event) => setColumns({ ...columns, [field]: event.target.value })}
                />
              )}
            </Field>
          ))}
        </div>
      </details>
      <MakingNow making={making} />
      <div className="flex justify-end">
        <Button type="submit" look="primary" disabled={!file || making.busy}>
          Make the history
        </Button>
      </div>
    </form>
  );
}

function PolicyChoice({ value, onChange }: { value: Policy; onChange: (policy: Policy) => void }) {
  return (
    <fieldset className="flex flex-col gap-2">
      <legend className="mb-1 text-sm text-soft">What counts</legend>
      {POLICIES.map(([policy, name, means]) => (
        <label key={policy} className="flex cursor-pointer items-start gap-2.5">
          <input
            type="radio"
            name="policy"
            className="mt-1 accent-[var(--accent)]"
            checked={value === policy}
            onChange={() => onChange(policy)}
          />
          <span>
            {name}. <span className="text-soft">{means}</span>
          </span>
        </label>
      ))}
    </fieldset>
  );
}
