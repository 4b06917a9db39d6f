import { useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import { $api, download } from "@/api/client";
import type { components } from "@/api/schema";
import { useMay } from "@/api/session";
import { inReadersFigures } from "@/format/figures";
import { day, moment } from "@/format/times";
import { Button } from "@/ui/button";
import { Confirm } from "@/ui/dialog";
import { Icon } from "@/ui/icon";
import { Menu } from "@/ui/menu";
import { ErrorNotice } from "@/ui/notice";
import { Section } from "@/ui/page";
import { Empty } from "@/ui/states";
import { Table } from "@/ui/table";
import { GRADES } from "../forecast/grades";
import { Compare } from "./compare";

type Model = components["schemas"]["Model"];

/** All models with their grade; one is in use, another one can be put there, and the one before called back. */
export function Registry({ models }: { models: readonly Model[] }) {
  const queries = useQueryClient();
  const refresh = { onSuccess: () => void queries.invalidateQueries() };
  const use = $api.useMutation("put", "/api/v1/models/default", refresh);
  const back = $api.useMutation("post", "/api/v1/models/default/rollback", refresh);
  const remove = $api.useMutation("delete", "/api/v1/models/{model_id}", refresh);
  const [deleting, setDeleting] = useState<Model | null>(null);
  const [comparing, setComparing] = useState<string | null>(null);
  const may = useMay("analyst");
  const error = use.error ?? back.error ?? remove.error;
  const worse = use.error && use.variables?.body.force === false ? use.variables.body.model : null;
  if (!models.length) {
    return (
      <Section title="Models">
        <Empty title="No model was trained yet.">
          Each training replays past dates, so that a model comes with its record. It takes about a minute for 5,000
          customers.
        </Empty>
      </Section>
    );
  }
  const items = (model: Model) => [
    ...(model.in_use
      ? []
      : [{ name: "Put in use", onSelect: () => use.mutate({ body: { model: model.id, force: false } }) }]),
    ...(model.in_use ? [] : [{ name: "Compare with the one in use", onSelect: () => setComparing(model.id) }]),
    { name: "Model card", onSelect: () => void download(`/api/v1/models/${model.id}/card.md`, `${model.id}-card.md`) },
    { name: "Model file, JSON", onSelect: () => void download(`/api/v1/models/${model.id}/json`, `${model.id}.json`) },
    ...(model.in_use ? [] : ["line" as const, { name: "Delete", danger: true, onSelect: () => setDeleting(model) }]),
  ];
  return (
    <Section
      title="Models"
      note="A new model takes the place of the one in use only if its backtest is not worse."
      actions={
        may &&
        models.length > 1 && (
          <Button small onClick={() => back.mutate({})}>
            Back to the one before
          </Button>
        )
      }
    >
      {error != null && (
        <div className="mb-4">
          <ErrorNotice error={error} />
          {worse && (
            <div className="mt-2">
              <Button small look="danger" onClick={() => use.mutate({ body: { model: worse, force: true } })}>
                Use it all the same
              </Button>
            </div>
          )}
        </div>
      )}
      <Table
        caption="Models"
        rows={models}
        rowKey={(row) => row.id}
        columns={[
          {
            heading: "Model",
            cell: (row) => (
              <span className={row.in_use ? "font-semibold" : ""}>
                {row.id}
                {row.in_use && " · in use"}
              </span>
            ),
          },
          { heading: "Grade", cell: (row) => GRADES[row.grade] ?? "not graded" },
          {
            heading: "What its backtest showed",
            wideOnly: true,
            cell: (row) => <span className="text-soft">{inReadersFigures(row.sentence)}</span>,
          },
          { heading: "Looks from", wideOnly: true, cell: (row) => day(row.as_of) },
          { heading: "Horizon, days", numeric: true, wideOnly: true, cell: (row) => row.horizon_days },
          { heading: "Trained", wideOnly: true, cell: (row) => moment(row.created_at) },
          {
            heading: <span className="sr-only">Actions</span>,
            numeric: true,
            cell: (row) =>
              may && (
                <Menu
                  label={`Actions for ${row.id}`}
                  trigger={
                    <Button small look="quiet">
                      <Icon name="more" size={16} />
                    </Button>
                  }
                  items={items(row)}
                />
              ),
          },
        ]}
      />
      {comparing && <Compare challenger={comparing} onClose={() => setComparing(null)} />}
      <Confirm
        title={`Delete ${deleting?.id}?`}
        action="Delete it"
        open={deleting !== null}
        onClose={() => setDeleting(null)}
        onConfirm={() => deleting && remove.mutate({ params: { path: { model_id: deleting.id } } })}
      >
        Its files go; what happened to it stays in the history.
      </Confirm>
    </Section>
  );
}
