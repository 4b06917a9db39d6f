import { useQueryClient } from "@tanstack/react-query";
import { type FormEvent, useState } from "react";
import { $api, download } from "@/api/client";
import { useJobStarted } from "@/api/jobs";
import type { components } from "@/api/schema";
import { useMay } from "@/api/session";
import { count } from "@/format/amounts";
import { day, moment } from "@/format/times";
import { Button } from "@/ui/button";
import { Confirm, Dialog } from "@/ui/dialog";
import { Field, Input } from "@/ui/field";
import { Icon } from "@/ui/icon";
import { Menu } from "@/ui/menu";
import { ErrorNotice } from "@/ui/notice";
import { Section } from "@/ui/page";
import { Loaded, Skeleton } from "@/ui/states";
import { Table } from "@/ui/table";

type Prediction = components["schemas"]["Prediction"];

/** Tables of forecasts of every customer, kept under a name: to rename, download, delete. */
export function Predictions({ hasModel }: { hasModel: boolean }) {
  const queries = useQueryClient();
  const refresh = { onSuccess: () => void queries.invalidateQueries({ queryKey: ["get", "/api/v1/predictions"] }) };
  const found = $api.useQuery("get", "/api/v1/predictions", { params: { query: { limit: 50 } } });
  const create = $api.useMutation("post", "/api/v1/predictions", { onSuccess: useJobStarted() });
  const remove = $api.useMutation("delete", "/api/v1/predictions/{prediction_id}", refresh);
  const [renaming, setRenaming] = useState<Prediction | null>(null);
  const [deleting, setDeleting] = useState<Prediction | null>(null);
  const may = useMay("analyst");
  const error = create.error ?? remove.error;
  return (
    <Section
      title="Predictions"
      note="Forecasts of every customer as of a day, kept as a table."
      actions={
        may &&
        hasModel && (
          <Button
            small
            disabled={create.isPending}
            onClick={() => create.mutate({ body: { name: `All customers, ${day(new Date().toISOString())}` } })}
          >
            Forecast everybody
          </Button>
        )
      }
    >
      {error != null && <ErrorNotice error={error} />}
      <Loaded query={found} skeleton={<Skeleton className="h-32" />}>
        {({ items }) =>
          items.length === 0 ? (
            <p className="text-soft">
              None was made yet. The list of customers has the forecasts of the model in use all the same.
            </p>
          ) : (
            <Table
              caption="Predictions"
              rows={items}
              rowKey={(row) => row.id}
              columns={[
                { heading: "Name", cell: (row) => row.name || row.id },
                { heading: "Customers", numeric: true, cell: (row) => count(row.customers) },
                { heading: "Looks from", wideOnly: true, cell: (row) => day(row.as_of) },
                { heading: "Horizon, days", numeric: true, wideOnly: true, cell: (row) => row.horizon },
                { heading: "Model", wideOnly: true, cell: (row) => row.model },
                { heading: "Made", wideOnly: true, cell: (row) => moment(row.created_at) },
                {
                  heading: <span className="sr-only">Actions</span>,
                  numeric: true,
                  cell: (row) =>
                    may && (
                      <Menu
                        label={`Actions for ${row.name || row.id}`}
                        trigger={
                          <Button small look="quiet">
                            <Icon name="more" size={16} />
                          </Button>
                        }
                        items={[
                          {
                            name: "Download CSV",
                            onSelect: () => void download(`/api/v1/predictions/${row.id}/csv`, `${row.id}.csv`),
                          },
                          {
                            name: "Download Parquet",
                            onSelect: () =>
                              void download(`/api/v1/predictions/${row.id}/download`, `${row.id}.parquet`),
                          },
                          { name: "Rename", onSelect: () => setRenaming(row) },
                          "line",
                          { name: "Delete", danger: true, onSelect: () => setDeleting(row) },
                        ]}
                      />
                    ),
                },
              ]}
            />
          )
        }
      </Loaded>
      <Rename prediction={renaming} onClose={() => setRenaming(null)} onDone={refresh.onSuccess} />
      <Confirm
        title={`Delete ${deleting?.name || deleting?.id}?`}
        action="Delete it"
        open={deleting !== null}
        onClose={() => setDeleting(null)}
        onConfirm={() => deleting && remove.mutate({ params: { path: { prediction_id: deleting.id } } })}
      >
        The table goes with it. It can be made again while its model is kept.
      </Confirm>
    </Section>
  );
}

function Rename({
  prediction,
  onClose,
  onDone,
}: {
  prediction: Prediction | null;
  onClose: () => void;
  onDone: () => void;
}) {
  const [name, setName] = useState("");
  const rename = $api.useMutation("patch", "/api/v1/predictions/{prediction_id}", {
    onSuccess: () => {
      onDone();
      onClose();
    },
  });
  const submit = (event: FormEvent) => {
    event.preventDefault();
    if (prediction) rename.mutate({ params: { path: { prediction_id: prediction.id } }, body: { name: name.trim() } });
  };
  return (
    <Dialog title="Rename" open={prediction !== null} onClose={onClose}>
      <form onSubmit={submit} className="flex flex-col gap-4">
        <Field name="Name">
          {(id) => (
            <Input
              id={id}
              required
              maxLength={200}
              defaultValue={prediction?.name}
              onChange={(event) => setName(event.target.value)}
            />
          )}
        </Field>
        {rename.error != null && <ErrorNotice error={rename.error} />}
        <Button type="submit" look="primary" disabled={!name.trim()}>
          Rename
        </Button>
      </form>
    </Dialog>
  );
}
