import { useState } from "react";
import { Link } from "wouter";
import { $api, download } from "@/api/client";
import { useJobStarted } from "@/api/jobs";
import type { components } from "@/api/schema";
import { useMay } from "@/api/session";
import { bytes } from "@/format/amounts";
import { moment } from "@/format/times";
import { Button } from "@/ui/button";
import { Confirm } from "@/ui/dialog";
import { Icon } from "@/ui/icon";
import { Menu } from "@/ui/menu";
import { ErrorNotice } from "@/ui/notice";
import { Section } from "@/ui/page";
import { Loaded, Skeleton } from "@/ui/states";
import { Table } from "@/ui/table";

type Import = components["schemas"]["Import"];

const STATES: Record<Import["state"], string> = {
  received: "being looked at",
  inspected: "waits for you",
  needs_mapping: "waits for a decision",
  confirmed: "being taken in",
  imported: "in the data set",
  unchanged: "was there already",
  failed: "failed",
  undone: "taken back",
};

const WAITS: readonly Import["state"][] = ["inspected", "needs_mapping", "failed", "received", "confirmed"];

/** Files that came in, the newest first; each leads to what was found in it, and can be taken back. */
export function Imports() {
  const imports = $api.useQuery("get", "/api/v1/imports", { params: { query: { limit: 50 } } });
  const undo = $api.useMutation("post", "/api/v1/imports/{import_id}/undo", { onSuccess: useJobStarted() });
  const [undoing, setUndoing] = useState<Import | null>(null);
  const may = useMay("analyst");
  return (
    <Section title="Imports">
      {undo.error != null && <ErrorNotice error={undo.error} />}
      <Loaded query={imports} skeleton={<Skeleton className="h-32" />}>
        {({ items }) =>
          items.length === 0 ? (
            <p className="text-soft">Nothing was sent yet.</p>
          ) : (
            <Table
              caption="Imports"
              rows={items}
              rowKey={(row) => row.id}
              columns={[
                { heading: "Files", cell: (row) => <Files one={row} /> },
                {
                  heading: "State",
                  cell: (row) =>
                    WAITS.includes(row.state) ? (
                      <Link href={`/start/${row.id}`} className="link">
                        {STATES[row.state]}
                      </Link>
                    ) : (
                      STATES[row.state]
                    ),
                },
                { heading: "Sent", wideOnly: true, cell: (row) => moment(row.created_at) },
                {
                  heading: <span className="sr-only">Actions</span>,
                  numeric: true,
                  cell: (row) =>
                    may && row.state === "imported" && <Actions one={row} onUndo={() => setUndoing(row)} />,
                },
              ]}
            />
          )
        }
      </Loaded>
      <Confirm
        title="Take this import back?"
        action="Take it back"
        open={undoing !== null}
        onClose={() => setUndoing(null)}
        onConfirm={() => undoing && undo.mutate({ params: { path: { import_id: undoing.id } } })}
      >
        The data set is made anew without {undoing?.files.map((file) => file.name).join(", ")}. The files can be sent
        again.
      </Confirm>
    </Section>
  );
}

function Files({ one }: { one: Import }) {
  const names = one.files
    .map((file) => (file.size === null ? file.name : `${file.name} (${bytes(file.size)})`))
    .join(", ");
  return <span className="break-words">{one.origin ?? names}</span>;
}

function Actions({ one, onUndo }: { one: Import; onUndo: () => void }) {
  return (
    <Menu
      label="Actions"
      trigger={
        <Button small look="quiet">
          <Icon name="more" size={16} />
        </Button>
      }
      items={[
        {
          name: "Rejected rows, CSV",
          onSelect: () => void download(`/api/v1/imports/${one.id}/rejects`, "rejects.csv"),
        },
        "line",
        { name: "Take it back", danger: true, onSelect: onUndo },
      ]}
    />
  );
}
