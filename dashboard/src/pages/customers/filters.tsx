import { Popover } from "radix-ui";
import { type FormEvent, useState } from "react";
import { $api } from "@/api/client";
import { capital, columnName, label } from "@/format/words";
import { Button } from "@/ui/button";
import { Field, Input, Select } from "@/ui/field";
import { Icon } from "@/ui/icon";
import { inWords, type Operator, write } from "./conditions";
import { type Feature, kindOf } from "./kinds";

const OFTEN = [
  "risk_band",
  "rfm_group",
  "archetype",
  "net_revenue",
  "revenue_at_risk",
  "days_since_last_order",
  "order_count",
  "p_buy",
  "e_spend",
];

/** Conditions as chips that read as a sentence; each can be taken away, and another one added. */
export function Filters({
  where,
  known,
  onChange,
}: {
  where: readonly string[];
  known: ReadonlyMap<string, Feature>;
  onChange: (where: string[]) => void;
}) {
  const [open, setOpen] = useState(false);
  return (
    <>
      {where.map((condition) => (
        <span
          key={condition}
          className="inline-flex h-8 items-center gap-1 rounded-md border border-line bg-surface pl-2.5 text-sm"
        >
          {inWords(condition)}
          <button
            type="button"
            aria-label={`Remove the filter: ${inWords(condition)}`}
            className="grid h-full w-7 place-items-center rounded-md text-soft hover:text-ink"
            onClick={() => onChange(where.filter((each) => each !== condition))}
          >
            <Icon name="close" size={13} />
          </button>
        </span>
      ))}
      <Popover.Root open={open} onOpenChange={setOpen}>
        <Popover.Trigger asChild>
          <Button small className="h-8">
            <Icon name="plus" size={14} /> Filter
          </Button>
        </Popover.Trigger>
        <Popover.Portal>
          <Popover.Content
            align="start"
            sideOffset={6}
            collisionPadding={8}
            aria-label="Add a filter"
            className="z-40 w-80 rounded-lg border border-line bg-surface p-4 shadow-[0_8px_24px_oklch(0.2_0.02_220/0.14)]"
          >
            <NewCondition
              known={known}
              onAdd={(condition) => {
                onChange([...where.filter((each) => each !== condition), condition]);
                setOpen(false);
              }}
            />
          </Popover.Content>
        </Popover.Portal>
      </Popover.Root>
    </>
  );
}

function NewCondition({ known, onAdd }: { known: ReadonlyMap<string, Feature>; onAdd: (condition: string) => void }) {
  const [column, setColumn] = useState("risk_band");
  const [operator, setOperator] = useState<Operator>("=");
  const [value, setValue] = useState("");
  const feature = known.get(column);
  const { values, coming } = useValues(column, feature);
  const isLabel = !feature || ["label", "flag"].includes(kindOf(feature));
  const submit = (event: FormEvent) => {
    event.preventDefault();
    const share = feature && kindOf(feature) === "share";
    const chosen = value || (isLabel ? (values[0] ?? "") : "");
    if (chosen) onAdd(write({ column, operator, value: share ? String(Number(chosen) / 100) : chosen }));
  };
  const choose = (name: string) => {
    setColumn(name);
    setValue("");
    const next = known.get(name);
    setOperator(next && !["label", "flag"].includes(kindOf(next)) ? ">=" : "=");
  };
  const others = [...known.keys()].filter((name) => !OFTEN.includes(name)).sort();
  return (
    <form onSubmit={submit} className="flex flex-col gap-3">
      <Field name="Customers whose" note={feature?.definition}>
        {(id) => (
          <Select id={id} value={column} onChange={(event) => choose(event.target.value)}>
            <optgroup label="Often used">
              {OFTEN.filter((name) => known.has(name)).map((name) => (
                <option key={name} value={name}>
                  {capital(columnName(name))}
                </option>
              ))}
            </optgroup>
            <optgroup label="All columns">
              {others.map((name) => (
                <option key={name} value={name}>
                  {capital(columnName(name))}
                </option>
              ))}
            </optgroup>
          </Select>
        )}
      </Field>
      <div className="grid grid-cols-[7rem_1fr] gap-2">
        <Select
          aria-label="How it compares"
          value={operator}
          onChange={(event) => setOperator(event.target.value as Operator)}
        >
          <option value="=">is</option>
          <option value="!=">is not</option>
          {!isLabel && <option value=">=">at least</option>}
          {!isLabel && <option value="<=">at most</option>}
          {!isLabel && <option value=">">above</option>}
          {!isLabel && <option value="<">below</option>}
        </Select>
        {isLabel && (coming || values.length > 0) ? (
          <Select
            aria-label="Value"
            disabled={coming}
            value={value || values[0]}
            onChange={(event) => setValue(event.target.value)}
          >
            {values.map((each) => (
              <option key={each} value={each}>
                {label(each)}
              </option>
            ))}
          </Select>
        ) : (
          <Input
            aria-label="Value"
            inputMode={isLabel ? "text" : "decimal"}
            type={isLabel ? "text" : "number"}
            step="any"
            placeholder={feature && kindOf(feature) === "share" ? "percent" : (feature?.unit ?? "")}
            value={value}
            onChange={(event) => setValue(event.target.value)}
          />
        )}
      </div>
      <Button type="submit" look="primary" disabled={isLabel && coming}>
        Add filter
      </Button>
    </form>
  );
}

/** The values that a column of labels may have, as far as they can be known without looking at every customer. */
function useValues(column: string, feature: Feature | undefined): { values: readonly string[]; coming: boolean } {
  const { data, isPending } = $api.useQuery("get", "/api/v1/segments", {});
  if (feature && kindOf(feature) === "flag") return { values: ["true", "false"], coming: false };
  const grouping = GROUPINGS[column];
  if (!grouping) return { values: [], coming: false };
  return { values: data?.[grouping]?.map((each) => each.segment) ?? [], coming: isPending };
}

const GROUPINGS: Record<string, "risk_bands" | "rfm_groups" | "rfm_groups_eight" | "archetypes" | undefined> = {
  risk_band: "risk_bands",
  rfm_group: "rfm_groups",
  rfm_group_eight: "rfm_groups_eight",
  archetype: "archetypes",
};
