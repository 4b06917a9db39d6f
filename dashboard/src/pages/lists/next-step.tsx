import { useState } from "react";
import { useLocation } from "wouter";
import { $api } from "@/api/client";
import { type ActionList, useListsChanged } from "@/api/lists";
import { useMay } from "@/api/session";
import { Button } from "@/ui/button";
import { Confirm } from "@/ui/dialog";
import { ErrorNotice } from "@/ui/notice";
import { Take } from "./take";

/** What can be done with the list in its state: one primary step, and the way back. */
export function NextStep({ list }: { list: ActionList }) {
  const may = useMay("analyst");
  if (!may) return <p className="text-sm text-soft">It takes the role analyst to go on.</p>;
  if (list.state === "draft") return <Draft list={list} />;
  if (list.state === "closed") return null;
  return (
    <>
      <Take list={list} />
      <Close list={list} />
    </>
  );
}

function Draft({ list }: { list: ActionList }) {
  const [, go] = useLocation();
  const changed = useListsChanged();
  const path = { params: { path: { list_id: list.id } } };
  const approve = $api.useMutation("post", "/api/v1/action-lists/{list_id}/approve", { onSuccess: changed });
  const discard = $api.useMutation("delete", "/api/v1/action-lists/{list_id}", {
    onSuccess: () => {
      go("/actions/lists");
      changed();
    },
  });
  const error = approve.error ?? discard.error;
  return (
    <>
      <Button look="quiet" disabled={discard.isPending} onClick={() => discard.mutate(path)}>
        Throw the draft away
      </Button>
      <Button look="primary" disabled={approve.isPending} onClick={() => approve.mutate(path)}>
        Approve
      </Button>
      {error && <ErrorNotice error={error} />}
    </>
  );
}

function Close({ list }: { list: ActionList }) {
  const [asking, setAsking] = useState(false);
  const close = $api.useMutation("post", "/api/v1/action-lists/{list_id}/close", { onSuccess: useListsChanged() });
  return (
    <>
      <Button look="quiet" disabled={close.isPending} onClick={() => setAsking(true)}>
        Close the list
      </Button>
      {close.error && <ErrorNotice error={close.error} />}
      <Confirm
        title="Close this list?"
        action="Close it"
        open={asking}
        onClose={() => setAsking(false)}
        onConfirm={() => close.mutate({ params: { path: { list_id: list.id } } })}
      >
        Orders count until now, and its holdouts may be treated again. A list that is closed before its window is over
        teaches the playbook nothing.
      </Confirm>
    </>
  );
}
