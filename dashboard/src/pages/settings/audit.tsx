import { useState } from "react";
import { $api, download } from "@/api/client";
import { moment } from "@/format/times";
import { Button } from "@/ui/button";
import { Input } from "@/ui/field";
import { Section } from "@/ui/page";
import { Loaded, Skeleton } from "@/ui/states";
import { Table } from "@/ui/table";
import { useActorName } from "./actors";

const PAGE = 25;

/** Who changed or took out what, the latest first. */
export function Audit() {
  const nameOf = useActorName();
  const [action, setAction] = useState("");
  const [limit, setLimit] = useState(PAGE);
  const query = { limit, ...(action.trim() && { action: action.trim() }) };
  const entries = $api.useQuery("get", "/api/v1/audit", { params: { query } });
  return (
    <Section
      title="Audit log"
      note="Every change and every export, noted in the same transaction."
      actions={
        <>
          <Input
            type="search"
            aria-label="Only this action"
            placeholder="export customers"
            className="h-8 w-44"
            value={action}
            onChange={(event) => setAction(event.target.value)}
          />
          <Button small look="quiet" onClick={() => void download("/api/v1/audit/csv", "audit.csv")}>
            CSV
          </Button>
        </>
      }
    >
      <Loaded query={entries} skeleton={<Skeleton className="h-64" />}>
        {(data) => (
          <>
            <Table
              caption="Audit log"
              rows={data.items}
              rowKey={(row) => row.id}
              columns={[
                { heading: "When", cell: (row) => moment(row.at) },
                { heading: "What", cell: (row) => row.action },
                {
                  heading: "Who",
                  wideOnly: true,
                  cell: (row) => (
                    <span className="text-soft" title={row.actor}>
                      {nameOf(row.actor)}
                    </span>
                  ),
                },
                {
                  heading: "On",
                  wideOnly: true,
                  cell: (row) => <span className="break-all text-soft">{row.subject}</span>,
                },
              ]}
            />
            {data.items.length === 0 && <p className="text-soft">Nothing of that kind.</p>}
            {data.next_cursor && (
              <Button small look="quiet" className="mt-2" onClick={() => setLimit(limit + 4 * PAGE)}>
                More
              </Button>
            )}
          </>
        )}
      </Loaded>
    </Section>
  );
}
