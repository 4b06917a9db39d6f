import { type FormEvent, useState } from "react";
import { $api, setCsrf } from "@/api/client";
import { Button } from "@/ui/button";
import { Field, Input } from "@/ui/field";
import { ErrorNotice } from "@/ui/notice";
import { Section } from "@/ui/page";

const SHORTEST = 10;

/** Another password, or the first one for who came in by a link. */
export function Password() {
  const [current, setCurrent] = useState("");
  const [fresh, setFresh] = useState("");
  const change = $api.useMutation("put", "/api/v1/session/password", {
    onSuccess: (session) => {
      setCsrf(session.csrf_token);
      setCurrent("");
      setFresh("");
    },
  });
  const submit = (event: FormEvent) => {
    event.preventDefault();
    change.mutate({ body: { current: current || null, new: fresh } });
  };
  return (
    <Section title="Your password" note="Who came in by a link has none yet, and leaves the first field empty.">
      <form onSubmit={submit} className="flex flex-wrap items-end gap-3">
        <Field name="Present password">
          {(id) => (
            <Input
              id={id}
              type="password"
              autoComplete="current-password"
              value={current}
              onChange={(event) => setCurrent(event.target.value)}
            />
          )}
        </Field>
        <Field name={`New one, at least ${SHORTEST} letters`}>
          {(id) => (
            <Input
              id={id}
              type="password"
              autoComplete="new-password"
              minLength={SHORTEST}
              required
              value={fresh}
              onChange={(event) => setFresh(event.target.value)}
            />
          )}
        </Field>
        <Button type="submit" disabled={change.isPending}>
          Change password
        </Button>
      </form>
      {change.isSuccess && <p className="mt-3 text-good">Changed. You are signed out everywhere else.</p>}
      {change.error != null && (
        <div className="mt-3">
          <ErrorNotice error={change.error} />
        </div>
      )}
    </Section>
  );
}
