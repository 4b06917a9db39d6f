import { useCallback, useEffect, useMemo, useState } from "react";
import { type Limits, NO_LIMITS, type Ranking } from "@/api/actions";
import { Chart } from "@/charts/chart";
import type { Ink } from "@/charts/ink";
import { count, many, money, sign } from "@/format/amounts";
import { inReadersFigures } from "@/format/figures";
import { Button } from "@/ui/button";
import { Field, Input } from "@/ui/field";
import { Section } from "@/ui/page";
import { within } from "./asked";
import { boughtWith, budgetAt, curveOf, placeOf, STEPS } from "./curve";
import { choosing, curveOption } from "./curve-option";

const SETTLED_MS = 250;

/** What each budget would bring, and where to stop; chart, slider and number are three ways to say the same budget. */
export function Budget({
  rankings,
  limits,
  change,
}: {
  rankings: Record<"list" | "whole" | "byCost", Ranking>;
  limits: Limits;
  change: (part: Partial<Limits>) => void;
}) {
  const { list, whole } = rankings;
  const { currency } = list;
  const [moved, setMoved] = useState<{ budget: number | null } | null>(null);
  useEffect(() => {
    if (!moved) return;
    const timer = setTimeout(() => {
      change(moved);
      setMoved(null);
    }, SETTLED_MS);
    return () => clearTimeout(timer);
  }, [moved, change]);
  const budget = moved ? moved.budget : limits.budget;
  const stop = whole.chosen;
  const curve = useMemo(() => curveOf(limits, rankings), [limits, rankings]);
  const here = useMemo(() => {
    if (!moved) return list.chosen;
    return moved.budget === null ? stop : (boughtWith(curve, moved.budget) ?? stop);
  }, [moved, list.chosen, stop, curve]);
  const choose = useCallback((cost: number) => setMoved({ budget: budgetAt(cost, stop.cost) }), [stop.cost]);
  const onReady = useMemo(() => choosing(choose), [choose]);
  const reason = whole.stop;
  const option = useCallback(
    (ink: Ink) => curveOption({ curve, stop, here, reason, currency }, ink),
    [curve, stop, here, reason, currency],
  );
  return (
    <Section
      title="What each budget brings"
      note={`Expected profit of the first customers of the list, beside leaving them alone. Shaded: where it lies in 80 of 100 cases, if the playbook is right about its doubt.`}
    >
      <Chart
        title="Expected profit by budget"
        summary={`${inReadersFigures(list.headline)} The table has every point.`}
        height={380}
        option={option}
        onReady={onReady}
        table={() => ({
          columns: ["customers", "cost", "expected profit", "80 % from", "80 % to"],
          rows: curve.map((point) => [point.customers, point.cost, point.profit, point.profit_low, point.profit_high]),
        })}
      >
        <div className="mt-4 flex flex-wrap items-end gap-x-6 gap-y-4">
          <Field name={`Budget${currency ? `, ${sign(currency)}` : ""}`}>
            {(id) => (
              <Input
                id={id}
                type="number"
                min={0}
                step="any"
                placeholder="no limit"
                className="w-28"
                value={budget ?? ""}
                onChange={(event) => setMoved({ budget: within(event.target.value, 1e15) })}
              />
            )}
          </Field>
          <div className="min-w-48 flex-1">
            <label htmlFor="budget-slider" className="text-sm text-soft">
              {stop.cost > 0
                ? `From nothing to ${money(stop.cost, currency)}, where it stops paying`
                : "No budget is needed"}
            </label>
            <input
              id="budget-slider"
              type="range"
              min={0}
              max={STEPS}
              step={1}
              value={placeOf(budget, stop.cost)}
              disabled={stop.cost <= 0}
              aria-valuetext={budget === null ? "no limit" : money(budget, currency)}
              onChange={(event) => choose((Number(event.target.value) / STEPS) * stop.cost)}
              className="block h-9 w-full accent-[var(--accent)]"
            />
          </div>
          <Contacts value={limits.contacts} onChange={(contacts) => change({ contacts })} />
          {(budget !== null || limits.contacts !== null) && (
            <Button
              look="quiet"
              onClick={() => {
                setMoved(null);
                change(NO_LIMITS);
              }}
            >
              No limits
            </Button>
          )}
        </div>
        <p aria-live="polite" className="mt-3 max-w-[80ch]">
          {here.customers === 0 ? (
            "Nobody is treated. "
          ) : (
            <>
              {many(here.customers, "customer")} for {money(here.cost, currency)}:{" "}
              <strong className="font-semibold">{money(here.profit, currency)}</strong> of profit expected (
              {money(here.profit_low, currency)} to {money(here.profit_high, currency)}).{" "}
            </>
          )}
          <span className="text-soft">{ending({ limits, moved: moved !== null, list, whole })}</span>
        </p>
      </Chart>
    </Section>
  );
}

/** Why the list ends there, and what lies beyond. */
function ending({
  limits,
  moved,
  list,
  whole,
}: {
  limits: Limits;
  moved: boolean;
  list: Ranking;
  whole: Ranking;
}): string {
  if (moved) return "";
  const limited = limits.budget !== null || limits.contacts !== null;
  const more = whole.chosen.customers - list.chosen.customers;
  const stop = `${list.stop.charAt(0).toUpperCase()}${list.stop.slice(1)}`;
  if (!limited || more <= 0) return `${stop}.`;
  const added = money(whole.chosen.profit - list.chosen.profit, list.currency);
  const cost = money(whole.chosen.cost - list.chosen.cost, list.currency);
  return `${stop}; ${count(more)} more would be expected to add ${added} for ${cost}.`;
}

function Contacts({ value, onChange }: { value: number | null; onChange: (value: number | null) => void }) {
  const [typed, setTyped] = useState<string | null>(null);
  useEffect(() => {
    if (typed === null) return;
    const timer = setTimeout(() => {
      const contacts = within(typed, 1e9);
      onChange(contacts === null ? null : Math.floor(contacts));
      setTyped(null);
    }, SETTLED_MS);
    return () => clearTimeout(timer);
  }, [typed, onChange]);
  return (
    <Field name="Contacts, at most">
      {(id) => (
        <Input
          id={id}
          type="number"
          min={0}
          step={1}
          placeholder="no limit"
          className="w-28"
          value={typed ?? value ?? ""}
          onChange={(event) => setTyped(event.target.value)}
        />
      )}
    </Field>
  );
}
