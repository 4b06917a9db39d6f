import { download } from "@/api/client";
import type { components } from "@/api/schema";
import { count } from "@/format/amounts";
import { day } from "@/format/times";
import { listed } from "@/format/words";
import { Button } from "@/ui/button";
import { Facts, Section } from "@/ui/page";

type Card = components["schemas"]["Card"];

/** What the model saw, how it was checked, and what it cannot do. */
export function CardView({ card, id }: { card: Card; id: string }) {
  const files = (
    <>
      <Button small onClick={() => void download(`/api/v1/models/${id}/card.md`, `${id}-card.md`)}>
        Model card
      </Button>
      <Button small onClick={() => void download(`/api/v1/models/${id}/json`, `${id}.json`)}>
        Model file
      </Button>
    </>
  );
  return (
    <Section title="Model card" actions={files}>
      <Facts
        items={[
          [
            "Saw",
            `${count(card.customers)} customers, ${count(card.order_days)} order days, ${day(card.first_day)} to ${day(card.last_day)}`,
          ],
          ["Columns", `${count(card.features)} features`],
          ["Learned from", listed(card.folds.map(day))],
          ["Level", card.level],
          ["Leak check", card.leak],
          ["Next order", card.next_order],
          ["Readiness", [card.state, ...card.missing].join(". ")],
        ]}
      />
      <h3 className="mt-6 font-medium">What it cannot do</h3>
      <ul className="mt-2 flex max-w-[80ch] list-disc flex-col gap-1 pl-5 text-soft">
        {card.limits.map((limit) => (
          <li key={limit}>{limit}</li>
        ))}
      </ul>
    </Section>
  );
}
