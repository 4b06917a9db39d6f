import { useQueryClient } from "@tanstack/react-query";
import { type FormEvent, useState } from "react";
import { $api } from "@/api/client";
import { Refusal } from "@/api/problem";
import { day } from "@/format/times";
import { Button } from "@/ui/button";
import { Field, Input } from "@/ui/field";
import { ErrorNotice } from "@/ui/notice";
import { Section } from "@/ui/page";
import { Secret } from "./secret";

/** Where action lists are sent, signed; the secret is shown once. */
export function Webhook() {
  const queries = useQueryClient();
  const refresh = { onSuccess: () => void queries.resetQueries({ queryKey: ["get", "/api/v1/webhook"] }) };
  const found = $api.useQuery("get", "/api/v1/webhook", {}, { retry: false });
  const set = $api.useMutation("put", "/api/v1/webhook", refresh);
  const remove = $api.useMutation("delete", "/api/v1/webhook", refresh);
  const attempt = $api.useMutation("post", "/api/v1/webhook/test");
  const [url, setUrl] = useState("");
  const unset = found.error instanceof Refusal && found.error.problem.status === 404;
  const error = (unset ? null : found.error) ?? set.error ?? remove.error ?? attempt.error;
  const submit = (event: FormEvent) => {
    event.preventDefault();
    attempt.reset();
    set.mutate({ body: { url } });
  };
  return (
    <Section title="Webhook for action lists" note="Lists are sent there in parts, signed; nothing is sent twice.">
      {error != null && <ErrorNotice error={error} />}
      {found.data && (
        <div className="mb-4 flex flex-wrap items-center gap-3">
          <span>
            {found.data.url} <span className="text-soft">since {day(found.data.created_at)}</span>
          </span>
          <Button small disabled={attempt.isPending} onClick={() => attempt.mutate({})}>
            {attempt.isPending ? "Sending ..." : "Send a test"}
          </Button>
          <Button small look="quiet" onClick={() => remove.mutate({})}>
            Remove
          </Button>
          {attempt.data && <span role="status">It took the test ({attempt.data.answer}).</span>}
        </div>
      )}
      <form onSubmit={submit} className="flex flex-wrap items-end gap-3">
        <Field name={found.data ? "Another address" : "Address"}>
          {(id) => (
            <Input
              id={id}
              type="url"
              required
              placeholder="https://"
              className="w-80 max-w-full"
              value={url}
              onChange={(event) => setUrl(event.target.value)}
            />
          )}
        </Field>
        <Button type="submit" disabled={set.isPending}>
          Send lists there
        </Button>
      </form>
      {set.data && <Secret text={set.data.secret} note="This secret signs what is sent. It is shown this once." />}
    </Section>
  );
}
