import { useQueryClient } from "@tanstack/react-query";
import { type FormEvent, useState } from "react";
import { $api } from "@/api/client";
import { useSession, useTenantChange } from "@/api/session";
import { day } from "@/format/times";
import { Button } from "@/ui/button";
import { Confirm } from "@/ui/dialog";
import { Field, Input } from "@/ui/field";
import { ErrorNotice } from "@/ui/notice";
import { Section } from "@/ui/page";
import { Loaded, Skeleton } from "@/ui/states";
import { Table } from "@/ui/table";

/** For an operator: all shops of this server. */
export function Tenants() {
  const queries = useQueryClient();
  const session = useSession();
  const change = useTenantChange();
  const refresh = { onSuccess: () => void queries.invalidateQueries() };
  const tenants = $api.useQuery("get", "/api/v1/tenants", {});
  const make = $api.useMutation("post", "/api/v1/tenants", refresh);
  const remove = $api.useMutation("delete", "/api/v1/tenants/{name}", refresh);
  const [name, setName] = useState("");
  const [deleting, setDeleting] = useState<string | null>(null);
  const error = make.error ?? remove.error;
  const submit = (event: FormEvent) => {
    event.preventDefault();
    make.mutate({ body: { name, title: "", settings: {} } });
  };
  return (
    <Section title="Shops of this server">
      {error != null && <ErrorNotice error={error} />}
      <Loaded query={tenants} skeleton={<Skeleton className="h-24" />}>
        {({ items }) => (
          <Table
            caption="Shops"
            rows={items}
            rowKey={(row) => row.name}
            columns={[
              { heading: "Shop", cell: (row) => row.title || row.name },
              { heading: "Name", wideOnly: true, cell: (row) => <code className="text-[12.5px]">{row.name}</code> },
              { heading: "Since", wideOnly: true, cell: (row) => day(row.created_at) },
              {
                heading: <span className="sr-only">Actions</span>,
                numeric: true,
                cell: (row) =>
                  row.name === session.tenant ? (
                    <span className="text-soft">here</span>
                  ) : (
                    <span className="inline-flex gap-1">
                      <Button small onClick={() => void change(row.name)}>
                        Go there
                      </Button>
                      <Button small look="quiet" onClick={() => setDeleting(row.name)}>
                        Delete
                      </Button>
                    </span>
                  ),
              },
            ]}
          />
        )}
      </Loaded>
      <form onSubmit={submit} className="mt-4 flex flex-wrap items-end gap-3">
        <Field name="Name of a new shop" note="Small letters, digits, - and _">
          {(id) => (
            <Input
              id={id}
              required
              pattern="[a-z0-9][a-z0-9_\-]{0,62}"
              value={name}
              onChange={(event) => setName(event.target.value)}
            />
          )}
        </Field>
        <Button type="submit" disabled={make.isPending} className="mb-5">
          Make it
        </Button>
      </form>
      <Confirm
        title={`Delete the shop ${deleting}?`}
        action="Delete everything"
        open={deleting !== null}
        onClose={() => setDeleting(null)}
        onConfirm={() => deleting && remove.mutate({ params: { path: { name: deleting } } })}
      >
        Data sets, models, files, keys and the audit log go with it. It cannot be undone.
      </Confirm>
    </Section>
  );
}
