import { keepPreviousData, useQuery } from "@tanstack/react-query";
import { useDeferredValue, useState } from "react";
import { api } from "@/api/client";
import { share } from "@/format/amounts";
import { label } from "@/format/words";
import { ButtonLink } from "@/ui/button";
import { Input } from "@/ui/field";
import { ErrorNotice } from "@/ui/notice";
import { Section, Sentence } from "@/ui/page";
import { BANDS, Risk } from "@/ui/risk";
import { conditionsOf, type Draft, EMPTY, ruleOf } from "./rule";

/** A rule tried out while it is written: how many it holds, with how much revenue, in a sentence. */
export function RulePreview() {
  const [draft, setDraft] = useState<Draft>(EMPTY);
  const rule = useDeferredValue(ruleOf(draft));
  const preview = useQuery({
    queryKey: ["post", "/api/v1/segments/preview", rule],
    enabled: rule !== null,
    placeholderData: keepPreviousData,
    queryFn: async ({ signal }) => {
      if (!rule) return null;
      const { data } = await api.POST("/api/v1/segments/preview", { body: rule, signal });
      return data ?? null;
    },
  });
  const found = rule ? preview.data?.segments[0] : undefined;
  const conditions = conditionsOf(draft);
  const toggle = (band: string) =>
    setDraft({
      ...draft,
      bands: draft.bands.includes(band) ? draft.bands.filter((each) => each !== band) : [...draft.bands, band],
    });
  return (
    <Section title="Try a rule" note="Nothing is kept: it shows whom a rule would hold.">
      <div className="grid gap-x-10 gap-y-5 md:grid-cols-3">
        <Range name="Orders" value={draft.orders} onChange={(orders) => setDraft({ ...draft, orders })} />
        <Range name="Days since last order" value={draft.days} onChange={(days) => setDraft({ ...draft, days })} />
        <Range name="Net revenue" value={draft.revenue} onChange={(revenue) => setDraft({ ...draft, revenue })} />
      </div>
      <fieldset className="mt-4 flex flex-wrap gap-x-5 gap-y-2">
        <legend className="mb-1 text-sm text-soft">Risk</legend>
        {BANDS.map((band) => (
          <label key={band} className="flex cursor-pointer items-center gap-2">
            <input
              type="checkbox"
              className="accent-[var(--accent)]"
              checked={draft.bands.includes(band)}
              onChange={() => toggle(band)}
            />
            <Risk band={band} />
          </label>
        ))}
      </fieldset>
      <div aria-live="polite" className="mt-6 min-h-20 max-w-[64ch]">
        {preview.error != null && <ErrorNotice error={preview.error} />}
        {found ? (
          <>
            <p className="text-xl leading-snug text-soft">
              <Sentence text={found.in_words} />
            </p>
            <p className="mt-2 text-sm text-soft">
              {Object.entries(found.risk_bands)
                .filter(([, customers]) => customers > 0)
                .map(([band, customers]) => `${label(band)} ${share(customers / Math.max(1, found.customers))}`)
                .join(", ")}
            </p>
            {conditions && found.customers > 0 && (
              <div className="mt-4">
                <ButtonLink href={`/customers?${new URLSearchParams(conditions.map((each) => ["where", each]))}`}>
                  List them
                </ButtonLink>
              </div>
            )}
          </>
        ) : (
          !preview.error && <p className="text-soft">Fill in a number or tick a risk, such as 5 to 13 orders.</p>
        )}
      </div>
    </Section>
  );
}

function Range({
  name,
  value,
  onChange,
}: {
  name: string;
  value: readonly [string, string];
  onChange: (value: readonly [string, string]) => void;
}) {
  return (
    <fieldset>
      <legend className="mb-1 text-sm text-soft">{name}</legend>
      <div className="flex items-center gap-2">
        <Input
          type="number"
          step="any"
          aria-label={`${name}, from`}
          placeholder="from"
          className="w-full min-w-0"
          value={value[0]}
          onChange={(event) => onChange([event.target.value, value[1]])}
        />
        <span className="text-soft">to</span>
        <Input
          type="number"
          step="any"
          aria-label={`${name}, to`}
          placeholder="to"
          className="w-full min-w-0"
          value={value[1]}
          onChange={(event) => onChange([value[0], event.target.value])}
        />
      </div>
    </fieldset>
  );
}
