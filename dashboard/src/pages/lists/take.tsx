import { type ReactNode, useState } from "react";
import { $api, download } from "@/api/client";
import { useJobStarted } from "@/api/jobs";
import { type ActionList, useListsChanged } from "@/api/lists";
import { Button } from "@/ui/button";
import { Dialog } from "@/ui/dialog";
import { Field, Input } from "@/ui/field";
import { ErrorNotice } from "@/ui/notice";

/** Those who are treated, as a file or to the webhook; holdouts never leave the shop. */
export function Take({ list }: { list: ActionList }) {
  const [sending, setSending] = useState(false);
  const [busy, setBusy] = useState(false);
  const [error, setError] = useState<unknown>(null);
  const changed = useListsChanged();
  const get = async () => {
    setBusy(true);
    setError(null);
    await download(`/api/v1/action-lists/${list.id}/export?format=csv`, `${list.id}.csv`).then(changed, setError);
    setBusy(false);
  };
  return (
    <>
      <Button onClick={() => setSending(true)}>Other ways</Button>
      <Button look={list.state === "approved" ? "primary" : "plain"} disabled={busy} onClick={() => void get()}>
        {busy ? "Writing the file ..." : list.state === "approved" ? "Export" : "Export again"}
      </Button>
      {error !== null && <ErrorNotice error={error} />}
      <Dialog title="Take the list along" open={sending} onClose={() => setSending(false)}>
        <Ways list={list} onDone={() => setSending(false)} />
      </Dialog>
    </>
  );
}

function Ways({ list, onDone }: { list: ActionList; onDone: () => void }) {
  const [sentOn, setSentOn] = useState(list.sent_on ?? "");
  const [error, setError] = useState<unknown>(null);
  const changed = useListsChanged();
  const started = useJobStarted();
  const webhook = $api.useQuery("get", "/api/v1/webhook", {}, { retry: false });
  const send = $api.useMutation("post", "/api/v1/action-lists/{list_id}/send", {
    onSuccess: () => {
      started();
      changed();
      onDone();
    },
  });
  const file = (format: string) => {
    const query = new URLSearchParams({ format, ...(sentOn && { sent_on: sentOn }) });
    void download(`/api/v1/action-lists/${list.id}/export?${query}`, `${list.id}.${format}`).then(() => {
      changed();
      onDone();
    }, setError);
  };
  const problem = error ?? send.error;
  return (
    <div className="flex flex-col gap-5">
      <Field name="Sent on">
        {(id) => (
          <Input
            id={id}
            type="date"
            className="w-44"
            disabled={list.sent_on !== null}
            value={sentOn}
            onChange={(event) => setSentOn(event.target.value)}
          />
        )}
      </Field>
      <p className="-mt-3 text-sm text-soft">
        {list.sent_on ? "Orders count from this day on." : "Orders count from this day on; left empty, from today."}
      </p>
      <Way what="A file">
        <Button onClick={() => file("csv")}>CSV</Button>
        <Button onClick={() => file("parquet")}>Parquet</Button>
      </Way>
      {webhook.data ? (
        <Way what={`The webhook at ${new URL(webhook.data.url).host}`}>
          <Button
            disabled={send.isPending}
            onClick={() =>
              send.mutate({ params: { path: { list_id: list.id }, query: sentOn ? { sent_on: sentOn } : {} } })
            }
          >
            Send
          </Button>
        </Way>
      ) : (
        <p className="text-sm text-soft">A webhook can be set in Settings; lists are then sent to it, signed.</p>
      )}
      {problem != null && <ErrorNotice error={problem} />}
    </div>
  );
}

function Way({ what, children }: { what: string; children: ReactNode }) {
  return (
    <div className="flex flex-wrap items-center justify-between gap-3 border-t border-line pt-4">
      <span>{what}</span>
      <span className="flex gap-2">{children}</span>
    </div>
  );
}
