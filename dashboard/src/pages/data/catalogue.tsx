import { useDeferredValue, useState } from "react";
import { $api } from "@/api/client";
import { capital, columnName } from "@/format/words";
import { Input } from "@/ui/field";
import { Section } from "@/ui/page";
import { Loaded, Skeleton } from "@/ui/states";
import { CsvButton, Table } from "@/ui/table";

const SHOWN = 20;

/** Every column a customer can have, with its definition. */
export function Catalogue() {
  const features = $api.useQuery("get", "/api/v1/features", {}, { staleTime: 600_000 });
  const [text, setText] = useState("");
  const wanted = useDeferredValue(text.toLowerCase());
  return (
    <Loaded query={features} skeleton={<Skeleton className="mt-11 h-64" />}>
      {({ items }) => {
        const found = items.filter((each) =>
          `${each.name} ${columnName(each.name)} ${each.definition}`.toLowerCase().includes(wanted),
        );
        return (
          <Section
            title="Features"
            note={`${items.length} columns of a customer, none of which knows anything of as_of or later.`}
            actions={
              <>
                <Input
                  type="search"
                  aria-label="Find a feature"
                  placeholder="Find"
                  className="h-8 w-44"
                  value={text}
                  onChange={(event) => setText(event.target.value)}
                />
                <CsvButton
                  name="features"
                  table={() => ({
                    columns: ["name", "kind", "definition", "unit", "missing"],
                    rows: items.map((each) => [each.name, each.kind, each.definition, each.unit, each.missing]),
                  })}
                />
              </>
            }
          >
            <Table
              caption="Features"
              rows={found.slice(0, SHOWN)}
              rowKey={(row) => row.name}
              columns={[
                { heading: "Name", cell: (row) => <code className="text-[12.5px]">{row.name}</code> },
                { heading: "Definition", cell: (row) => capital(row.definition) },
                { heading: "Unit", wideOnly: true, cell: (row) => row.unit },
                {
                  heading: "Where it is missing",
                  wideOnly: true,
                  cell: (row) => (
                    <span className="text-soft">{row.in_this_shop === false ? "not in this shop" : row.missing}</span>
                  ),
                },
              ]}
            />
            {found.length > SHOWN && (
              <p className="mt-2 text-sm text-soft">
                {found.length - SHOWN} more: find them by a word, or take the CSV.
              </p>
            )}
          </Section>
        );
      }}
    </Loaded>
  );
}
