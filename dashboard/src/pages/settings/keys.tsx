import { useQueryClient } from "@tanstack/react-query";
import { type FormEvent, useState } from "react";
import { $api } from "@/api/client";
import type { components } from "@/api/schema";
import { ago, day } from "@/format/times";
import { Button } from "@/ui/button";
import { Confirm } from "@/ui/dialog";
import { Field, Input, Select } from "@/ui/field";
import { ErrorNotice } from "@/ui/notice";
import { Section } from "@/ui/page";
import { Loaded, Skeleton } from "@/ui/states";
import { Table } from "@/ui/table";
import { ROLES } from "./members";
import { Secret } from "./secret";

type Key = components["schemas"]["Key"];

/** Keys of programs: made, rotated with an overlap, revoked. The text of one is shown once. */
export function Keys() {
  const queries = useQueryClient();
  const refresh = { onSuccess: () => void queries.invalidateQueries({ queryKey: ["get", "/api/v1/keys"] }) };
  const keys = $api.useQuery("get", "/api/v1/keys", {});
  const make = $api.useMutation("post", "/api/v1/keys", refresh);
  const rotate = $api.useMutation("post", "/api/v1/keys/{key_id}/rotate", refresh);
  const revoke = $api.useMutation("delete", "/api/v1/keys/{key_id}", refresh);
  const [revoking, setRevoking] = useState<Key | null>(null);
  const [name, setName] = useState("");
  const [role, setRole] = useState<Key["role"]>("analyst");
  const error = make.error ?? rotate.error ?? revoke.error;
  const made = rotate.data ?? make.data;
  const submit = (event: FormEvent) => {
    event.preventDefault();
    make.mutate({ body: { name, role } });
  };
  return (
    <Section title="Keys for programs">
      {error != null && <ErrorNotice error={error} />}
      <Loaded query={keys} skeleton={<Skeleton className="h-24" />}>
        {({ items }) =>
          items.length > 0 && (
            <Table
              caption="Keys"
              rows={items}
              rowKey={(row) => row.id}
              columns={[
                { heading: "Name", cell: (row) => row.name || row.id },
                {
                  heading: "Begins with",
                  wideOnly: true,
                  cell: (row) => <code className="text-[12.5px]">{row.prefix}</code>,
                },
                { heading: "Role", cell: (row) => row.role },
                {
                  heading: "Last used",
                  wideOnly: true,
                  cell: (row) => (row.last_used_at ? ago(row.last_used_at) : "never"),
                },
                {
                  heading: "Ends",
                  cell: (row) =>
                    row.revoked_at ? `revoked ${day(row.revoked_at)}` : row.expires_at ? day(row.expires_at) : "never",
                },
                {
                  heading: <span className="sr-only">Actions</span>,
                  numeric: true,
                  cell: (row) =>
                    !row.revoked_at && (
                      <span className="inline-flex gap-1">
                        <Button
                          small
                          look="quiet"
                          onClick={() =>
                            rotate.mutate({ params: { path: { key_id: row.id } }, body: { overlap_hours: 24 } })
                          }
                        >
                          Rotate
                        </Button>
                        <Button small look="quiet" onClick={() => setRevoking(row)}>
                          Revoke
                        </Button>
                      </span>
                    ),
                },
              ]}
            />
          )
        }
      </Loaded>
      <form onSubmit={submit} className="mt-4 flex flex-wrap items-end gap-3">
        <Field name="What it is for">
          {(id) => (
            <Input id={id} maxLength={200} required value={name} onChange={(event) => setName(event.target.value)} />
          )}
        </Field>
        <Field name="Role">
          {(id) => (
            <Select id={id} value={role} onChange={(event) => setRole(event.target.value as Key["role"])}>
              {ROLES.map(([each, words]) => (
                <option key={each} value={each}>
                  {words}
                </option>
              ))}
            </Select>
          )}
        </Field>
        <Button type="submit" disabled={make.isPending}>
          Make a key
        </Button>
      </form>
      {made && <Secret text={made.key} note="This is shown once. What is stored is its hash." />}
      <Confirm
        title={`Revoke ${revoking?.name || revoking?.id}?`}
        action="Revoke it"
        open={revoking !== null}
        onClose={() => setRevoking(null)}
        onConfirm={() => revoking && revoke.mutate({ params: { path: { key_id: revoking.id } } })}
      >
        It opens nothing from now on. To replace it without a gap, rotate it instead.
      </Confirm>
    </Section>
  );
}
