import { $api } from "@/api/client";
import type { components } from "@/api/schema";
import { decimal, fixed, share } from "@/format/amounts";
import { Details, Section } from "@/ui/page";
import { Loaded, Skeleton } from "@/ui/states";
import { ShareBar, Table } from "@/ui/table";

type Drivers = components["schemas"]["Drivers"];

/** What the forecasts of the whole shop are associated with. */
export function DriversOf({ id }: { id: string }) {
  const found = $api.useQuery(
    "get",
    "/api/v1/models/{model_id}/drivers",
    { params: { path: { model_id: id } } },
    { staleTime: 600_000 },
  );
  return (
    <Section
      title="What it goes by"
      note="How far each group of reasons moves the chance of a customer, on average. Association, not cause."
    >
      <Loaded query={found} skeleton={<Skeleton className="h-56" />}>
        {(data) => <Shown drivers={data} />}
      </Loaded>
    </Section>
  );
}

function Shown({ drivers }: { drivers: Drivers }) {
  return (
    <>
      <Table
        caption="Groups of reasons"
        rows={drivers.groups}
        rowKey={(row) => row.group}
        columns={[
          { heading: "Group of reasons", cell: (row) => row.group },
          { heading: "Moves the chance by, points", numeric: true, cell: (row) => fixed(row.points, 1) },
          {
            heading: "Share of all",
            numeric: true,
            cell: (row) => <ShareBar value={row.share}>{share(row.share)}</ShareBar>,
          },
        ]}
      />
      <Details label={`All ${drivers.columns.length} columns`}>
        <Table
          caption="Columns of the model"
          rows={drivers.columns.slice(0, 40)}
          rowKey={(row) => row.name}
          columns={[
            { heading: "Column", cell: (row) => row.name.replace("history.", "") },
            { heading: "Group", wideOnly: true, cell: (row) => <span className="text-soft">{row.group}</span> },
            { heading: "Points", numeric: true, cell: (row) => decimal(row.points, 2) },
            { heading: "Direction", cell: (row) => <span className="text-soft">{row.direction}</span> },
          ]}
        />
      </Details>
    </>
  );
}
