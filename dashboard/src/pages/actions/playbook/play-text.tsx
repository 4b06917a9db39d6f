import { money, signed } from "@/format/amounts";
import { capital } from "@/format/words";
import { Button } from "@/ui/button";
import { Facts } from "@/ui/page";
import { Evidence } from "../evidence";
import type { Draft } from "./play";
import { isUnreadable, readWhere, whereInWords } from "./where";

/** A play, to be read: for whom, what, why, when, in which words, at what cost, with which effect. */
export function PlayText({
  draft,
  currency,
  changed,
  onEdit,
}: {
  draft: Draft;
  currency: string | null;
  changed: boolean;
  onEdit: (() => void) | undefined;
}) {
  const where = readWhere(draft.where);
  return (
    <>
      <div className="flex items-baseline justify-between gap-3">
        <h3 className="font-semibold">
          {draft.name || "Without a name"} {changed && <span className="font-normal text-soft">(changed)</span>}
        </h3>
        {onEdit && (
          <Button small aria-label={`Edit ${draft.name}`} onClick={onEdit}>
            Edit
          </Button>
        )}
      </div>
      <p className="mt-0.5">{draft.what}</p>
      <div className="mt-2.5 grid gap-x-10 gap-y-1.5 lg:grid-cols-2">
        <Facts
          items={[
            ["For whom", isUnreadable(where) ? where.title : capital(whereInWords(where))],
            ["Why", draft.why || "–"],
            ["When", draft.timing || "–"],
          ]}
        />
        <Facts
          items={[
            ["What to say", draft.message.split("\n").join(" ") || "–"],
            ["Cost", costInWords(draft, currency)],
            [
              "Effect",
              <span key="effect" className="flex flex-wrap gap-x-3">
                {signed(Number(draft.points))} points, give or take {draft.give_or_take}
                <Evidence evidence={draft.evidence} />
              </span>,
            ],
          ]}
        />
      </div>
    </>
  );
}

/** What a play costs, as a person says it. */
export function costInWords({ contact_cost, incentive, discount, redeemed }: Draft, currency: string | null): string {
  const each = Number(contact_cost) > 0 ? [`${money(contact_cost, currency)} a contact`] : [];
  const takes = [
    ...(Number(discount) > 0 ? [`${discount}\u00a0% of an order`] : []),
    ...(Number(incentive) > 0 ? [money(incentive, currency)] : []),
  ];
  const who = redeemed.trim() === "" ? "every buyer" : `${redeemed}\u00a0% of buyers`;
  if (takes.length) each.push(`${takes.join(" and ")} for ${who}`);
  return each.join(", ") || "nothing";
}
