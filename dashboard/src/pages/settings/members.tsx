import { useQueryClient } from "@tanstack/react-query";
import { type FormEvent, useState } from "react";
import { $api } from "@/api/client";
import type { components } from "@/api/schema";
import { Button } from "@/ui/button";
import { Confirm } from "@/ui/dialog";
import { Field, Input, Select } from "@/ui/field";
import { ErrorNotice } from "@/ui/notice";
import { Section } from "@/ui/page";
import { Loaded, Skeleton } from "@/ui/states";
import { Table } from "@/ui/table";
import { Secret } from "./secret";

type Member = components["schemas"]["Member"];
type MemberRole = Member["role"];

export const ROLES: readonly (readonly [MemberRole, string])[] = [
  ["viewer", "Viewer: reads"],
  ["analyst", "Analyst: imports, trains, exports"],
  ["admin", "Admin: keys, people, settings"],
];

/** The people of the shop: invited by a link that is handed over, with a role that holds at once. */
export function Members() {
  const queries = useQueryClient();
  const refresh = { onSuccess: () => void queries.invalidateQueries({ queryKey: ["get", "/api/v1/members"] }) };
  const members = $api.useQuery("get", "/api/v1/members", {});
  const change = $api.useMutation("patch", "/api/v1/members/{user_id}", refresh);
  const remove = $api.useMutation("delete", "/api/v1/members/{user_id}", refresh);
  const [removing, setRemoving] = useState<Member | null>(null);
  const error = change.error ?? remove.error;
  return (
    <Section title="Members">
      {error != null && <ErrorNotice error={error} />}
      <Loaded query={members} skeleton={<Skeleton className="h-24" />}>
        {({ items }) =>
          items.length > 0 && (
            <Table
              caption="Members"
              rows={items}
              rowKey={(row) => row.user_id}
              columns={[
                { heading: "Person", cell: (row) => row.name || row.email },
                { heading: "E-mail", wideOnly: true, cell: (row) => <span className="text-soft">{row.email}</span> },
                {
                  heading: "Role",
                  cell: (row) => (
                    <Select
                      aria-label={`Role of ${row.email}`}
                      className="h-8"
                      value={row.role}
                      onChange={(event) =>
                        change.mutate({
                          params: { path: { user_id: row.user_id } },
                          body: { role: event.target.value as MemberRole },
                        })
                      }
                    >
                      {ROLES.map(([role, words]) => (
                        <option key={role} value={role}>
                          {words}
                        </option>
                      ))}
                    </Select>
                  ),
                },
                {
                  heading: "Signs in",
                  wideOnly: true,
                  cell: (row) => (row.disabled_at ? "disabled" : row.has_password ? "with a password" : "by link only"),
                },
                {
                  heading: <span className="sr-only">Actions</span>,
                  numeric: true,
                  cell: (row) => (
                    <Button small look="quiet" onClick={() => setRemoving(row)}>
                      Take out
                    </Button>
                  ),
                },
              ]}
            />
          )
        }
      </Loaded>
      <Invite onDone={refresh.onSuccess} />
      <Confirm
        title={`Take ${removing?.email} out?`}
        action="Take them out"
        open={removing !== null}
        onClose={() => setRemoving(null)}
        onConfirm={() => removing && remove.mutate({ params: { path: { user_id: removing.user_id } } })}
      >
        They cannot act in this shop any more. Who belongs to no other shop is forgotten.
      </Confirm>
    </Section>
  );
}

function Invite({ onDone }: { onDone: () => void }) {
  const [email, setEmail] = useState("");
  const [role, setRole] = useState<MemberRole>("viewer");
  const invite = $api.useMutation("post", "/api/v1/members", {
    onSuccess: () => {
      setEmail("");
      onDone();
    },
  });
  const submit = (event: FormEvent) => {
    event.preventDefault();
    invite.mutate({ body: { email, name: "", role } });
  };
  return (
    <form onSubmit={submit} className="mt-4">
      <div className="flex flex-wrap items-end gap-3">
        <Field name="E-mail">
          {(id) => (
            <Input id={id} type="email" required value={email} onChange={(event) => setEmail(event.target.value)} />
          )}
        </Field>
        <Field name="Role">
          {(id) => (
            <Select id={id} value={role} onChange={(event) => setRole(event.target.value as MemberRole)}>
              {ROLES.map(([each, words]) => (
                <option key={each} value={each}>
                  {words}
                </option>
              ))}
            </Select>
          )}
        </Field>
        <Button type="submit" disabled={invite.isPending}>
          Invite
        </Button>
      </div>
      {invite.data?.link && (
        <Secret
          text={invite.data.link}
          note="Hand this link over; it signs them in once, within a week. Nothing is sent by mail."
        />
      )}
      {invite.error != null && (
        <div className="mt-3">
          <ErrorNotice error={invite.error} />
        </div>
      )}
    </form>
  );
}
