import { useQueryClient } from "@tanstack/react-query";
import { type FormEvent, useState } from "react";
import { $api, setCsrf } from "@/api/client";
import { Button } from "@/ui/button";
import { Field, Input } from "@/ui/field";
import { ErrorNotice } from "@/ui/notice";

/** For who is not signed in: a password, or the link that the server printed. */
export function SignIn() {
  const queries = useQueryClient();
  const [email, setEmail] = useState("");
  const [password, setPassword] = useState("");
  const signIn = $api.useMutation("post", "/api/v1/session", {
    onSuccess: (session) => {
      setCsrf(session.csrf_token);
      queries.setQueryData(["session"], session);
    },
  });
  const submit = (event: FormEvent) => {
    event.preventDefault();
    signIn.mutate({ body: { email, password } });
  };
  return (
    <main className="mx-auto flex min-h-dvh max-w-[400px] flex-col justify-center px-5 py-10">
      <img src="/mark.svg" alt="" width={36} height={36} />
      <h1 className="mt-5 text-[24px] font-semibold tracking-[-0.018em]">Sign in to Holdfast</h1>
      <form onSubmit={submit} className="mt-6 flex flex-col gap-4">
        <Field name="E-mail">
          {(id) => (
            <Input
              id={id}
              type="email"
              autoComplete="username"
              required
              value={email}
              onChange={(event) => setEmail(event.target.value)}
            />
          )}
        </Field>
        <Field name="Password">
          {(id) => (
            <Input
              id={id}
              type="password"
              autoComplete="current-password"
              required
              value={password}
              onChange={(event) => setPassword(event.target.value)}
            />
          )}
        </Field>
        <Button type="submit" look="primary" disabled={signIn.isPending}>
          {signIn.isPending ? "Signing in ..." : "Sign in"}
        </Button>
      </form>
      {signIn.error != null && (
        <div className="mt-4">
          <ErrorNotice error={signIn.error} />
        </div>
      )}
      <p className="mt-6 text-sm text-soft">
        No password yet? Whoever started the server finds a link beside its address that signs in once;{" "}
        <code className="text-ink">holdfast users link E-MAIL</code> prints another one.
      </p>
    </main>
  );
}
