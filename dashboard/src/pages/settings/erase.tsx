import { type FormEvent, useState } from "react";
import { $api, api, save } from "@/api/client";
import { useJobStarted } from "@/api/jobs";
import { moment } from "@/format/times";
import { Button } from "@/ui/button";
import { Confirm } from "@/ui/dialog";
import { Field, Input } from "@/ui/field";
import { ErrorNotice } from "@/ui/notice";
import { Section } from "@/ui/page";
import { Table } from "@/ui/table";

/** What is held on one customer, to hand over; and erasing them everywhere. */
export function Erase() {
  const [id, setId] = useState("");
  const [asking, setAsking] = useState(false);
  const [error, setError] = useState<unknown>(null);
  const erasures = $api.useQuery("get", "/api/v1/personal-data/erasures", {});
  const erase = $api.useMutation("post", "/api/v1/personal-data/erase", { onSuccess: useJobStarted() });
  const body = { customer_id: id.trim() };
  const hand = async (event: FormEvent) => {
    event.preventDefault();
    setError(null);
    try {
      const { data } = await api.POST("/api/v1/personal-data/export", { body });
      save(new Blob([JSON.stringify(data, null, 2)], { type: "application/json" }), "personal-data.json");
    } catch (refused) {
      setError(refused);
    }
  };
  return (
    <Section
      title="One person's data"
      note="All that is held on a customer as one file; or erased from data sets, files, models' tables and predictions."
    >
      <form onSubmit={(event) => void hand(event)} className="flex flex-wrap items-end gap-3">
        <Field name="Customer's id, letter by letter">
          {(field) => <Input id={field} required value={id} onChange={(event) => setId(event.target.value)} />}
        </Field>
        <Button type="submit" disabled={!id.trim()}>
          Download what is held
        </Button>
        <Button look="danger" disabled={!id.trim()} onClick={() => setAsking(true)}>
          Erase
        </Button>
      </form>
      {(error !== null || erase.error != null) && (
        <div className="mt-3">
          <ErrorNotice error={error ?? erase.error} />
        </div>
      )}
      {erase.isSuccess && <p className="mt-3 text-good">Being erased; the job and its receipt are kept.</p>}
      {(erasures.data?.items.length ?? 0) > 0 && (
        <div className="mt-4">
          <Table
            caption="Erasures"
            rows={erasures.data?.items ?? []}
            rowKey={(row) => row.id}
            columns={[
              { heading: "Erased", cell: (row) => moment(row.created_at) },
              { heading: "By", cell: (row) => row.actor },
              {
                heading: "Customer's hash",
                wideOnly: true,
                cell: (row) => <code className="text-[12.5px]">{row.customer_hash.slice(0, 16)}</code>,
              },
            ]}
          />
        </div>
      )}
      <Confirm
        title={`Erase ${id.trim()} everywhere?`}
        action="Erase for good"
        open={asking}
        onClose={() => setAsking(false)}
        onConfirm={() => erase.mutate({ body: { ...body, confirm: true } })}
      >
        There is no way back. Totals change by what this customer ordered, and files that bring them again are kept out.
      </Confirm>
    </Section>
  );
}
