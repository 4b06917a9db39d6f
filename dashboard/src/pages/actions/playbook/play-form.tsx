import type { ReactNode } from "react";
import { sign } from "@/format/amounts";
import { Button } from "@/ui/button";
import { Field, Input, Select } from "@/ui/field";
import { BELIEVED, type Draft } from "./play";
import { isUnreadable, readWhere } from "./where";

const AREA =
  "w-full rounded-md border border-line-strong/60 bg-surface px-2.5 py-1.5 text-base text-ink hover:border-line-strong";

/** A play, to be changed. Nothing is sent from here; what it would do is shown below the plays. */
export function PlayForm({
  draft,
  currency,
  onChange,
  onDone,
  onRemove,
}: {
  draft: Draft;
  currency: string | null;
  onChange: (draft: Draft) => void;
  onDone: () => void;
  onRemove: (() => void) | undefined;
}) {
  const unit = currency ? `, ${sign(currency)}` : "";
  const where = readWhere(draft.where);
  const input = (part: keyof Draft, name: string, note?: ReactNode, more: object = { type: "number", step: "any" }) => (
    <Field name={name} note={note}>
      {(id) => (
        <Input
          id={id}
          className="w-full"
          value={draft[part]}
          onChange={(event) => onChange({ ...draft, [part]: event.target.value })}
          {...more}
        />
      )}
    </Field>
  );
  const area = (part: keyof Draft, name: string, rows: number, note?: ReactNode, code = false) => (
    <Field name={name} note={note}>
      {(id) => (
        <textarea
          id={id}
          rows={rows}
          spellCheck={!code}
          className={`${AREA} ${code ? "font-mono text-sm" : ""}`}
          value={draft[part]}
          onChange={(event) => onChange({ ...draft, [part]: event.target.value })}
        />
      )}
    </Field>
  );
  return (
    <fieldset className="flex flex-col gap-5">
      <legend className="sr-only">{draft.name}</legend>
      <div className="grid gap-x-8 gap-y-5 lg:grid-cols-2">
        <div className="flex min-w-0 flex-col gap-4">
          {input("name", "Name", undefined, { type: "text", maxLength: 200 })}
          {area(
            "where",
            "For whom: all of these have to hold",
            4,
            isUnreadable(where) ? (
              <span className="text-bad">
                {where.title}. {where.todo}
              </span>
            ) : (
              "A column a line: {min: 3, max: 9}, [one, or another], a word, a number, true or false."
            ),
            true,
          )}
          {area("what", "What to do", 2)}
        </div>
        <div className="flex min-w-0 flex-col gap-4">
          {area("why", "Why", 2, "A column in braces stands for the customer's own number, such as {order_count}.")}
          {input("timing", "When", undefined, { type: "text" })}
          {area("message", "What to say, a point a line", 3)}
        </div>
      </div>
      <div className="grid grid-cols-2 gap-x-6 gap-y-4 md:grid-cols-4">
        {input("contact_cost", `A contact costs${unit}`)}
        {input("discount", "Discount, % of an order")}
        {input("incentive", `Or an amount${unit}`)}
        {input("redeemed", "Redeemed by, % of buyers", "Also who would have ordered anyway. Empty: all.")}
        {input("points", "Effect, points", "More buyers in 100 whose chance is even.")}
        {input("give_or_take", "Give or take, points", "The truth lies within in two cases of three.")}
        <Field name="Known from">
          {(id) => (
            <Select
              id={id}
              className="w-full"
              value={draft.evidence}
              onChange={(event) => onChange({ ...draft, evidence: event.target.value })}
            >
              <option value={BELIEVED}>rule of thumb</option>
              <option value="measured in a sample">measured in a sample</option>
            </Select>
          )}
        </Field>
      </div>
      <div className="flex gap-2">
        <Button small onClick={onDone}>
          Close
        </Button>
        {onRemove && (
          <Button small look="danger" onClick={onRemove}>
            Remove this play
          </Button>
        )}
      </div>
    </fieldset>
  );
}
