import { Link } from "wouter";
import { $api } from "@/api/client";
import { count, many } from "@/format/amounts";
import { day } from "@/format/times";
import { Details, Section, Sentence } from "@/ui/page";
import { Loaded, Skeleton } from "@/ui/states";
import { CsvButton, Table } from "@/ui/table";

const MOST_SHOWN = 200;

/** Who left the list since it was sent, and who would come to it today. */
export function Changes({ id }: { id: string }) {
  const found = $api.useQuery("get", "/api/v1/action-lists/{list_id}/changes", {
    params: { path: { list_id: id }, query: { limit: MOST_SHOWN } },
  });
  return (
    <Section title="Since it was sent" note="For a tool that sends messages over weeks.">
      <Loaded query={found} skeleton={<Skeleton className="h-16" />}>
        {(changes) => (
          <>
            <p className="text-soft">
              <Sentence
                text={`Since ${day(changes.sent_on)}, ${many(changes.left, "customer has", "customers have")} ordered or must not be contacted, and ${many(changes.came, "other is", "others are")} worth treating today.`}
              />
            </p>
            {changes.items.length > 0 && (
              <Details label="Who left, and who would come">
                <Table
                  caption="Customers who left or would come"
                  rows={changes.items}
                  rowKey={(row) => row.customer_id}
                  columns={[
                    {
                      heading: "Customer",
                      cell: (row) =>
                        row.reason === "no longer known" ? (
                          row.customer_id
                        ) : (
                          <Link
                            href={`/customers/${encodeURIComponent(row.customer_id)}`}
                            className="underline-offset-4 hover:underline"
                          >
                            {row.customer_id}
                          </Link>
                        ),
                    },
                    { heading: "Change", cell: (row) => (row.change === "left" ? "left" : "would come") },
                    { heading: "Because it", cell: (row) => row.reason },
                    { heading: "Play", wideOnly: true, cell: (row) => row.play ?? "" },
                  ]}
                />
                <p className="mt-2 text-sm text-soft">
                  {count(changes.items.length)} of {count(changes.left + changes.came)}
                </p>
                <CsvButton
                  name="changes"
                  table={() => ({
                    columns: ["customer_id", "change", "reason", "play"],
                    rows: changes.items.map((row) => [row.customer_id, row.change, row.reason, row.play]),
                  })}
                />
              </Details>
            )}
          </>
        )}
      </Loaded>
    </Section>
  );
}
